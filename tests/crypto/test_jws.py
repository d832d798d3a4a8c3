"""Compact JWS: attached and detached."""

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto import jose, jws
from crypto.b64 import b64url, unb64url
from crypto.canonical import canonical
from crypto.errors import MalformedError, VerificationError, VoileError
from crypto.jose import sign_compact, verify_compact
from crypto.keys import PublicKey, SigningKey

KEY = SigningKey.ed25519(b"k" * 32)
EC = SigningKey.p256(b"e" * 48)
KID = "did:web:example.com#key"
TYP = "voile-test+jws"


def find(kid: str) -> PublicKey:
    assert kid == KID
    return KEY.public


def check(text: str, payload: bytes | None = None, typ: str = TYP) -> jws.VerifiedJws:
    return jws.verify(text, expected_typ=typ, find_key=find, payload=payload)


@given(st.binary(max_size=300))
def test_attached_and_detached_signatures_round_trip(payload):
    """Both forms verify and give back the payload, the signer and the time."""
    attached = jws.sign(payload, KEY, typ=TYP, kid=KID, iat=7)
    detached = jws.sign(payload, KEY, typ=TYP, kid=KID, iat=7, detached=True)
    for verified in (check(attached), check(detached, payload)):
        assert (verified.payload, verified.kid, verified.iat) == (payload, KID, 7)
        assert verified.key == KEY.public
    assert ".." in detached


@given(
    st.binary(max_size=300),
    st.sampled_from([KEY, EC]),
    st.booleans(),
    st.dictionaries(
        st.sampled_from(["kid", "typ", "x"]), st.text(min_size=1, max_size=20), min_size=1
    ),
    st.none() | st.integers(0, 2**53 - 1),
)
def test_a_signature_is_written_as_the_library_writes_it(payload, key, detached, texts, iat):
    """Byte for byte, whatever is signed and says who signed it, and both ways."""
    header = {"typ": TYP, **texts} | ({} if iat is None else {"iat": iat})
    theirs = jose._JWS.encode(
        payload, key, algorithm=key.alg, headers=dict(header), is_payload_detached=detached
    )
    assert sign_compact(payload, key, header, detached=detached) == theirs


@pytest.mark.parametrize(
    "header",
    [{"kid": None}, {"kid": 7}, {"typ": None}, {"alg": "none"}, {"b64": False}, {"crit": []}],
)
def test_what_is_no_header_of_ours_is_not_signed(header):
    """The library would refuse it, or change what is signed."""
    with pytest.raises(TypeError):
        sign_compact(b"x", KEY, {"typ": TYP, **header})


@pytest.mark.parametrize("key", [KEY, EC])
def test_another_library_reads_our_signatures(key):
    """PyJWT verifies both forms, the detached one with its own RFC 7797 code."""
    public = jwt.PyJWK({**key.public.jwk(), "alg": key.alg}).key
    attached = jws.sign(b"payload", key, typ=TYP, kid=KID)
    assert jwt.PyJWS().decode(attached, public, algorithms=[key.alg]) == b"payload"
    detached = jws.sign(b"payload", key, typ=TYP, kid=KID, detached=True)
    read = jwt.PyJWS().decode_complete(
        detached, public, algorithms=[key.alg], detached_payload=b"payload"
    )
    assert read["payload"] == b"payload"


def test_we_read_what_another_library_signs():
    """PyJWT's attached ES256 signature verifies here."""
    private = jwt.PyJWK({**EC.public.jwk(), "d": b64url(EC.private_bytes()), "alg": "ES256"}).key
    text = jwt.PyJWS().encode(b"payload", private, "ES256", headers={"kid": KID, "typ": TYP})
    verified = jws.verify(text, expected_typ=TYP, find_key=lambda _: EC.public)
    assert verified.payload == b"payload"


def test_every_changed_character_is_found():
    """Any character of a signature exchanged for another, and it does not verify."""
    for text, payload in (
        (jws.sign(b"payload", KEY, typ=TYP, kid=KID), None),
        (jws.sign(b"payload", KEY, typ=TYP, kid=KID, detached=True), b"payload"),
    ):
        for at, character in enumerate(text):
            other = "B" if character == "A" else "A"
            changed = text[:at] + other + text[at + 1 :]
            with pytest.raises(VoileError):
                jws.verify(
                    changed, expected_typ=TYP, find_key=lambda _: KEY.public, payload=payload
                )


