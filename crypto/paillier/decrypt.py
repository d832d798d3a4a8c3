"""Decrypting a batch: by the Chinese remainder theorem, then every field against its range."""

from crypto.paillier.ciphertext import Stale
from crypto.paillier.errors import PaillierError
from crypto.paillier.keys import SecretKey


def decrypt(secret: SecretKey, batch: Stale) -> tuple[tuple[int, ...], ...]:
    """Return the values of each column: sums over exactly the batch's addends.

    Raises:
        PaillierError: the batch belongs to another key, or a field is outside its range, or the
            count of addends in a ciphertext is another than announced. Always the same error.
    """
    if batch.key != secret.public:
        raise PaillierError("a batch belongs to another key")
    plaintexts = [
        tuple(secret.raw_decrypt(value) for value in column.values) for column in batch.columns
    ]
    return tuple(
        column.layout.decode(numbers, addends=batch.addends)
        for column, numbers in zip(batch.columns, plaintexts, strict=True)
    )
