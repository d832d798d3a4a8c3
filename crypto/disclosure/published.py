"""A protected table as a product publishes it: with the names of its codes, a salt and a digest."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crypto.disclosure.guarded_table import GuardedTable
    from crypto.disclosure.rules import Rules


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedTable:
    """What a product answers from.

    Attributes:
        table: the protected table, all its data versions.
        dimensions: name and codes of each dimension, most important first.
        salt: random, at least 16 bytes in hex; makes the digest say nothing about figures.
        first: number that the product gives to the first of the table's data versions: later than
            1 where the table took over from one of the first edition.
        version: digest of the newest data version, `sha-256:…`.
    """

    table: GuardedTable
    dimensions: tuple[tuple[str, tuple[str, ...]], ...]
    salt: str
    first: int = 1
    version: str = field(init=False, compare=False)

    def __post_init__(self) -> None:
        from crypto.disclosure.guarded_codec import digest_published  # it reads this class

        object.__setattr__(self, "version", digest_published(self))

    @property
    def number(self) -> int:
        """The product's number of the newest data version."""
        return self.first + len(self.table.versions) - 1

    @property
    def rules(self) -> Rules:
        """Minimum contributors, dominance, p%."""
        return self.table.declaration.protection.rules

    @property
    def oldest(self) -> int:
        """The product's number of the oldest data version that some part still stands at."""
        raise NotImplementedError

    def content_key(self, base_cell: int) -> str:
        """Names a base cell's shown content: the same as long as what it shows does not change."""
        return f"{base_cell}.{self.table.newest.since[base_cell]}"
