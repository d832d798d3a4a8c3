"""A protected table as a product publishes it: with the names of its codes, a salt and a digest."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from crypto.disclosure.indexing import TableIndex

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
    """

    table: GuardedTable
    dimensions: tuple[tuple[str, tuple[str, ...]], ...]
    salt: str
    first: int = 1
    _known: dict[str, Any] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        sizes = self.table.declaration.sizes
        named = tuple(len(codes) for _, codes in self.dimensions)
        if named != sizes:
            raise ValueError(f"expected names for `{sizes}` codes of dimensions, got `{named}`")

    @classmethod
    def known_as(cls, version: str, **fields: Any) -> PublishedTable:
        """Returns a table of which the digest is known, as it was just read."""
        made = cls(**fields)
        made._known["version"] = version
        return made

    @property
    def version(self) -> str:
        """Digest of the newest data version, `sha-256:…`."""
        from crypto.disclosure.guarded_codec import digest_published  # it reads this class

        if "version" not in self._known:
            self._known["version"] = digest_published(self)
        return str(self._known["version"])

    @property
    def index(self) -> TableIndex:
        """What questions look up; made when the first is asked."""
        if "index" not in self._known:
            self._known["index"] = TableIndex(self.table)
        made: TableIndex = self._known["index"]
        return made

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
        return self.first + self.index.oldest - 1
