"""The protected table, second edition: its cells, and what every data version shows of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crypto.disclosure.declaration import figures
from crypto.disclosure.diagnosis import Findings
from crypto.disclosure.guarded import span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crypto.disclosure.bits import Bits
    from crypto.disclosure.declaration import Declaration, Figure
    from crypto.disclosure.forms import Coefficients, Extremes
    from crypto.disclosure.guarded import Masks
    from crypto.disclosure.table import CellKey


@dataclass(frozen=True, slots=True, kw_only=True)
class DataVersion:
    """What one data version shows, and what the owner knows of it.

    Base cells made later showed nothing in it: its rows end before them.

    Attributes:
        values: per base cell the shown sums of all figures, `rows` first.
        since: per base cell the version whose basis holds what is shown; 0 if nothing is.
        shown: per base cell the fingerprint of what is shown (owner's knowledge); of a first
            version alone it may not be read yet (`crypto.disclosure.prints`).
        true: per base cell the fingerprint of the data (owner's knowledge).
        carriers: per figure, for each of its cells (of `rows`: each base cell), how many
            contributors carry it as shown (owner's knowledge).
        held: old base cells that keep an earlier state although the data differ.
        blocked: finest cells with rows that are in no base cell, shown as withheld.
        pending: finest cells that read as empty although they hold rows (owner's knowledge).
    """

    values: tuple[tuple[int, ...], ...]
    since: tuple[int, ...]
    shown: tuple[str, ...]
    true: tuple[str, ...]
    carriers: tuple[tuple[int, ...], ...]
    held: tuple[int, ...]
    blocked: tuple[CellKey, ...]
    pending: tuple[CellKey, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardedTable:
    """What a product answers from, after its newest data version.

    Attributes:
        declaration: what the owner declared.
        base: the finest cells of each base cell; a number keeps its meaning for ever.
        cells: per measure figure (by its number, from 1; the first entry is empty) the released
            measure cells, each a set of base cells.
        withheld: per measure figure the measure cells that are withheld, for good.
        extremes: least and greatest values over rows, that decide which forms have one sign;
            `None` if they were not kept: then all that bounds leave open is signed, for good.
        versions: every data version, the first one first.
    """

    declaration: Declaration
    base: tuple[tuple[CellKey, ...], ...]
    cells: tuple[tuple[Bits, ...], ...]
    withheld: tuple[tuple[Bits, ...], ...]
    extremes: Mapping[Coefficients, Extremes] | None
    versions: tuple[DataVersion, ...]

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The figures of a row."""
        return figures(self.declaration)

    @property
    def newest(self) -> DataVersion:
        """The newest data version."""
        return self.versions[-1]

    def brought(self) -> tuple[int, ...]:
        """Returns the base cells whose contents the basis of the newest version must hold."""
        number = len(self.versions)
        return tuple(c for c, since in enumerate(self.newest.since) if since == number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A table after one more data version, and what became of its cells.

    Attributes:
        table: the table.
        held: old base cells that keep an earlier state.
        added: how many base cells are new.
        no_longer: after migration, per measure the old cells that are no cells of it now: for the
            owner.
        findings: why it came out so: for the owner.
    """

    table: GuardedTable
    held: tuple[int, ...]
    added: int
    no_longer: Mapping[str, tuple[int, ...]] | None = None
    findings: Findings = field(default_factory=Findings)


def spans_of(base: Sequence[Sequence[CellKey]]) -> list[Masks]:
    """Returns the codes that each base cell reaches."""
    return [span(keys) for keys in base]
