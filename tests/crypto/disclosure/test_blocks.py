"""What groups of a question would be released together."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from tests.crypto.disclosure.published_tables import (
    all_outputs,
    answer_cells,
    asked,
    questions,
    within,
)

if TYPE_CHECKING:
    from crypto.disclosure.published import PublishedTable
    from crypto.disclosure.statuses import Output
    from crypto.disclosure.table import CellKey, GroupKey
    from tests.crypto.disclosure.published_tables import Kept

SEEDS = range(250)


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
