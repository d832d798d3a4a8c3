"""Batches: exact sums, compatible with phe, and nothing a wrong party sends gets through."""

import copy
import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crypto._hazmat.bigint import mpz
from crypto._hazmat.fixed_base import FixedBase, window_for
from crypto._hazmat.phe_interop import decrypt_with_phe, encrypt_with_phe
from crypto.errors import VoileError
from crypto.paillier import frame
from crypto.paillier.ciphertext import Column, Fresh, Stale, add, admit_batch
from crypto.paillier.decrypt import decrypt
from crypto.paillier.encrypt import Encryptor
from crypto.paillier.errors import PaillierError
from crypto.paillier.gate import own
from crypto.paillier.keys import SecretKey
from crypto.paillier.layout import Layout
from tests.crypto.paillier.conftest import seeded

LAYOUT = Layout.plan(
    "qty:sum", modulus_bits=2048, count=70, lower=-50, upper=1000, rows=1 << 32, addends=5, scale=2
)
VALUES = tuple((i * 7919) % 100_000 - 999 for i in range(70))


def arrived(batch: Fresh, addends: int = 1) -> Stale:
    """Return what a receiver holds after the batch went over the wire."""
    layouts = [column.layout for column in batch.columns]
    return frame.from_bytes(frame.to_bytes(batch), key=batch.key, layouts=layouts, addends=addends)


@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_the_sum_of_batches_decrypts_to_the_sum_of_values(secret, encryptor, data):
    """D(E(a)·E(b)·…) = a + b + …, exactly, for any bounds, signs, lengths and addends."""
    count = data.draw(st.integers(1, 90), "count")
    lower = data.draw(st.integers(-(10**9), 0), "lower")
    upper = data.draw(st.integers(1, 10**9), "upper")
    addends = data.draw(st.integers(1, 4), "addends")
    layout = Layout.plan(
        "x", modulus_bits=2048, count=count, lower=lower, upper=upper, rows=1, addends=addends
    )
    numbers = st.lists(st.integers(lower, upper), min_size=count, max_size=count)
    rows = [data.draw(numbers) for _ in range(addends)]
    total = add([arrived(encryptor.encrypt([(layout, row)])) for row in rows])
    product = arrived(encryptor.refresh(total), addends)
    assert decrypt(secret, product) == (tuple(map(sum, zip(*rows, strict=True))),)


@pytest.mark.parametrize("extreme", ["lower", "upper"])
def test_no_overflow_at_the_bound(secret, encryptor, extreme):
    """The largest planned number of addends, all at their extreme, still fits."""
    value = getattr(LAYOUT, extreme)
    batch = arrived(encryptor.encrypt([(LAYOUT, [value] * LAYOUT.count)]))
    total = add([batch] * LAYOUT.addends)
    assert decrypt(secret, total) == ((value * LAYOUT.addends,) * LAYOUT.count,)


def test_one_addend_more_than_planned_is_refused(encryptor):
    """A sum that could wrap is not made."""
    batch = arrived(encryptor.encrypt([(LAYOUT, VALUES)]))
    with pytest.raises(PaillierError):
        add([batch] * (LAYOUT.addends + 1))


def test_a_value_outside_its_bounds_is_not_encrypted(encryptor):
    """An owner's own value beyond the plan stops before anything leaves."""
    for value in (LAYOUT.lower - 1, LAYOUT.upper + 1):
        with pytest.raises(VoileError):
            encryptor.encrypt([(LAYOUT, [*VALUES[:-1], value])])
    with pytest.raises(VoileError):
        encryptor.encrypt([(LAYOUT, VALUES[:-1])])


def test_phe_decrypts_ours_and_we_decrypt_what_phe_made(secret, encryptor):
    """Wire compatible both ways, and a sum of the two kinds decrypts on both sides."""
    ours = encryptor.encrypt([(LAYOUT, VALUES)]).columns[0]
    plain = LAYOUT.encode(VALUES)
    assert decrypt_with_phe(secret, ours.values) == plain
    theirs = encrypt_with_phe(secret.public, plain)
    stale = admit_batch(secret.public, [Column(LAYOUT, tuple(map(mpz, theirs)))])
    assert decrypt(secret, stale) == (VALUES,)
    both = add([stale, arrived(encryptor.encrypt([(LAYOUT, VALUES)]))])
    assert decrypt_with_phe(secret, both.columns[0].values) == tuple(2 * m for m in plain)
    assert decrypt(secret, both) == (tuple(2 * value for value in VALUES),)


def test_encryption_is_randomised_and_refreshing_changes_every_ciphertext(secret, encryptor):
    """Equal values look different each time, and a refreshed batch shares nothing with its past."""
    first, second = (encryptor.encrypt([(LAYOUT, VALUES)]).columns[0].values for _ in range(2))
    assert not set(first) & set(second)
    stale = arrived(encryptor.encrypt([(LAYOUT, VALUES)]))
    fresh = encryptor.refresh(stale)
    assert not set(stale.columns[0].values) & set(fresh.columns[0].values)
    assert decrypt(secret, arrived(fresh)) == (VALUES,)


