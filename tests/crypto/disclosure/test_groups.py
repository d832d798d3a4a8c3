"""Questions group by group: the same as set by set."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from crypto.disclosure import indexing
from crypto.disclosure.bits import bits_of
from crypto.disclosure.groups import answer_groups
from crypto.disclosure.statuses import Output, answer_set, parts_of_versions
from tests.crypto.disclosure.published_tables import (
    all_outputs,
    answer_cells,
    asked,
    published,
    questions,
    within,
)

if TYPE_CHECKING:
    from crypto.disclosure.table import CellKey

SEEDS = range(250)


@pytest.mark.long
def test_groups_are_answered_as_their_sets() -> None:
    """Statuses, values, carriers, versions, parts and base cells, whatever befell the table."""
    seen: Counter[str] = Counter()
    for seed in SEEDS:
        for table, group_by, kept in questions(seed):
            outputs = all_outputs(table.table)
            for key, one in asked(table, group_by, kept).items():
                cells = within(table, group_by, kept, key)
                slow = answer_cells(table.table, cells, outputs)
                assert one.outputs == slow.outputs
                of = slow.of_version
                assert one.of_version == (None if of is None else table.first + of - 1)
                base = [c for c, keys in enumerate(table.table.base) if cells.issuperset(keys)]
                assert one.base == tuple(base)
                parts = {} if of else parts_of_versions(table.table, bits_of(base))
                assert [part.version for part in one.parts] == [
                    table.first + version - 1 for version in sorted(parts)
                ]
                for part in one.parts:
                    mine = [c for c in base if parts[part.version - table.first + 1] >> c & 1]
                    assert part.cells == tuple(sorted(k for c in mine for k in table.table.base[c]))
                seen.update(output.status for output in one.outputs)
                seen["pending"] += not cells.isdisjoint(table.table.newest.pending)
                seen["held"] += not set(base).isdisjoint(table.table.newest.held)
                seen["marked"] += bool(one.parts) and one.outputs[0].status == "released"
    wanted = {"released", "empty", "blocked", "merged", "withheld", "mixed"}
    for status in wanted | {"pending", "held", "marked"}:
        assert seen[status] >= 20, (status, seen)


def test_groupings_that_are_remembered_have_a_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the bound they are made anew, the same as before; below it each is made once."""
    table = next(table for seed in SEEDS for table, by, _ in questions(seed) if len(by) > 1)
    groupings = [(), (0,), (1,), (0, 1), (1, 0)]
    first = [table.index.grouping(by) for by in groupings]
    again = [table.index.grouping(by) for by in groupings]
    assert all(one is other for one, other in zip(first, again, strict=True))
    most = max(grouping.size for grouping in first)
    monkeypatch.setattr(indexing, "_KEPT", most)
    for by, made in zip(groupings, first, strict=True):
        table.index._groupings.pop(by, None)
        assert table.index.grouping(by) == made
        kept = table.index._groupings.values()
        assert sum(grouping.size for grouping in kept) <= most


def test_products_of_codes_are_answered_by_answer_set() -> None:
    """The slow way that is compared with is that of the vectors."""
    for seed in SEEDS[:60]:
        for table, group_by, kept in questions(seed):
            if kept is not None:
                continue
            for key, one in asked(table, group_by, kept).items():
                at = dict(zip(group_by, key, strict=True))
                codes = tuple(
                    frozenset([at[d]]) if d in at else None for d in range(len(table.dimensions))
                )
                slow = answer_set(table.table, codes, all_outputs(table.table))
                assert one.outputs == slow.outputs


@pytest.mark.long
def test_what_waits_is_not_listed() -> None:
    """By default there are the groups that hold base or blocked cells, ascending, and one total."""
    waited = 0
    for seed in SEEDS:
        for table, group_by, kept in questions(seed):
            keep = None if kept is None else kept.__contains__
            found = answer_groups(
                table, group_by=group_by, outputs=[Output("rows")], keep=keep, looks_at=None
            )
            seen = {key for keys in table.table.base for key in keys}
            seen |= set(table.table.newest.blocked)
            keys = {tuple(k[d] for d in group_by) for k in seen if kept is None or k in kept}
            waiting = {tuple(k[d] for d in group_by) for k in table.table.newest.pending}
            waited += bool(waiting - keys)
            assert [one.key for one in found] == sorted(keys or ({()} if not group_by else ()))
    assert waited


