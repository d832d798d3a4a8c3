"""Self-issued tokens: the ten checks, but for the database's."""

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto import tokens
from crypto.b64 import b64url
from crypto.canonical import canonical
from crypto.did import DidDocument
from crypto.errors import VerificationError, VoileError
from tests.crypto.keys_for_tests import ALICE, BOB, Party

alice = Party(ALICE)
bob = Party(BOB)
NOW = 1_800_000_000
BINDING = tokens.Binding(method="POST", path="/bob/dsp/x", body_digest="abc")


def mint(**change) -> str:
    arguments = {
        "issuer": ALICE,
        "audience": BOB,
        "kid": alice.token_kid,
        "now": NOW,
        "jti": "one",
        "binding": BINDING,
    } | change
    return tokens.mint(alice.token, **arguments)


def forge(header: dict, claims: dict, key=alice.token) -> str:
    whole = {"iss": ALICE, "sub": ALICE, "aud": BOB, "iat": NOW, "exp": NOW + 300, "jti": "one",
             "htm": "POST", "htp": "/bob/dsp/x", "bod": "abc"} | claims  # fmt: skip
    whole = {name: value for name, value in whole.items() if value is not ...}
    head = {"alg": key.alg, "kid": alice.token_kid, "typ": "JWT"} | header
    head = {name: value for name, value in head.items() if value is not ...}
    signed = f"{b64url(canonical(head))}.{b64url(canonical(whole))}"
    return f"{signed}.{b64url(key.sign(signed.encode()))}"


def receive(
    compact: str, *, now: int = NOW, document=None, binding=BINDING
) -> tokens.VerifiedToken:
    token = tokens.read([f"Bearer {compact}"], audience=BOB, now=now)
    return tokens.verify(token, document or alice.document(), binding=binding)


def test_a_token_says_who_calls():
    """A fresh token for this request verifies."""
    verified = receive(mint(access_token="secret"))
    assert (verified.issuer, verified.jti, verified.expires) == (ALICE, "one", NOW + 300)
    assert verified.access_token == "secret"
    assert verified.bound


def test_the_forger_of_these_tests_can_make_a_good_token():
    """Unchanged it verifies, so that what follows fails for its own reason."""
    assert receive(forge({}, {})).issuer == ALICE


def test_another_library_reads_our_tokens_and_we_its():
    """PyJWT verifies ours with its strict options, and ours takes PyJWT's."""
    public = jwt.PyJWK({**alice.token.public.jwk(), "alg": "ES256"}).key
    claims = jwt.decode(
        mint(), public, algorithms=["ES256"], audience=BOB, issuer=ALICE,
        options={"strict_aud": True, "require": ["exp", "iat", "jti", "sub"],
                 "verify_exp": False, "verify_iat": False},
    )  # fmt: skip
    assert claims["sub"] == ALICE
    private = jwt.PyJWK(
        {**alice.token.public.jwk(), "d": b64url(alice.token.private_bytes()), "alg": "ES256"}
    ).key
    theirs = jwt.encode(
        {**claims, "jti": "two"}, private, algorithm="ES256", headers={"kid": alice.token_kid}
    )
    assert receive(theirs).jti == "two"


@pytest.mark.parametrize(
    ("header", "claims"),
    [
        ({"alg": "none"}, {}),
        ({"alg": "HS256"}, {}),
        ({"alg": "EdDSA"}, {}),
        ({"alg": "es256"}, {}),
        ({"alg": ...}, {}),
        ({"crit": ["exp"]}, {}),
        ({"crit": []}, {}),
        ({"jku": "https://evil.example"}, {}),
        ({"x5u": "https://evil.example"}, {}),
        ({"jwk": alice.token.public.jwk()}, {}),
        ({"x5c": []}, {}),
        ({"typ": "voile-status+jws"}, {}),
        ({"kid": ...}, {}),
        ({"kid": 5}, {}),
        ({"kid": f"{ALICE}#a#b"}, {}),
        ({"kid": bob.token_kid}, {}),
        ({"kid": alice.agreements_kid}, {}),
        ({"kid": f"{BOB}#{alice.token.public.thumbprint()}"}, {}),
        ({}, {"iss": ...}),
        ({}, {"iss": BOB}),
        ({}, {"iss": "did:key:z6Mk", "sub": "did:key:z6Mk"}),
        ({}, {"iss": ALICE + ":x", "sub": ALICE + ":x"}),
        ({}, {"sub": ...}),
        ({}, {"sub": BOB}),
        ({}, {"aud": ...}),
        ({}, {"aud": []}),
        ({}, {"aud": [BOB, ALICE]}),
        ({}, {"aud": [BOB, BOB]}),
        ({}, {"aud": [[BOB]]}),
        ({}, {"aud": [ALICE]}),
        ({}, {"aud": {BOB: 1}}),
        ({}, {"aud": BOB + ":tenant"}),
        ({}, {"aud": ALICE}),
        ({}, {"exp": ...}),
        ({}, {"exp": "1900000000"}),
        ({}, {"exp": True}),
        ({}, {"exp": NOW - 31, "iat": NOW - 100}),
        ({}, {"exp": NOW + 901}),
        ({}, {"exp": NOW + 100 * 31_536_000}),
        ({}, {"exp": NOW}),
        ({}, {"iat": ...}),
        ({}, {"iat": NOW + 31, "exp": NOW + 90}),
        ({}, {"iat": -1}),
        ({}, {"iat": -0.5}),
        ({}, {"iat": NOW + 30.5, "exp": NOW + 90}),
        ({}, {"exp": NOW - 30.5, "iat": NOW - 100}),
        ({}, {"exp": NOW + 900.5}),
        ({}, {"nbf": NOW + 30.5}),
        ({}, {"nbf": NOW + 31}),
        ({}, {"nbf": "soon"}),
        ({}, {"jti": ...}),
        ({}, {"jti": ""}),
        ({}, {"jti": 5}),
        ({}, {"jti": "x" * 300}),
        ({}, {"htm": "GET"}),
        ({}, {"htp": "/bob/dsp/y"}),
        ({}, {"bod": "abd"}),
        ({}, {"htm": ...}),
        ({}, {"htp": ...}),
        ({}, {"bod": ...}),
        ({}, {"bod": ["abc"]}),
    ],
)
def test_every_bent_token_is_refused(header, claims):
    """Header, issuer, audience, times, id and binding: one wrong thing refuses."""
    with pytest.raises(VoileError):
        receive(forge(header, claims))


