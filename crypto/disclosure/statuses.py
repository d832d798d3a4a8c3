"""What an asker is given for one set of rows: a status per output (disclosure.md §3.7, §4.4)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from crypto.disclosure.bits import bits_of, members

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crypto.disclosure.bits import Bits
    from crypto.disclosure.declaration import Figure
    from crypto.disclosure.guarded_table import GuardedTable
    from crypto.disclosure.table import CellKey

OutputStatus = Literal["released", "empty", "blocked", "merged", "withheld", "mixed"]
Codes = tuple[Collection[int] | None, ...]  # per dimension the codes asked for; None: all


@dataclass(frozen=True, slots=True)
class Output:
    """One aggregate of a question.

    Attributes:
        kind: COUNT(*), SUM(m), COUNT(m) or AVG(m).
        measure: the name of m; empty for COUNT(*).
    """

    kind: Literal["rows", "sum", "count", "average"]
    measure: str = ""


@dataclass(frozen=True, slots=True)
class OutputAnswer:
    """One output of one set.

    Attributes:
        status: released; empty (no rows, or an average of none); blocked (the set touches a blocked
            cell); merged (a base or measure cell lies partly inside); withheld (the measure is not
            released there); mixed (cells of different data versions).
        values: the number; sum and count for an average; empty if it is not released.
        carriers: a lower bound on how many contributors carry it (the lesser of both for an
            average); 0 if it is not released.
    """

    status: OutputStatus
    values: tuple[int, ...] = ()
    carriers: int = 0


@dataclass(frozen=True, slots=True)
class SetAnswer:
    """All outputs of one set, and the newest version that it is of (`None`: of none alone)."""

    outputs: tuple[OutputAnswer, ...]
    of_version: int | None


def answer_set(
    table: GuardedTable, codes: Codes, outputs: Sequence[Output], *, version: int | None = None
) -> SetAnswer:
    """Answers for the rows whose codes lie in a product of code sets.

    Args:
        table: the table.
        codes: the codes of each dimension.
        outputs: what is asked.
        version: as shown in which data version; the newest by default.

    Raises:
        ValueError: on a measure that the table does not have.
    """
    return _Asked(table, codes, version or len(table.versions)).answer(outputs)


def figures_of(figs: Sequence[Figure], output: Output) -> tuple[int, ...]:
    """Returns the numbers of the figures that an output is made of.

    Raises:
        ValueError: on a measure that the table does not have.
    """
    if output.kind == "rows":
        return (0,)
    numbers = {figure.name: i for i, figure in enumerate(figs) if i}
    i = numbers.get(output.measure)
    if i is None:
        raise ValueError(
            f"expected a measure of the table ({', '.join(numbers)}), got `{output.measure}`"
        )
    weight = figs[i].weight
    return {"sum": (i,), "count": (weight,), "average": (i, weight)}[output.kind]


class _Asked:
    """One set of rows in one version."""

    def __init__(self, table: GuardedTable, codes: Codes, number: int) -> None:
        self.table = table
        self.codes = codes
        self.number = number
        self.version = table.versions[number - 1]
        self.inside: Bits = 0
        self.is_cut = False
        for c in range(len(self.version.values)):
            keys = table.base[c]
            within = sum(map(self.holds, keys))
            self.is_cut = self.is_cut or 0 < within < len(keys)
            self.inside |= (within == len(keys)) << c
        self.is_blocked = any(map(self.holds, self.version.blocked))

    def holds(self, key: CellKey) -> bool:
        """Says whether a finest cell is in the set."""
        return all(c is None or k in c for k, c in zip(key, self.codes, strict=True))

    def answer(self, outputs: Sequence[Output]) -> SetAnswer:
        """Returns a status and value for each output."""
        of = self.of_version()
        refused: OutputStatus | None = None
        if self.is_blocked:
            refused = "blocked"
        elif self.is_cut:
            refused = "merged"
        elif not self.inside:
            refused = "empty"
        found = []
        for output in outputs:
            wanted = figures_of(self.table.figures, output)
            if refused is not None:
                found.append(OutputAnswer(refused))
            else:
                found.append(self.one(output, wanted, is_mixed=of is None))
        return SetAnswer(tuple(found), of)

    def one(self, output: Output, wanted: Sequence[int], *, is_mixed: bool) -> OutputAnswer:
        """Returns one output of a set that is a union of base cells."""
        for figure in wanted:
            hidden = self.hidden(figure)
            if hidden is not None:
                return OutputAnswer(hidden)
        if is_mixed and not self.table.declaration.protection.mixed_versions:
            return OutputAnswer("mixed")
        cells = members(self.inside)
        values = tuple(sum(self.version.values[c][i] for c in cells) for i in wanted)
        if output.kind == "average" and not values[1]:
            return OutputAnswer("empty")
        return OutputAnswer("released", values, min(map(self.carriers, wanted)))

    def hidden(self, figure: int) -> OutputStatus | None:
        """Returns why a figure is not released on the set; `None` if it is."""
        if not figure:
            return None
        covered, straddles = 0, False
        for cell in self.table.cells[figure]:
            if not cell & ~self.inside:
                covered |= cell
            elif cell & self.inside:
                straddles = True
        if covered == self.inside:
            return None
        return "merged" if straddles else "withheld"

    def carriers(self, figure: int) -> int:
        """Returns the most contributors that carry a figure in one of its cells inside."""
        known = self.version.carriers[figure]
        cells = self.table.cells[figure] if figure else [1 << c for c in range(len(known))]
        pairs = zip(cells, known, strict=False)  # cells made later showed nothing then
        return max((count for cell, count in pairs if not cell & ~self.inside), default=0)

    def of_version(self) -> int | None:
        """Returns the newest version in which all was truly as shown; what waits is empty."""
        shown = {c: self.version.shown[c] for c in members(self.inside)}
        for number in range(self.number, 0, -1):
            then = self.table.versions[number - 1]
            true = then.true
            if all(text == (true[c] if c < len(true) else "") for c, text in shown.items()):
                blocked = set(then.blocked) - set(self.version.blocked)
                if not any(map(self.holds, {*then.pending, *blocked})):
                    return number
        return None


def parts_of_versions(table: GuardedTable, cells: Bits) -> dict[int, Bits]:
    """Returns, for the mark of a mixed total, which base cells are of which version (newest)."""
    newest = table.newest
    found: dict[int, Bits] = {}
    for c in members(cells):
        for number in range(len(table.versions), 0, -1):
            true = table.versions[number - 1].true
            if newest.shown[c] == (true[c] if c < len(true) else ""):
                found[number] = found.get(number, 0) | bits_of([c])
                break
    return found
