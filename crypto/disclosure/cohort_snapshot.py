"""A member's figures on the classes of a cohort table: frozen, so that no change tells one row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crypto.disclosure.bits import bits_of, members
from crypto.disclosure.cohort_marks import Projection, own_figures

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crypto.disclosure.bits import Bits
    from crypto.disclosure.cohort_common import CommonTable, Dimensions
    from crypto.disclosure.cohort_table import CohortTable
    from crypto.disclosure.guarded_table import DataVersion, GuardedTable
    from crypto.disclosure.table import CellKey

Snapshot = tuple[tuple[int, ...], ...]  # per class for rows, the sum of each common figure


def take_snapshot(
    table: GuardedTable,
    version: DataVersion,
    own: Dimensions,
    common: CommonTable,
    cohort: CohortTable,
) -> Snapshot:
    """Sums up what a version shows, class by class.

    Args:
        table: the member's protected table.
        version: the one that its marks were of.
        own: its dimensions.
        common: what all members have in common.
        cohort: the classes, checked against this member's marks.

    Raises:
        ValueError: if one of its cells reaches out of a class.
    """
    projection = Projection(own, common.dimensions)
    place = {key: i for i, cells in enumerate(cohort.classes) for key in cells}
    places = own_figures(table, common)
    found = [[0] * len(places) for _ in cohort.classes]
    for keys, values in zip(table.base, version.values, strict=False):  # later ones are empty
        inside = {place.get(key) for key in projection.cells(keys)}
        number = inside.pop()
        if inside:
            raise ValueError("expected classes that no cell of the member reaches out of")
        if number is not None:
            for j, i in enumerate(places):
                found[number][j] += values[i]
    return tuple(map(tuple, found))


def total(snapshot: Snapshot, figure: int, classes: Bits) -> int:
    """Returns a member's sum of a figure over classes for rows."""
    return sum(snapshot[i][figure] for i in members(classes))


@dataclass(frozen=True, slots=True, kw_only=True)
class LaterFigures:
    """A member's figures of a later data version on classes that were made before.

    Attributes:
        figures: on the classes; what is blocked stands in none.
        blocked: classes in which it may not release something now, or out of which a cell reaches
            that was made since.
        appeared: finest common cells in no class, and not withheld so far, in which it has
            something now.
    """

    figures: Snapshot
    blocked: Bits
    appeared: tuple[CellKey, ...]


def take_later(
    table: GuardedTable, own: Dimensions, common: CommonTable, cohort: CohortTable
) -> LaterFigures | None:
    """Sums up what the newest version shows, class by class.

    Args:
        table: the member's protected table.
        own: its dimensions, of each only the codes that the common table has.
        common: what all members have in common.
        cohort: the classes.

    Returns:
        None if some of it lies under codes that the common table lacks: a total of all codes would
        leave it out.

    Raises:
        ValueError: if the common table is not made of this member's declaration, too.
    """
    newest, sizes = table.newest, [len(codes) for _, codes in own]
    every = (*table.base[: len(newest.values)], newest.blocked)
    finest = [key for keys in every for key in keys]
    if any(code >= size for key in finest for code, size in zip(key, sizes, strict=True)):
        return None
    projection = Projection(own, common.dimensions)
    place = {key: i for i, cells in enumerate(cohort.classes) for key in cells}
    withheld = set(cohort.blocked)
    places = own_figures(table, common)
    found = [[0] * len(places) for _ in cohort.classes]
    blocked, appeared = 0, set[tuple[int, ...]]()
    outside = len(cohort.classes)  # stands for everything that is in no class
    inside: list[Bits] = []  # per base cell, the classes that it lies in
    for keys, values in zip(table.base, newest.values, strict=False):
        reached = projection.cells(keys)
        numbers = {place.get(key, outside) for key in reached}
        inside.append(bits_of(numbers))
        number = numbers.pop()
        if numbers or number == outside:
            blocked |= inside[-1]
            appeared |= {key for key in reached if key not in place and key not in withheld}
        elif values:
            for j, i in enumerate(places):
                found[number][j] += values[i]
    for key in map(projection.cell, newest.blocked):
        if key in place:
            blocked |= 1 << place[key]
        elif key not in withheld:
            appeared.add(key)
    for j in range(1, len(places)):
        blocked |= _cut(cohort.measures[j], table.cells[places[j]], inside)
    return LaterFigures(
        figures=tuple(map(tuple, found)),
        blocked=blocked & ~(1 << outside),
        appeared=tuple(sorted(appeared)),
    )


def _cut(classes: Iterable[Bits], cells: Iterable[Bits], inside: list[Bits]) -> Bits:
    """Returns classes of a measure that its own cells do not fill, or reach out of."""
    shown = (1 << len(inside)) - 1
    own = [(cell & shown, _union(inside, cell & shown)) for cell in cells if cell & shown]
    bad = 0
    for cell in classes:
        here = 0
        for mine, reached in own:
            if reached & cell:
                here |= mine
                bad |= cell if reached & ~cell else 0
        for c, of in enumerate(inside):
            if of & cell and not here >> c & 1:
                bad |= cell
    return bad


def _union(inside: list[Bits], cell: Bits) -> Bits:
    found = 0
    for c in members(cell):
        found |= inside[c]
    return found