def test_what_is_not_released_does_not_depend_on_figures() -> None:
    """Other values and contributor counts in the same cells change values and carriers alone."""
    for seed in SEEDS[:100]:
        for table, group_by, kept in questions(seed):
            newest = table.table.newest
            other = replace(
                newest,
                values=tuple(tuple(7 for _ in row) for row in newest.values),
                carriers=tuple(tuple(99 for _ in of) for of in newest.carriers),
            )
            versions = (*table.table.versions[:-1], other)
            changed = published(replace(table.table, versions=versions), first=table.first)
            outputs = [o for o in all_outputs(table.table) if o.kind != "average"]
            keep = None if kept is None else kept.__contains__
            seen = [
                [
                    replace(
                        one, outputs=tuple(replace(o, values=(), carriers=0) for o in one.outputs)
                    )
                    for one in answer_groups(world, group_by=group_by, outputs=outputs, keep=keep)
                ]
                for world in (table, changed)
            ]
            assert seen[0] == seen[1]


@pytest.mark.long
def test_the_oldest_version_is_that_of_the_cell_longest_out_of_date() -> None:
    """Each base cell and each waiting cell, asked alone, is of this version or a later one."""
    older = 0
    for seed in SEEDS:
        for table, *_ in questions(seed)[:1]:
            alone = [*table.table.base, *[(key,) for key in table.table.newest.pending]]
            of = [answer_cells(table.table, keys, []).of_version for keys in alone]
            of.append(len(table.table.versions))
            assert table.oldest == table.first + min(number for number in of if number) - 1
            assert None not in of
            older += table.oldest < table.number
    assert older >= 10


def test_flags_are_spread_alike_over_few_groups_and_many() -> None:
    """A byte for each finest cell where that holds the group's number, and without."""
    for seed in SEEDS[:20]:
        for table, group_by, _ in questions(seed):
            made = table.index.grouping(group_by)
            flags = bytes(number % 2 for number in range(len(made.groups)))
            expected = bytes(flags[group] for group in made.group_of)
            assert made.narrow == bytes(made.group_of)
            assert made.spread(flags) == expected
            assert replace(made, narrow=b"").spread(flags) == expected


def test_a_filter_that_says_what_it_looks_at_is_called_once_per_combination() -> None:
    """It answers the same."""
    for seed in SEEDS[:40]:
        for table, group_by, _ in questions(seed):
            calls = []

            def keep(key: CellKey, calls: list[int] = calls) -> bool:
                calls.append(key[0])
                return key[0] != 0

            ask = {"group_by": group_by, "outputs": all_outputs(table.table)}
            plain = answer_groups(table, keep=lambda key: key[0] != 0, **ask)
            assert answer_groups(table, keep=keep, looks_at=(0,), **ask) == plain
            assert len(calls) == len(set(calls))


def test_what_is_not_there_is_refused() -> None:
    """Dimensions, measures and codes that the table does not have."""
    table = next(t for seed in SEEDS for t, _, _ in questions(seed))
    rows = [Output("rows")]
    with pytest.raises(ValueError, match="distinct dimensions"):
        answer_groups(table, group_by=[0, 0], outputs=rows)
    with pytest.raises(ValueError, match="distinct dimensions"):
        answer_groups(table, group_by=[7], outputs=rows)
    with pytest.raises(ValueError, match="expected a measure of the table"):
        answer_groups(table, group_by=[], outputs=[Output("sum", "nothing")])
    for key in [(99,), (-1,), ()]:
        with pytest.raises(ValueError, match="expected codes of the table's dimensions"):
            answer_groups(table, group_by=[0], outputs=rows, domain=[key])
