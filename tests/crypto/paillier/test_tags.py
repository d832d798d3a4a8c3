"""Tags: a total that is not the sum of everybody's batches does not hold, whatever was done to it."""

from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crypto._hazmat.bigint import inverse, mpz, power
from crypto.paillier import frame
from crypto.paillier.ciphertext import Column, Stale, add
from crypto.paillier.decrypt import Total, decrypt, decrypt_total
from crypto.paillier.encrypt import Encryptor
from crypto.paillier.errors import PaillierError
from crypto.paillier.gate import own
from crypto.paillier.keys import SecretKey
from crypto.paillier.layout import Layout
from crypto.paillier.tags import Seed, Tagger
from tests.crypto.paillier.conftest import seeded

MEMBERS = 3
COUNT = 80
LAYOUT = Layout.plan(
    "c0",
    modulus_bits=2048,
    count=COUNT,
    lower=-50,
    upper=1000,
    rows=1 << 32,
    addends=MEMBERS,
    tagged=True,
)
SEED = Seed(b"s" * 32, b"session one")
SECRETS = [bytes([i]) * 32 for i in range(MEMBERS)]
VALUES = [[(i * 7919 + m) % 5000 - 99 for i in range(COUNT)] for m in range(MEMBERS)]
TRUE = tuple(map(sum, zip(*VALUES, strict=True)))


@dataclass
class Cohort:
    """Three providers' batches, and who may decrypt their sum."""

    secret: SecretKey
    encryptor: Encryptor

    def batch(self, member: int, values: list[int] | None = None, *, seed: Seed = SEED) -> Stale:
        made = self.encryptor.encrypt(
            [(LAYOUT, values or VALUES[member])], tagger=Tagger(seed, SECRETS[member])
        )
        data = frame.to_bytes(made)
        return frame.from_bytes(data, key=made.key, layouts=[LAYOUT])

    def batches(self) -> list[Stale]:
        return [self.batch(member) for member in range(MEMBERS)]

    def refreshed(self, product: Stale) -> Stale:
        data = frame.to_bytes(self.encryptor.refresh(product))
        return frame.from_bytes(data, key=product.key, layouts=[LAYOUT], addends=product.addends)

    def total(self, product: Stale, *, seed: Seed = SEED) -> Total:
        product = Stale(product.key, product.columns, MEMBERS)  # what the adding party announces
        return decrypt_total(self.secret, product, seed=seed, secrets=SECRETS)

    def changed(self, product: Stale, number: int, value: int) -> Stale:
        column = product.columns[0]
        values = [*column.values]
        values[number] = value % product.key.n_squared
        return Stale(product.key, (Column(column.layout, tuple(values)),), product.addends)


@pytest.fixture(scope="module")
def cohort(secret) -> Cohort:
    return Cohort(secret, Encryptor.make(own(secret), seeded("suppliers"), expected=50))


def plus(cohort: Cohort, ciphertext: int, plaintext: int) -> int:
    """Add a constant of one's own, as anybody can under a public key."""
    n = mpz(cohort.secret.public.n)
    return ciphertext * (1 + n * plaintext) % (n * n)


def test_an_honest_total_holds_and_is_exact(cohort):
    """Sums, counts and tags agree over several ciphertexts, the last of them not full."""
    assert LAYOUT.ciphertexts > 1
    assert COUNT % LAYOUT.slots
    total = cohort.total(cohort.refreshed(add(cohort.batches())))
    assert (total.wrong, total.columns) == ((), (TRUE,))


@pytest.mark.parametrize("extreme", ["lower", "upper"])
def test_no_field_overflows_at_the_bound(cohort, extreme):
    """All members at their extreme: slots, tag and count still fit, and the tag holds."""
    value = getattr(LAYOUT, extreme)
    total = cohort.total(add([cohort.batch(m, [value] * COUNT) for m in range(MEMBERS)]))
    assert (total.wrong, total.columns) == ((), ((value * MEMBERS,) * COUNT,))


@given(
    members=st.integers(1, 64),
    upper=st.integers(1, 10**12),
    bits=st.sampled_from([2048, 3072, 4096]),
)
@settings(max_examples=60)
def test_the_planner_makes_room_for_the_widest_tag(members, upper, bits):
    """56 + slot width + log2 of slots + log2 of members + 1 bits, as many slots as that leaves."""
    layout = Layout.plan(
        "x",
        modulus_bits=bits,
        count=1000,
        lower=0,
        upper=upper,
        rows=1 << 32,
        addends=members,
        tagged=True,
    )
    log_slots, log_members = (layout.slots - 1).bit_length(), (members - 1).bit_length()
    assert layout.tag_bits == 56 + layout.slot_bits + log_slots + log_members + 1
    used = layout.slots * layout.slot_bits + layout.tag_bits + layout.count_bits
    assert used <= bits - 1
    more = layout.slots + 1
    wider = 56 + layout.slot_bits + (more - 1).bit_length() + log_members + 1
    assert more * layout.slot_bits + wider + layout.count_bits > bits - 1
    most = (1 << 56) - 1
    sums = members * layout.slots * most * ((1 << layout.slot_bits) - 1)
    assert sums + members * ((1 << layout.mask_bits) - 1) < 1 << layout.tag_bits
    assert Layout.from_json(layout.to_json()) == layout
    assert layout.slots < replace(layout, tagged=False).slots


