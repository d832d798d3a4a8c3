"""Schedules of data to which rows are only added: those of before stand as they were, or it fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.catalog.product_texts import DELIVERIES
from tests.catalog.test_schedule import scheduled
from tests.connector.engines.files import HEADER
from tests.connector.products.test_databases import fill
from tests.connector.products.test_refresh import (
    DAY,
    ROWS,
    acme,
    looked,
    numbers,
    order,
    published,
    refreshed,
    warehouse,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tests.simulators import Party

__all__ = ["acme", "warehouse"]


def appended(acme: Party, warehouse: Path, text: str) -> None:
    """Publishes the 240 rows as data to which rows are only added, and comes to the next time."""
    names = ", ".join(f'"{name}"' for name in HEADER)
    source = (
        '\n[source]\ndatabase = "warehouse"\nappend_only = true\n'
        f"query = 'SELECT {names} FROM deliveries ORDER BY rowid'\n"
    )
    zoned = text.replace('id = "deliv', 'zone = "Asia/Shanghai"\nid = "deliv')
    assert published(acme, scheduled("every day 06:00", zoned + source))["state"] == "done"
    acme.node.clock.advance(DAY)


def test_rows_behind_the_others_are_taken(acme: Party, warehouse: Path) -> None:
    """In old codes too, without a dimension of time: nothing of before was altered."""
    appended(acme, warehouse, DELIVERIES)
    fill(warehouse, [*ROWS, *(order(n, 2024 + n % 3) for n in range(240, 480))])
    last = looked(acme)
    assert last is not None
    assert (last.state, last.scheduled) == ("done", True)
    assert numbers(acme) == [1, 2]
    acme.node.clock.advance(DAY)
    assert looked(acme).state == "unchanged"  # type: ignore[union-attr]


@pytest.mark.long
@pytest.mark.parametrize("what", ["altered", "removed", "exchanged", "before"])
def test_a_row_of_before_that_is_not_as_it_was(acme: Party, warehouse: Path, what: str) -> None:
    """Altered in one value, removed, in another place, behind a new one: that run fails, and no
    version comes; whoever says that it is right goes on from there.
    """
    appended(acme, warehouse, DELIVERIES)
    rows, more = [*ROWS], [order(n, 2025) for n in range(240, 480)]
    if what == "altered":
        rows[100] = order(100, 2024, "100.26")
    elif what == "removed":
        del rows[100]
    elif what == "exchanged":
        rows[100], rows[107] = rows[107], rows[100]
    fill(warehouse, [*more[:1], *rows, *more[1:]] if what == "before" else [*rows, *more])
    last = looked(acme)
    assert last is not None
    assert last.error is not None
    assert (last.state, last.error["en"]["code"]) == ("failed", "product.refresh.not-appended")
    assert "240" in last.error["zh"]["message"]
    assert numbers(acme) == [1]
    assert refreshed(acme)["report"]["version"]["number"] == 2
    fill(warehouse, [*([*more[:1], *rows, *more[1:]] if what == "before" else [*rows, *more]),
                     *(order(n, 2025) for n in range(480, 600))])  # fmt: skip
    acme.node.clock.advance(DAY)
    last = looked(acme)
    assert last is not None
    assert (last.state, numbers(acme)) == ("done", [1, 2, 3])


def test_rows_without_a_contributor_stand_in_their_places(acme: Party, warehouse: Path) -> None:
    """They are in no figure, and count among the rows of before."""
    rows = [*ROWS]
    rows[5] = ("", *rows[5][1:])
    fill(warehouse, rows)
    appended(acme, warehouse, 'empty_contributor = "drop"\n' + DELIVERIES)
    fill(warehouse, [*rows, *(order(n, 2025) for n in range(240, 480))])
    last = looked(acme)
    assert last is not None
    assert (last.state, numbers(acme)) == ("done", [1, 2])
