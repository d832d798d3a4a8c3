"""What groups of a question would be released together."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from crypto.disclosure.declaration import Declaration, Protection
from crypto.disclosure.groups import Block
from crypto.disclosure.guarded_table import DataVersion, GuardedTable
from crypto.disclosure.statuses import Output
from tests.crypto.disclosure.published_tables import (
    all_cells,
    all_outputs,
    answer_cells,
    asked,
    published,
    questions,
    within,
)

if TYPE_CHECKING:
    from crypto.disclosure.published import PublishedTable
    from crypto.disclosure.table import CellKey, GroupKey
    from tests.crypto.disclosure.published_tables import Kept

SEEDS = range(250)


@pytest.mark.long
def test_a_block_is_the_least_that_no_cell_reaches_out_of() -> None:
    """It is closed, hangs together, and is released as one exactly if it says so."""
    releasable: Counter[bool] = Counter()
    widened = 0
    for seed in SEEDS:
        for table, group_by, kept in questions(seed):
            outputs = all_outputs(table.table)
            answers = asked(table, group_by, kept)
            sets = {key: within(table, group_by, kept, key) for key in answers}
            for key, one in answers.items():
                for i, (output, block) in enumerate(zip(one.outputs, one.blocks, strict=True)):
                    assert (block is not None) == (output.status in ("merged", "blocked"))
                    if block is None:
                        continue
                    assert key in block.groups
                    assert list(block.groups) == sorted(block.groups)
                    if output.status == "blocked":
                        assert not block.releasable
                    union, groups = closure(table, sets, key, outputs[i])
                    assert set(block.groups) == groups
                    status = answer_cells(table.table, union, [outputs[i]]).outputs[0].status
                    assert block.releasable == (status in ("released", "empty")), status
                    based = {cell for keys in table.table.base for cell in keys}
                    wider = widening(union & based, kept) if block.releasable else ()
                    assert block.widen == wider
                    releasable[block.releasable] += 1
                    widened += bool(block.widen)
                    for other in block.groups:
                        if answers[other].outputs[i].status != "withheld":  # an average's sum
                            assert answers[other].blocks[i] == block
    assert min(releasable[True], releasable[False], widened) >= 100


def of_two_versions(*, pending: bool) -> PublishedTable:
    """Two columns of two cells, each a base cell.

    Either both are new in version 2, in which a fifth cell waits; or the second keeps what it
    showed in version 1, and the first, half blocked then, has become empty.
    """
    base = (((0, 0), (1, 0)), ((0, 1), (1, 1)))
    texts = [("", "b"), ("a", "b")] if pending else [("b",), ("c", "")]
    shown = ("a", "c") if pending else ("b", "")
    cells = base if pending else base[::-1]
    versions = [
        DataVersion(
            values=((9,),) * len(true),
            since=(number,) * len(true),
            shown=shown if number == 2 else true,
            true=shown if number == 2 and pending else true,
            carriers=((9,) * len(true),),
            held=(),
            blocked=((0, 0),) if number == 1 and not pending else (),
            pending=((0, 2),) if number == 2 and pending else (),
        )
        for number, true in enumerate(texts, 1)
    ]
    table = GuardedTable(
        declaration=Declaration(sizes=(2, 3), measures=()),
        base=cells,
        cells=((),),
        withheld=((),),
        extremes=None,
        versions=tuple(versions),
    )
    return published(table)


@pytest.mark.parametrize("pending", [True, False])
def test_a_union_of_no_version_is_not_releasable(*, pending: bool) -> None:
    """Though each of its base cells is of one: what waits in it, or was blocked, counts as well."""
    table = of_two_versions(pending=pending)
    kept = None if pending else frozenset(all_cells(table.table)) - {(0, 0)}
    answers = asked(table, (0,), kept)
    sets = {key: within(table, (0,), kept, key) for key in answers}
    union, groups = closure(table, sets, (0,), Output("rows"))
    assert groups == {(0,), (1,)}
    assert answer_cells(table.table, union, [Output("rows")]).outputs[0].status == "mixed"
    for one in answers.values():
        assert one.outputs[0].status == "merged"
        assert one.blocks[0] == Block(tuple(sorted(groups)), (), releasable=False)
    may_mix = Protection(mixed_versions=True)
    declaration = replace(table.table.declaration, protection=may_mix)
    mixed = published(replace(table.table, declaration=declaration))
    assert all(one.blocks[0].releasable for one in asked(mixed, (0,), kept).values())


def closure(
    table: PublishedTable, sets: dict[GroupKey, set[CellKey]], key: GroupKey, output: Output
) -> tuple[set[CellKey], set[GroupKey]]:
    """Takes in cells until none reaches out, plainly."""
    inner = table.table
    names = [figure.name for figure in inner.figures]
    figures = [0] if output.kind == "rows" else []
    if output.kind in ("sum", "average"):
        figures.append(names.index(output.measure))
    if output.kind in ("count", "average"):
        figures.append(inner.figures[names.index(output.measure)].weight)
    cells = [set(keys) for keys in inner.base]
    for i in figures:
        for bits in inner.cells[i]:
            base = [keys for c, keys in enumerate(inner.base) if bits >> c & 1]
            cells.append({key for keys in base for key in keys})
    union, groups = set(sets[key]), {key}
    while True:
        before = len(union), len(groups)
        for cell in cells:
            if cell & union:
                union |= cell
        for other, inside in sets.items():
            if inside & union & {k for keys in inner.base for k in keys}:
                groups.add(other)
                union |= inside
        if (len(union), len(groups)) == before:
            return union, groups


def widening(union: set[CellKey], kept: Kept) -> tuple[tuple[int, tuple[int, ...]], ...]:
    """The codes of what the filter leaves out that nothing inside it has."""
    outside = set() if kept is None else union - kept
    found = []
    for d in range(len(next(iter(union)))):
        named = {key[d] for key in outside} - {key[d] for key in union - outside}
        if named:
            found.append((d, tuple(sorted(named))))
    return tuple(found)
