"""Masked answers and parts of totals from a table of the second edition, against its rows."""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from typing import TYPE_CHECKING, Any, cast

import pytest

from connector.areas.cohort.columns import counted, width
from connector.areas.cohort.figures import Figures, figures
from connector.areas.questions.answers import masked_cells
from contracts.cohort.errors import CohortError
from contracts.cohort.session import AskedColumn, Question
from tests.connector.questions.second_edition import MODES, SCHEMA, YEARS, granted, rows, table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from connector.areas.cohort.frozen import Frozen
    from tests.connector.questions.second_edition import Row

SQL = (
    "SELECT COUNT(*), COUNT(fine), SUM(fine), AVG(fine), COUNT(late), SUM(late) FROM fines "
    "GROUP BY year, mode"
)
TABLE = table()


def _truth(lines: Iterable[Row]) -> dict[str, Decimal | None]:
    held = list(lines)
    fines = [Decimal(row.fine) / 100 for row in held if row.fine is not None]
    total = sum(fines, Decimal(0))
    return {
        "*:count": Decimal(len(held)),
        "fine:count": Decimal(len(fines)),
        "fine:sum": total,
        "fine:avg": total / len(fines) if fines else None,
        "late:count": Decimal(len(held)),
        "late:sum": Decimal(sum(row.late for row in held)),
    }


def _of(cell: dict[str, Any]) -> list[Row]:
    key = YEARS.index(cell["key"]["year"]), MODES.index(cell["key"]["mode"])
    return [row for row in rows() if row.key[:2] == key]


def test_each_figure_is_that_of_the_rows() -> None:
    """COUNT(fine) counts fines, its average divides by them; COUNT of a full measure is COUNT(*)."""
    found = masked_cells(granted(SQL, TABLE))
    assert found.released
    for cell in found.released:
        truth = _truth(_of(cell))
        for name, text in cell["values"].items():
            if text is None:
                assert name in cell["statuses"]
                continue
            known = truth[name]
            assert known is not None
            assert abs(Decimal(text) - known) <= Decimal("0.000000005")
            assert name.endswith("avg") or Decimal(text) == known
    assert any(cell["values"]["fine:count"] for cell in found.released)


def test_a_measure_that_few_carry_is_withheld_and_the_rest_is_given() -> None:
    """By air in 1994 two customers are fined: lines and lateness are told, fines are not."""
    found = masked_cells(granted(SQL, TABLE))
    (cell,) = [c for c in found.released if c["key"] == {"year": "1994", "mode": "AIR"}]
    hidden = {"fine:count", "fine:sum", "fine:avg"}
    assert set(cell["statuses"]) == hidden
    assert set(cell["statuses"].values()) <= {"merged", "withheld"}
    assert all(cell["values"][name] is None for name in hidden)
    assert cell["values"]["*:count"] == str(len(_of(cell)))


def test_having_lists_the_cell_that_it_may_not_judge() -> None:
    """Whatever the bound is, the cell with hidden fines is listed, and no other is unknown."""
    for least in (0, 10**4, 10**9):
        found = masked_cells(granted(f"{SQL} HAVING SUM(fine) > {least}", TABLE))
        unknown = [c["key"] for c in found.withheld if c["reason"] == "having"]
        assert {"year": "1994", "mode": "AIR"} in unknown
        plain = masked_cells(granted(SQL, TABLE))
        told = len(found.released) + found.filtered
        assert told == len([c for c in plain.released if c["values"]["fine:sum"] is not None])


def test_no_rows_are_said_to_be_none() -> None:
    """Nobody ships in 1993: a total of that has no figure, and is not called protected."""
    sql = "SELECT COUNT(*), SUM(fine) FROM fines WHERE year = 1993 AND mode = 'SHIP'"
    found = masked_cells(granted(sql, TABLE))
    assert found.released == ()
    assert found.withheld == ({"key": {}, "reason": "empty"},)


def test_a_stricter_contract_judges_each_output() -> None:
    """Where fewer carry it than the contract wants it is withheld, the rest is given."""
    sql = "SELECT year, COUNT(*), SUM(fine) FROM fines GROUP BY year"
    own = masked_cells(granted(sql, TABLE))
    assert all(not cell["statuses"] for cell in own.released)
    customers = {
        key: len({r.customer for r in rows() if r.key[0] == YEARS.index(key)}) for key in YEARS
    }
    strict = masked_cells(granted(sql, TABLE, least=max(customers.values()) + 1))
    assert [c["reason"] for c in strict.withheld] == ["minGroupSize"] * len(own.released)
    some = masked_cells(granted(sql, TABLE, least=6))
    for cell in (*some.released, *some.withheld):
        assert set(cell.get("statuses", {}).values()) <= {"minGroupSize"}


def _part(sql: str, cells: list[tuple[str, str]], columns: Any) -> Figures:
    """Our part of a total by year and mode; what is refused is refused before the table is read."""
    asked = granted(sql, TABLE, least=5, mode="homomorphic")
    planned = tuple(
        AskedColumn(name=f"c{i}", measure=name, unit=unit, scale=scale)
        for i, (name, (unit, scale)) in enumerate(columns.items())
    )
    question = Question(
        question_id="urn:q",
        sql=sql,
        purpose="quality",
        group_by=("year", "mode"),
        cells=tuple(cells),
        columns=planned,
        salt="s" * 22,
    )
    unread = cast("Frozen", None)
    widths = [width(SCHEMA, column) for column in planned]
    return figures(asked, unread, widths, question, spend=lambda _runs: None)


ALL = list(product(YEARS, MODES))


@pytest.mark.parametrize(
    ("sql", "columns", "code"),
    [
        ("SELECT AVG(fine)", {"": ("", 0), "fine": ("CNY", 2)}, "cohort.older-asker"),
        ("SELECT SUM(fine)", {"": ("", 0), "fine": ("CNY", 2)}, "cohort.column.differs"),
        ("SELECT SUM(fine)", {"fine:count": ("", 0)}, "cohort.column.differs"),
        ("SELECT COUNT(fine)", {"fine": ("CNY", 2)}, "cohort.column.differs"),
        ("SELECT COUNT(fine)", {"fine:count": ("CNY", 0)}, "cohort.unit.differs"),
        ("SELECT COUNT(*)", {"late:count": ("", 0)}, "cohort.column.differs"),
    ],
)
def test_no_column_is_given_that_the_contract_was_not_asked_for(
    sql: str, columns: Any, code: str
) -> None:
    """The granted outputs say which columns there are; an older session is told what it is."""
    with pytest.raises(CohortError) as caught:
        _part(f"{sql} FROM fines GROUP BY year, mode", ALL, columns)
    assert caught.value.code == code


def test_columns_of_counts_are_named_apart_from_measures() -> None:
    """No measure can have such a name."""
    assert counted("fine:count") == "fine"
    assert counted("fine") is None
