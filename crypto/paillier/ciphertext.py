"""What may travel and what may not.

`Fresh` is a batch whose randomness was drawn for it just now: the serialiser takes nothing else.
`Stale` is a batch that arrived or was computed: it can be added, decrypted and made fresh, never
sent. A product of ciphertexts that leaves as it is gives away how it was made; a ciphertext that is
forwarded as it came links sender to receiver. Neither kind can be pickled, so no process pool
carries one by accident.
"""

from collections.abc import Sequence
from dataclasses import InitVar, dataclass, field
from functools import reduce
from typing import Never

from crypto._hazmat.bigint import gcd, mpz
from crypto.paillier.errors import PaillierError
from crypto.paillier.keys import PublicKey
from crypto.paillier.layout import Layout

SEAL = object()  # held by the encryptor; not exported by intent


@dataclass(frozen=True, slots=True)
class Column:
    """The ciphertexts of one column."""

    layout: Layout
    values: tuple[int, ...] = field(repr=False)

    def __reduce__(self) -> Never:
        _no_pickle()


@dataclass(frozen=True, slots=True)
class Fresh:
    """A batch with randomness of its own, made by an encryptor; the only kind that travels."""

    key: PublicKey
    columns: tuple[Column, ...]
    seal: InitVar[object]

    def __post_init__(self, seal: object) -> None:
        if seal is not SEAL:
            raise PaillierError("only an encryptor makes a fresh batch")

    def __reduce__(self) -> Never:
        _no_pickle()


@dataclass(frozen=True, slots=True)
class Stale:
    """A batch that arrived through the gate or was computed, of `addends` addends."""

    key: PublicKey
    columns: tuple[Column, ...]
    addends: int

    def __reduce__(self) -> Never:
        _no_pickle()


def admit_batch(key: PublicKey, columns: Sequence[Column], *, addends: int = 1) -> Stale:
    """Let foreign ciphertexts in: announced count, 0 < c < n², gcd(c, n) = 1.

    All checks run over all ciphertexts before the answer, so that a refusal takes as long as
    acceptance whatever was wrong.

    Raises:
        PaillierError: one of them fails.
    """
    n, n_squared = mpz(key.n), key.n_squared
    product, sound = mpz(1), True
    for column in columns:
        sound &= len(column.values) == column.layout.ciphertexts
        sound &= column.layout.modulus_bits == key.bits and addends <= column.layout.addends
        for value in column.values:
            sound &= 0 < value < n_squared
            product = product * (value % n) % n
    sound &= gcd(product, n) == 1
    if not sound or not columns:
        raise PaillierError("a ciphertext or the number of them is outside its range")
    return Stale(key, tuple(columns), addends)


def add(batches: Sequence[Stale]) -> Stale:
    """Add batches slot by slot: multiply their ciphertexts.

    Raises:
        PaillierError: no batch, different keys or layouts, or more addends than planned.
    """
    if not batches:
        raise PaillierError("there is nothing to add")
    key, layouts = batches[0].key, _layouts(batches[0])
    addends = sum(batch.addends for batch in batches)
    if any(batch.key != key or _layouts(batch) != layouts for batch in batches):
        raise PaillierError("the batches differ in key or layout")
    if any(addends > layout.addends for layout in layouts):
        raise PaillierError("more addends than the layout was planned for")
    n_squared = key.n_squared
    columns = tuple(
        Column(
            layout,
            tuple(
                reduce(lambda left, right: left * right % n_squared, values, mpz(1))
                for values in zip(*(batch.columns[i].values for batch in batches), strict=True)
            ),
        )
        for i, layout in enumerate(layouts)
    )
    return Stale(key, columns, addends)


def _layouts(batch: Stale) -> tuple[Layout, ...]:
    return tuple(column.layout for column in batch.columns)


def _no_pickle() -> Never:
    raise TypeError("a ciphertext is not pickled; write it with crypto.paillier.frame")
