"""Agreements in bundles: signed by none, by one side or by both, with a leaf, and on either side."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from contracts.audit.diff import diff
from contracts.audit.trust import Trust
from contracts.audit.verify import verify
from contracts.signatures import STAGES, sign_stage
from crypto.canonical import digest_bytes
from tests.contracts.audit.witnessed import BUYER, MINUTE, SELLER, Firm, deal, trust_in

if TYPE_CHECKING:
    from contracts.audit.report import Report
    from contracts.audit.verify import Bundle
    from tests.contracts.audit.witnessed import Book, Deal

buyer, seller = Firm(BUYER), Firm(SELLER)


def told(report: Report, level: str = "") -> set[str]:
    return {one.code for one in report.findings if level in {"", one.level}}


def without(made: Deal, book: Book, *stages: str) -> Bundle:
    """A bundle without these stages, and without the leaves that name them."""
    paths = [path for path in made.files if path.endswith(tuple(f"{one}.jws" for one in stages))]
    digests = [digest_bytes(made.files[path]).encode() for path in paths]
    lines = [line for line in book.lines if not any(one in line for one in digests)]

    def change(files: dict[str, bytes]) -> None:
        for path in paths:
            del files[path]

    return made.bundle(book, lines=lines, change=change)


def test_the_report_says_what_the_signatures_amount_to():
    """Mutual, own, none: of each agreement, and how many of each."""
    made = deal()
    made.buyer.write(made.now, kind="ACCESS", to_state="EXPORTED")
    for stages, amount in (((), "mutual"), (STAGES[1:], "own"), (STAGES[2:], "own"),
                           (STAGES, "none")):  # fmt: skip
        report = verify(without(made, made.buyer, *stages))
        (contract,) = report.facts["contracts"]
        assert contract == {"agreement": made.agreement, "assigner": SELLER, "assignee": BUYER,
                            "signatures": amount}  # fmt: skip
        assert report.counts[f"signatures.{amount}"] == 1
        assert ("agreement-one-sided" in told(report)) == bool(stages)
    alone = verify(replace(made.bundle(made.buyer), trust=Trust()))
    assert alone.exit_code == 3


def test_an_agreement_under_way_may_be_signed_by_one_side():
    """What is not final by the log, or became so just now, is no finding."""
    made = deal()
    lines = [line for line in made.buyer.lines if b"VERIFIED" not in line and b"FINAL" not in line]
    stages = [path for path in made.files if path.endswith(("VERIFIED.jws", "FINALIZED.jws"))]
    bundle = made.bundle(
        made.buyer, lines=lines, change=lambda files: [files.pop(path) for path in stages]
    )
    assert told(verify(bundle)) == {"answer-without-agreement"}
    assert verify(bundle).facts["contracts"][0]["signatures"] == "own"


def test_an_agreement_without_a_leaf_is_found():
    """The seller makes one with itself for the buyer, signs what it can, and logs nothing."""
    made = deal(1)
    lines = [line for line in made.buyer.lines if b'"AGREEMENT"' not in line
             and b'"NEGOTIATION"' not in line and b'"ANSWER"' not in line]  # fmt: skip
    bundle = made.bundle(made.buyer, lines=lines)
    assert {"agreement-unlogged", "stage-unlogged"} <= told(verify(bundle))


@pytest.mark.parametrize("side", ["buyer", "seller"])
def test_an_agreement_that_one_side_lacks_is_found(side: str):
    """Taken out of a bundle whole, leaves and all: the other has it, with the party's signature."""
    made = deal()
    book = getattr(made, side)
    mark = made.agreement.encode()
    lines = [line for line in book.lines if mark not in line]
    bundle = made.bundle(book, lines=lines, change=lambda files: [
        files.pop(path) for path in list(files) if path.startswith("agreements/")
    ])  # fmt: skip
    honest = made.bundle(made.seller if side == "buyer" else made.buyer)
    pair = (bundle, honest) if side == "buyer" else (honest, bundle)
    report = diff(*pair)
    lacks = "missing-on-a" if side == "buyer" else "missing-on-b"
    assert lacks in told(report, "finding")
    # its log ends before it signed, by its newest leaf: so this is no proof yet
    assert "broken-promise" not in told(report)
    book.write(made.now, kind="ACCESS", to_state="EXPORTED")
    lines = [line for line in book.lines if mark not in line]
    bundle = made.bundle(book, lines=lines, change=lambda files: [
        files.pop(path) for path in list(files) if path.startswith("agreements/")
    ])  # fmt: skip
    pair = (bundle, honest) if side == "buyer" else (honest, bundle)
    report = diff(*pair)
    proofs = [one for one in report.findings if one.level == "proof"]
    assert {one.code for one in proofs} >= {"broken-promise"}
    assert {one.where for one in proofs if one.code == "broken-promise"} == {book.firm.did}
    other = made.seller if side == "buyer" else made.buyer
    for trust in (trust_in(other.firm), Trust()):
        untold = diff(*(replace(one, trust=trust) for one in pair))
        assert "broken-promise" not in told(untold, "proof")


