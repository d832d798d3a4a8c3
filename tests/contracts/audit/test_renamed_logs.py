"""A log that is shown under two names: the hub vouches for its key, so it is one log."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from contracts.audit import layout
from contracts.audit.diff import diff
from contracts.audit.trust import Party, Trust, sign_register, write_trust
from contracts.audit.verify import verify
from crypto import notes
from tests.contracts.audit.witnessed import BUYER, SELLER, T0, Firm, deal

if TYPE_CHECKING:
    from contracts.audit.report import Report
    from contracts.audit.verify import Bundle
    from tests.contracts.audit.witnessed import Book, Deal

THIRD = "did:web:third.example"
third, hub = Firm(THIRD), Firm("did:web:hub.example")
NAMES = ("third/log", "third/log2")
REGISTER = sign_register(
    {firm.did: (firm.agreements.public.thumbprint(), firm.log.public.thumbprint())
     for firm in (Firm(BUYER), Firm(SELLER), third)},
    hub=hub.did, space="urn:space", key=hub.agreements, kid=hub.agreements_kid, now=T0 // 1000,
).encode()  # fmt: skip
PINNED = Trust((), hub.party())


def showing(made: Deal, book: Book, *names: str, lines: list[bytes] | None = None) -> Bundle:
    """A bundle that brings the keys of the third party's log under these names, certified."""
    vkeys = tuple(notes.vkey(name, third.log.public) for name in names)
    known = Party(THIRD, ((third.agreements_kid, third.agreements.public),), vkeys)
    brought = write_trust(Trust((Firm(BUYER).party(), Firm(SELLER).party(), known)))
    files = {layout.REGISTER: REGISTER, layout.PARTIES: brought}
    return made.bundle(book, trust=PINNED, lines=lines, change=lambda has: has.update(files))


def levels(report: Report) -> set[tuple[str, str]]:
    return {(one.level, one.code) for one in report.findings}


@pytest.mark.parametrize(
    ("names", "other", "expected"),
    [
        (NAMES[:1] * 2, b"x", {("proof", "split-view")}),
        (NAMES, b"x", {("proof", "split-view"), ("finding", "renamed-log")}),
        (NAMES, b"a", {("finding", "renamed-log")}),
        (NAMES[:1] * 2, b"a", set()),
    ],
)
def test_two_partners_are_shown_one_log_under_two_names(
    names: tuple[str, str], other: bytes, expected: set[tuple[str, str]]
):
    """Two roots for one size are proof whatever the names; two names are a question."""
    made = deal()
    pair = (made.buyer, made.seller)
    for book, name, leaf in zip(pair, names, (b"a", other), strict=True):
        book.see(made.now, third, third.head([leaf], name))
    bundles = [showing(made, book, name) for book, name in zip(pair, names, strict=True)]
    assert all(verify(one).findings == () for one in bundles)
    assert levels(diff(*bundles)) == levels(diff(*bundles[::-1])) == expected
    for one in diff(*bundles).findings:
        assert THIRD in one.text or one.where == THIRD
        assert third.log.public.thumbprint() in {each.key for each in one.basis}
    if other == b"a":
        return
    made = deal()  # both heads in one partner's bundle
    for name, leaf in zip(names, (b"a", other), strict=True):
        made.buyer.see(made.now, third, third.head([leaf], name))
    assert levels(verify(showing(made, made.buyer, *sorted(set(names))))) == expected


def test_a_party_that_renames_the_log_it_hands_out_is_found():
    """Its partner holds a head under the old name: one key, another log."""
    made = deal()
    old = [b"before"]
    made.buyer.see(made.now, made.seller.firm, made.seller.firm.head(old, "seller/old"))
    vkeys = tuple(notes.vkey(name, made.seller.firm.log.public)
                  for name in ("seller/old", made.seller.firm.origin))  # fmt: skip
    known = Party(SELLER, Firm(SELLER).party().keys, vkeys)
    brought = write_trust(Trust((Firm(BUYER).party(), known)))
    files = {layout.REGISTER: REGISTER, layout.PARTIES: brought}
    mine = made.bundle(made.buyer, trust=PINNED, change=lambda has: has.update(files))
    theirs = showing(made, made.seller, *NAMES[:1])
    for report in (diff(mine, theirs), diff(theirs, mine)):
        assert levels(report) == {("proof", "split-view"), ("finding", "renamed-log")}