@pytest.mark.parametrize(
    ("header", "claims"),
    [
        ({"typ": ...}, {}),
        ({"typ": "jwt"}, {}),
        ({"kid": f"#{alice.token.public.thumbprint()}"}, {}),
        ({}, {"exp": NOW - 29, "iat": NOW - 300}),
        ({}, {"iat": NOW + 29}),
        ({}, {"nbf": NOW}),
        ({}, {"exp": NOW + 900}),
        ({}, {"aud": [BOB]}),
        ({}, {"iat": NOW - 0.25, "exp": NOW + 299.75, "nbf": NOW + 0.5}),
        ({}, {"extra": {"a": 1}}),
    ],
)
def test_what_is_allowed_is_taken(header, claims):
    """Leeway of 30 s, lifetimes up to 900 s, relative key ids, further claims; what RFC 7519 has.

    It lets the one audience stand in a list (§4.1.3), and seconds have a fraction (§2).
    """
    assert receive(forge(header, claims)).issuer == ALICE


def test_a_token_signed_with_another_key_is_refused():
    """Bob cannot speak for Alice, with her kid or his."""
    for kid in (alice.token_kid, bob.token_kid):
        with pytest.raises(VerificationError):
            receive(forge({"kid": kid}, {}, key=bob.token))


def test_a_document_of_another_is_refused():
    """The document must be that of the issuer."""
    with pytest.raises(VerificationError):
        receive(mint(), document=bob.document())


def test_a_peer_without_voile_need_not_bind_its_token_but_what_it_says_must_hold():
    """Plain peers send no binding; if one is there it is checked."""
    plain = alice.document("DataService")
    unbound = forge({}, {"htm": ..., "htp": ..., "bod": ...})
    assert not receive(unbound, document=plain).bound
    with pytest.raises(VerificationError):
        receive(unbound)
    with pytest.raises(VerificationError):
        receive(forge({}, {"htp": "/else"}), document=plain)


def test_a_peer_may_sign_with_ed25519():
    """EdDSA is in the suite, for a document whose only key is one."""
    document = DidDocument.parse(
        {
            "id": ALICE,
            "verificationMethod": [
                {"id": "#k", "controller": ALICE, "publicKeyJwk": alice.agreements.public.jwk()}
            ],
            "capabilityInvocation": ["#k"],
        },
        expected=ALICE,
    )
    assert receive(forge({"kid": ...}, {}, key=alice.agreements), document=document).jti == "one"
    with pytest.raises(VerificationError):
        receive(forge({"kid": ..., "alg": "ES256"}, {}, key=alice.agreements), document=document)


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [f"Bearer {mint()}"] * 2,
        [mint()],
        [f"bearer {mint()}"],
        [f"Basic {mint()}"],
        [f"Bearer  {mint()}"],
        [f"Bearer {mint()} "],
        [f"Bearer {mint()}="],
        [f"Bearer {mint()}.x"],
        ["Bearer " + "a" * 9000],
        ["Bearer ..", "x"],
        ["Bearer é.é.é"],
        ['Bearer {"iss":"x"}'],
    ],
)
def test_there_is_one_header_in_one_form(headers):
    """No token, two tokens, another scheme, stray characters."""
    with pytest.raises(VoileError):
        tokens.read(headers, audience=BOB, now=NOW)


def test_a_duplicate_claim_is_refused():
    """Two readers cannot see two issuers in one token."""
    claims = b'{"aud":"%b","iss":"%b","iss":"%b"}' % (BOB.encode(), BOB.encode(), ALICE.encode())
    signed = f"{b64url(canonical({'alg': 'ES256'}))}.{b64url(claims)}"
    with pytest.raises(VoileError):
        receive(f"{signed}.{b64url(alice.token.sign(signed.encode()))}")


@given(st.text(max_size=80))
def test_any_header_gives_one_error(text):
    """Nothing but a VoileError leaves the reader."""
    with pytest.raises(VoileError):
        tokens.read([text], audience=BOB, now=NOW)
    with pytest.raises(VoileError):
        tokens.read([f"Bearer {text}"], audience=BOB, now=NOW)
