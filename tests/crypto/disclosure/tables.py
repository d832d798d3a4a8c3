"""Random rows, and tables of the first edition made of them as its connectors did."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from crypto.disclosure import ProtectedTable, Rules
from tests.crypto.disclosure.first_rules import CellStatistics, statistics
from tests.crypto.disclosure.first_versions import Renewal, first_version, renew
from tests.crypto.disclosure.reference import Cell, Row, contributions, per_cell

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

SIZES = (2, 3, 3)
DIMENSIONS = tuple(
    (name, tuple(f"{name}{i}" for i in range(size)))
    for name, size in zip("abc", SIZES, strict=True)
)
DOMAIN = tuple(product(*(range(size) for size in SIZES)))
MEASURES = ("x", "y")
FIGURES = 3
RULES = Rules(minimum_contributors=3)


@st.composite
def row_lists(draw: st.DrawFn, *, most: int = 90, least: int = 0) -> list[Row]:
    """Rows over few cells and few contributors, so that every rule bites now and then."""
    cells = draw(st.lists(st.sampled_from(DOMAIN), min_size=1, max_size=10, unique=True))
    signed = draw(st.booleans())
    low = -9 if signed else 0
    return draw(
        st.lists(
            st.builds(
                Row,
                cell=st.sampled_from(cells),
                contributor=st.sampled_from("ABCDEFGHIJKL"),
                values=st.tuples(
                    st.integers(low, 9) | st.just(0), st.sampled_from([1, 1, 2, 3, 200])
                ),
            ),
            min_size=least,
            max_size=most,
        )
    )


def summed(figures_of: Mapping[str, tuple[int, ...]], rules: Rules = RULES) -> CellStatistics:
    return statistics(figures_of.values(), figures=FIGURES, depth=rules.depth)


class Source:
    """Contributions of some rows, as the engine gives them; counts how often it is asked."""

    def __init__(self, rows: list[Row]) -> None:
        self.cells = per_cell(rows)
        self.asked: list[list[Cell]] = []

    def fetch(self, cells: Collection[Cell]) -> dict[Cell, dict[Any, tuple[int, ...]]]:
        self.asked.append(list(cells))
        return {cell: self.cells[cell] for cell in cells if cell in self.cells}


def publish(rows: list[Row], *, zeros: str = "shown", rules: Rules = RULES) -> ProtectedTable:
    source = Source(rows)
    cells = {cell: summed(figures, rules) for cell, figures in source.cells.items()}
    if zeros == "hidden":
        cells = {cell: cells.get(cell, summed({}, rules)) for cell in DOMAIN}
    return first_version(
        cells,
        dimensions=DIMENSIONS,
        measures=MEASURES,
        rules=rules,
        zeros=zeros,  # type: ignore[arg-type]
        fetch=source.fetch,
        salt="5a" * 16,
    )


class History:
    """Data versions, and by safe cell the contributions behind the values shown (last, ever)."""

    def __init__(self, rows: list[Row], *, zeros: str = "shown") -> None:
        self.table = publish(rows, zeros=zeros)
        self.shown = {
            i: contributions(rows, set(self.table.members(i)).__contains__)
            for i in range(len(self.table.safe))
        }
        self.ever = {i: [behind] for i, behind in self.shown.items()}

    def advance(self, rows: list[Row]) -> Renewal:
        old = self.table
        source = Source(rows)
        now = {
            i: contributions(rows, set(old.members(i)).__contains__) for i in range(len(old.safe))
        }
        changes = {i: _minus(now[i], self.shown[i]) for i in now}
        grouped = {c for c, m in zip(old.cells, old.membership, strict=True) if m >= 0}
        cells = {c: summed(f) for c, f in source.cells.items() if c not in grouped}
        if old.zeros == "hidden":
            cells |= {c: summed({}) for c in DOMAIN if c not in grouped and c not in cells}
        renewal = renew(
            old,
            dimensions=DIMENSIONS,
            cells=cells,
            current={i: summed(f) for i, f in now.items() if f},
            change={i: summed(f) for i, f in changes.items() if any(map(any, f.values()))},
            fetch=source.fetch,
            salt="a5" * 16,
            earlier={i: [summed(_minus(now[i], was)) for was in self.ever[i][:-1]] for i in now},
        )
        self.table = renewal.table
        for i in renewal.updated:
            self.shown[i] = now[i]
        for i in renewal.added:
            self.shown[i] = contributions(rows, set(self.table.members(i)).__contains__)
        for i in renewal.updated | renewal.added:
            self.ever.setdefault(i, []).append(self.shown[i])
        return renewal


def _minus(
    new: Mapping[str, tuple[int, ...]], old: Mapping[str, tuple[int, ...]]
) -> dict[str, tuple[int, ...]]:
    nothing = (0,) * FIGURES
    return {
        who: tuple(a - b for a, b in zip(new.get(who, nothing), old.get(who, nothing), strict=True))
        for who in {*new, *old}
    }
