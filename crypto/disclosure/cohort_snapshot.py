"""A member's figures on the classes of a cohort table: frozen, so that no change tells one row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crypto.disclosure.bits import members
from crypto.disclosure.cohort_marks import Projection, own_figures

if TYPE_CHECKING:
    from crypto.disclosure.bits import Bits
    from crypto.disclosure.cohort_common import CommonTable, Dimensions
    from crypto.disclosure.cohort_table import CohortTable
    from crypto.disclosure.guarded_table import DataVersion, GuardedTable

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
