"""What a member tells the aggregator of a cohort, and nobody else: marks (disclosure.md §8.2).

Per finest cell of the common table and form: whether this member carries it, or has nothing there.
A form is marked where its measures are released, so a mark tells less than a masked answer would.
Which sign a form has is not told: that one row can decide, and who could say "unknown" could keep
it from being judged.
The member's own cells that reach over several common ones are named, so that they are joined; what
it may not release is named, so that nobody waits for it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crypto.disclosure.bits import blocks, members

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from crypto.disclosure.bits import Bits
    from crypto.disclosure.cohort_common import CommonTable, Dimensions
    from crypto.disclosure.forms import Coefficients, Form
    from crypto.disclosure.guarded_table import GuardedTable
    from crypto.disclosure.table import CellKey

Cells = tuple["CellKey", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """One member's marks; every cell is one of the common table.

    Attributes:
        carries: the forms that it carries, as bits by their number; placed at the least cell of
            what they are carried on. Cells that stand nowhere in the marks hold nothing of it.
        reaching: per figure (0: base cells), its cells that lie in more than one common cell.
        blocked: per figure, the common cells in which it has something it may not release.
    """

    carries: Mapping[CellKey, Bits]
    reaching: tuple[tuple[Cells, ...], ...]
    blocked: tuple[tuple[CellKey, ...], ...]

    @property
    def named(self) -> set[CellKey]:
        """Every common cell that stands in them."""
        found = set(self.carries)
        found.update(key for cells in self.reaching for c in cells for key in c)
        return found.union(*self.blocked)

    @property
    def size(self) -> int:
        """How many cells stand in them, as often as they do."""
        reaching = sum(len(c) for cells in self.reaching for c in cells)
        return len(self.carries) + reaching + sum(map(len, self.blocked))


class Projection:
    """A member's finest cells as cells of the common table."""

    def __init__(self, own: Dimensions, common: Dimensions) -> None:
        """Finds each common dimension and its codes.

        Args:
            own: the member's dimensions.
            common: those of the common table.

        Raises:
            ValueError: if it lacks one of them, or has a code that the common table lacks.
        """
        names = [name for name, _ in own]
        self._codes = []
        for name, codes in common:
            if name not in names:
                raise ValueError(f"expected the dimension `{name}`, got `{names}`")
            place = names.index(name)
            numbers = {code: i for i, code in enumerate(codes)}
            unknown = [code for code in own[place][1] if code not in numbers]
            if unknown:
                raise ValueError(f"expected codes of the common table, got `{unknown[0]}`")
            self._codes.append((place, [numbers[code] for code in own[place][1]]))

    def cell(self, own: CellKey) -> CellKey:
        """Returns the common cell that one of ours lies in."""
        return tuple([codes[own[place]] for place, codes in self._codes])

    def cells(self, own: Iterable[CellKey]) -> Cells:
        """Returns the common cells that some of ours lie in, ascending."""
        return tuple(sorted({self.cell(key) for key in own}))


def make_marks(table: GuardedTable, own: Dimensions, common: CommonTable) -> Marks:
    """Marks what the newest version of a table shows.

    Args:
        table: the member's protected table.
        own: its dimensions.
        common: what all members have in common.

    Raises:
        ValueError: if the common table is not made of this member's declaration, too.
    """
    projection = Projection(own, common.dimensions)
    base = [projection.cells(keys) for keys in table.base]
    places = own_figures(table, common)
    newest = table.newest
    values = [newest.values[c] if c < len(newest.values) else () for c in range(len(base))]
    every = [1 << c for c in range(len(base))]
    partitions = [every, *(table.cells[i] for i in places[1:])]
    carries: dict[CellKey, Bits] = defaultdict(int)
    for number, form in enumerate(common.forms()):
        for cell in blocks([partitions[j] for j in placed_on(form)]):
            if _value(form.coefficients, places, [values[c] for c in members(cell)]):
                carries[_spread(base, cell)[0]] |= 1 << number
    reaching, blocked = [], []
    unreleased = {projection.cell(key) for key in newest.blocked}
    for partition in partitions:
        spreads = [_spread(base, cell) for cell in partition]
        reaching.append(tuple(sorted({spread for spread in spreads if len(spread) > 1})))
        left = (1 << len(base)) - 1
        for cell in partition:
            left &= ~cell
        blocked.append(tuple(sorted(unreleased.union(_spread(base, left)))))
    for cells in base:  # what holds nothing now is named, too: it may reach over others
        carries.setdefault(cells[0], 0)
    return Marks(
        carries=dict(sorted(carries.items())),
        reaching=tuple(reaching),
        blocked=tuple(blocked),
    )


def placed_on(form: Form) -> tuple[int, ...]:
    """Returns the figures on whose cells a form is judged: its own measure's, or all it uses."""
    return (form.own,) if form.own else (form.uses or (0,))


def own_figures(table: GuardedTable, common: CommonTable) -> tuple[int, ...]:
    """Returns per common figure the number it has in a member's own table.

    Raises:
        ValueError: if it lacks one of them.
    """
    numbers = {figure.name: i for i, figure in enumerate(table.figures)}
    missing = [f.name for f in common.figures if f.name not in numbers]
    if missing:
        raise ValueError(f"expected the figure `{missing[0]}`, got `{list(numbers)}`")
    return tuple(numbers[figure.name] for figure in common.figures)


def _spread(base: Sequence[Cells], cell: Bits) -> Cells:
    return tuple(sorted({key for c in members(cell) for key in base[c]}))


def _value(
    coefficients: Coefficients, places: Sequence[int], values: Sequence[Sequence[int]]
) -> int:
    return sum(
        [c * row[i] for row in values if row for c, i in zip(coefficients, places, strict=True)]
    )
