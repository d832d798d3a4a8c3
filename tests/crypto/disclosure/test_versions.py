"""Data versions: what two versions tell together obeys the rules as well."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crypto.disclosure import GroupAnswer, Older, answer, renew
from crypto.disclosure.table import BLOCKED, PENDING
from tests.crypto.disclosure.reference import Row, contributions, is_safe, total
from tests.crypto.disclosure.tables import (
    DIMENSIONS,
    RULES,
    History,
    publish,
    row_lists,
    summed,
)

LIMITS = {"k": RULES.minimum_contributors, "dominance": RULES.dominance, "p": RULES.p_percent}


@st.composite
def edits(draw: st.DrawFn, rows: list[Row]) -> list[Row]:
    """A later state of the rows: some gone, some new, some the same."""
    dropped = draw(st.sets(st.integers(0, max(len(rows) - 1, 0)), max_size=6))
    fresh = draw(row_lists(most=12))
    return [row for i, row in enumerate(rows) if i not in dropped] + fresh


@settings(max_examples=200, deadline=None)
@given(st.data(), st.sampled_from(["shown", "hidden"]))
def test_differences_obey_the_rules(data: st.DataObject, zeros: str) -> None:
    """Between any two versions each safe cell changes not at all, or by a safe change.

    Recomputed from the rows; the values shown stay exact sums of one version's rows, and safe cells
    never lose or gain a finest cell.
    """
    rows = data.draw(row_lists(least=15))
    history = History(rows, zeros=zeros)
    for _ in range(3):
        before, ever = history.table, {i: list(was) for i, was in history.ever.items()}
        rows = data.draw(edits(rows))
        renewal = history.advance(rows)
        table = history.table
        assert table.number == before.number + 1
        for index, old in enumerate(before.safe):
            assert table.members(index) == before.members(index)
            new = table.safe[index]
            if (new.rows, new.sums) != (old.rows, old.sums):
                assert index in renewal.updated
            now = contributions(rows, set(table.members(index)).__contains__)
            difference = _difference(now, ever[index][-1])
            if index in renewal.updated:
                for was in ever[index]:
                    step = _difference(now, was)
                    assert is_safe(step, **LIMITS) or not any(map(any, step.values()))
                assert is_safe(now, **LIMITS) or (not now and zeros == "shown")
                assert (new.rows, *new.sums) == total(
                    rows, set(table.members(index)).__contains__, 3
                )
                assert new.since == table.number
            else:
                assert new.since == old.since
                assert new.held == any(map(any, difference.values()))
                assert new.held == (index in renewal.held)
        for index in renewal.added:
            assert is_safe(contributions(rows, set(table.members(index)).__contains__), **LIMITS)
        _covers(table, rows)


def _shown(history: History, versions: list[list[Row]], one: GroupAnswer) -> int:
    """Rows of a group by what its answer says: each finest cell at the version it stands at."""
    table = history.table
    at = {cell: older.version for older in one.older for cell in older.cells}
    newest = table.number if one.as_of is None else one.as_of
    there = {
        cell
        for cell, member in zip(table.cells, table.membership, strict=True)
        if cell[0] == one.key[0] and member != BLOCKED
    }
    return sum(row.cell == cell for cell in there for row in versions[at.get(cell, newest) - 1])


@settings(max_examples=200, deadline=None)
@given(st.data(), st.sampled_from(["shown", "hidden"]))
def test_every_part_stands_at_the_version_it_names(data: st.DataObject, zeros: str) -> None:
    """A total is what its parts were in the versions that the answer names; never another number.

    One version is named only for the whole of it; parts that are not named are current.
    """
    versions = [data.draw(row_lists(least=15))]
    history = History(versions[0], zeros=zeros)
    for _ in range(3):
        versions.append(data.draw(edits(versions[-1])))
        history.advance(versions[-1])
        for one in answer(history.table, group_by=[0], measures=()):
            assert one.as_of is None or not one.older
            assert [older.version for older in one.older] == sorted(
                {older.version for older in one.older}
            )
            if one.rows is not None:
                assert one.rows == _shown(history, versions, one)


def _difference(
    new: dict[str, tuple[int, ...]], old: dict[str, tuple[int, ...]]
) -> dict[str, tuple[int, ...]]:
    nothing = (0, 0, 0)
    return {
        who: tuple(a - b for a, b in zip(new.get(who, nothing), old.get(who, nothing), strict=True))
        for who in {*new, *old}
    }


def _covers(table, rows: list[Row]) -> None:
    """Every finest cell with rows is in a safe cell, blocked, or pending."""
    member = dict(zip(table.cells, table.membership, strict=True))
    assert {row.cell for row in rows} <= member.keys()
    assert len(table.pending_since) == sum(m == PENDING for m in table.membership)


def one_each(cell: tuple[int, ...], who: str) -> list[Row]:
    return [Row(cell, one, (1, 1)) for one in who]


def test_a_change_by_one_contributor_is_held_back() -> None:
    """A later version with one more customer shows the old value, marked with its version."""
    history = History(one_each((0, 0, 0), "ABCDE"))
    history.advance(one_each((0, 0, 0), "ABCDEF"))
    (only,) = answer(history.table, group_by=(), measures=("x", "y"))
    assert (only.rows, only.as_of) == (5, 1)
    history.advance(one_each((0, 0, 0), "ABCDEFGH"))
    (only,) = answer(history.table, group_by=(), measures=("x", "y"))
    assert (only.rows, only.as_of) == (8, None)


def test_a_total_of_two_versions_is_of_neither() -> None:
    """One cell is renewed and one held: the total names the held part, and no version as its own."""
    history = History(one_each((0, 0, 0), "ABCDE") + one_each((0, 1, 0), "ABCDE"))
    history.advance(one_each((0, 0, 0), "ABCDEF") + one_each((0, 1, 0), "ABCDEFGH"))
    (both,) = answer(history.table, group_by=(), measures=("x", "y"))
    assert (both.rows, both.as_of) == (5 + 8, None)
    assert both.older == (Older(1, ((0, 0, 0),)),)
    held, renewed = answer(history.table, group_by=[1], measures=())
    assert (held.rows, held.as_of, held.older) == (5, 1, ())
    assert (renewed.rows, renewed.as_of, renewed.older) == (8, None, ())
    assert history.table.oldest == 1


def test_a_total_of_old_parts_only_may_be_of_one_version() -> None:
    """Beside a held cell stands one that never changed: together they are version 1's number."""
    history = History(one_each((0, 0, 0), "ABCDE") + one_each((0, 1, 0), "ABCDE"))
    history.advance(one_each((0, 0, 0), "ABCDEF") + one_each((0, 1, 0), "ABCDE"))
    (both,) = answer(history.table, group_by=(), measures=())
    assert (both.rows, both.as_of, both.older) == (10, 1, ())


