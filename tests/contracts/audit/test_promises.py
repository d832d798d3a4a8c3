"""Acknowledgements of two firms' bundles: kept, broken, too old to tell, and forged."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from unittest.mock import Mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.audit import layout
from contracts.audit import promised as rules
from contracts.audit.diff import diff
from contracts.audit.memo import Memo
from contracts.audit.promised import path_of
from contracts.audit.sides import side
from contracts.audit.trust import Party, Trust, write_trust
from contracts.promises import (
    Ack,
    Promised,
    from_header,
    read_line,
    statement_mark,
    verify_ack,
    write_line,
)
from crypto.canonical import canonical
from crypto.errors import MalformedError, VoileError
from tests.connector.audit.second import verified as verify
from tests.contracts.audit.witnessed import (
    BUYER,
    SELLER,
    Firm,
    ask,
    deal,
    newest_accepted,
    promise,
    promised,
    stranger,
    trust_in,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from contracts.audit.report import Report
    from contracts.audit.verify import Bundle
    from crypto.keys import SigningKey
    from tests.contracts.audit.witnessed import Deal

buyer, seller = Firm(BUYER), Firm(SELLER)
PATH = path_of(SELLER)


def accept(made: Deal, at: int | None = None) -> None:
    """The seller starts on an older copy, and says so."""
    at = made.now if at is None else at
    made.seller.write(at, kind="CONFIGURATION", to_state="HEAD_ACCEPTED")


def go_on(made: Deal) -> None:
    """The seller's log grows past what it ever promised."""
    for _ in range(20):
        made.seller.write(made.now, kind="ACCESS", to_state="EXPORTED")


def holding(made: Deal, *lines: bytes, **how: Any) -> Bundle:
    """The buyer's bundle with these promises of the seller."""
    brought: Trust | None = how.pop("brought", None)

    def change(files: dict[str, bytes]) -> None:
        files[PATH] = b"".join(lines)
        if brought is not None:
            files[layout.PARTIES] = write_trust(brought)

    return made.bundle(made.buyer, change=change, **how)


def everything(made: Deal) -> list[bytes]:
    return [promise(made.seller, index) for index in promised(made.seller)]


def told(report: Report) -> set[tuple[str, str]]:
    return {(one.level, one.code) for one in report.findings}


def both(mine: Bundle, theirs: Bundle) -> set[tuple[str, str]]:
    """What is found either way; the same, whoever is A."""
    one, two = told(diff(mine, theirs)), told(diff(theirs, mine))
    names = {"missing-on-a": "missing-on-b", "missing-on-b": "missing-on-a"}
    assert two == {(level, names.get(code, code)) for level, code in one}
    return one


def rewritten(line: bytes) -> bytes:
    """The leaf as its firm would like it: of another time."""
    leaf = json.loads(line)
    return canonical(leaf | {"t": leaf["t"] + 1})


def late_leaf(made: Deal) -> int:
    """A leaf of the seller's after the last head that anybody saw: of the second question."""
    return next(i for i in promised(made.seller) if b'"question-1"' in made.seller.lines[i])


def test_kept_promises_are_counted_and_say_nothing():
    """Each leaf is where it was promised."""
    made = deal()
    mine, theirs = holding(made, *everything(made)), made.bundle(made.seller)
    assert verify(mine).findings == ()
    assert verify(mine).counts["acks"] == len(promised(made.seller))
    report = diff(mine, theirs)
    assert report.findings == ()
    assert report.counts["acks"] == len(promised(made.seller))


@pytest.mark.parametrize("how", ["dropped", "rewritten"])
def test_a_leaf_dropped_or_rewritten_after_the_last_head_is_proof(how: str):
    """Nobody saw a head of it; the seller's promise and the log that it shows convict it."""
    made = deal()
    lines, at = list(made.seller.lines), late_leaf(made)
    lines[at : at + 1] = [] if how == "dropped" else [rewritten(lines[at])]
    theirs = made.bundle(made.seller, lines=lines)
    assert ("proof", "broken-promise") not in both(made.bundle(made.buyer), theirs)
    report = diff(holding(made, *everything(made)), theirs)
    (proof,) = [one for one in report.findings if one.level == "proof"]
    assert (proof.code, proof.where, proof.leaf) == ("broken-promise", SELLER, at)
    assert {one.key for one in proof.basis} == {
        seller.agreements.public.thumbprint(), seller.log.public.thumbprint()
    }  # fmt: skip
    assert ("more promises likewise" in proof.text) == (how == "dropped")
    assert ("proof", "broken-promise") in both(holding(made, *everything(made)), theirs)


