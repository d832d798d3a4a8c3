"""Agreements signed by both sides."""

import pytest

from contracts.signatures import (
    STAGES,
    TYPE,
    jws_digest,
    sign_stage,
    stage_payload,
    verify_chain,
    verify_stage,
    verify_stages,
)
from crypto import jws
from crypto.errors import MalformedError, VerificationError, VoileError
from tests.crypto.keys_for_tests import ALICE, BOB, Party

provider, consumer = Party(ALICE), Party(BOB)
PARTIES = {ALICE: provider, BOB: consumer}
AGREEMENT = {
    "@id": "urn:uuid:agreement",
    "@type": "Agreement",
    "target": "urn:uuid:dataset",
    "assigner": ALICE,
    "assignee": BOB,
    "timestamp": "2026-11-21T10:00:00Z",
    "permission": [{"action": "use", "constraint": []}],
}
PIDS = {"consumer_pid": "urn:uuid:c", "provider_pid": "urn:uuid:p"}
NOW = 1_800_000_000


def find_key(did, kid):
    return PARTIES[did].document().key(kid, relationship="assertionMethod")


def sign(stage, prev, party, agreement=AGREEMENT, now=NOW, **change):
    return sign_stage(
        agreement,
        **PIDS | change,
        stage=stage,
        prev=prev,
        key=party.agreements,
        kid=party.agreements_kid,
        now=now,
    )


def chain(agreement=AGREEMENT):
    made, prev = {}, None
    for stage, party in zip(STAGES, (provider, consumer, provider), strict=True):
        made[stage] = sign(stage, prev, party, agreement)
        prev = jws_digest(made[stage])
    return made


def check(stages, agreement=AGREEMENT, now=NOW, **change):
    return verify_chain(stages, agreement=agreement, **PIDS | change, find_key=find_key, now=now)


def test_three_stages_are_mutual():
    """Provider, consumer, provider: each names the digest of the one before."""
    stages = chain()
    assert check(stages) == "mutual"
    found = verify_stages(stages, agreement=AGREEMENT, **PIDS, find_key=find_key, now=NOW)
    assert [(stage.stage, stage.signer, stage.iat) for stage in found] == [
        ("AGREED", ALICE, NOW),
        ("VERIFIED", BOB, NOW),
        ("FINALIZED", ALICE, NOW),
    ]
    assert found[1].jwk == consumer.agreements.public.jwk()


def test_a_plain_peer_leaves_our_own_signatures():
    """Without the other side's signature it is `own`, and a gap breaks the chain to null."""
    assert check({}) == "none"
    agreed = sign("AGREED", None, provider)
    final = sign("FINALIZED", None, provider)
    assert check({"AGREED": agreed, "FINALIZED": final}) == "own"
    assert check({"VERIFIED": sign("VERIFIED", None, consumer)}) == "own"
    linked = sign("FINALIZED", jws_digest(agreed), provider)
    with pytest.raises(VerificationError):
        check({"AGREED": agreed, "FINALIZED": linked})


@pytest.mark.parametrize("stage", STAGES)
def test_taking_a_stage_out_is_found_or_lowers_the_chain(stage):
    """No stage can be removed and the rest still be mutual."""
    stages = chain()
    del stages[stage]
    try:
        assert check(stages) == "own"
    except VerificationError:
        assert stage != "FINALIZED"


@pytest.mark.parametrize(
    "change",
    [
        {"timestamp": "2026-11-21T10:00:01Z"},
        {"permission": []},
        {"@id": "urn:uuid:other"},
        {"assigner": BOB, "assignee": ALICE},
        {"extra": 1},
    ],
)
def test_a_changed_agreement_does_not_verify(change):
    """Every word of the agreement is signed."""
    with pytest.raises(VerificationError):
        check(chain(), AGREEMENT | change)


