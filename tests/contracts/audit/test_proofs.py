"""Who can be convicted: only who signed it, by a key that the auditor has from elsewhere."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from contracts.audit import layout
from contracts.audit.diff import diff
from contracts.audit.layout import short_name
from contracts.audit.peers import checkpoint_name, write_peer
from contracts.audit.trust import Party, Trust, sign_register, write_trust
from contracts.audit.verify import verify
from crypto import jws, notes
from crypto.canonical import canonical, digest_bytes
from tests.contracts.audit.witnessed import (
    BUYER,
    EVERYBODY,
    SELLER,
    T0,
    Firm,
    deal,
    stranger,
    trust_in,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from contracts.audit.report import Finding
    from contracts.audit.verify import Bundle
    from crypto.keys import SigningKey
    from tests.contracts.audit.witnessed import Deal

buyer, seller = Firm(BUYER), Firm(SELLER)


def other_answer(made: Deal, key: SigningKey, kid: str) -> bytes:
    """Another answer to the first question, in the seller's name."""
    payload = {"agreementId": made.agreement, "provider": SELLER, "consumer": BUYER,
               "questionId": "question-0", "value": 99}  # fmt: skip
    return jws.sign(canonical(payload), key, typ="voile-answer+jws", kid=kid).encode()


def forged(made: Deal, statement: bytes, *, brought: Trust | None = None) -> Bundle:
    """The buyer puts a statement into its own bundle, with a leaf, and perhaps keys to it."""
    digest = made.buyer.say(statement)
    made.buyer.write(made.now, kind="ANSWER", counterparty=SELLER, sig=(digest,), detail={})

    def change(files: dict[str, bytes]) -> None:
        if brought is not None:
            files[layout.PARTIES] = write_trust(brought)

    return made.bundle(made.buyer, change=change)


def proofs(*reports: tuple[Finding, ...]) -> list[Finding]:
    return [one for found in reports for one in found if one.level == "proof"]


def two_ways(bundle: Bundle, made: Deal) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """What is found in a forged bundle alone, and beside the honest one of the other party."""
    return verify(bundle).findings, diff(bundle, made.bundle(made.seller)).findings


def test_an_honest_pair_is_clean_in_both_checks():
    """The bundles that the tests here forge are whole before."""
    made = deal()
    one, two = made.bundle(made.buyer), made.bundle(made.seller)
    assert verify(one).findings == verify(two).findings == diff(one, two).findings == ()


@pytest.mark.parametrize("kid", [seller.agreements_kid, f"{SELLER}#other"])
def test_a_signature_by_any_key_under_an_innocents_name_convicts_nobody(kid: str):
    """What failed its check is a finding about the bundle, and says nothing about who it names."""
    made = deal()
    found, beside = two_ways(forged(made, other_answer(made, stranger(), kid)), made)
    assert not proofs(found, beside)
    assert {one.code for one in found} <= {"statement-signature", "key-missing"}
    assert "contradiction" not in {one.code for one in (*found, *beside)}


def test_a_key_that_the_bundle_brings_convicts_nobody():
    """The forger says in keys/ that the key is the seller's: unchecked, and named as such."""
    made, key = deal(), stranger()
    kid = f"{SELLER}#{key.public.thumbprint()}"
    mine = Party(SELLER, ((kid, key.public),), (seller.vkey,))
    bundle = forged(made, other_answer(made, key, kid), brought=Trust((buyer.party(), mine)))
    found, beside = two_ways(bundle, made)
    assert not proofs(found, beside)
    (told,) = [one for one in found if one.code == "contradiction"]
    assert told.level == "unchecked"
    assert (key.public.thumbprint(), "brought") in {(one.key, one.source) for one in told.basis}
    # the genuine answer stands against the forged one in the other bundle, too
    assert {one.level for one in beside if one.code == "contradiction"} <= {"unchecked"}


def test_two_answers_under_the_sellers_own_key_are_proof_and_name_it():
    """The verdict says which key verified, and that it is pinned."""
    made = deal()
    found, _ = two_ways(
        forged(made, other_answer(made, seller.agreements, seller.agreements_kid)), made
    )
    (proof,) = proofs(found)
    assert (proof.code, SELLER in proof.text) == ("contradiction", True)
    (basis,) = proof.basis
    assert (basis.key, basis.source) == (seller.agreements.public.thumbprint(), "pinned")
    assert basis.key in proof.words()
    assert "pinned in the trust file" in proof.words()
    assert proof.to_json()["keys"] == [{"thumbprint": basis.key, "trust": "pinned"}]


