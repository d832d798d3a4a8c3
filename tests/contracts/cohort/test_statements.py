"""Statements of a cohort: signed, read strictly, bound to one transcript."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.cohort import signing
from contracts.cohort.ending import Ended
from contracts.cohort.session import Question, Session
from contracts.cohort.statements import (
    Acceptance,
    Cleared,
    Contribution,
    Indicators,
    Released,
)
from crypto import jws
from crypto.canonical import canonical, digest
from crypto.did import method_id
from crypto.errors import MalformedError, VoileError
from tests.contracts.cohort import samples
from tests.contracts.cohort.samples import BUYER, FIRMS, HEAD, HUB, QUESTION, SESSION, party

ACME = FIRMS[0]
STATEMENTS = [
    SESSION,
    samples.acceptance(ACME),
    samples.indicators(ACME),
    samples.cleared(),
    samples.contribution(ACME),
    samples.released(),
    Ended(**HEAD, aggregator=HUB, reason="cohort.deadline", about="", by=HUB, cleared=""),
]
KINDS = [Session, Acceptance, Indicators, Cleared, Contribution, Released, Ended]


@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda s: type(s).__name__)
def test_what_is_signed_is_read(statement):
    """Each statement survives signing and reading, and reads as itself only."""
    author = party(statement.signer)
    text = author.sign(statement)
    assert signing.read(type(statement), text, document=author.document) == statement
    for kind in KINDS:
        if kind is not type(statement):
            with pytest.raises(VoileError):
                signing.read(kind, text, document=author.document)


@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda s: type(s).__name__)
def test_nobody_signs_for_another(statement):
    """A statement that names another author, or is verified by another's document, is refused."""
    stranger = party(FIRMS[1] if statement.signer != FIRMS[1] else FIRMS[2])
    for text in (stranger.sign(statement), party(statement.signer).sign(statement)):
        with pytest.raises(VoileError):
            signing.read(type(statement), text, document=stranger.document)


@pytest.mark.sweep
@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda s: type(s).__name__)
@given(data=st.data())
def test_another_form_is_one_error(statement, data):
    """A missing, added or ill-typed member is refused, whatever it is."""
    good = json.loads(json.dumps(statement.to_json()))
    assert type(statement).from_json(good) == statement
    name = data.draw(st.sampled_from(sorted(good)))
    junk = st.one_of(st.none(), st.booleans(), st.just([]), st.just({}), st.floats(), st.just("\0"))
    for bad in (
        {k: v for k, v in good.items() if k != name},
        {**good, "more": 1},
        {**good, name: data.draw(junk)},
    ):
        if bad.get("about") == "\0" or bad.get("reason") == "\0":
            continue  # free texts
        with pytest.raises(VoileError):
            type(statement).from_json(bad)


def test_sessions_of_version_1_are_read_as_they_were():
    """Their transcript is what it was; neither version passes for the other."""
    new = SESSION.to_json()
    old = {name: value for name, value in new.items() if name not in {"seed", "table"}} | {"v": 1}
    read = Session.from_json(old)
    assert read.to_json() == old
    assert (read.seed, read.transcript) == ("", digest(old))
    assert [layout.tagged for layout in read.layouts(4)] == [False]
    assert [layout.tagged for layout in SESSION.layouts(4)] == [True]
    for wrong in (new | {"v": 1}, old | {"v": 2}, new | {"v": 3}, new | {"seed": ""}):
        with pytest.raises(MalformedError):
            Session.from_json(wrong)


def test_bytes_that_are_not_canonical_are_refused():
    """The same meaning in other bytes is no second statement."""
    author = party(ACME)
    loose = json.dumps(samples.acceptance(ACME).to_json(), indent=1).encode()
    assert loose != canonical(samples.acceptance(ACME).to_json())
    kid = method_id(ACME, author.key.public)
    text = jws.sign(loose, author.key, typ=Acceptance.TYP, kid=kid)
    with pytest.raises(VoileError):
        signing.read(Acceptance, text, document=author.document)


@pytest.mark.parametrize(
    "changes",
    [
        {"session": samples.identifier("other")},
        {"roster": FIRMS[:2]},
        {"query_digest": "sha-256:" + "1" * 64},
        {"domain_digest": "sha-256:" + "1" * 64},
        {"deadline": samples.NOW + 1},
        {"consumer": FIRMS[2], "roster": FIRMS[:2]},
        {"cells": 5},
        {"seed": "sha-256:" + "1" * 64},
    ],
)
def test_the_transcript_covers_everything(changes):
    """Session, roster, query, domain, time, parties: another value is another transcript."""
    assert samples.session(**changes).transcript != SESSION.transcript


@pytest.mark.parametrize(
    "roster", [[], [FIRMS[1], FIRMS[0], FIRMS[2]], [FIRMS[0], FIRMS[0], FIRMS[1]], ["acme"]]
)
def test_a_roster_is_sorted_and_without_doubles(roster):
    """One way to write a roster; an empty, doubled or unsorted one is refused."""
    with pytest.raises(MalformedError):
        Session.from_json(SESSION.to_json() | {"roster": roster})


@pytest.mark.parametrize(
    "change",
    [
        {"cells": []},
        {"cells": [["A"], ["A"]]},
        {"cells": [["A", "B"]]},
        {"cells": [[1]]},
        {"cells": "A"},
        {"groupBy": ["brand", "brand"]},
        {"sql": ""},
        {"columns": []},
        {"salt": "short"},
    ],
)
def test_a_question_of_another_form_is_refused(change):
    """Doubled cells, cells of another length, empty texts and short salts are refused."""
    assert Question.from_json(QUESTION.to_json()) == QUESTION
    with pytest.raises(MalformedError):
        Question.from_json(QUESTION.to_json() | change)


def test_the_digests_of_a_question_are_salted_and_cover_it():
    """The aggregator cannot try out questions; a changed cell changes the domain's digest only."""
    again = Question.from_json(QUESTION.to_json() | {"salt": samples.identifier("pepper")})
    assert again.query_digest != QUESTION.query_digest
    assert again.domain_digest != QUESTION.domain_digest
    fewer = Question.from_json(QUESTION.to_json() | {"cells": [["A"], ["B"]]})
    assert fewer.query_digest == QUESTION.query_digest
    assert fewer.domain_digest != QUESTION.domain_digest
    text = json.dumps(SESSION.to_json())
    assert not any(word in text for word in ("brand", "available", "SELECT", QUESTION.salt))


def test_a_session_says_how_its_batches_are_laid_out():
    """Layouts follow from the session and the number of cleared cells; addends are the roster."""
    (layout,) = SESSION.layouts(3)
    assert (layout.count, layout.addends, layout.modulus_bits) == (3, 3, 2048)
    assert SESSION.consumer == BUYER
