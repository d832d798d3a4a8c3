"""Every released number beside its plaintext; what is missing, extra or unequal is said."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from connector.demo.plaintext import CellId, cell_id
from connector.demo.results import Cell, Check, Question, Text

_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def beside_plaintext(cells: Iterable[Cell], truth: Mapping[CellId, Decimal]) -> tuple[Cell, ...]:
    """Fill `plaintext` and `equal` of each cell; a cell of no rows is 0 in plaintext."""
    return tuple(_compared(cell, truth) for cell in cells)


def _compared(cell: Cell, truth: Mapping[CellId, Decimal]) -> Cell:
    known = truth.get(cell_id(cell.key, cell.measure), Decimal(0))
    equal = None
    if cell.value is not None:
        equal = bool(_NUMBER.fullmatch(cell.value)) and Decimal(cell.value) == known
    return replace(cell, plaintext=format(known, "f"), equal=equal)


def tally(questions: Sequence[Question]) -> Check:
    """What has to hold of many small questions together: every released number is equal."""
    released = sum(question.released for question in questions)
    unequal = [(q, cell) for q in questions for cell in q.cells if cell.equal is False]
    return Check(
        Text(
            f"{released} numbers of {len(questions)} further questions equal the plaintext",
            f"另外 {len(questions)} 个提问放出的 {released} 个数与明文结果一致",
        ),
        ok=not unequal and released > 0,
        detail=_said(*unequal[0]) if unequal else "",
    )


def _said(question: Question, cell: Cell) -> str:
    return (
        f"{question.id} {dict(cell.key)} {cell.measure}: `{cell.value}` is not `{cell.plaintext}`"
    )


def checks(question: Question, truth: Mapping[CellId, Decimal]) -> tuple[Check, ...]:
    """What has to hold of one question: all equal, none lost, none answered without ground."""
    unequal = [cell for cell in question.cells if cell.equal is False]
    given = {cell_id(cell.key, cell.measure) for cell in question.cells}
    missing = sorted(set(truth) - given)
    malformed = [cell for cell in question.cells if (cell.value is None) != bool(cell.reason)]
    return (
        Check(
            Text(
                f"`{question.id}`: {question.released} released numbers equal the plaintext",
                f"`{question.id}`：{question.released} 个放出的数与明文结果一致",
            ),
            ok=not unequal and question.released > 0,
            detail=_said(question, unequal[0]) if unequal else "",
        ),
        Check(
            Text(
                f"`{question.id}`: every cell of the plaintext answer is released or named",
                f"`{question.id}`：明文结果的每一格都已放出或注明",
            ),
            ok=not missing,
            detail=f"{len(missing)} missing, the first {missing[0]}" if missing else "",
        ),
        Check(
            Text(
                f"`{question.id}`: a cell has a value or a reason, never both or neither",
                f"`{question.id}`：每一格要么有数值，要么有原因",
            ),
            ok=not malformed,
            detail=str(dict(malformed[0].key)) if malformed else "",
        ),
    )
