"""What a bundle can hold at its date, and who gets to choose that date."""

from __future__ import annotations

import pytest

from contracts.audit.diff import diff
from contracts.audit.verify import verify
from crypto import merkle
from tests.contracts.audit.witnessed import BUYER, MINUTE, SELLER, Firm, ask, deal

buyer, seller = Firm(BUYER), Firm(SELLER)


@pytest.mark.parametrize("early", ["buyer", "seller"])
def test_two_exports_of_different_dates_convict_nobody(early: str):
    """The other side has since been shown a larger head, and has leaves of what came later."""
    made = deal(2)
    old = made.bundle(getattr(made, early))
    for number in range(10, 14):
        ask(made, number)
    made.buyer.see(made.now, seller, seller.head(made.seller.lines))
    made.seller.see(made.now, buyer, buyer.head(made.buyer.lines))
    made.now += 10 * MINUTE
    new = made.bundle(made.seller if early == "buyer" else made.buyer)
    assert verify(old).findings == verify(new).findings == ()
    for report in (diff(old, new), diff(new, old)):
        assert {one.code for one in report.findings} == {"unanswerable"}
        assert report.exit_code == 3
    both = made.bundle(made.buyer), made.bundle(made.seller)
    assert diff(*both).findings == ()


def test_a_log_rolled_back_is_a_finding_and_not_called_proof():
    """The bundle says that it is of later than the head, by the date that the holder gives that."""
    made = deal(2)
    made.seller.see(made.now, buyer, buyer.head(made.buyer.lines))
    made.now += 10 * MINUTE
    short = made.bundle(made.buyer, lines=made.buyer.lines[:-2])
    assert verify(short).findings == ()
    report = diff(short, made.bundle(made.seller))
    assert {one.level for one in report.findings} == {"finding"}
    (told,) = [one for one in report.findings if one.code == "rolled-back"]
    assert told.basis


def test_a_log_rewritten_below_a_head_is_proved():
    """Two roots for one size, both under the party's own key."""
    made = deal(2)
    made.seller.see(made.now, buyer, buyer.head(made.buyer.lines))
    made.now += 10 * MINUTE
    bent = made.buyer.lines[3].replace(b"voile/0", b"voile/1")
    lines = [*made.buyer.lines[:3], bent, *made.buyer.lines[4:]]
    report = diff(made.bundle(made.buyer, lines=lines), made.bundle(made.seller))
    proofs = [one for one in report.findings if one.level == "proof"]
    assert {one.code for one in proofs} == {"split-view"}
    named = {buyer.log.public.thumbprint(), buyer.agreements.public.thumbprint()}
    assert {one.key for one in proofs[0].basis} == named


@pytest.mark.parametrize("created", [0, 1, None])
def test_an_early_date_turns_nothing_missing_into_unanswerable(created: int | None):
    """Creation before the newest leaf is a finding, and that leaf's time counts."""
    made = deal(2)
    made.buyer.write(made.now, kind="ACCESS", to_state="EXPORTED")  # as each export leaves one
    kept = [line for line in made.buyer.lines if b'"question-0"' not in line]
    bundle = made.bundle(made.buyer, lines=kept, created=created)
    told = {one.code for one in verify(bundle).findings if one.code == "manifest-time"}
    assert told == ({"manifest-time"} if created is not None else set())
    report = diff(bundle, made.bundle(made.seller))
    assert {one.code for one in report.findings} >= {"missing-on-a"}
    assert "unanswerable" not in {one.code for one in report.findings}


def test_two_logs_of_one_party_do_not_split_each_other():
    """A log that was begun anew has another name: heads of the same size are no two roots."""
    made = deal(2)
    size = len(made.buyer.lines)
    other = [line + b" " for line in made.buyer.lines]
    old = buyer.head(other[:size], origin="buyer.example/old-log")
    made.seller.see(made.now, buyer, old)
    made.now += 10 * MINUTE
    report = diff(made.bundle(made.buyer), made.bundle(made.seller))
    assert not [one for one in report.findings if one.level == "proof"]


def test_roots_of_many_sizes_are_those_of_each():
    """One pass gives what a pass for each gives."""
    leaves = [merkle.leaf_hash(bytes([number])) for number in range(70)]
    sizes = {0, 1, 2, 3, 7, 8, 31, 64, 69, 70, 71}
    found = merkle.roots_of(leaves, sizes)
    assert found == {size: merkle.root_of(leaves[:size]) for size in sizes if size <= len(leaves)}
