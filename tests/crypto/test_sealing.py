"""Sealing at rest and salted commitments."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.commitments import check, commit
from crypto.errors import VerificationError
from crypto.sealing import seal, unseal

KEK = b"k" * 32
NONCE = b"n" * 12
SALT = b"s" * 32


@given(st.binary(), st.binary())
def test_what_is_sealed_opens_under_the_same_key_and_context(plain, context):
    """Sealing round-trips."""
    assert unseal(KEK, seal(KEK, plain, context=context, nonce=NONCE), context=context) == plain


def test_every_flipped_bit_is_found():
    """Version, nonce, ciphertext and tag are all authenticated."""
    sealed = seal(KEK, b"secret", context=b"c", nonce=NONCE)
    for position in range(8 * len(sealed)):
        changed = bytearray(sealed)
        changed[position // 8] ^= 1 << position % 8
        with pytest.raises(VerificationError):
            unseal(KEK, bytes(changed), context=b"c")


@pytest.mark.parametrize(
    ("kek", "context", "cut"),
    [(b"x" * 32, b"c", None), (KEK, b"d", None), (KEK, b"c", 20), (KEK, b"c", 0)],
)
def test_another_key_place_or_length_does_not_open(kek, context, cut):
    """A sealed value opens only where it belongs."""
    sealed = seal(KEK, b"secret", context=b"c", nonce=NONCE)
    with pytest.raises(VerificationError):
        unseal(kek, sealed[:cut] if cut is not None else sealed, context=context)


@pytest.mark.parametrize(("kek", "nonce"), [(b"k" * 16, NONCE), (KEK, b"n" * 11)])
def test_a_short_key_or_nonce_is_a_programming_error(kek, nonce):
    """256-bit keys and 96-bit nonces only."""
    with pytest.raises(ValueError, match="expected a key of 32"):
        seal(kek, b"", context=b"", nonce=nonce)


def test_a_commitment_opens_to_its_value_only():
    """Salt and value open it; another salt, value or commitment does not."""
    made = commit(SALT, {"b": 1, "a": [True]})
    assert made.startswith("hmac-sha-256:")
    check(made, salt=SALT, value={"a": [True], "b": 1})
    for salt, value, commitment in (
        (b"t" * 32, {"a": [True], "b": 1}, made),
        (b"s" * 31, {"a": [True], "b": 1}, made),
        (SALT, {"a": [True], "b": 2}, made),
        (SALT, {"a": [True], "b": 1}, made[:-1] + "g"),
        (SALT, {"a": [True], "b": 1}, "é"),
    ):
        with pytest.raises(VerificationError):
            check(commitment, salt=salt, value=value)
    with pytest.raises(ValueError, match="salt"):
        commit(b"", {})