def test_each_encryptor_makes_its_own_noise_of_full_size(secret):
    """No hs = 1: noise is a random n-th power, and two encryptors never share a base."""
    made = [Encryptor.make(own(secret), seeded(name), expected=1) for name in "ab"]
    bases = [encryptor._randomness.base for encryptor in made]
    assert bases[0] != bases[1]
    assert 1 not in bases
    for encryptor in made:
        (value,) = encryptor.encrypt([(LAYOUT_ONE, [0])]).columns[0].values
        (plain,) = LAYOUT_ONE.encode([0])
        assert value != (1 + plain * secret.public.n) % secret.public.n_squared
        assert secret.raw_decrypt(encryptor._randomness.base) == 0  # an encryption of nothing


LAYOUT_ONE = Layout.plan("one", modulus_bits=2048, count=1, lower=0, upper=9, rows=1, addends=3)


def test_only_fresh_batches_travel(secret, encryptor):
    """A stale batch cannot be written, a fresh one not be forged, neither copied by pickle."""
    fresh = encryptor.encrypt([(LAYOUT_ONE, [3])])
    stale = arrived(fresh)
    for write in (frame.to_bytes, frame.to_json):
        with pytest.raises(PaillierError):
            write(stale)
    with pytest.raises(PaillierError):
        Fresh(stale.key, stale.columns, object())
    for thing in (fresh, stale, fresh.columns[0]):
        with pytest.raises(TypeError):
            pickle.dumps(thing)
        with pytest.raises(TypeError):
            copy.deepcopy(thing)


def test_a_batch_of_another_key_is_refused(secret, other_secret, encryptor):
    """Neither added, nor refreshed, nor decrypted, nor read."""
    mine = arrived(encryptor.encrypt([(LAYOUT_ONE, [1])]))
    foreign = Encryptor.make(own(other_secret), seeded("f"), expected=1)
    theirs = arrived(foreign.encrypt([(LAYOUT_ONE, [1])]))
    with pytest.raises(PaillierError):
        add([mine, theirs])
    with pytest.raises(PaillierError):
        encryptor.refresh(theirs)
    with pytest.raises(PaillierError):
        decrypt(secret, theirs)


def test_impossible_ciphertexts_are_refused(secret: SecretKey):
    """0, n, p, n², beyond n², negative and multiples of a factor never reach arithmetic."""
    n = mpz(secret.public.n)
    for bad in (0, n, 2 * n, secret.p, secret.q * 5, n * n, n * n + 1, n * (n - 1), -1):
        with pytest.raises(PaillierError):
            admit_batch(secret.public, [Column(LAYOUT_ONE, (mpz(bad),))])
    for values in ((), (mpz(2), mpz(2))):
        with pytest.raises(PaillierError):
            admit_batch(secret.public, [Column(LAYOUT_ONE, values)])
    with pytest.raises(PaillierError):
        admit_batch(secret.public, [])


def test_decryption_refuses_what_honest_addends_cannot_have_made(secret: SecretKey):
    """A wrong count, an overflown slot, a used empty slot, a set guard bit: one uniform error."""
    layout = Layout.plan("x", modulus_bits=2048, count=2, lower=-3, upper=9, rows=1, addends=3)
    one = 1 << (layout.slots * layout.slot_bits)
    good = layout.encode([1, 2])[0]
    bad = {
        "count 0": good - one,
        "count 2": good + one,
        "slot beyond the bound": one | 13,
        "guard bit": one | 1 << (layout.slot_bits - 1),
        "unused slot": good | 1 << (2 * layout.slot_bits),
        "top": good | 1 << 2046,
        "zero": 0,
    }
    messages = set()
    for plaintext in bad.values():
        values = encrypt_with_phe(secret.public, [plaintext])
        batch = admit_batch(secret.public, [Column(layout, tuple(map(mpz, values)))])
        with pytest.raises(PaillierError) as caught:
            decrypt(secret, batch)
        messages.add((str(caught.value), caught.value.code, caught.value.private_reason))
    assert len(messages) == 1


def test_a_dropped_or_doubled_contribution_shows(secret, encryptor):
    """The count in every ciphertext tells how many addends it has, whatever is announced."""
    batch = arrived(encryptor.encrypt([(LAYOUT, VALUES)]))
    two = add([batch, batch])
    for announced in (1, 3):
        with pytest.raises(PaillierError):
            decrypt(secret, Stale(two.key, two.columns, announced))


@given(
    bits=st.integers(1, 300),
    uses=st.integers(1, 500),
    memory=st.integers(0, 1 << 16),
    data=st.data(),
)
@settings(max_examples=60, deadline=None)
def test_the_table_gives_the_same_powers_as_plain_exponentiation(bits, uses, memory, data):
    """Any window, also none; and the table never takes more than its cap."""
    modulus = mpz((1 << 127) - 1)
    table = FixedBase.make(3, modulus, bits=bits, uses=uses, memory=memory)
    exponent = data.draw(st.integers(0, (1 << bits) - 1))
    assert table.power(mpz(exponent)) == pow(3, exponent, int(modulus))
    assert sum(len(row) - 1 for row in table.rows) * (16 + 48) <= memory


def test_a_few_ciphertexts_build_no_table():
    """A table pays only when it is used often enough."""
    assert window_for(1536, 1, entry_bytes=768, memory=1 << 30) == 0
    assert window_for(1536, 2128, entry_bytes=768, memory=1 << 30) >= 8
