"""Decrypting by the Chinese remainder theorem, then every field against its range and its tag."""

from collections.abc import Collection
from dataclasses import dataclass, field

from crypto.paillier.ciphertext import Stale
from crypto.paillier.errors import PaillierError
from crypto.paillier.keys import SecretKey
from crypto.paillier.tags import Seed, holds


def decrypt(secret: SecretKey, batch: Stale) -> tuple[tuple[int, ...], ...]:
    """Return the values of each column: sums over exactly the batch's addends.

    Raises:
        PaillierError: the batch belongs to another key, or a field is outside its range, or the
            count of addends in a ciphertext is another than announced. Always the same error.
    """
    plaintexts = _plaintexts(secret, batch)
    return tuple(
        column.layout.decode(numbers, addends=batch.addends)
        for column, numbers in zip(batch.columns, plaintexts, strict=True)
    )


@dataclass(frozen=True, slots=True)
class Total:
    """A decrypted sum of tagged batches.

    Attributes:
        plaintexts: per column, one number per ciphertext.
        columns: per column its values; what stands there where something is `wrong` is worth
            nothing, and must not be shown.
        wrong: column and number of each ciphertext that is not the sum of the providers' batches.
    """

    plaintexts: tuple[tuple[int, ...], ...] = field(repr=False)
    columns: tuple[tuple[int, ...], ...] = field(repr=False)
    wrong: tuple[tuple[str, int], ...]


def decrypt_total(
    secret: SecretKey, batch: Stale, *, seed: Seed, secrets: Collection[bytes]
) -> Total:
    """Decrypt a sum of tagged batches, and check each ciphertext against its tag.

    Args:
        secret: the consumer's key.
        batch: the product.
        seed: of the session.
        secrets: of every provider, each once.

    Raises:
        PaillierError: the batch belongs to another key, has no tags, or is of another number of
            addends than there are secrets.
    """
    if len(secrets) != batch.addends or not all(c.layout.tagged for c in batch.columns):
        raise PaillierError("a total without tags, or of another number of providers")
    plaintexts, columns, wrong = _plaintexts(secret, batch), [], []
    for column, numbers in zip(batch.columns, plaintexts, strict=True):
        layout = column.layout
        found = [layout.fields(plaintext) for plaintext in numbers]
        for number, one in enumerate(found):
            whole = layout.sound(one, number, addends=batch.addends)
            if not (whole & holds(seed, secrets, layout, number, one)):
                wrong.append((layout.column, number))
        columns.append(layout.values(found, addends=batch.addends))
    return Total(plaintexts, tuple(columns), tuple(wrong))


def _plaintexts(secret: SecretKey, batch: Stale) -> tuple[tuple[int, ...], ...]:
    if batch.key != secret.public:
        raise PaillierError("a batch belongs to another key")
    return tuple(
        tuple(int(secret.raw_decrypt(value)) for value in column.values) for column in batch.columns
    )