@pytest.mark.parametrize("change", [{"consumer_pid": "urn:uuid:x"}, {"provider_pid": "urn:uuid:x"}])
def test_a_signature_is_of_one_negotiation(change):
    """Another process id refuses."""
    with pytest.raises(VerificationError):
        check(chain(), **change)


def test_stages_cannot_be_exchanged_or_made_up():
    """A stage is signed as what it is; an unknown stage is refused."""
    stages = chain()
    with pytest.raises(VerificationError):
        check({**stages, "FINALIZED": stages["AGREED"]})
    with pytest.raises(VerificationError):
        check({**stages, "WITNESSED": stages["AGREED"]})
    other = sign("AGREED", None, provider, now=NOW + 1)
    with pytest.raises(VerificationError):
        check({**stages, "AGREED": other})


def test_only_the_expected_party_signs_a_stage():
    """The consumer cannot sign for the provider, nor a party with its token key."""
    with pytest.raises(VerificationError):
        check({"AGREED": sign("AGREED", None, consumer)})
    with pytest.raises(VerificationError):
        check({"VERIFIED": sign("VERIFIED", None, provider)})
    payload = stage_payload(AGREEMENT, **PIDS, stage="AGREED", prev=None)
    with_token_key = jws.sign(
        payload, provider.token, typ=TYPE, kid=provider.token_kid, iat=NOW, detached=True
    )
    with pytest.raises(VerificationError):
        check({"AGREED": with_token_key})
    stolen = sign_stage(
        AGREEMENT, **PIDS, stage="AGREED", prev=None,
        key=consumer.agreements, kid=provider.agreements_kid, now=NOW,
    )  # fmt: skip
    with pytest.raises(VerificationError):
        check({"AGREED": stolen})


def test_time_has_an_upper_bound_and_no_lower_one():
    """300 s ahead at most; a signature sent again a year later still holds."""
    early = sign("AGREED", None, provider, now=NOW + 300)
    assert check({"AGREED": early}) == "own"
    assert check({"AGREED": early}, now=NOW + 31_536_000) == "own"
    with pytest.raises(VerificationError):
        check({"AGREED": early}, now=NOW - 1)
    payload = stage_payload(AGREEMENT, **PIDS, stage="AGREED", prev=None)
    timeless = jws.sign(
        payload, provider.agreements, typ=TYPE, kid=provider.agreements_kid, detached=True
    )
    with pytest.raises(VerificationError):
        check({"AGREED": timeless})


def test_es256_is_accepted():
    """A peer whose assertion key is P-256 signs agreements too."""
    raw = provider.raw_document()
    raw["assertionMethod"] = [provider.token_kid]
    document = type(provider.document()).parse(raw, expected=ALICE)
    payload = stage_payload(AGREEMENT, **PIDS, stage="AGREED", prev=None)
    signed = jws.sign(
        payload, provider.token, typ=TYPE, kid=provider.token_kid, iat=NOW, detached=True
    )
    found = verify_stage(
        signed, agreement=AGREEMENT, **PIDS, stage="AGREED", prev=None, now=NOW,
        find_key=lambda _, kid: document.key(kid, relationship="assertionMethod"),
    )  # fmt: skip
    assert found.jwk == provider.token.public.jwk()


def test_every_flipped_bit_of_a_signature_is_found():
    """A changed byte anywhere in a stage refuses the chain."""
    stages = chain()
    text = stages["VERIFIED"]
    for at in range(len(text)):
        changed = text[:at] + chr(ord(text[at]) ^ 1) + text[at + 1 :]
        with pytest.raises(VoileError):
            check({**stages, "VERIFIED": changed})


def test_a_large_header_is_refused_before_it_is_read():
    """4 KiB, as the HTTP header is capped."""
    with pytest.raises(MalformedError):
        check({"AGREED": "a" * 5000})


def test_an_agreement_without_parties_is_refused():
    """Who signs is read from the agreement itself."""
    with pytest.raises(VerificationError):
        check(chain(), {**AGREEMENT, "assigner": None})
