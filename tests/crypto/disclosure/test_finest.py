"""What becomes of each figure of a finest cell, counted as margins and answers have it."""

from __future__ import annotations

import random
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from crypto.disclosure.bits import members
from crypto.disclosure.finest import figure_counts, finest_cells
from crypto.disclosure.making import make_table
from crypto.disclosure.shares import margins
from crypto.disclosure.statuses import Output, answer_set
from tests.crypto.disclosure.published_tables import published, published_table
from tests.crypto.disclosure.second_vectors import Product, declared

if TYPE_CHECKING:
    from crypto.disclosure.guarded_table import GuardedTable
    from crypto.disclosure.published import PublishedTable
    from crypto.disclosure.table import CellKey

SEEDS = range(150)


def tables() -> list[PublishedTable]:
    found = [published_table(random.Random(seed)) for seed in SEEDS]
    return [table for table in found if table is not None]


def with_others(table: GuardedTable, figure: int, key: CellKey) -> int:
    """How many finest cells the released sum has that a figure of a cell lies in; 0 if none."""
    place = next((n for n, keys in enumerate(table.base) if key in keys), None)
    if place is None:
        return 0
    cells = table.cells[figure] if figure else [1 << n for n in range(len(table.base))]
    for cell in cells:
        if place in (places := members(cell)):
            return sum(len(table.base[n]) for n in places)
    return 0


@pytest.mark.long
def test_shown_is_what_the_finest_margin_has_and_what_an_asker_is_given() -> None:
    """Of every figure; shown, merged and withheld together are the cells with rows."""
    seen: Counter[str] = Counter()
    for table in tables():
        inner, cells, finest = table.table, finest_cells(table), margins(table)[-1]
        counts = {one.name: one for one in figure_counts(inner.figures, cells)}
        assert counts["rows"].shown == finest.released
        for name, shown in finest.measures:
            assert counts[name].shown == shown
        for one in counts.values():
            assert one.shown + one.merged + one.withheld == finest.groups == len(cells)
            seen += Counter(shown=one.shown, merged=one.merged, withheld=one.withheld)
        names = [measure.name for measure in inner.declaration.measures]
        outputs = [Output("rows"), *[Output("sum", name) for name in names]]
        numbers = {figure.name: number for number, figure in enumerate(inner.figures)}
        for cell in cells:
            codes = tuple(frozenset([code]) for code in cell.key)
            asked = answer_set(inner, codes, outputs).outputs
            for name, answer in zip(("rows", *names), asked, strict=True):
                became = cell.figures[numbers[name]]
                assert (became == "shown") == (answer.status == "released")
    assert min(seen.values()) > 100
    assert len(seen) == 3


@pytest.mark.long
def test_merged_is_what_lies_in_a_sum_that_is_released() -> None:
    """And withheld what lies in none: unless parts of several versions are not added up."""
    for table in tables():
        inner = table.table
        added = len(inner.versions) == 1 or inner.declaration.protection.mixed_versions
        for cell in finest_cells(table):
            for figure, became in enumerate(cell.figures):
                others = with_others(inner, figure, cell.key)
                if became == "merged":
                    assert others > 1
                elif added and cell.key not in inner.newest.blocked:
                    assert became == ("shown" if others == 1 else "withheld")
                    assert others < 2


def test_a_table_without_rows_has_no_figures() -> None:
    product = Product(declared({"dims": [2, 2], "measures": []}))
    made = make_table(product.declaration, product.source([]))
    assert finest_cells(published(made.table)) == ()
    (rows,) = figure_counts(made.table.figures, ())
    assert (rows.name, rows.shown, rows.merged, rows.withheld) == ("rows", 0, 0, 0)