def test_a_promise_about_another_message_than_its_leaf_is_broken():
    """The leaf is there, and it is another message's: the one that was acknowledged has none."""
    made = deal()
    one, other = late_leaf(made), promised(made.seller)[0]
    corr = json.loads(made.seller.lines[one])["corr"]
    line = promise(made.seller, other, corr=corr)
    report = diff(holding(made, line), made.bundle(made.seller))
    assert told(report) == {("proof", "broken-promise")}


def test_a_promise_about_a_statement_holds_its_leaf_like_any_other():
    """By the digest of what was signed: kept, rewritten, of a leaf that does not name it, unlogged."""
    made = deal()
    at = next(i for i in promised(made.seller) if b'"ANSWER"' in made.seller.lines[i])
    (digest,) = json.loads(made.seller.lines[at])["sig"]
    kept = promise(made.seller, at, corr=statement_mark(digest))
    honest = made.bundle(made.seller)
    assert verify(holding(made, kept)).findings == ()
    assert both(holding(made, kept), honest) == set()
    lines = list(made.seller.lines)
    lines[at] = rewritten(lines[at])
    assert ("proof", "broken-promise") in both(
        holding(made, kept), made.bundle(made.seller, lines=lines)
    )
    other = promise(made.seller, at - 1, corr=statement_mark(digest))
    assert both(holding(made, other), honest) == {("proof", "broken-promise")}
    nothing = promise(made.seller, at, corr=statement_mark("sha-256:" + "0" * 64))
    assert told(verify(holding(made, nothing))) == {("finding", "ack-unlogged")}


def test_a_promised_leaf_that_cannot_be_read_here_is_no_proof():
    """Its hash is the promised one: what a later version wrote into it breaks no word."""
    made = deal()
    at = late_leaf(made)
    made.seller.lines[at] = canonical(json.loads(made.seller.lines[at]) | {"later": "version"})
    mine, theirs = holding(made, promise(made.seller, at)), made.bundle(made.seller)
    found = [one for one in diff(mine, theirs).findings if "cannot be read here" in one.text]
    assert [(one.level, one.code) for one in found] == [("unchecked", "unanswerable")]
    assert "proof" not in {level for level, _ in both(mine, theirs)}


