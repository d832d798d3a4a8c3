"""Keys, their gate and their signatures."""

import json

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.b64 import b64url
from crypto.errors import MalformedError, VerificationError, VoileError
from crypto.key_gate import L, P, check_ed25519
from crypto.keys import PublicKey, SigningKey
from tests.crypto.keys_for_tests import VECTORS, needs

ED = SigningKey.ed25519(bytes(range(32)))
EC = SigningKey.p256(bytes(range(48)))

LOW_ORDER = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
]


@needs("ed25519")
def test_the_gate_leaves_one_key_of_the_edge_cases_and_two_signatures_hold():
    """Of 22 edge-case keys one passes; of its 28 cases exactly 2 verify (C2SP/CCTV)."""
    cases = json.loads((VECTORS / "ed25519" / "ed25519vectors.json").read_bytes())
    keys = {case["key"] for case in cases}
    passed = set()
    for key in keys:
        try:
            check_ed25519(bytes.fromhex(key))
        except VerificationError:
            continue
        passed.add(key)
    assert (len(cases), len(keys), len(passed)) == (914, 22, 1)
    mine = [case for case in cases if case["key"] in passed]
    held = 0
    for case in mine:
        public = PublicKey.ed25519(bytes.fromhex(case["key"]))
        try:
            public.verify(bytes.fromhex(case["sig"]), case["msg"].encode())
        except VerificationError:
            continue
        held += 1
    assert (len(mine), held) == (28, 2)


@pytest.mark.parametrize("encoded", LOW_ORDER)
def test_every_point_of_small_order_is_refused(encoded):
    """The 8 points under which one signature fits every message never become a key."""
    with pytest.raises(VerificationError):
        PublicKey.ed25519(bytes.fromhex(encoded))
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": b64url(bytes.fromhex(encoded))}
    with pytest.raises(VerificationError):
        PublicKey.from_jwk(jwk)


@pytest.mark.parametrize("y", [P, P + 1, 2**255 - 1])
def test_a_point_that_is_not_canonical_is_refused(y):
    """A coordinate at or above p is refused, with either sign."""
    for sign in (0, 1 << 255):
        with pytest.raises(VerificationError):
            check_ed25519((y | sign).to_bytes(32, "little"))


def test_a_negative_zero_and_a_point_off_the_curve_are_refused():
    """Zero with a sign bit, a y that has no x, and 31 bytes."""
    for raw in ((1 | 1 << 255).to_bytes(32, "little"), (2).to_bytes(32, "little"), bytes(31)):
        with pytest.raises(VerificationError):
            check_ed25519(raw)


@given(st.binary(min_size=32, max_size=32))
def test_honest_keys_pass_the_gate(seed):
    """Every key that ordinary key generation makes is taken."""
    check_ed25519(SigningKey.ed25519(seed).public.raw)


def test_the_order_is_that_of_rfc_8032():
    """L as the RFC writes it."""
    assert hex(L) == "0x1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed"


@pytest.mark.parametrize("key", [ED, EC])
def test_signing_is_deterministic_and_verifies(key):
    """Both kinds give the same 64 bytes twice, which hold for this message and no other."""
    signature = key.sign(b"message")
    assert signature == key.sign(b"message")
    assert len(signature) == 64
    key.public.verify(signature, b"message")
    with pytest.raises(VerificationError):
        key.public.verify(signature, b"messagf")


@pytest.mark.parametrize("key", [ED, EC])
def test_every_flipped_bit_of_a_signature_is_refused(key):
    """No bit of a signature is spare."""
    signature = key.sign(b"message")
    for position in range(512):
        changed = bytearray(signature)
        changed[position // 8] ^= 1 << position % 8
        with pytest.raises(VerificationError):
            key.public.verify(bytes(changed), b"message")


@pytest.mark.parametrize("key", [ED, EC])
@pytest.mark.parametrize("size", [0, 63, 65, 72])
def test_a_signature_of_another_length_is_refused(key, size):
    """64 bytes, or it is no signature; zeroes are none either."""
    for signature in (bytes(size), bytes(64)):
        with pytest.raises(VerificationError):
            key.public.verify(signature, b"")


@pytest.mark.parametrize("key", [ED, EC])
def test_private_bytes_and_jwk_round_trip(key):
    """A key comes back whole from the secret store and from its JWK."""
    assert SigningKey.load(key.alg, key.private_bytes()).public == key.public
    assert PublicKey.from_jwk(key.public.jwk()) == key.public
    assert jwt.PyJWK({**key.public.jwk(), "alg": key.alg}).key_id is None  # another reader takes it


def test_the_thumbprint_is_that_of_rfc_8037():
    """RFC 8037 appendix A.3."""
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
    expected = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    assert PublicKey.from_jwk(jwk).thumbprint() == expected


@pytest.mark.parametrize(
    "change",
    [
        {"crv": "P-384"},
        {"kty": "RSA"},
        {"kty": "OKP"},
        {"alg": "RS256"},
        {"use": "enc"},
        {"d": "AAAA"},
        {"x": 5},
        {"x": "AA"},
        {"y": None},
        {"y": b64url(bytes(32))},
        {"x": b64url(b"\xff" * 32)},
    ],
)
def test_a_jwk_that_is_not_exactly_one_of_ours_is_refused(change):
    """Other curves, uses, private parts, wrong lengths and points off the curve."""
    with pytest.raises(VoileError):
        PublicKey.from_jwk(EC.public.jwk() | change)


def test_a_coordinate_above_the_field_is_refused():
    """The field has one name for each of its members."""
    p256 = 2**256 - 2**224 + 2**192 + 2**96 - 1
    raw = p256.to_bytes(32, "big") + EC.public.raw[32:]
    with pytest.raises(VerificationError):
        PublicKey("ES256", raw)


@pytest.mark.parametrize(
    ("alg", "data"), [("ES256", bytes(32)), ("ES256", b"\xff" * 32), ("EdDSA", bytes(31))]
)
def test_private_bytes_out_of_range_are_refused(alg, data):
    """Zero, beyond the order, or of another length."""
    with pytest.raises(MalformedError):
        SigningKey.load(alg, data)


def test_a_p256_key_needs_enough_randomness():
    """40 bytes, so that the reduction leaves no bias."""
    with pytest.raises(ValueError, match="40"):
        SigningKey.p256(bytes(39))


def test_a_signing_key_does_not_print_itself():
    """Its representation holds the thumbprint, not the secret."""
    assert ED.private_bytes().hex() not in repr(ED)
    assert ED.public.thumbprint() in repr(ED)
