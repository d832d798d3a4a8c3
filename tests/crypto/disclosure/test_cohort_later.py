"""A member's later figures on classes that were made before: what it may show there, and where."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from random import Random
from typing import TYPE_CHECKING

import pytest

from crypto.disclosure.bits import members
from crypto.disclosure.cohort_changes import History, make_changes
from crypto.disclosure.cohort_marks import Projection
from crypto.disclosure.cohort_probes import probes
from crypto.disclosure.cohort_snapshot import take_later, take_snapshot
from crypto.disclosure.cohort_table import make_cohort_table
from crypto.disclosure.declaration import row_figures
from crypto.disclosure.memory import MemorySource
from crypto.disclosure.renewing import renew_table
from crypto.disclosure.rules import Rules
from tests.crypto.disclosure.cohorts import Cohort, made, random_cohort

if TYPE_CHECKING:
    from crypto.disclosure.cohort_common import CommonTable
    from crypto.disclosure.cohort_table import CohortTable
    from crypto.disclosure.guarded_table import GuardedTable
    from tests.crypto.disclosure.cohorts import Member, Row

    Key = tuple[int, ...]


def publish(
    dice: Random, member: Member, codes: tuple[int, ...], *, everywhere: bool = True
) -> GuardedTable:
    """Publish a later version: more rows where there are some, and rows where there were none.

    New cells of few are merged, and reach over several.
    """
    declaration = replace(member.table.declaration, sizes=codes)
    empty = sorted(set(product(*map(range, codes))) - {row[1] for row in member.rows})
    new = set(dice.sample(empty, min(6, len(empty))))
    people, fewest = [f"C{i}" for i in range(9)], dice.choice([2, 2, 9])
    rows: list[Row] = list(member.rows)
    for cell in sorted({*new, *(row[1] for row in member.rows if everywhere)}):
        for who in dice.sample(people, fewest) if cell in new else people:
            values = [dice.randint(m.lower, m.upper) for m in member.measures]
            rows.append((who, cell, row_figures(declaration, values)))
    shown = MemorySource(member.rows).ledger(member.table.base).now
    brought = {(1, c): basis for c, basis in enumerate(shown)}
    return renew_table(member.table, MemorySource(rows, brought), declaration=declaration).table


def sparse_cohort(dice: Random) -> Cohort:
    """Make a cohort in which nobody has anything under some codes, and each lacks some cells."""
    dense = random_cohort(dice)
    found = {}
    for did, member in dense.members.items():
        lacking = {cell for cell in {row[1] for row in member.rows} if dice.random() < 0.3}
        name = dense.common.dimensions[0][0]
        place = [named for named, _ in member.dimensions].index(name)
        unused = dense.common.dimensions[0][1][0]
        codes = member.dimensions[place][1]
        rows = tuple(
            row for row in member.rows if row[1] not in lacking and codes[row[1][place]] != unused
        )
        found[did] = made(member.dimensions, member.measures, rows, Rules(minimum_contributors=3))
    return Cohort(found, dense.common)


def expected(
    table: GuardedTable, member: Member, common: CommonTable, cohort: CohortTable
) -> tuple[set[int], set[Key], dict[int, int]]:
    """Return which classes it must block, what appeared, and the rows of the other classes."""
    projection = Projection(member.dimensions, common.dimensions)
    base = [set(projection.cells(keys)) for keys in table.base]
    classes = [set(cells) for cells in cohort.classes]
    placed, withheld = set().union(*classes), set(cohort.blocked)
    lost = set(map(projection.cell, table.newest.blocked))
    blocked = {i for i, cells in enumerate(classes) if cells & lost}
    for mine in base:
        blocked |= {i for i, cells in enumerate(classes) if cells & mine and mine - cells}
    names = [figure.name for figure in table.figures]
    for number, figure in enumerate(common.figures[1:], 1):
        own = [
            set().union(*(base[c] for c in members(bits)))
            for bits in table.cells[names.index(figure.name)]
        ]
        shown = set().union(*(members(b) for b in table.cells[names.index(figure.name)]))
        for bits in cohort.measures[number]:
            whole = set().union(*(classes[i] for i in members(bits)))
            cut = any(cells & whole and cells - whole for cells in own)
            gaps = any(mine & whole and c not in shown for c, mine in enumerate(base))
            blocked |= set(members(bits)) if cut or gaps else set()
    appeared = {key for cells in (*base, lost) for key in cells} - placed - withheld
    rows = {
        i: sum(v[0] for mine, v in zip(base, table.newest.values, strict=True) if mine <= cells)
        for i, cells in enumerate(classes)
    }
    return blocked, appeared, rows


def test_a_version_that_marks_were_of_is_all_there() -> None:
    """It blocks nothing, nothing appeared, and the figures are those that were frozen."""
    for seed in range(10):
        cohort = random_cohort(Random(seed))
        table = make_cohort_table(cohort.common, cohort.marks(), min_cohort=3)
        for member in cohort.members.values():
            of = (member.dimensions, cohort.common, table)
            found = take_later(member.table, *of)
            assert found is not None
            assert found.figures == take_snapshot(member.table, member.table.newest, *of)
            assert (found.blocked, found.appeared) == (0, ())


@pytest.mark.long
def test_what_a_later_version_may_not_show_is_blocked() -> None:
    """No more and no less: cells that reach out of a class, withheld ones, cut measures."""
    seen = {"blocked": 0, "appeared": 0, "free": 0}
    for seed in range(12):
        dice = Random(seed)
        cohort = sparse_cohort(dice)
        table = make_cohort_table(cohort.common, cohort.marks(), min_cohort=3)
        for member in cohort.members.values():
            later = publish(dice, member, member.table.declaration.sizes)
            found = take_later(later, member.dimensions, cohort.common, table)
            assert found is not None
            blocked, appeared, rows = expected(later, member, cohort.common, table)
            assert set(members(found.blocked)) == blocked, seed
            assert found.appeared == tuple(sorted(appeared)), seed
            for i, figures in enumerate(found.figures):
                assert i in blocked or figures[0] == rows[i], seed
            seen["blocked"] += len(blocked)
            seen["appeared"] += len(appeared)
            seen["free"] += len(rows) - len(blocked)
    assert min(seen.values()) > 10


@pytest.mark.long
def test_of_what_may_not_be_released_nothing_is_marked() -> None:
    """In the first round, too: the aggregator is told where it is, not whether it changed."""
    told = 0
    for seed in range(8):
        dice = Random(seed)
        cohort = sparse_cohort(dice)
        table = make_cohort_table(cohort.common, cohort.marks(), min_cohort=3)
        looked = probes(cohort.common, table)
        for member in cohort.members.values():
            of = (member.dimensions, cohort.common, table)
            shown = take_snapshot(member.table, member.table.newest, *of)
            later = take_later(publish(dice, member, member.table.declaration.sizes), *of)
            assert later is not None
            others = tuple(
                shown[i] if later.blocked >> i & 1 else figures
                for i, figures in enumerate(later.figures)
            )
            ages = ((0,) * len(table.classes),)
            one, other = (
                History(snapshots=(shown, newest), ages=ages) for newest in (later.figures, others)
            )
            marks = make_changes(looked, one, 0, later.blocked)
            assert marks == make_changes(looked, other, 0, later.blocked)
            told += make_changes(looked, one, 0, 0) != make_changes(looked, other, 0, 0)
    assert told > 5


def test_codes_of_later_give_no_figures() -> None:
    """A total of all codes would leave out what lies under them."""
    without = 0
    for seed in range(10):
        dice = Random(seed)
        cohort = random_cohort(dice)
        table = make_cohort_table(cohort.common, cohort.marks(), min_cohort=3)
        member = cohort.members[min(cohort.members)]
        first, *rest = member.table.declaration.sizes
        later = publish(dice, member, (first + 1, *rest), everywhere=False)
        named = [key for keys in (*later.base, later.newest.blocked) for key in keys]
        found = take_later(later, member.dimensions, cohort.common, table)
        assert (found is None) == any(key[0] == first for key in named)
        without += found is None
    assert without > 5
