"""What a member tells the aggregator of a cohort, and nobody else: marks (disclosure.md §8.2).

Per finest cell of the common table and form: whether this member carries it, or has nothing there.
A form is marked where its measures are released, so a mark tells less than a masked answer would.
The member's own cells that reach over several common ones are named, so that they are joined; what
it may not release is named, so that nobody waits for it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from crypto.disclosure.bits import blocks, members

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from crypto.disclosure.bits import Bits
    from crypto.disclosure.cohort_common import CommonTable, Dimensions
    from crypto.disclosure.forms import Coefficients, Form
    from crypto.disclosure.guarded_table import GuardedTable
    from crypto.disclosure.table import CellKey

Sign = Literal["+", "-", "0", "?"]  # in every row so far; nil in every row; not known
Cells = tuple["CellKey", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """One member's marks; every cell is one of the common table.

    Attributes:
        carries: the forms that it carries, as bits by their number; placed at the least cell of
            what they are carried on. Cells that stand nowhere in the marks hold nothing of it.
        reaching: per figure (0: base cells), its cells that lie in more than one common cell.
        blocked: per figure, the common cells in which it has something it may not release.
        signs: per form the sign it has in every row so far.
    """

    carries: Mapping[CellKey, Bits]
    reaching: tuple[tuple[Cells, ...], ...]
    blocked: tuple[tuple[CellKey, ...], ...]
    signs: tuple[Sign, ...]


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
    forms = common.forms()
    for number, form in enumerate(forms):
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
        signs=tuple(_sign(form, table, places) for form in forms),
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


def _sign(form: Form, table: GuardedTable, places: Sequence[int]) -> Sign:
    """Returns the sign of a form in our rows, as declared bounds or kept extremes tell it."""
    if not form.signed:
        return "+"
    figs = table.figures
    wanted = [0] * len(figs)
    for c, i in zip(form.coefficients[1:], places[1:], strict=True):
        wanted[i] = c
    least = most = form.coefficients[0]
    for c, figure in zip(wanted[1:], figs[1:], strict=True):
        low, high = sorted((c * figure.ends[0], c * figure.ends[1]))
        least, most = least + low, most + high
    for known, (low, high) in (table.extremes or {}).items():
        factor = _factor(tuple(wanted), known)
        if factor:
            ends = [end * factor[0] + form.coefficients[0] * factor[1] for end in (low, high)]
            least = max(least * factor[1], min(ends))
            most = min(most * factor[1], max(ends))
            break
    if least == most == 0:
        return "0"
    if least >= 0:
        return "+"
    return "-" if most <= 0 else "?"


def _factor(wanted: Coefficients, known: Coefficients) -> tuple[int, int] | None:
    """Returns whole (a, b), b > 0, with a · known = b · wanted; they differ where scales do."""
    place = next(i for i, c in enumerate(wanted) if c)
    if not known[place]:
        return None
    a, b = wanted[place], known[place]
    if b < 0:
        a, b = -a, -b
    same = all(a * k == b * w for k, w in zip(known, wanted, strict=True))
    return (a, b) if same else None
