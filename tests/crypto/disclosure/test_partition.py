"""Every published partition: disjoint, covering, and safe when recomputed from the rows."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crypto.disclosure import Rules
from crypto.disclosure.table import BLOCKED
from tests.crypto.disclosure.reference import Row, contributions, is_safe, per_cell, total
from tests.crypto.disclosure.tables import (
    DOMAIN,
    RULES,
    SIZES,
    Source,
    publish,
    row_lists,
    summed,
)

LIMITS = {"k": RULES.minimum_contributors, "dominance": RULES.dominance, "p": RULES.p_percent}


@settings(max_examples=300, deadline=None)
@given(row_lists(), st.sampled_from(["shown", "hidden"]))
def test_every_safe_cell_obeys_every_rule(rows: list[Row], zeros: str) -> None:
    """Recomputed from rows, safe cells obey the rules, are disjoint, and cover the table."""
    table = publish(rows, zeros=zeros)
    expected = set(DOMAIN) if zeros == "hidden" else {row.cell for row in rows}
    assert list(table.cells) == sorted(expected)
    assert set(table.membership) <= {BLOCKED, *range(len(table.safe))}
    for index, safe in enumerate(table.safe):
        members = set(table.members(index))
        assert members
        behind = contributions(rows, members.__contains__)
        assert is_safe(behind, **LIMITS)
        assert (safe.rows, *safe.sums) == total(rows, members.__contains__, 3)
        assert safe.contributors == len(behind)
        for figure in range(3):
            sizes = sorted((abs(f[figure]) for f in behind.values()), reverse=True)
            assert safe.absolute[figure] == sum(sizes)
            assert list(safe.largest[figure]) == sizes[:2]


@settings(max_examples=200, deadline=None)
@given(row_lists())
def test_only_unsafe_neighbourhoods_are_merged(rows: list[Row]) -> None:
    """A safe finest cell is merged only with an unsafe one, and what is blocked cannot be saved.

    A parent all of whose cells are safe keeps them all, and contributions are fetched of unsafe
    cells and of what they take in only.
    """
    table = publish(rows)
    cells = per_cell(rows)
    unsafe = {cell for cell, behind in cells.items() if not is_safe(behind, **LIMITS)}
    for index, size in enumerate(table.size_of):
        if size > 1:
            assert unsafe & set(table.members(index))
    blocked = {c for c, m in zip(table.cells, table.membership, strict=True) if m == BLOCKED}
    assert not is_safe(contributions(rows, blocked.__contains__), **LIMITS) or not blocked
    for parent in {cell[:1] for cell in cells}:
        family = {cell for cell in cells if cell[:1] == parent}
        if not family & unsafe and not any(
            {c[:1] for c in table.members(i)} - {parent} and family & set(table.members(i))
            for i in range(len(table.safe))
        ):
            assert all(
                table.size_of[m] == 1
                for c, m in zip(table.cells, table.membership, strict=True)
                if c in family
            )


def rows_of(cell: tuple[int, ...], who: str, *, value: int = 1) -> list[Row]:
    return [Row(cell, one, (value, 1)) for one in who]


def test_unsafe_siblings_come_together_first() -> None:
    """Unsafe cells under one parent are merged with each other; safe siblings stay alone."""
    rows = [
        *rows_of((0, 0, 0), "AB"),
        *rows_of((0, 0, 1), "CD"),
        *rows_of((0, 0, 2), "ABCDEF"),
        *rows_of((0, 1, 0), "ABCDEF"),
    ]
    table = publish(rows)
    assert {table.members(i) for i in range(len(table.safe))} == {
        ((0, 0, 0), (0, 0, 1)),
        ((0, 0, 2),),
        ((0, 1, 0),),
    }


def test_a_rest_takes_in_the_smallest_safe_sibling() -> None:
    """A lone unsafe cell joins the safe sibling with the fewest rows, under the same parent."""
    rows = [
        *rows_of((0, 0, 0), "AB"),
        *rows_of((0, 0, 1), "ABCDEFGH"),
        *rows_of((0, 0, 2), "ABCDEF"),
        *rows_of((0, 1, 0), "ABCD"),
    ]
    table = publish(rows)
    assert ((0, 0, 0), (0, 0, 2)) in {table.members(i) for i in range(len(table.safe))}


def test_what_no_sibling_can_save_goes_up() -> None:
    """A cell alone under its parent is merged with a cousin under the grandparent."""
    rows = [*rows_of((0, 0, 0), "AB"), *rows_of((0, 1, 1), "ABCDEF"), *rows_of((1, 0, 0), "ABC")]
    table = publish(rows)
    assert {table.members(i) for i in range(len(table.safe))} == {
        ((0, 0, 0), (0, 1, 1)),
        ((1, 0, 0),),
    }


def test_what_nothing_can_save_is_blocked() -> None:
    """A contributor that outweighs the whole table is in no safe cell, and in no answer."""
    rows = [
        *rows_of((0, 0, 0), "A", value=10_000),
        *rows_of((0, 0, 1), "BCDEF"),
        *rows_of((1, 0, 0), "BCDEF"),
    ]
    table = publish(rows)
    assert table.membership[table.cells.index((0, 0, 0))] == BLOCKED
    assert len(table.safe) == 2


def test_contributions_are_fetched_in_few_rounds() -> None:
    """Many unsafe cells cost a handful of fetches, not one each."""
    rows = [row for cell in DOMAIN for row in rows_of(cell, "AB" if cell[2] else "ABCDEF")]
    source = Source(rows)
    from crypto.disclosure import partition

    made = partition(
        {cell: summed(f) for cell, f in source.cells.items()},
        rules=RULES,
        fetch=source.fetch,
        figures=3,
    )
    assert not made.blocked
    assert len(source.asked) <= 1 + len(SIZES) * 2


@pytest.mark.parametrize("k", [3, 5, 8])
def test_stricter_owners_get_stricter_cells(k: int) -> None:
    """The minimum of contributors is the owner's, not a constant."""
    rows = [row for cell in DOMAIN[:6] for row in rows_of(cell, "ABCD")]
    rows += rows_of(DOMAIN[6], "EFGHIJKL")
    table = publish(rows, rules=Rules(minimum_contributors=k))
    assert all(safe.contributors >= k for safe in table.safe)
