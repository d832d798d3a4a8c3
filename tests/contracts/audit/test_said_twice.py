"""A supplier that signs twice and shows one: whoever took the other is not convicted by it."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING

from connector.areas.audit.comparing import compare
from contracts.audit.totals import totals
from crypto.canonical import digest_bytes
from tests.contracts.audit.witnessed import T0, Book, Firm, bundle_of, trust_in
from tests.contracts.cohort.samples import BUYER, FIRMS, HUB, SESSION, cleared, indicators

if TYPE_CHECKING:
    from contracts.audit.verify import Bundle
    from contracts.cohort.said import Said

PARTIES = {did: Firm(did) for did in (BUYER, HUB, *FIRMS)}
FORGER = FIRMS[2]
TRUST = trust_in(*PARTIES.values())


def says(did: str, statement: Said) -> bytes:
    return PARTIES[did].says(statement.TYP, statement.to_json())


MARKS = {did: says(did, indicators(did)) for did in FIRMS}
AGAIN = says(FORGER, indicators(FORGER, columns=("0010",)))
NAMED = {did: digest_bytes(one) for did, one in MARKS.items()}


def listed(**changes: object) -> bytes:
    return says(HUB, cleared(**{"indicators": NAMED} | changes))


def holding(did: str, *statements: bytes) -> Bundle:
    """A bundle of somebody who holds these."""
    book = Book(PARTIES[did])
    for one in statements:
        book.write(T0, kind="COHORT", process=SESSION.session, sig=(book.say(one),), detail={})
    return bundle_of(book, {}, at=T0, trust=TRUST)


def bundles(of_forger: tuple[bytes, ...], cells: bytes) -> list[Bundle]:
    session = PARTIES[BUYER].says(SESSION.TYP, SESSION.to_json())
    shown = {did: (MARKS[did],) for did in FIRMS} | {FORGER: of_forger}
    hub = holding(HUB, session, cells)
    return [hub, *(holding(did, *shown[did]) for did in FIRMS)]


def test_marks_that_were_all_shown_and_followed_are_clean():
    """Of what is bent below nothing is found before."""
    assert totals(bundles((MARKS[FORGER],), listed())).findings == ()


def test_an_aggregator_that_took_the_first_marks_is_not_convicted_by_the_second():
    """The two differ, and the finding names both."""
    (told,) = totals(bundles((AGAIN,), listed())).findings
    assert (told.level, told.code) == ("finding", "wrong-mark")
    assert HUB in told.text
    assert FORGER in told.text


def test_who_shows_both_is_proved_and_nobody_else():
    """In whichever order the bundles lie: the list follows from the marks that it names."""
    both = (MARKS[FORGER], AGAIN), (AGAIN, MARKS[FORGER])
    for shown in both:
        for order in permutations(bundles(shown, listed()), 4):
            assert totals(order).findings == ()
    first, second = bundles((AGAIN,), listed())[-1], bundles((MARKS[FORGER],), listed())
    second[0] = holding(HUB, *(listed(), MARKS[FORGER]))
    value, code = compare([second[0], first])
    proofs = [one for one in value["findings"] if one["level"] == "proof"]
    assert code == 1
    assert {one["code"] for one in proofs} == {"contradiction"}
    assert all(FORGER in one["text"] and HUB not in one["text"] for one in proofs)


def test_an_aggregator_whose_list_does_not_follow_is_still_proved():
    """From the very marks that it names; or it names other suppliers than the session."""
    lists = listed(columns=("1110",)), listed(indicators={d: NAMED[d] for d in FIRMS[:2]})
    for cells in lists:
        for shown in ((MARKS[FORGER],), (AGAIN, MARKS[FORGER])):
            (told,) = totals(bundles(shown, cells)).findings
            assert (told.level, told.code, told.where) == ("proof", "wrong-mark", HUB)
