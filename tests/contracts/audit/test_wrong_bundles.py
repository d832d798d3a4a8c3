"""Bundles that do not belong together say so: never OK, and no accusation."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from connector.areas.audit.comparing import compare
from contracts.audit import layout
from contracts.audit.diff import diff
from contracts.audit.trust import Trust, sign_register
from contracts.audit.verify import verify
from tests.contracts.audit.witnessed import (
    BUYER,
    MINUTE,
    SELLER,
    T0,
    Book,
    Firm,
    ask,
    bundle_of,
    deal,
    trust_in,
)

if TYPE_CHECKING:
    from contracts.audit.verify import Bundle

HUB, THIRD = Firm("did:web:hub.example"), Firm("did:web:third.example")
ALL = trust_in(Firm(BUYER), Firm(SELLER), THIRD, HUB)


def said(*bundles: Bundle) -> tuple[int, str]:
    value, code = compare(bundles)
    return code, " ".join(finding["text"] for finding in value["findings"])


def stranger(did: Firm = THIRD, **leaf: Any) -> Bundle:
    book = Book(did)
    book.write(T0, kind="CONFIGURATION", to_state="INITIALISED")
    if leaf:
        book.write(T0, **leaf)
    return bundle_of(book, {}, at=T0, trust=ALL, opened="none")


def test_a_bundle_beside_itself_is_not_compared():
    """Exit 3 and a sentence; so for two bundles of one party."""
    made = deal()
    bundle = made.bundle(made.buyer)
    code, text = said(bundle, bundle)
    assert (code, f"both bundles are of `{BUYER}`; nothing was compared" in text) == (3, True)
    ask(made, 7)
    assert said(bundle, made.bundle(made.buyer))[0] == 3


def test_two_logs_of_one_party_that_part_are_proof():
    """An auditor with two exports of one firm needs nobody else."""
    made = deal()
    lines = [*made.buyer.lines[:-1], made.buyer.lines[-1].replace(b"voile/0", b"voile/1")]
    report = diff(made.bundle(made.buyer), made.bundle(made.buyer, lines=lines))
    assert {(one.code, one.level) for one in report.findings} == {
        ("split-view", "proof"),
        ("nothing-compared", "unchecked"),
    }


def test_parties_that_never_dealt_are_not_called_ok():
    """Nothing in either names the other; or they are named, and nothing can be compared."""
    made = deal()
    buyer = replace(made.bundle(made.buyer), trust=ALL)
    code, text = said(buyer, stranger())
    assert (code, "never dealt" in text) == (3, True)
    code, text = said(buyer, stranger(HUB, kind="CERTIFICATION", counterparty=BUYER))
    assert (code, "no message, agreement or head" in text) == (3, True)


def test_among_several_each_needs_one_to_be_compared_with():
    """Suppliers of one total do not deal with each other; a stranger among them is named."""
    made = deal()
    pair = [replace(made.bundle(book), trust=ALL) for book in (made.buyer, made.seller)]
    value, code = compare([*pair, stranger()])
    assert code == 3
    codes = [one["code"] for each in value["pairs"] for one in each["findings"]]
    assert codes == ["nothing-compared"] * 2
    hub = stranger(HUB, kind="CERTIFICATION", counterparty=BUYER)
    assert compare([*pair, hub])[1] == 0  # it certified one of them: nobody's wrong bundle
    made.buyer.see(made.now, THIRD, THIRD.head([]))
    made.now += MINUTE
    met = replace(made.bundle(made.buyer), trust=ALL)
    value, code = compare([met, pair[1], stranger()])
    assert (code, [each["findings"] for each in value["pairs"]]) == (0, [[], [], []])
    assert compare([met, met, pair[1]])[1] == 3


@pytest.mark.parametrize("hub_only", [True, False])
def test_the_trust_of_another_space_is_named_and_accuses_nobody(hub_only: bool):
    """Neither the hub that it pins nor its parties have to do with the bundle."""
    made, ours = deal(), Firm("did:web:ours.example")
    register = sign_register(
        {BUYER: ()}, hub=ours.did, space="urn:space", key=ours.agreements,
        kid=ours.agreements_kid, now=1,
    ).encode()  # fmt: skip
    other = Trust((), HUB.party()) if hub_only else trust_in(THIRD)
    both = [
        made.bundle(book, trust=other, change=lambda files: files.update(
            {layout.REGISTER: register}
        ))
        for book in (made.buyer, made.seller)
    ]  # fmt: skip
    report = verify(both[0])
    assert report.exit_code == 3
    assert "trust-foreign" in {one.code for one in report.findings}
    assert any("another space" in one.text for one in report.findings)
    assert said(*both)[0] == 3


def test_a_register_in_the_pinned_hubs_name_that_is_false_is_a_finding():
    """That is no other space: somebody wrote it for this one."""
    made = deal()
    forged = sign_register(
        {BUYER: ()}, hub=HUB.did, space="urn:space", key=THIRD.agreements,
        kid=HUB.agreements_kid, now=1,
    ).encode()  # fmt: skip
    bundle = made.bundle(
        made.buyer,
        trust=Trust((), HUB.party()),
        change=lambda files: files.update({layout.REGISTER: forged}),
    )
    assert verify(bundle).exit_code == 1
