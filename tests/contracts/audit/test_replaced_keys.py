"""A key that was replaced: good for what it signed before, and in a thief's hand for nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from unittest.mock import Mock

import pytest

from connector.areas.audit import verify as second
from connector.areas.audit.comparing import compare
from connector.areas.audit.trusting import _only
from contracts.audit import layout
from contracts.audit.agreements import write_agreement
from contracts.audit.before import told_of
from contracts.audit.diff import diff
from contracts.audit.memo import Memo
from contracts.audit.sides import side
from contracts.audit.trust import Party, Trust, read_trust, sign_register, write_trust
from contracts.signatures import jws_digest, sign_stage
from crypto import jws, merkle
from crypto.canonical import canonical, digest_bytes
from crypto.errors import MalformedError
from crypto.vouched import Vouched
from tests.connector.audit.second import verified as verify
from tests.contracts.audit.witnessed import BUYER, SELLER, T0, Firm, deal, stranger

if TYPE_CHECKING:
    from contracts.audit.report import Finding, Report
    from contracts.audit.verify import Bundle
    from crypto.keys import SigningKey
    from tests.contracts.audit.witnessed import Deal

buyer, hub = Firm(BUYER), Firm("did:web:hub.example")
OLD = Firm(SELLER).agreements
OLD_KID = Firm(SELLER).agreements_kid
OLD_NAME = OLD.public.thumbprint()
AFTER = 10 * 60  # seconds of rest that `deal` adds: the rotation is within them
DAY = 86_400


def renewed() -> Firm:
    """The seller with its new agreements key."""
    firm = Firm(SELLER)
    firm.agreements = stranger(b"the seller's next")
    return firm


def rotated(questions: int = 3) -> tuple[Deal, int]:
    """A deal, whose seller then replaces its key; and the unix second at which the old one ends."""
    made = deal(questions)
    made.seller.firm = renewed()
    ended = made.now // 1000 - AFTER // 2
    return made, ended


def everybody(ended: int) -> Trust:
    """The trust of an auditor who knows of the rotation."""
    return Trust((buyer.party(), seller_party(((OLD_NAME, ended),))))


def seller_party(ended: tuple[tuple[str, int], ...] = ()) -> Party:
    firm = renewed()
    keys = ((OLD_KID, OLD.public), (firm.agreements_kid, firm.agreements.public))
    return Party(SELLER, keys, (firm.vkey,), ended)


def registers(ended: int, *, after: int, now: int) -> tuple[bytes, bytes]:
    """What the hub said of keys before the rotation, and what it says after."""
    named = {
        BUYER: (buyer.agreements.public.thumbprint(), buyer.log.public.thumbprint()),
        SELLER: (OLD_NAME, renewed().agreements.public.thumbprint(),
                 renewed().log.public.thumbprint()),
    }  # fmt: skip
    how: dict[str, Any] = {
        "hub": hub.did, "space": "urn:space", "key": hub.agreements, "kid": hub.agreements_kid,
    }  # fmt: skip
    old = sign_register(named, now=ended - after, **how)
    return old.encode(), sign_register(
        named, now=now, ended={SELLER: {OLD_NAME: ended}}, **how
    ).encode()


def pinning(bundle: Bundle, trust: Trust) -> Bundle:
    return replace(bundle, trust=trust)


def forged_answer(made: Deal, at: int, key: SigningKey = OLD, kid: str = OLD_KID) -> None:
    """The buyer, who has the seller's old key, writes another answer into its own log."""
    payload = {"agreementId": made.agreement, "provider": SELLER, "consumer": BUYER,
               "questionId": "question-0", "value": 99}  # fmt: skip
    statement = jws.sign(canonical(payload), key, typ="voile-answer+jws", kid=kid).encode()
    digest = made.buyer.say(statement)
    made.buyer.write(at, kind="ANSWER", counterparty=SELLER, sig=(digest,), detail={})


def levels(found: tuple[Finding, ...], code: str) -> set[str]:
    return {one.level for one in found if one.code == code}