def test_a_change_that_is_taken_back_is_no_longer_held() -> None:
    """Once the data are again as they were shown, the value is current."""
    history = History(one_each((0, 0, 0), "ABCDE"))
    assert history.advance(one_each((0, 0, 0), "ABCDEF")).held
    assert not history.advance(one_each((0, 0, 0), "ABCDE")).held
    (only,) = answer(history.table, group_by=(), measures=())
    assert (only.rows, only.as_of) == (5, None)


@pytest.mark.parametrize(("zeros", "rows"), [("shown", 0), ("hidden", 5)])
def test_a_cell_that_empties_is_shown_empty_only_if_zeros_are(zeros: str, rows: int) -> None:
    """With hidden zeros an emptied safe cell keeps its old value."""
    history = History(one_each((0, 0, 0), "ABCDE"), zeros=zeros)
    history.advance([])
    (only,) = answer(history.table, group_by=(), measures=())
    assert only.rows == rows
    assert (only.as_of == 1) == (zeros == "hidden")


def test_a_third_version_does_not_give_away_what_the_second_hid() -> None:
    """Five come with a victim, then the five leave: third minus first would be the victim."""
    first, second = one_each((0, 0, 0), "ABCDE"), one_each((0, 0, 0), "ABCDEVWXYZ?")
    history = History(first)
    assert history.advance(second).updated == {0}
    renewal = history.advance(one_each((0, 0, 0), "ABCDE?"))
    assert renewal.held == {0}
    (only,) = answer(history.table, group_by=(), measures=())
    assert (only.rows, only.as_of) == (11, 2)
    assert history.advance(first).updated == {0}  # the same as an earlier value: nothing new