def test_an_older_bundle_is_unanswerable_and_a_shorter_one_of_later_a_question():
    """It may be a copy of before: fewer leaves are no proof, whatever the dates say."""
    made = deal()
    at = late_leaf(made)
    then = json.loads(made.seller.lines[at])["t"]
    mine = holding(made, promise(made.seller, at))
    older = made.bundle(made.seller, lines=made.seller.lines[:at], created=then // 1000)
    found = {one for one in told(diff(mine, older)) if one[1] != "missing-on-b"}
    assert found == {("unchecked", "unanswerable")}
    restored = made.bundle(made.seller, lines=made.seller.lines[:at])
    assert told(diff(mine, restored)) == {
        ("finding", "rolled-back"), ("finding", "missing-on-b"), ("unchecked", "unanswerable")
    }  # fmt: skip


@pytest.mark.parametrize("place", ["before", "after"])
def test_what_was_admitted_when_an_older_copy_went_on_is_no_proof(place: str):
    """The operator's leaf answers for promises of before it and of leaves from it on, no others."""
    made = deal()
    mine, at = holding(made, *everything(made)), late_leaf(made)
    made.seller.lines[at:] = []
    if place == "before":
        accept(made)
    go_on(made)
    if place == "after":
        accept(made)
    found = told(diff(mine, made.bundle(made.seller)))
    assert (("finding", "rolled-back") in found) == (place == "before")
    assert (("proof", "broken-promise") in found) == (place == "after")


@pytest.mark.parametrize("behind", [120_000, 86_400_000])
def test_a_machine_restored_with_its_clock_behind_is_not_convicted(behind: int):
    """The leaf of its operator is dated before the promise, and still the promise knows none."""
    made = deal()
    mine, at = holding(made, *everything(made)), late_leaf(made)
    then = json.loads(made.seller.lines[at])["t"]
    made.seller.lines[at:] = []
    accept(made, then - behind)
    go_on(made)
    found = told(diff(mine, made.bundle(made.seller)))
    assert ("finding", "rolled-back") in found
    assert "proof" not in {level for level, _ in found}


def test_one_copy_restored_twice_is_admitted_twice_at_one_place():
    """The promise names the first admission; the second, at its index, is another leaf."""
    made = deal()
    backup = list(made.seller.lines)
    accept(made)
    ask(made, 7)
    at = promised(made.seller)[-1]
    mine = holding(made, promise(made.seller, at))
    made.now += 10 * 60 * 1000
    made.seller.lines[:] = backup
    accept(made)
    go_on(made)
    found = told(diff(mine, made.bundle(made.seller)))
    assert ("finding", "rolled-back") in found
    assert "proof" not in {level for level, _ in found}


@pytest.mark.parametrize("restored", [False, True])
def test_a_promise_that_names_a_later_admission_was_made_knowing_it(restored: bool):
    """Given again after a second admission, it holds: its leaf stood there when that was written.

    A log that has lost the leaf since has lost that admission, too: then it is a question.
    """
    made = deal()
    backup = list(made.seller.lines)
    accept(made)
    ask(made, 7)
    at = promised(made.seller)[-1]
    accept(made)
    named = newest_accepted(made.seller.lines)
    mine = holding(made, promise(made.seller, at, accepted=named, now=made.now // 1000))
    made.now += 10 * 60 * 1000
    if restored:
        made.seller.lines[:] = backup
        accept(made)
        go_on(made)
        assert ("finding", "rolled-back") in told(diff(mine, made.bundle(made.seller)))
        assert "proof" not in {one[0] for one in told(diff(mine, made.bundle(made.seller)))}
        return
    made.seller.lines[at] = rewritten(made.seller.lines[at])
    assert told(diff(mine, made.bundle(made.seller))) == {("proof", "broken-promise")}


@pytest.mark.parametrize("minutes", [0, 10])
def test_an_admission_of_before_the_promise_excuses_nothing(minutes: int):
    """Once an older copy has gone on, what is promised then holds like any promise, at once."""
    made = deal()
    accept(made)
    made.now += minutes * 60 * 1000
    ask(made, 7)
    at = promised(made.seller)[-1]
    made.now += 10 * 60 * 1000
    mine = holding(made, promise(made.seller, at))
    made.seller.lines[at] = rewritten(made.seller.lines[at])
    assert told(diff(mine, made.bundle(made.seller))) == {("proof", "broken-promise")}


def signed_by(key: SigningKey, kid: str) -> Callable[[Deal, int], bytes]:
    return lambda made, index: promise(made.seller, index, key=key, kid=kid, hash="0" * 64)


def test_admissions_are_looked_for_once_however_many_promises_are_broken(
    monkeypatch: pytest.MonkeyPatch,
):
    """Who is to pay for a comparison of two bundles cannot have it made quadratic."""
    made = deal()
    mine = holding(made, *everything(made))
    made.seller.lines[:] = [rewritten(line) for line in made.seller.lines]
    leaves = Mock(wraps=rules.accepted)
    monkeypatch.setattr(rules, "accepted", leaves)
    one, two = side("A", mine, Memo()), side("B", made.bundle(made.seller), Memo())
    (broken,) = rules.kept(one, two)
    assert f"{len(promised(made.seller)) - 1} more promises likewise" in broken.text
    assert leaves.call_count == 1


FORGED: dict[str, Callable[[Deal, int], bytes]] = {
    "the accuser's own key": signed_by(buyer.agreements, buyer.agreements_kid),
    "the accuser's key under the other's name": signed_by(buyer.agreements, seller.agreements_kid),
    "the key of the other's log": signed_by(seller.log, seller.agreements_kid),
    "nobody's key": signed_by(stranger(), seller.agreements_kid),
}


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_promise_convicts_nobody_and_is_found(name: str):
    """The seller's log has another leaf there than the buyer makes up."""
    made = deal()
    mine = holding(made, FORGED[name](made, late_leaf(made)))
    assert told(verify(mine)) == {("finding", "ack-signature")}
    assert both(mine, made.bundle(made.seller)) == set()


def test_a_promise_under_another_name_of_its_key_does_not_hold():
    """Who names its key freely could drop the name later, or give it to another key."""
    made = deal()
    kid = f"{SELLER}#k"
    party = seller.party()
    for key in (seller.agreements.public, stranger(b"next").public):
        alias = Party(SELLER, (*party.keys, (kid, key)), party.logs)
        trust = Trust((buyer.party(), alias))
        mine = holding(made, promise(made.seller, late_leaf(made), kid=kid), trust=trust)
        assert told(verify(mine)) == {("finding", "ack-signature")}


@pytest.mark.parametrize("member", ["accepted", "corr", "hash", "index", "log"])
def test_a_promise_replayed_for_something_else_does_not_hold(member: str):
    """A true one of another leaf, bent to fit: its signature is over all five."""
    made = deal()
    at, other = late_leaf(made), promised(made.seller)[0]
    value = json.loads(promise(made.seller, other))
    told_of = json.loads(promise(made.seller, at))
    told_of |= {"log": buyer.log.public.thumbprint(), "accepted": "0" * 64}
    line = canonical(value | {member: told_of[member]}) + b"\n"
    mine = holding(made, line)
    assert ("finding", "ack-signature") in told(verify(mine))
    assert both(mine, made.bundle(made.seller)) == set()


def test_a_promise_of_another_log_is_unanswerable():
    """A firm that lost its home has a new log under a new key: the old promises are of the old."""
    made = deal()
    lost = stranger(b"the log of before").public.thumbprint()
    mine = holding(made, promise(made.seller, late_leaf(made), log=lost, hash="0" * 64))
    assert both(mine, made.bundle(made.seller)) == {("unchecked", "unanswerable")}


def test_a_promise_under_a_key_that_the_bundle_brings_is_unchecked():
    """Trust in it comes from the bundle alone."""
    made, key = deal(), stranger()
    kid = f"{SELLER}#{key.public.thumbprint()}"
    both_keys = ((seller.agreements_kid, seller.agreements.public), (kid, key.public))
    brought = Trust((buyer.party(), Party(SELLER, both_keys, (seller.vkey,))))
    line = promise(made.seller, late_leaf(made), key=key, kid=kid, hash="0" * 64)
    mine = holding(made, line, brought=brought)
    assert told(verify(mine)) == {("unchecked", "key-untrusted")}
    assert both(mine, made.bundle(made.seller)) == {("unchecked", "broken-promise")}
    for trust in (trust_in(buyer), Trust()):
        one, two = (replace(each, trust=trust) for each in (mine, made.bundle(made.seller)))
        assert not {level for level, _ in both(one, two)} & {"proof"}


def test_a_promise_under_a_replaced_key_convicts_nobody_and_an_honest_one_holds():
    """Its date is its signer's, and no log names it."""
    made = deal()
    at = late_leaf(made)
    ended = made.now // 1000 - 60
    old = seller.agreements.public.thumbprint()
    made.seller.firm = Firm(SELLER)
    made.seller.firm.agreements = stranger(b"next")
    keys = (*seller.party().keys, *made.seller.firm.party().keys)
    trust = Trust((buyer.party(), Party(SELLER, keys, (seller.vkey,), ((old, ended),))))
    by_old: dict[str, Any] = {"key": seller.agreements, "kid": seller.agreements_kid}
    honest = holding(made, promise(made.seller, at, **by_old), trust=trust)
    theirs = made.bundle(made.seller, trust=trust)
    assert verify(honest).findings == diff(honest, theirs).findings == ()
    forged = holding(made, promise(made.seller, at, **by_old, hash="0" * 64), trust=trust)
    assert both(forged, theirs) == {("unchecked", "broken-promise")}
    late = holding(made, promise(made.seller, at, **by_old, now=ended + 1), trust=trust)
    assert told(verify(late)) == {("unchecked", "key-replaced")}


def test_a_bundle_that_is_not_its_partys_own_breaks_no_promise():
    """The buyer rewrites the seller's bundle: what that did not sign accuses it of nothing."""
    made = deal()
    at = late_leaf(made)
    honest = made.bundle(made.seller)
    lines = [
        *made.seller.lines[:at],
        rewritten(made.seller.lines[at]),
        *made.seller.lines[at + 1 :],
    ]
    bent = replace(
        honest, files=honest.files | {layout.ENTRIES: b"".join(line + b"\n" for line in lines)}
    )
    found = both(holding(made, *everything(made)), bent)
    assert "proof" not in {level for level, _ in found}


def test_promises_stand_in_their_place_once_and_with_their_leaf():
    """In another's file, twice, cut off, or about a message that the bundle does not tell of."""
    made = deal()
    one = promise(made.seller, late_leaf(made))
    foreign = promise(made.seller, late_leaf(made), corr="hmac-sha-256:" + "0" * 64)
    cases: dict[str, Sequence[bytes]] = {
        "ack-form": [one, one],
        "ack-unlogged": [foreign],
        "ack-signature": [b"{}\n"],
    }
    for code, lines in cases.items():
        assert told(verify(holding(made, *lines))) == {("finding", code)}
    assert told(verify(holding(made, one[:-1]))) == {("finding", "ack-form")}
    elsewhere = made.bundle(made.buyer, change=lambda files: files.update({path_of(BUYER): one}))
    assert told(verify(elsewhere)) == {("finding", "ack-form")}


@given(st.binary(max_size=60), st.text(max_size=60))
def test_any_bytes_are_refused_as_a_promise(data: bytes, text: str):
    """One error each; and no bundle with them crashes a check."""
    with pytest.raises(VoileError):
        read_line(data)
    with pytest.raises(VoileError):
        from_header(text)
    ack = Ack(Promised("l" * 43, "hmac-sha-256:" + "0" * 64, 1, "0" * 64), text)
    with pytest.raises(VoileError):
        verify_ack(ack, SELLER, lambda _: seller.agreements.public)


@pytest.mark.parametrize(
    "header",
    ["07;{0};;x", "-1;{0};;x", "9007199254740992;{0};;x", "7;{1};;x", "7;{0}", "7;{0};x;y",
     "7;{0};x", "7;{0};{1};x", "7;{0};;x;y", "7;{0};;{2}", ",".join(["7;{0};;x"] * 5), "",
     "٧;{0};;x"],
)  # fmt: skip
def test_a_header_is_read_in_its_one_form(header: str):
    """An index, a hash, what was accepted, a signature; at most four, none too long."""
    a, b, c = (letter * 64 for letter in "abc")
    good = from_header(f"7;{a};;x, 8;{b};{c};y")
    assert good == [(7, a, "", "x"), (8, b, c, "y")]
    with pytest.raises(MalformedError):
        from_header(header.format("a" * 64, "A" * 64, "x" * 1536))


def test_a_line_is_read_in_its_one_spelling():
    """As it was written, and no other way."""
    made = deal(1)
    for accepted in ("", "0" * 64):
        line = promise(made.seller, promised(made.seller)[0], accepted=accepted).rstrip(b"\n")
        by, ack = read_line(line)
        assert (write_line(by, ack), ack.promised.accepted) == (line, accepted)
        for wrong in ("", "0" * 63, 7, None):
            with pytest.raises(MalformedError):
                read_line(canonical(json.loads(line) | {"accepted": wrong}))