@pytest.mark.parametrize(
    "change",
    [
        {"alg": "none"},
        {"alg": "HS256"},
        {"alg": "ES256"},
        {"alg": 1},
        {"kid": None},
        {"typ": None},
        {"jwk": {}},
        {"jku": "https://evil.example"},
        {"x5c": []},
        {"crit": ["exp"]},
        {"b64": False, "crit": ["b64"]},
        {"iat": True},
        {"iat": -1},
        {"iat": "1"},
    ],
)
def test_a_header_with_anything_else_in_it_is_refused(change):
    """No algorithm but the key's, no key in the header, no member that is not understood."""
    header = {"alg": "EdDSA", "kid": KID, "typ": TYP} | change
    protected = b64url(canonical(header))
    signed = f"{protected}.{b64url(b'payload')}"
    text = f"{signed}.{b64url(KEY.sign(signed.encode()))}"
    with pytest.raises(VoileError):
        check(text)


@pytest.mark.parametrize(
    "change", [{"b64": True}, {"crit": ["b64", "x"]}, {"crit": []}, {"b64": None}]
)
def test_a_detached_header_says_exactly_b64_false(change):
    """RFC 7797 as we use it: nothing more, nothing less."""
    header = {"alg": "EdDSA", "kid": KID, "typ": TYP, "b64": False, "crit": ["b64"]} | change
    protected = b64url(canonical(header))
    signature = KEY.sign(protected.encode() + b".payload")
    with pytest.raises(MalformedError):
        check(f"{protected}..{b64url(signature)}", b"payload")


def test_a_detached_signature_is_not_taken_for_an_attached_one():
    """Each form verifies only as what it is."""
    detached = jws.sign(b"", KEY, typ=TYP, kid=KID, detached=True)
    attached = jws.sign(b"payload", KEY, typ=TYP, kid=KID)
    with pytest.raises(VoileError):
        check(detached)
    with pytest.raises(VoileError):
        check(attached, b"payload")


def test_a_signature_for_one_thing_is_not_one_for_another():
    """The type is checked, and so is the payload of a detached signature."""
    text = jws.sign(b"payload", KEY, typ=TYP, kid=KID, detached=True)
    with pytest.raises(VerificationError):
        check(text, b"payload", typ="voile-agreement+jws")
    with pytest.raises(VerificationError):
        check(text, b"payloae")


def test_a_duplicate_member_or_a_second_encoding_is_refused():
    """The header has one meaning, base64 one form, three parts are three."""
    protected = b64url(
        b'{"alg":"EdDSA","kid":"' + KID.encode() + b'","typ":"a","typ":"' + TYP.encode() + b'"}'
    )
    signed = f"{protected}.{b64url(b'x')}"
    with pytest.raises(MalformedError):
        check(f"{signed}.{b64url(KEY.sign(signed.encode()))}")
    good = jws.sign(b"x", KEY, typ=TYP, kid=KID)
    for bad in (good + ".", good + "=", good + "\n", " " + good, good.replace(".", "..", 1), ""):
        with pytest.raises(MalformedError):
            check(bad)
    with pytest.raises(MalformedError):
        jws.verify(good, expected_typ=TYP, find_key=find, max_bytes=len(good) - 1)


@pytest.mark.parametrize("part", [0, 1, 2])
@pytest.mark.parametrize("spoil", [lambda t: t + "=", lambda t: t[:-1] + "!", lambda t: "é" + t])
def test_the_library_reads_base64_in_one_form_too(part, spoil):
    """What frames a signature refuses a second spelling by itself, whoever looked before."""
    parts = jws.sign(b"payload!", KEY, typ=TYP, kid=KID).split(".")
    assert verify_compact(".".join(parts), KEY.public) == b"payload!"
    parts[part] = spoil(parts[part])
    with pytest.raises(MalformedError):
        verify_compact(".".join(parts), KEY.public)


@given(
    st.text(max_size=60)
    | st.from_regex(
        r"[A-Za-z0-9_-]{0,40}\.[A-Za-z0-9_-]{0,20}\.[A-Za-z0-9_-]{0,90}", fullmatch=True
    )
)
def test_any_text_is_refused_with_one_error(text):
    """Nothing but a VoileError leaves the verifier."""
    with pytest.raises(VoileError):
        check(text)


def test_the_header_is_canonical():
    """We write the header as canonical JSON, so that signing again gives the same text."""
    text = jws.sign(b"x", KEY, typ=TYP, kid=KID, iat=1)
    header = unb64url(text.split(".")[0])
    assert (
        header == b'{"alg":"EdDSA","iat":1,"kid":"did:web:example.com#key","typ":"voile-test+jws"}'
    )
