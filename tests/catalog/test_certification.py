"""Membership credentials: forged, foreign, swapped and stale ones are refused."""

import json

import pytest

from catalog import certification
from catalog.certification import issue, verify_credential
from crypto import jws
from crypto.b64 import unb64url
from crypto.canonical import canonical
from crypto.errors import MalformedError, VerificationError
from tests.catalog.parties import ALDER, BIRCH, HUB, NOW, SPACE, party

DAY = 86_400


def issued(by=HUB, **over):
    values = {
        "issuer": by.did,
        "key": by.signers.agreements,
        "kid": by.kid,
        "identifier": "urn:uuid:0b7c9d3e-0000-4000-8000-000000000001",
        "space": SPACE,
        "since": NOW - DAY,
        "now": NOW,
        "expires": NOW + 90 * DAY,
    }
    return issue(ALDER.participant, **(values | over))


def checked(credential, **over):
    values = {
        "expected_issuer": HUB.did,
        "expected_holder": ALDER.did,
        "expected_space": SPACE,
        "find_key": HUB.find_key,
        "now": NOW + 1,
    }
    return verify_credential(credential, **(values | over))


def changed(change, by=HUB):
    """A credential whose payload was changed before an authorised key signed it."""
    payload = json.loads(unb64url(issued().split(".")[1]))
    change(payload)
    return jws.sign(canonical(payload), by.signers.agreements, typ=certification.TYP, kid=by.kid)


def test_a_credential_says_what_the_operator_certified():
    """Holder, space, role, first admission, hand and validity come back as they went in."""
    found = checked(issued())
    assert (found.issuer, found.holder, found.space) == (HUB.did, ALDER.did, SPACE)
    assert found.roles == ("provider",)
    assert found.legal_group == "ID-alder"
    assert (found.since, found.issued, found.expires) == (NOW - DAY, NOW, NOW + 90 * DAY)


def test_the_payload_is_a_verifiable_credential_2_0():
    """The JWS payload is the credential itself, typ vc+jwt, with the members the standard asks."""
    header, payload, _ = issued().split(".")
    assert json.loads(unb64url(header))["typ"] == "vc+jwt"
    credential = json.loads(unb64url(payload))
    assert credential["@context"][0] == "https://www.w3.org/ns/credentials/v2"
    assert {"VerifiableCredential", "MembershipCredential"} <= set(credential["type"])
    assert {"issuer", "validFrom", "validUntil", "credentialSubject"} <= set(credential)
    assert "vc" not in credential


def test_a_flipped_byte_is_found():
    """No character of the credential can be replaced."""
    good = issued()
    for at in range(0, len(good), 37):
        bad = good[:at] + ("A" if good[at] != "A" else "B") + good[at + 1 :]
        with pytest.raises((VerificationError, MalformedError)):
            checked(bad)


def test_another_party_cannot_issue_in_the_hubs_name():
    """A credential naming the hub but signed by Birch's key is refused, whatever `kid` it bears."""
    with pytest.raises(VerificationError):
        checked(changed(lambda _: None, by=BIRCH))
    forged = issued(by=BIRCH, issuer=HUB.did, kid=HUB.kid)
    with pytest.raises(VerificationError):
        checked(forged)


def test_an_issuer_is_compared_whole_never_by_prefix():
    """`did:web:hub.example` does not make `did:web:hub.example.evil.example` an issuer."""
    evil = party("hub.example.evil")
    for find_key in (evil.find_key, HUB.find_key):
        with pytest.raises(VerificationError):
            checked(issued(by=evil), find_key=find_key)
        with pytest.raises(VerificationError):
            checked(changed(lambda _: None, by=evil), find_key=find_key)


def test_a_hub_cannot_sign_for_another_issuer():
    """The issuer inside must be the owner of the key outside."""
    with pytest.raises(VerificationError, match="issued by"):
        checked(changed(lambda payload: payload.update(issuer=BIRCH.did)))


def test_it_cannot_be_shown_by_another_holder():
    """Alder's credential does not admit Birch."""
    with pytest.raises(VerificationError, match="shown by"):
        checked(issued(), expected_holder=BIRCH.did)


def test_it_does_not_open_another_space():
    """A space is compared whole."""
    with pytest.raises(VerificationError, match="space"):
        checked(issued(space=SPACE + "-2"))


@pytest.mark.parametrize(
    ("now", "word"), [(NOW - DAY, "not good yet"), (NOW + 90 * DAY, "expired")]
)
def test_it_holds_only_in_its_time(now, word):
    """Too early and too late are refused."""
    with pytest.raises(VerificationError, match=word):
        checked(issued(), now=now)


def test_a_status_document_is_not_a_credential():
    """Another kind of thing signed by the same key is refused by its type."""
    other = jws.sign(
        unb64url(issued().split(".")[1]),
        HUB.signers.agreements,
        typ="voile-status+jws",
        kid=HUB.kid,
    )
    with pytest.raises(VerificationError, match="type"):
        checked(other)


def test_unknown_schemas_and_kinds_are_refused():
    """Nothing is guessed about a credential that says more than we pin."""
    with pytest.raises(VerificationError, match="schema"):
        checked(changed(lambda p: p.update(credentialSchema={"id": "https://x", "type": "T"})))
    with pytest.raises(VerificationError, match="not a membership"):
        checked(changed(lambda p: p.update(type=["VerifiableCredential"])))


@pytest.mark.parametrize(
    "change",
    [
        lambda p: p.pop("validUntil"),
        lambda p: p.update(validUntil="2099-01-01"),
        lambda p: p.update(validUntil=4102444800),
        lambda p: p.pop("credentialSubject"),
        lambda p: p["credentialSubject"].pop("id"),
        lambda p: p["credentialSubject"].update(role=[]),
        lambda p: p["credentialSubject"].update(role=["provider", []]),
        lambda p: p.update({"@context": []}),
        lambda p: p.update({"@context": ["https://www.w3.org/2018/credentials/v1"]}),
    ],
)
def test_a_credential_that_lacks_something_is_malformed(change):
    """A signed credential of the wrong shape is an error, not a guess."""
    with pytest.raises(MalformedError):
        checked(changed(change))
