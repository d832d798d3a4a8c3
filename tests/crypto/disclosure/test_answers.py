"""Answers: what is released is exact and a sum of safe cells, whatever is asked and how often."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crypto.disclosure import ProtectedTable, answer, indicate, margins
from tests.crypto.disclosure.reference import Cell, Row, row_space, spans, total
from tests.crypto.disclosure.tables import DOMAIN, SIZES, publish, questions, row_lists

Question = tuple[list[int], frozenset[Cell] | None]


def cells_of(group_by: list[int], key: Cell, keep: frozenset[Cell] | None) -> set[Cell]:
    """The finest cells that a group speaks of."""
    return {
        cell
        for cell in DOMAIN
        if tuple(cell[d] for d in group_by) == key and (keep is None or cell in keep)
    }


def ask(table: ProtectedTable, question: Question):
    group_by, keep = question
    return answer(
        table,
        group_by=group_by,
        measures=("x", "y"),
        keep=None if keep is None else keep.__contains__,
    )


@settings(max_examples=200, deadline=None)
@given(row_lists(), questions, st.sampled_from(["shown", "hidden"]))
def test_released_numbers_are_the_plaintext_ones(
    rows: list[Row], question: Question, zeros: str
) -> None:
    """Whatever is released or said to be empty equals the plaintext answer to the last unit."""
    table = publish(rows, zeros=zeros)
    group_by, keep = question
    for one in ask(table, question):
        truth = total(rows, cells_of(group_by, one.key, keep).__contains__, 3)
        if one.status == "withheld":
            assert one.rows is None
            assert one.sums is None
        else:
            assert one.sums is not None
            assert (one.rows, *one.sums) == truth
            assert one.as_of is None


@settings(max_examples=200, deadline=None)
@given(row_lists(), questions)
def test_released_means_union_of_safe_cells(rows: list[Row], question: Question) -> None:
    """A group is released exactly when its cells with rows are a union of whole safe cells."""
    table = publish(rows)
    group_by, keep = question
    member = dict(zip(table.cells, table.membership, strict=True))
    for one in ask(table, question):
        mine = cells_of(group_by, one.key, keep) & set(table.cells)
        union = set().union(*(table.members(member[c]) for c in mine if member[c] >= 0))
        assert (one.status != "withheld") == (union == mine)
        if one.status == "released":
            assert {c for i in one.safe_cells for c in table.members(i)} == mine


@settings(max_examples=150, deadline=None)
@given(row_lists(least=10), st.lists(questions, min_size=1, max_size=12))
def test_no_series_of_questions_splits_a_safe_cell(rows: list[Row], series: list[Question]) -> None:
    """The row space of all releases holds no vector that tells cells of one safe cell apart."""
    table = publish(rows)
    vectors = []
    for question in series:
        for one in ask(table, question):
            if one.status != "withheld":
                inside = cells_of(question[0], one.key, question[1])
                vectors.append([int(cell in inside) for cell in table.cells])
    space = row_space(vectors)
    for index, size in enumerate(table.size_of):
        places = [i for i, member in enumerate(table.membership) if member == index]
        for vector in space:
            assert len({vector[i] for i in places}) == 1
        if size > 1:
            for place in places:
                assert not spans(space, [int(i == place) for i in range(len(table.cells))])
    blocked = [i for i, member in enumerate(table.membership) if member < 0]
    assert all(not vector[i] for vector in space for i in blocked)


@settings(max_examples=200, deadline=None)
@given(row_lists(least=10), questions)
def test_what_is_named_is_released_together(rows: list[Row], question: Question) -> None:
    """The groups and wider codes that a withheld group names are released as one sum."""
    table = publish(rows)
    group_by, keep = question
    member = dict(zip(table.cells, table.membership, strict=True))
    for one in ask(table, question):
        if one.status != "withheld":
            assert one.together_with == ()
            continue
        assert one.block is not None
        assert one.key in one.block.groups
        joined = {
            cell
            for key in one.block.groups
            for cell in cells_of(group_by, key, keep)
            if cell in member
        }
        grown = joined | {
            cell for c in joined if member[c] >= 0 for cell in table.members(member[c])
        }
        outside = grown - joined
        for cell in outside:  # each is named by its codes, or differs from what is asked in none
            named = dict(one.block.widen)
            kept_codes = [{c[d] for c in joined} for d in range(3)]
            assert all(cell[d] in kept_codes[d] or cell[d] in named.get(d, ()) for d in range(3))
        if one.block.releasable:
            (sum_of_all,) = answer(
                table, group_by=(), measures=(), keep=frozenset(grown).__contains__
            )
            assert sum_of_all.status == "released"
            assert sum_of_all.rows == total(rows, grown.__contains__, 3)[0]
        else:
            assert any(member[c] < 0 for c in joined)
            assert one.together_with == ()


@settings(max_examples=60, deadline=None)
@given(row_lists())
def test_a_given_domain_is_answered_in_its_order(rows: list[Row]) -> None:
    """With a domain every group of it is answered, in order, and indicated for a cohort."""
    table = publish(rows)
    domain = [(code,) for code in reversed(range(SIZES[0]))]
    found = answer(table, group_by=[0], measures=("x",), domain=domain)
    assert [one.key for one in found] == domain
    there = {row.cell[0] for row in rows}
    for one, said in zip(found, indicate(found), strict=True):
        assert (one.status == "empty") == (one.key[0] not in there)
        assert (
            said == {"released": "contribute", "empty": "empty", "withheld": "blocked"}[one.status]
        )


def test_a_total_of_nothing_is_one_empty_group() -> None:
    """An ungrouped question whose filter keeps nothing has one answer: no rows, zero."""
    table = publish([])
    (only,) = answer(table, group_by=(), measures=("x", "y"), keep=lambda _: False)
    assert (only.status, only.rows, only.sums) == ("empty", 0, (0, 0))


@pytest.mark.parametrize("group_by", [[3], [0, 0], [-1]])
def test_dimensions_that_are_not_there_are_refused(group_by: list[int]) -> None:
    """A grouping by an unknown or repeated dimension is an error, not an answer."""
    with pytest.raises(ValueError, match="distinct dimensions"):
        answer(publish([]), group_by=group_by, measures=())


def test_measures_and_groups_that_are_not_there_are_refused() -> None:
    """An unknown measure, or a group key outside the declared codes, is an error."""
    with pytest.raises(ValueError, match="a measure of the table"):
        answer(publish([]), group_by=(), measures=("z",))
    with pytest.raises(ValueError, match="codes of the table"):
        answer(publish([]), group_by=[0], measures=(), domain=[(9,)])


def test_margins_say_what_is_released() -> None:
    """A margin is complete exactly when all its groups are released."""
    rows = [Row((0, 0, code), who, (1, 1)) for code, whom in ((0, "AB"), (1, "CD")) for who in whom]
    rows += [Row((1, 0, 0), who, (1, 1)) for who in "ABC"]
    found = {margin.dimensions: margin for margin in margins(publish(rows))}
    assert found[()].complete
    assert found["a",].complete
    assert not found["a", "b", "c"].complete
    finest = found["a", "b", "c"]
    assert (finest.groups, finest.released, finest.rows) == (3, 1, 3)