def test_an_agreement_made_after_a_bundle_is_unanswerable():
    """The older bundle cannot hold it, and nobody is accused."""
    made = deal(0)
    old = made.bundle(made.seller, lines=[], change=lambda files: [
        files.pop(path) for path in list(files) if path.startswith("agreements/")
    ], created=made.now // 1000 - 3600)  # fmt: skip
    report = diff(made.bundle(made.buyer), old)
    assert told(report) == {"unanswerable"}
    assert report.exit_code == 3


@pytest.mark.parametrize("side", ["buyer", "seller"])
def test_a_party_whose_home_was_lost_has_broken_no_promise(side: str):
    """Its new log begins after what it signed: an old partner's bundle convicts it of nothing."""
    made = deal()
    old, partner = getattr(made, side), made.seller if side == "buyer" else made.buyer
    new = type(old)(old.firm)
    made.now += 10 * MINUTE
    for _ in range(2):
        new.write(made.now, kind="ACCESS", to_state="EXPORTED")
        made.now += 10 * MINUTE
    bundle = made.bundle(new, change=lambda files: [
        files.pop(path) for path in list(files) if path.startswith("agreements/")
    ])  # fmt: skip
    for report in (diff(bundle, made.bundle(partner)), diff(made.bundle(partner), bundle)):
        assert "broken-promise" not in told(report)
        assert [one for one in report.findings if "before its log begins" in one.text]


@pytest.mark.parametrize("admitted", ["since", "before", "never"])
def test_a_stage_that_was_lost_with_an_admitted_window_is_a_question(admitted: str):
    """A machine restored and started as it should: only the heads that it showed convict it."""
    made = deal()
    request = made.seller.lines[:1]
    new = type(made.seller)(made.seller.firm)
    at = made.now if admitted == "since" else json.loads(request[0])["t"] - MINUTE - 1
    if admitted != "never":
        new.write(at, kind="CONFIGURATION", to_state="HEAD_ACCEPTED")
    after = [*new.lines, *request] if admitted == "before" else [*request, *new.lines]
    new.lines = after
    for _ in range(40):
        new.write(made.now, kind="ACCESS", to_state="EXPORTED")
    made.now += 10 * MINUTE
    theirs, mine = made.bundle(new), made.bundle(made.buyer)
    for report in (diff(mine, theirs), diff(theirs, mine)):
        stages = [one for one in report.findings if "its log has no leaf of it" in one.text]
        expected = (
            ("finding", "rolled-back") if admitted == "since" else ("proof", "broken-promise")
        )
        assert len(stages) == 2
        assert {(one.level, one.code) for one in stages} == {expected}
        assert "split-view" in told(report, "proof")


def test_a_stage_signed_in_two_ways_is_proof():
    """The seller signed FINALIZED twice, and gave each side another."""
    made = deal()
    body = {"@id": made.agreement, "assigner": SELLER, "assignee": BUYER, "permission": []}
    path = next(path for path in made.files if path.endswith("FINALIZED.jws"))
    verified = next(data for path, data in made.files.items() if path.endswith("VERIFIED.jws"))
    again = sign_stage(body, consumer_pid="urn:c", provider_pid="urn:p", stage="FINALIZED",
                       prev=digest_bytes(verified), key=seller.agreements,
                       kid=seller.agreements_kid, now=made.now // 1000)  # fmt: skip
    first = digest_bytes(made.files[path]).encode()
    lines = [line.replace(first, digest_bytes(again.encode()).encode()) for line in
             made.seller.lines]  # fmt: skip
    bundle = made.bundle(
        made.seller, lines=lines, change=lambda files: files.update({path: again.encode()})
    )
    proofs = [one for one in diff(made.bundle(made.buyer), bundle).findings
              if one.level == "proof"]  # fmt: skip
    assert "contradiction" in {one.code for one in proofs}
    (told_of,) = [one for one in proofs if one.code == "contradiction"]
    assert {one.key for one in told_of.basis} == {seller.agreements.public.thumbprint()}


def test_a_plain_peer_that_signs_nothing_is_named():
    """Final, and signed by the provider alone: the report says who has signed."""
    made = deal(0)
    made.now += 10 * MINUTE
    made.buyer.write(made.now, kind="ACCESS", to_state="EXPORTED")
    (finding,) = verify(without(made, made.buyer, "VERIFIED", "FINALIZED")).findings
    assert (finding.code, finding.level) == ("agreement-one-sided", "finding")
    assert f"only `{SELLER}` has" in finding.text