def test_changes_that_cancel_are_still_changes() -> None:
    """One customer leaves and one comes: the total is the same, the value stays held."""
    history = History(one_each((0, 0, 0), "ABCDE"))
    renewal = history.advance(one_each((0, 0, 0), "ABCDF"))
    assert renewal.held == {0}


def test_new_cells_are_merged_among_themselves() -> None:
    """Newly filled cells join each other, never a safe cell that was shown before."""
    rows = one_each((0, 0, 0), "ABCDE")
    history = History(rows)
    renewal = history.advance(rows + one_each((0, 0, 1), "AB") + one_each((0, 0, 2), "CD"))
    assert {history.table.members(i) for i in renewal.added} == {((0, 0, 1), (0, 0, 2))}
    assert not renewal.updated


def test_new_cells_that_stay_unsafe_are_still_answered_as_empty() -> None:
    """They keep their old value, nothing, marked with its version, until they are safe."""
    rows = one_each((0, 0, 0), "ABCDE")
    history = History(rows)
    assert not history.advance(rows + one_each((1, 0, 0), "A")).added
    found = {one.key: one for one in answer(history.table, group_by=[0], measures=())}
    assert (found[1,].status, found[1,].as_of) == ("empty", 1)
    history.advance(rows + one_each((1, 0, 0), "AB"))
    found = {one.key: one for one in answer(history.table, group_by=[0], measures=())}
    assert (found[1,].status, found[1,].as_of) == ("empty", 1)
    history.advance(rows + one_each((1, 0, 0), "ABC"))
    found = {one.key: one for one in answer(history.table, group_by=[0], measures=())}
    assert (found[1,].status, found[1,].rows, found[1,].as_of) == ("released", 3, None)


def test_blocked_cells_stay_blocked_until_they_are_safe() -> None:
    """What was withheld for good is not answered as empty later, and is shown once it is safe."""
    lone = [Row((1, 0, 0), "A", (10_000, 1))]
    history = History(one_each((0, 0, 0), "ABCDE") + lone)
    assert BLOCKED in history.table.membership
    history.advance(one_each((0, 0, 0), "ABCDE") + lone * 2)
    found = {one.key: one.status for one in answer(history.table, group_by=[0], measures=())}
    assert found[1,] == "withheld"
    history.advance(one_each((0, 0, 0), "ABCDE") + one_each((1, 0, 0), "ABCDE"))
    found = {one.key: one.status for one in answer(history.table, group_by=[0], measures=())}
    assert found[1,] == "released"


def test_an_unchanged_value_keeps_its_name() -> None:
    """The name of a safe cell's content changes exactly when its value may have."""
    rows = one_each((0, 0, 0), "ABCDE") + one_each((1, 0, 0), "ABCDE")
    history = History(rows)
    names = [history.table.content_key(i) for i in (0, 1)]
    history.advance(rows + one_each((1, 0, 0), "FGHIJ"))
    assert history.table.content_key(0) == names[0]
    assert history.table.content_key(1) != names[1]


def test_codes_may_only_be_appended() -> None:
    """A later version may add codes at the end; anything else is refused."""
    table = publish(one_each((0, 0, 0), "ABCDE"))
    longer = (("a", ("a0", "a1", "a2")), *DIMENSIONS[1:])
    same = {"cells": {}, "current": {0: summed({})}, "change": {}, "salt": "00"}
    renewed = renew(table, dimensions=longer, fetch=lambda _: {}, **same)
    assert renewed.table.dimensions == longer
    swapped = (("a", ("a1", "a0")), *DIMENSIONS[1:])
    for wrong in (swapped, DIMENSIONS[:2], DIMENSIONS[::-1]):
        with pytest.raises(ValueError, match="codes appended"):
            renew(table, dimensions=wrong, fetch=lambda _: {}, **same)
