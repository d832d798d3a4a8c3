"""Which groups of a question over several suppliers are unions of classes (disclosure.md §8.2)."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, TypeVar

from crypto.disclosure.bits import members

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from crypto.disclosure.bits import Bits
    from crypto.disclosure.cohort_table import CohortTable
    from crypto.disclosure.table import CellKey

Group = TypeVar("Group", bound=Hashable)


def groups_cleared(
    table: CohortTable,
    figure: int,
    group_of: Callable[[CellKey], Group | None],
    ages: Sequence[int] = (),
) -> tuple[dict[Group, Bits], set[Group]]:
    """Returns which groups of a question are unions of a figure's classes.

    Args:
        table: the cohort table.
        figure: 0 for rows, else a measure's number in the common table.
        group_of: the group that a finest common cell belongs to; `None` if the filter drops it.
        ages: per class for rows, the renewal that its figures are of; empty if there was none. A
            group of several is of no state, and not released.

    Returns:
        Per group what it is made of, as classes for rows; and the groups that are not released. A
        group that stands in neither holds nothing of anybody.
    """
    withheld = {group for key in table.blocked if (group := group_of(key)) is not None}
    made: dict[Group, Bits] = {}
    placed = 0
    for cell in table.cells_of(figure):
        placed |= cell
        touched = {group_of(key) for i in members(cell) for key in table.classes[i]}
        whole = next(iter(touched)) if len(touched) == 1 else None
        if whole is not None:
            made[whole] = made.get(whole, 0) | cell
        else:
            withheld.update(group for group in touched if group is not None)
    for i, cells in enumerate(table.classes):  # rows are released there, the measure is not
        if not placed >> i & 1:
            withheld.update(g for key in cells if (g := group_of(key)) is not None)
    if ages:
        withheld |= {g for g, bits in made.items() if len({ages[i] for i in members(bits)}) > 1}
    return {group: bits for group, bits in made.items() if group not in withheld}, withheld