def proofs(*reports: Report) -> list[Finding]:
    return [one for report in reports for one in report.findings if one.level == "proof"]


def test_what_a_key_signed_before_it_was_replaced_verifies_as_ever():
    """The honest contract and answers of both, alone and beside each other, by file and register."""
    made, ended = rotated()
    trust = everybody(ended)
    one, two = made.bundle(made.buyer, trust=trust), made.bundle(made.seller, trust=trust)
    assert verify(one).findings == verify(two).findings == diff(one, two).findings == ()
    assert verify(two).counts["signatures.mutual"] == 1
    _, new = registers(ended, after=DAY, now=made.now // 1000)
    files = {
        layout.REGISTER: new,
        layout.PARTIES: write_trust(Trust((buyer.party(), seller_party()))),
    }
    how: dict[str, Any] = {"trust": Trust((), hub.party()), "change": lambda has: has.update(files)}
    one, two = made.bundle(made.buyer, **how), made.bundle(made.seller, **how)
    assert verify(one).findings == verify(two).findings == diff(one, two).findings == ()


@pytest.mark.parametrize("backdated", [False, True])
def test_a_thief_with_a_former_key_convicts_nobody(backdated: bool):
    """Another answer in the seller's name, dated as the thief likes, with a leaf of the thief's."""
    made, ended = rotated()
    forged_answer(made, made.now - 2 * 1000 * AFTER // 3 if backdated else made.now)
    trust = everybody(ended)
    mine, honest = made.bundle(made.buyer, trust=trust), made.bundle(made.seller, trust=trust)
    alone, beside, other = verify(mine), diff(mine, honest), diff(honest, mine)
    assert not proofs(alone, beside, other)
    assert levels(alone.findings, "contradiction") == {"unchecked"}
    assert levels(alone.findings, "key-replaced") == (set() if backdated else {"unchecked"})
    assert "replaced at" in next(one.text for one in alone.findings if one.code == "contradiction")
    assert verify(honest).findings == ()
    # the same under the key that the seller has now, or had then for whom no end is known, convicts
    assert proofs(verify(pinning(mine, Trust((buyer.party(), seller_party())))))


def test_a_thief_with_a_former_key_makes_no_broken_promise():
    """A second agreement signed in the seller's name, of which the seller's log knows nothing."""
    made, ended = rotated()
    body = {"@id": "urn:agreement:2", "assigner": SELLER, "assignee": BUYER, "permission": []}
    pids = {"consumer_pid": "urn:c2", "provider_pid": "urn:p2"}
    folder = f"agreements/{layout.short_name('urn:agreement:2 urn:p2')}"
    at = made.now - 1000 * AFTER * 2 // 3
    text = sign_stage(body, **pids, stage="AGREED", prev=None, key=OLD, kid=OLD_KID, now=at // 1000)
    made.buyer.write(at, kind="AGREEMENT", role="consumer", counterparty=SELLER, **pids,
                     agreement="urn:agreement:2", to_state="AGREED", sig=(jws_digest(text),),
                     detail={})  # fmt: skip
    made.seller.write(made.now, kind="ACCESS", to_state="EXPORTED")
    files = {f"{folder}/agreement.json": write_agreement(body, **pids),
             f"{folder}/AGREED.jws": text.encode()}  # fmt: skip
    for trust, level in (
        (everybody(ended), "unchecked"),
        (Trust((buyer.party(), seller_party())), "proof"),
    ):
        mine = made.bundle(made.buyer, trust=trust, change=lambda has: has.update(files))
        report = diff(mine, made.bundle(made.seller, trust=trust))
        assert levels(report.findings, "broken-promise") == {level}


def test_what_the_accuseds_own_log_shows_of_before_convicts_as_ever():
    """Two answers that both stand in the seller's own log; a stage whose leaf the seller had seen."""
    made, ended = rotated()
    trust = everybody(ended)
    payload = {"agreementId": made.agreement, "provider": SELLER, "consumer": BUYER,
               "questionId": "question-0", "value": 99}  # fmt: skip
    second = jws.sign(canonical(payload), OLD, typ="voile-answer+jws", kid=OLD_KID).encode()
    before = (ended - 1) * 1000
    made.seller.write(before, kind="ANSWER", counterparty=BUYER, detail={},
                      sig=(made.seller.say(second),))  # fmt: skip
    (proof,) = proofs(verify(made.bundle(made.seller, trust=trust)))
    assert proof.code == "contradiction"
    # the buyer's leaf of AGREED was there when the seller saw the buyer's head, before the end
    made, ended = rotated(0)
    folder = next(path.rpartition("/")[0] for path in made.files)
    agreed = digest_bytes(made.files[f"{folder}/AGREED.jws"]).encode()
    made.seller.write(made.now, kind="ACCESS", to_state="EXPORTED")
    dropped = [line for line in made.seller.lines if agreed not in line]
    # the seller never showed its head, else that alone would convict it
    unseen = [line for line in made.buyer.lines if b"PEER_CHECKPOINT" not in line]
    mine = made.bundle(made.buyer, trust=trust, lines=unseen)
    theirs = made.bundle(made.seller, lines=dropped, trust=trust)
    assert [one.code for one in proofs(diff(mine, theirs))] == ["broken-promise"]
    # without that head, or with one that was seen later, only the buyer dates it
    blind = [line for line in dropped if b"PEER_CHECKPOINT" not in line]
    report = diff(mine, made.bundle(made.seller, lines=blind, trust=trust))
    assert levels(report.findings, "broken-promise") == {"unchecked"}


def test_an_old_register_brings_no_key_back():
    """The thief shows what the hub said before the rotation; the other side, or the time, tells."""
    made, ended = rotated()
    forged_answer(made, made.now)
    now = made.now // 1000
    brought = write_trust(Trust((buyer.party(), seller_party())))
    for after, beside in ((60, True), (2 * DAY, False)):
        old, new = registers(ended, after=after, now=now)
        bundles = [
            made.bundle(book, trust=Trust((), hub.party()), change=lambda has, r=register: has.update(
                {layout.REGISTER: r, layout.PARTIES: brought}))
            for book, register in ((made.buyer, old), (made.seller, new))
        ]  # fmt: skip
        if beside:  # also in the check of the thief's bundle by itself
            value, _ = compare(bundles)
            assert (value["bundles"]["a"]["findings"], value["bundles"]["a"]["unchecked"] > 0) == (
                0,
                True,
            )
            assert not proofs(diff(*bundles), diff(*reversed(bundles)))
        else:
            assert levels(verify(bundles[0]).findings, "contradiction") == {"unchecked"}


def test_a_bundle_that_a_former_key_signed_is_not_its_partys_word():
    """Nobody dates a manifest but its signer: it accuses nobody, and says so."""
    made, ended = rotated()
    made.seller.firm = Firm(SELLER)
    thief = made.bundle(made.seller, trust=everybody(ended))
    report = verify(thief)
    assert [(one.level, one.code) for one in report.findings] == [("unchecked", "key-replaced")]
    bent = made.bundle(made.seller, lines=made.seller.lines[:3], trust=everybody(ended))
    assert not proofs(diff(made.bundle(made.buyer, trust=everybody(ended)), bent))


def test_ends_are_written_and_read_and_files_without_them_too():
    """A trust file with ends comes back; one of before has none; a bent one is refused."""
    trust = everybody(T0 // 1000)
    assert read_trust(write_trust(trust)) == trust
    assert b"ended" not in write_trust(Trust((buyer.party(),)))


@pytest.mark.parametrize("within_reach", [True, False])
def test_ends_are_told_of_keys_that_a_document_does_not_list_any_more(within_reach: bool):
    """A home that was lost and made anew lists its new keys only; its thief brings the old ones."""
    made, ended = rotated()
    now = made.now // 1000
    firm = renewed()
    new = Party(SELLER, ((firm.agreements_kid, firm.agreements.public),), (firm.vkey,))
    names = {key.public.thumbprint() for key in (firm.agreements, firm.log)}
    vouched = Vouched(frozenset(names), {OLD_NAME: ended})
    seller = _only(new if within_reach else Party(SELLER), vouched)
    assert bool(seller.keys) is within_reach
    trust = read_trust(write_trust(Trust((buyer.party(), seller), hub.party())))
    forged_answer(made, made.now)
    old, _ = registers(ended, after=3600, now=now)
    files = {
        layout.REGISTER: old,
        layout.PARTIES: write_trust(Trust((buyer.party(), seller_party()))),
    }
    bundle = made.bundle(made.buyer, trust=trust, change=lambda has: has.update(files))
    assert proofs(verify(bundle)) == []
    everywhere = replace(bundle, trust=Trust((buyer.party(),), hub.party()))
    assert proofs(verify(everywhere)) != []  # who was told of no end cannot know


def test_a_party_of_which_only_ends_are_known_is_nobodys_word():
    """Nobody vouches for what it has now: that is unchecked, not missing."""
    made, ended = rotated()
    trust = Trust((buyer.party(), Party(SELLER, ended=((OLD_NAME, ended),))))
    report = verify(made.bundle(made.buyer, trust=trust))
    assert report.outcome == "UNCHECKED"
    assert "key-untrusted" in {one.code for one in report.findings}


def test_a_register_is_dated_and_signed_by_a_key_that_still_counts():
    """A hub's former key makes no registers of later, and one without a date is none."""
    made, ended = rotated()
    own = hub.agreements.public.thumbprint()
    _, new = registers(ended, after=DAY, now=made.now // 1000)
    files = {layout.REGISTER: new}
    late = replace(hub.party(), ended=((own, made.now // 1000 - 1),))
    still = replace(hub.party(), ended=((own, made.now // 1000),))
    undated = jws.sign(canonical({"hub": hub.did, "space": "urn:space", "participants": []}),
                       hub.agreements, typ="voile-register+jws", kid=hub.agreements_kid)  # fmt: skip
    for party, register, good in ((late, new, False), (still, new, True),
                                  (hub.party(), undated.encode(), False)):  # fmt: skip
        files[layout.REGISTER] = register
        bundle = made.bundle(
            made.buyer, trust=Trust((), party), change=lambda has: has.update(files)
        )
        codes = {one.code for one in verify(bundle).findings}
        assert ("keys" in codes) is not good, codes


def test_more_keys_than_anybody_has_are_refused_before_they_are_read():
    """Each key goes through the gate: a file of a hundred thousand would keep an auditor busy."""
    key = {"kid": OLD_KID, "jwk": OLD.public.jwk()}
    party = {"did": SELLER, "keys": [key] * 5001, "logs": []}
    data = canonical({"format": "voile-trust/1", "parties": [party, party]})
    with pytest.raises(MalformedError, match="more than 10000 keys"):
        read_trust(data)
    with pytest.raises(second.Wrong, match="more than 10000 keys"):
        second.read_trust(data)


def test_roots_are_computed_once_however_many_statements_are_judged(
    monkeypatch: pytest.MonkeyPatch,
):
    """The heads that the accused saw are laid over the holder's log once, not for each statement."""
    made, ended = rotated()
    forged_answer(made, ended * 1000)
    trust, memo = everybody(ended), Memo()
    mine = side("A", made.bundle(made.buyer, trust=trust), memo)
    theirs = side("B", made.bundle(made.seller, trust=trust), memo)
    old = [one for one in mine.said if one.basis is not None and one.basis.until]
    assert old
    assert theirs.seen[BUYER]
    node = Mock(wraps=merkle.node_hash)
    monkeypatch.setattr(merkle, "node_hash", node)
    told = [told_of(one, (mine, theirs)) for one in old]
    once = node.call_count
    assert once
    assert told == [told_of(one, (mine, theirs)) for _ in range(20) for one in old][: len(old)]
    assert node.call_count == once