def test_a_key_in_the_register_of_a_pinned_hub_convicts_and_only_that_key():
    """The hub vouches by thumbprint, not by name: another key of that name stays unchecked."""
    made, hub, key = deal(), Firm("did:web:hub.example"), stranger()
    named = {
        firm.did: (firm.agreements.public.thumbprint(), firm.log.public.thumbprint())
        for firm in (buyer, seller)
    }
    register = sign_register(
        named,
        hub=hub.did,
        space="urn:space",
        key=hub.agreements,
        kid=hub.agreements_kid,
        now=T0 // 1000,
    ).encode()
    pinned = Trust((), hub.party())
    kid = f"{SELLER}#{key.public.thumbprint()}"
    both = ((seller.agreements_kid, seller.agreements.public), (kid, key.public))
    brought = Trust((buyer.party(), Party(SELLER, both, (seller.vkey,))))
    for signer, name, level, source in (
        (seller.agreements, seller.agreements_kid, "proof", "registered"),
        (key, kid, "unchecked", "brought"),
    ):
        made = deal()
        digest = made.buyer.say(other_answer(made, signer, name))
        made.buyer.write(made.now, kind="ANSWER", counterparty=SELLER, sig=(digest,), detail={})
        files = {layout.REGISTER: register, layout.PARTIES: write_trust(brought)}
        bundle = made.bundle(made.buyer, trust=pinned, change=lambda has, f=files: has.update(f))
        (told,) = [one for one in verify(bundle).findings if one.code == "contradiction"]
        assert told.level == level
        assert source in {one.source for one in told.basis}


def _heads(did: str, *heads: bytes) -> Callable[[dict[str, bytes]], None]:
    folder = f"peers/{short_name(did)}"

    def change(files: dict[str, bytes]) -> None:
        files[f"{folder}/peer.json"] = write_peer(did)
        for note in heads:
            files[f"{folder}/{checkpoint_name(notes.parse_checkpoint(note))}"] = note

    return change


def test_heads_under_a_key_of_the_forgers_are_no_split_view():
    """Two roots for one size, signed by a key that the bundle says is the seller's log's."""
    made, key = deal(), stranger()
    name = seller.origin
    mine = Party(SELLER, (), (notes.vkey(name, key.public),))
    heads = [notes.sign_checkpoint(name, 5, root * 32, key, name) for root in (b"a", b"b")]
    for note in heads:
        made.buyer.write(made.now, kind="PEER_CHECKPOINT", sig=(digest_bytes(note),), detail={})
    put = _heads(SELLER, *heads)

    def change(files: dict[str, bytes]) -> None:
        put(files)
        files[layout.PARTIES] = write_trust(Trust((buyer.party(), mine)))

    for trust in (EVERYBODY, trust_in(buyer), Trust()):
        bundle = made.bundle(made.buyer, trust=trust, change=change, peers={})
        honest = replace(made.bundle(made.seller), trust=trust)
        assert not proofs(verify(bundle).findings, diff(bundle, honest).findings)
        assert not proofs(diff(honest, bundle).findings)


def test_a_bundle_in_anothers_name_convicts_nobody():
    """Whoever holds a bundle may write into it: what the party has not signed is not its own."""
    made = deal()
    honest = made.bundle(made.seller)
    lines = honest.files[layout.ENTRIES].splitlines(keepends=True)
    bent = [lines[0].replace(b"REQUESTED", b"OFFERED"), *lines[1:]]
    key, log = stranger(b"1"), stranger(b"2")
    for change in (
        {layout.ENTRIES: b"".join(bent)},
        {layout.ENTRIES: b"".join(lines[:-6])},
        {layout.CHECKPOINT: seller.head([])},
    ):
        forgery = replace(honest, files=honest.files | change)
        for one, two in ((made.bundle(made.buyer), forgery), (forgery, made.bundle(made.buyer))):
            assert not proofs(diff(one, two).findings)
        assert verify(forgery).exit_code == 1
    # with keys of the forger's under the seller's name the whole bundle holds, and is unchecked
    forger = Firm(SELLER)
    forger.agreements, forger.log = key, log
    made.seller.firm = forger
    brought = write_trust(trust_in(buyer, forger))
    bundle = made.bundle(
        made.seller,
        lines=[line.rstrip(b"\n") for line in bent],
        change=lambda files: files.update({layout.PARTIES: brought}),
    )
    for trust in (EVERYBODY, trust_in(buyer)):
        told = diff(replace(made.bundle(made.buyer), trust=trust), replace(bundle, trust=trust))
        assert not proofs(told.findings)