def test_tags_and_room_for_them_go_together(cohort, secret):
    """Without tags a tagged layout is not encrypted, nor the other way round, nor shown."""
    plain = replace(LAYOUT, tagged=False)
    tagger = Tagger(SEED, SECRETS[0])
    with pytest.raises(PaillierError):
        cohort.encryptor.encrypt([(LAYOUT, VALUES[0])])
    with pytest.raises(PaillierError):
        cohort.encryptor.encrypt([(plain, VALUES[0])], tagger=tagger)
    made = cohort.encryptor.encrypt([(plain, VALUES[0])])
    stale = frame.from_bytes(frame.to_bytes(made), key=made.key, layouts=[plain])
    with pytest.raises(PaillierError):
        decrypt_total(secret, stale, seed=SEED, secrets=SECRETS[:1])
    with pytest.raises(PaillierError):  # a product of two, one secret too many
        decrypt_total(secret, add(cohort.batches()[:2]), seed=SEED, secrets=SECRETS)
    for short in (b"", b"s" * 31):
        with pytest.raises(PaillierError):
            Seed(short, b"x")


def test_every_honest_looking_cheat_of_the_one_who_adds_up_is_found(cohort):
    """Dropped, doubled, swapped, replayed, scaled, shifted, with a constant: none of them holds.

    Each cheat keeps every range and puts the count of addends right, so only the tag can tell.
    """
    one = 1 << (LAYOUT.slots * LAYOUT.slot_bits + LAYOUT.tag_bits)
    a, b, c = (batch.columns[0].values for batch in cohort.batches())
    old = Seed(SEED.value, b"session zero")
    replayed = cohort.batch(0, seed=old).columns[0].values
    n_squared = mpz(cohort.secret.public.n) ** 2
    honest = a[0] * b[0] * c[0] % n_squared
    width = 1 << LAYOUT.slot_bits
    cheats = {
        "dropped": plus(cohort, b[0] * c[0], one),
        "doubled": plus(cohort, a[0] * a[0] * b[0] * c[0], -one),
        "one for another": a[0] * b[0] * b[0],
        "cells swapped between ciphertexts": a[1] * b[1] * c[1],
        "one supplier's cells swapped": a[1] * b[0] * c[0],
        "replayed from another session": replayed[0] * b[0] * c[0],
        "a constant in one slot": plus(cohort, honest, 1),
        "a constant in the next slot": plus(cohort, honest, 5 * width),
        "a constant taken from one slot": plus(cohort, honest, -1),
        "a constant in the tag alone": plus(cohort, honest, 1 << (LAYOUT.slots * LAYOUT.slot_bits)),
        "from one slot to the next": plus(cohort, honest, width - 1),
        "scaled by three": plus(cohort, power(a[0], 3, n_squared), 0),
        "scaled, then completed": plus(cohort, power(a[0], 2, n_squared) * b[0], 0),
        "shifted by a slot": power(honest, width, n_squared),
        "shifted back by a slot": power(honest, inverse(width, cohort.secret.public.n), n_squared),
        "negated": plus(cohort, power(honest, -1, n_squared), 2 * MEMBERS * one),
        "nothing": power(honest, 0, n_squared),
    }
    product = add(cohort.batches())
    for name, value in cheats.items():
        total = cohort.total(cohort.changed(product, 0, value))
        assert total.wrong == (("c0", 0),), name
    assert cohort.total(cohort.changed(product, 0, honest)).wrong == ()


def test_without_the_tag_most_of_these_cheats_would_pass(cohort):
    """What the check is for: the same ranges and counts hold, and the sums are false."""
    plain = replace(LAYOUT, tagged=False)
    made = [cohort.encryptor.encrypt([(plain, values)]) for values in VALUES]
    arrived = [frame.from_bytes(frame.to_bytes(m), key=m.key, layouts=[plain]) for m in made]
    a, b, _ = arrived
    doubled = decrypt(cohort.secret, add([a, b, b]))
    assert doubled != (TRUE,)


def test_a_wrong_secret_a_wrong_seed_and_another_session_do_not_hold(cohort, secret):
    """The tag depends on everybody's secret, the common seed and the session, in every ciphertext."""
    product = add(cohort.batches())
    everywhere = tuple(("c0", number) for number in range(LAYOUT.ciphertexts))
    for seed in (Seed(b"t" * 32, SEED.session), Seed(SEED.value, b"session two")):
        assert cohort.total(product, seed=seed).wrong == everywhere
    secrets = [*SECRETS[:2], b"x" * 32]
    assert decrypt_total(secret, product, seed=SEED, secrets=secrets).wrong == everywhere


def test_one_seed_for_all_is_needed(cohort):
    """A batch tagged under a seed of its own does not add up with the others."""
    other = cohort.batch(0, seed=Seed(b"o" * 32, SEED.session))
    assert cohort.total(add([other, *cohort.batches()[1:]])).wrong


def test_factors_and_masks_depend_on_column_ciphertext_and_slot():
    """No two slots share a factor, no two ciphertexts a mask."""
    other = replace(LAYOUT, column="c1")
    factors = [f for x in (LAYOUT, other) for i in range(4) for f in SEED.factors(x, i)]
    assert len(set(factors)) == len(factors)
    assert max(factors) < 1 << 56
    assert max(factors) >> 55
    masks = [SEED.mask(x, i, s) for x in (LAYOUT, other) for i in range(4) for s in SECRETS]
    assert len(set(masks)) == len(masks)
    assert max(masks).bit_length() == LAYOUT.mask_bits


def test_neither_seed_nor_secret_shows_in_a_text():
    """What is logged or printed by mistake tells nothing."""
    text = repr(Tagger(Seed(b"s" * 32, b"here"), b"r" * 32))
    assert "here" in text
    assert "sss" not in text
    assert "rrr" not in text
