"""Ciphertexts opened without the key, and batches made again from their noise."""

import pytest

from crypto.paillier import frame
from crypto.paillier.ciphertext import add
from crypto.paillier.encrypt import Encryptor
from crypto.paillier.errors import PaillierError
from crypto.paillier.expand import NOISE_BYTES, expand
from crypto.paillier.gate import own
from crypto.paillier.layout import Layout
from crypto.paillier.opening import show, shown
from tests.crypto.paillier.conftest import seeded

LAYOUT = Layout.plan("x", modulus_bits=2048, count=3, lower=0, upper=9, rows=9, addends=3)


def made(secret, noise: bytes, values=(1, 2, 3)) -> bytes:
    encryptor = Encryptor.make(own(secret), expand(noise), expected=1)
    return frame.to_bytes(encryptor.encrypt([(LAYOUT, values)]))


def test_a_batch_is_made_again_from_its_noise(secret):
    """The same figures and noise give the same bytes; another of either gives others."""
    noise = b"n" * NOISE_BYTES
    assert made(secret, noise) == made(secret, noise)
    assert made(secret, noise) != made(secret, noise, (1, 2, 4))
    assert made(secret, noise) != made(secret, b"m" * NOISE_BYTES)
    draw = expand(noise)
    assert len({draw(32) for _ in range(100)}) == 100
    with pytest.raises(ValueError, match="32 bytes"):
        expand(b"short")


def test_what_a_sum_holds_is_shown_and_nothing_else(secret, other_secret):
    """Each plaintext with its root is believed; any other plaintext, root, order or key is not."""
    batches = [
        frame.from_bytes(
            made(secret, bytes([i]) * NOISE_BYTES), key=secret.public, layouts=[LAYOUT]
        )
        for i in range(3)
    ]
    total = add(batches)
    plaintexts, roots = show(secret, total)
    assert shown(total, plaintexts, roots)
    assert plaintexts[0][0] == 3 * LAYOUT.encode([1, 2, 3])[0]
    (m,), (root,) = plaintexts[0], roots[0]
    n = secret.public.n
    for wrong in (((m + 1,),), ((m + n,),), ((-m,),), ((m, m),), (), ((),)):
        assert not shown(total, wrong, roots)
    for wrong in (((root + 1,),), ((root + n,),), ((0,),), ()):
        assert not shown(total, plaintexts, wrong)
    assert not shown(batches[0], plaintexts, roots)
    with pytest.raises(PaillierError):
        show(other_secret, total)
    encryptor = Encryptor.make(own(secret), seeded("hub"), expected=1)
    fresh = encryptor.refresh(total)
    again = frame.from_bytes(frame.to_bytes(fresh), key=secret.public, layouts=[LAYOUT], addends=3)
    assert show(secret, again)[0] == plaintexts
    assert not shown(again, plaintexts, roots)
