"""did:web DIDs and their documents."""

import pytest

from crypto.did import DidDocument, document_url, method_id
from crypto.errors import MalformedError, VerificationError, VoileError
from tests.crypto.keys_for_tests import ALICE, BOB, Party

alice = Party(ALICE)
bob = Party(BOB)


@pytest.mark.parametrize(
    ("did", "url"),
    [
        ("did:web:example.com", "https://example.com/.well-known/did.json"),
        ("did:web:h.example%3A8443:a:b", "https://h.example:8443/a/b/did.json"),
        ("did:web:connector:acme-1", "https://connector/acme-1/did.json"),
        ("did:web:localhost%3A19100:acme", "http://localhost:19100/acme/did.json"),
    ],
)
def test_a_did_says_where_its_document_lies(did, url):
    """The addresses of identity.md §1."""
    assert document_url(did, loopback_http=True) == url


@pytest.mark.parametrize(
    "did",
    [
        "",
        "did:web:",
        "did:key:z6Mk",
        "did:web:127.0.0.1",
        "did:web:2130706433",
        "did:web:%5B::1%5D",
        "did:web:a%2Fb.example",
        "did:web:user%40evil.example",
        "did:web:example.com:..:etc",
        "did:web:example.com:.",
        "did:web:example.com::a",
        "did:web:example.com:a%2Fb",
        "did:web:example.com:a%2e%2e",
        "did:web:example.com%3A0",
        "did:web:example.com%3A70000",
        "did:web:example.com%3A80%3A90",
        "did:web:example.com#key",
        "did:web:example.com?x",
        "did:web:example.com\n",
        "did:web:EXAMPLE.com",
        "did:web:-a.example",
        "did:web:a..example",
        "did:web:x.localhost",
        "did:web:" + "a" * 600,
    ],
)
def test_what_is_no_plain_did_is_refused(did):
    """No addresses, user information, encoded separators, dots or fragments."""
    with pytest.raises(MalformedError):
        document_url(did, loopback_http=True)


def test_localhost_needs_leave():
    """Without the test setting a DID on this machine is refused, not sent over https."""
    with pytest.raises(MalformedError):
        document_url(ALICE, loopback_http=False)


def test_each_key_is_for_what_it_is_listed_for():
    """Token key for calls, agreements key for assertions, log key for neither."""
    document = alice.document()
    assert document.key(alice.token_kid, relationship="capabilityInvocation") == alice.token.public
    assert document.key(alice.token_kid, relationship="authentication") == alice.token.public
    found = document.key(alice.agreements_kid, relationship="assertionMethod")
    assert found == alice.agreements.public
    log_kid = method_id(ALICE, alice.log.public)
    for relationship in (
        "authentication",
        "assertionMethod",
        "capabilityInvocation",
        "keyAgreement",
    ):
        with pytest.raises(VerificationError):
            document.key(log_kid, relationship=relationship)
    with pytest.raises(VerificationError):
        document.key(alice.token_kid, relationship="assertionMethod")


def test_relative_ids_mean_the_same_as_absolute_ones():
    """`#key`, `key` and `did:…#key` find one method, in the document and in the signature."""
    raw = alice.raw_document()
    thumbprint = alice.token.public.thumbprint()
    raw["verificationMethod"][0]["id"] = f"#{thumbprint}"
    raw["capabilityInvocation"] = [thumbprint]
    document = DidDocument.parse(raw, expected=ALICE)
    for kid in (f"#{thumbprint}", thumbprint, f"{ALICE}#{thumbprint}"):
        assert document.key(kid, relationship="capabilityInvocation") == alice.token.public


def test_a_foreign_document_key_or_controller_is_refused():
    """The document must be the DID's own, and the DID must control the key."""
    with pytest.raises(VerificationError):
        DidDocument.parse(bob.raw_document(), expected=ALICE)
    raw = alice.raw_document()
    raw["verificationMethod"][0]["controller"] = BOB
    with pytest.raises(VerificationError):
        DidDocument.parse(raw, expected=ALICE).key(alice.token_kid, relationship="authentication")
    with pytest.raises(VerificationError):
        alice.document().key(bob.token_kid, relationship="capabilityInvocation")


def test_no_kid_only_with_one_key():
    """A signature that names no key is taken only if there is no choice."""
    with pytest.raises(VerificationError):
        alice.document().key(None, relationship="capabilityInvocation")
    raw = alice.raw_document()
    raw["verificationMethod"] = raw["verificationMethod"][:1]
    document = DidDocument.parse(raw, expected=ALICE)
    assert document.key(None, relationship="capabilityInvocation") == alice.token.public


def test_an_embedded_method_counts_for_its_relationship_only():
    """A method written inside `assertionMethod` is for assertions and nothing else."""
    raw = alice.raw_document()
    embedded = raw["verificationMethod"].pop(1)
    raw["assertionMethod"] = [embedded]
    document = DidDocument.parse(raw, expected=ALICE)
    kid = alice.agreements_kid
    assert document.key(kid, relationship="assertionMethod") == alice.agreements.public
    with pytest.raises(VerificationError):
        document.key(kid, relationship="authentication")


@pytest.mark.parametrize(
    "change",
    [
        {"verificationMethod": {}},
        {"verificationMethod": "x"},
        {"verificationMethod": [{"type": "JsonWebKey2020"}]},
        {"verificationMethod": [5]},
        {"assertionMethod": [5]},
        {"authentication": "x"},
        {"verificationMethod": alice.raw_document()["verificationMethod"] * 2},
    ],
)
def test_a_malformed_document_is_refused(change):
    """Wrong types, methods without id, two methods with one id."""
    with pytest.raises(MalformedError):
        DidDocument.parse(alice.raw_document() | change, expected=ALICE)


def test_a_key_in_another_form_is_refused_when_it_is_used():
    """A multibase or RSA key harms nobody until somebody signs with it."""
    raw = alice.raw_document()
    raw["verificationMethod"][0].pop("publicKeyJwk")
    raw["verificationMethod"][1]["publicKeyJwk"] = {"kty": "RSA", "n": "AQAB", "e": "AQAB"}
    document = DidDocument.parse(raw, expected=ALICE)
    for kid, relationship in (
        (alice.token_kid, "authentication"),
        (alice.agreements_kid, "assertionMethod"),
    ):
        with pytest.raises(VoileError):
            document.key(kid, relationship=relationship)


def test_services_are_found_by_type():
    """A string or a list of types; strange services are passed over."""
    raw = alice.raw_document() | {
        "service": [5, {"type": 7}, {"type": ["A", "VoileHub"], "serviceEndpoint": "x"}]
    }
    document = DidDocument.parse(raw, expected=ALICE)
    assert document.service("VoileHub")["serviceEndpoint"] == "x"
    assert document.service("VoileConnector") is None
    assert document.is_voile
    assert not alice.document("DataService").is_voile
    assert not DidDocument.parse({"id": ALICE, "service": "no"}, expected=ALICE).is_voile
