"""What an engine is to the connector: it reads an owner's file where it lies, and gives cells.

A second engine is a folder beside `duckdb` with one `Engine` value. What it must do stands here and
in `crypto.disclosure.ledger`; its tests are tests/connector/engines/test_port.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from crypto.disclosure.ledger import Source

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from catalog.product import Product
    from catalog.surveyed import Survey
    from connector.engines.bases import Basis, HeldIn
    from connector.engines.progress import Progress
    from connector.engines.spellings import Alike, Spellings
    from connector.engines.undeclared import Undeclared
    from crypto.disclosure.declaration import Declaration
    from crypto.disclosure.guarded_table import GuardedTable


class DataSource(Source, Protocol):
    """A data version as the core asks for it, which can be kept, too."""

    def write_basis(self, path: Path, table: GuardedTable) -> None:
        """Writes who contributed what to every base cell of the table, as `bases` says."""
        ...


class Grouped(Protocol):
    """The grouped data of one file: per finest cell and contributor the rows and clamped sums."""

    @property
    def declaration(self) -> Declaration:
        """The table that the product declares."""
        ...

    @property
    def rows(self) -> int:
        """How many rows of the file are in it."""
        ...

    @property
    def clamped(self) -> Mapping[str, int]:
        """Per measure, how many values lay outside its bounds."""
        ...

    @property
    def rounded(self) -> Mapping[str, int]:
        """Per measure, how many values within the bounds had too many decimal places."""
        ...

    @property
    def zeroed(self) -> Mapping[str, int]:
        """Per measure that takes empty values as zero, how many there were."""
        ...

    @property
    def skipped(self) -> Mapping[str, int]:
        """Per measure that skips empty values, how many there were."""
        ...

    @property
    def dropped(self) -> int | None:
        """How many rows without a contributor were left out, if that was asked for."""
        ...

    @property
    def spellings(self) -> Spellings:
        """Contributor ids that were written in several ways."""
        ...

    def source(self, bases: Mapping[int, Basis] = ...) -> DataSource:
        """Returns the data as the core asks for them.

        Args:
            bases: What earlier versions of the table brought, by its own numbers.
        """
        ...

    def recognised(self, first: int | None = None) -> Sequence[str]:
        """Returns digests of the rows read: the same rows have one in common, however written.

        Args:
            first: Of how many of the first rows, with those that have no contributor; None: of
                all. Then the one of the values is the first.
        """
        ...

    def overlap(self, bases: Sequence[Path], *, fold: bool = False) -> tuple[int, int]:
        """Counts the contributors that another product's bases have too.

        Args:
            bases: All that the other product has shown.
            fold: Whether its contributors differ in more than case; ours may say so too.

        Returns:
            How many they share, and how many the smaller of the two has.
        """
        ...

    def near(self) -> Alike:
        """Returns ids that differ in marks, spaces or leading zeros only, if they are texts."""
        ...


class Grouping(Protocol):
    """Reads, checks and groups a file; what it made is there until the context ends."""

    def __call__(
        self,
        path: Path,
        product: Product,
        *,
        scratch: Path,
        progress: Progress,
        bases: Sequence[Path] = (),
        files: Sequence[Path] = (),
    ) -> AbstractContextManager[Grouped]:
        """Opens it.

        Args:
            path: The owner's CSV or Parquet file, or a folder of such files.
            product: What it should be.
            scratch: An empty folder for what does not fit in memory.
            progress: Told how far it is.
            bases: What `Grouped.source` and `Grouped.overlap` will read.
            files: Those of the folder that are read as one, in their order; none if it is a file.

        Raises:
            DataError: If the file is not as declared; the first fault is named.
        """
        ...


class Storing(Protocol):
    """Opens what versions of the first edition kept: a source per version, one used at a time."""

    def __call__(
        self,
        product: Product,
        declaration: Declaration,
        *,
        versions: Sequence[HeldIn],
        scratch: Path,
        progress: Progress,
    ) -> AbstractContextManager[Sequence[DataSource]]:
        """Opens them.

        Args:
            product: As it was published.
            declaration: The table that it declares.
            versions: Per version, for the finest cells of each safe cell, the basis that holds its
                contributions and its number there.
            scratch: An empty folder for what does not fit in memory.
            progress: Told how far it is.

        Raises:
            DataError: If a basis cannot be read.
        """
        ...


class Surveying(Protocol):
    """Reads all of what nobody has declared yet, and tells what it holds."""

    def __call__(self, data: Undeclared, *, scratch: Path, progress: Progress) -> Survey:
        """Reads it.

        Args:
            data: Files, or rows of a database.
            scratch: An empty folder for what does not fit in memory.
            progress: Told how far it is.

        Raises:
            DataError: If it cannot be read, or has no rows.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """An engine.

    Attributes:
        name: As its folder is called.
        group: Opens an owner's file.
        stored: Opens bases of the first edition.
    """

    name: str
    group: Grouping
    stored: Storing
