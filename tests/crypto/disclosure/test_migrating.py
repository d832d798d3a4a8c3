"""A table that the first edition published: what it showed before is judged against for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crypto.disclosure.declaration import Declaration, DeclaredMeasure, Protection, row_figures
from crypto.disclosure.guarded_codec import decode_published, encode_published
from crypto.disclosure.memory import MemorySource
from crypto.disclosure.migrating import MAX_EARLIER, Earlier, migrate_table
from crypto.disclosure.published import PublishedTable
from crypto.disclosure.renewing import renew_table
from crypto.disclosure.rules import Rules
from crypto.disclosure.statuses import Output, answer_set

if TYPE_CHECKING:
    from collections.abc import Callable

    from crypto.disclosure.guarded_table import GuardedTable
    from crypto.disclosure.memory import Basis

CELL, OTHER, THIRD = ((0,),), ((1,),), ((2,),)
DECLARED = Declaration(
    sizes=(3,),
    measures=(DeclaredMeasure(name="amount", lower=0, upper=1000, unit="CNY"),),
    protection=Protection(rules=Rules(minimum_contributors=3)),
)


def rows(
    value: Callable[[int], int], cell: int = 0
) -> list[tuple[str, tuple[int], tuple[int, ...]]]:
    """Ten contributors, a row each."""
    return [(f"C{i}", (cell,), row_figures(DECLARED, [value(i)])) for i in range(10)]


def brought(
    known: list[tuple[str, tuple[int], tuple[int, ...]]],
) -> Basis:
    """What they have in their cell."""
    return {who: figures for who, _, figures in known}


FIRST = rows(lambda _: 10)
SECOND = rows(lambda i: 20 if i < 9 else 10)
THEN = rows(lambda i: 10 if i < 9 else 17)


def migrated(earlier: list[Earlier]) -> GuardedTable:
    source = MemorySource(SECOND)
    return migrate_table(DECLARED, source, safe=[CELL], blocked=[], earlier=earlier).table


def test_a_change_is_judged_against_what_the_first_edition_showed() -> None:
    """Nine go up and back, the tenth changes: 107 after 100 would be what he changed."""
    first = Earlier(source=MemorySource(FIRST), since={CELL: 1})
    second = Earlier(source=MemorySource(SECOND), since={CELL: 2})
    old = migrated([first, second])
    figures = [version.values for version in old.versions]
    assert figures == [((10, 100),), ((10, 190),), ((10, 190),)]
    assert [version.since for version in old.versions] == [(1,), (2,), (3,)]
    known = {(1, 0): brought(FIRST), (2, 0): brought(SECOND), (3, 0): brought(SECOND)}
    made = renew_table(old, MemorySource(THEN, known))
    assert made.held == (0,)
    assert made.table.newest.values == ((10, 190),)
    # nothing but the first version is in the way
    alone = {(1, 0): brought(SECOND)}
    assert not renew_table(migrated([]), MemorySource(THEN, alone)).held


def test_what_was_held_stays_of_its_version() -> None:
    """Totals over it are of the version in which all was as shown, or of none."""
    amounts = [Output("sum", "amount")]
    both = [*FIRST, *rows(lambda _: 30, 1)]
    now = [*FIRST, *rows(lambda _: 50, 1), *rows(lambda _: 70, 2)]
    table = migrate_table(
        DECLARED,
        MemorySource(now),
        safe=[THIRD, OTHER, CELL],
        blocked=[],
        held=[CELL],
        earlier=[
            Earlier(source=MemorySource(both), since={OTHER: 1, CELL: 1}, blocked=[(2,)]),
            Earlier(source=MemorySource(now), since={THIRD: 2, CELL: 1, OTHER: 2}, held=[CELL]),
        ],
    ).table
    assert table.base == (CELL, OTHER, THIRD)
    assert [len(version.values) for version in table.versions] == [2, 3, 3]
    assert [version.held for version in table.versions] == [(), (0,), (0,)]
    assert [version.blocked for version in table.versions] == [((2,),), (), ()]
    held = answer_set(table, (frozenset({0}),), amounts)
    assert (held.of_version, held.outputs[0].status) == (1, "released")
    assert answer_set(table, (frozenset({1}),), amounts).of_version == 3
    mixed = answer_set(table, (frozenset({0, 1}),), amounts)
    assert (mixed.of_version, mixed.outputs[0].status) == (None, "mixed")
    published = PublishedTable(
        table=table, dimensions=(("d", ("a", "b", "c")),), salt="00" * 16, first=4
    )
    assert decode_published(encode_published(published)) == published
    assert (published.number, published.oldest) == (6, 4)


def test_what_waited_waits_on() -> None:
    """Cells that read as empty although they hold rows do not count as of the new version."""
    source = MemorySource(FIRST)
    table = migrate_table(
        DECLARED,
        source,
        safe=[CELL],
        blocked=[],
        pending=[(1,)],
        earlier=[
            Earlier(source=MemorySource(FIRST), since={CELL: 1}),
            Earlier(source=MemorySource(FIRST), since={CELL: 1}, pending=[(1,)]),
        ],
    ).table
    assert answer_set(table, (None,), [Output("rows")]).of_version == 1


def test_versions_must_follow_each_other() -> None:
    """No cell of an earlier version is gone in a later one, and there are not too many."""
    gone = Earlier(source=MemorySource(FIRST), since={OTHER: 1})
    with pytest.raises(ValueError, match="every earlier cell"):
        migrated([gone])
    one = Earlier(source=MemorySource(FIRST), since={CELL: 1})
    with pytest.raises(ValueError, match="at most 11"):
        migrated([one] * (MAX_EARLIER + 1))
