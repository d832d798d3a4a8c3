"""What becomes of each figure of each finest cell: shown, merged with others, or withheld.

The one reading of it, made of the answers that an asker would be given for the finest grouping, so
that what an owner is told, what the catalogue has of that grouping, and an answer count the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from crypto.disclosure.groups import answer_groups
from crypto.disclosure.statuses import Output

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crypto.disclosure.declaration import Figure
    from crypto.disclosure.group_answers import GroupAnswer
    from crypto.disclosure.published import PublishedTable
    from crypto.disclosure.table import CellKey

Became = Literal["shown", "merged", "withheld"]
SHOWN: Final[Became] = "shown"
MERGED: Final[Became] = "merged"
WITHHELD: Final[Became] = "withheld"


@dataclass(frozen=True, slots=True)
class FinestCell:
    """A finest cell with rows.

    Attributes:
        key: its codes.
        figures: per figure of the table what becomes of it: shown alone, shown only in a sum with
            other cells, or in none.
    """

    key: CellKey
    figures: tuple[Became, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureCount:
    """Of how many finest cells a figure is shown, merged, and withheld; together all with rows.

    Attributes:
        name: of the figure.
        shown: alone.
        merged: only in a sum with others.
        withheld: in none.
    """

    name: str
    shown: int
    merged: int
    withheld: int


def finest_cells(table: PublishedTable) -> tuple[FinestCell, ...]:
    """Returns the finest cells with rows, ascending; what waits for a later version is none."""
    figures = table.table.figures
    answers = answer_groups(
        table,
        group_by=range(len(table.dimensions)),
        outputs=[_output(figures, number) for number in range(len(figures))],
    )
    return tuple(
        FinestCell(one.key, tuple(_became(one, number) for number in range(len(figures))))
        for one in answers
        if one.outputs[0].status != "empty"
    )


def figure_counts(figures: Sequence[Figure], cells: Sequence[FinestCell]) -> list[FigureCount]:
    """Counts what becomes of each figure.

    Args:
        figures: of the table.
        cells: its finest cells.
    """
    counts = []
    for number, figure in enumerate(figures):
        found = [cell.figures[number] for cell in cells]
        counts.append(
            FigureCount(
                name=figure.name,
                shown=found.count(SHOWN),
                merged=found.count(MERGED),
                withheld=found.count(WITHHELD),
            )
        )
    return counts


def _output(figures: Sequence[Figure], number: int) -> Output:
    """Returns the aggregate that shows a figure: `present(m)` is what COUNT(m) gives."""
    if not number:
        return Output("rows")
    for figure in figures:
        if figure.weight == number:
            return Output("count", figure.name)
    return Output("sum", figures[number].name)


def _became(answer: GroupAnswer, number: int) -> Became:
    if answer.outputs[number].status == "released":
        return SHOWN
    block = answer.blocks[number]
    return MERGED if block is not None and block.releasable else WITHHELD
