"""A provider's own part of a total: which cells it contributes to, and with what.

The session speaks of cells by the codes of its domain; here they meet the provider's own table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from connector.cohort.columns import ROW_COUNT, counted, needed, width
from connector.cohort.shapes import shapes
from connector.questions.outputs import least_carriers, status_of
from contracts.cohort.errors import CohortError
from contracts.cohort.statements import BLOCKED, CONTRIBUTES, EMPTY
from contracts.cohort.widths import check_width
from crypto.disclosure.groups import answer_groups
from crypto.disclosure.statuses import Output
from policies.plan import keep, looks_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connector.questions.enforcement import Granted
    from contracts.cohort.session import AskedColumn, ColumnPlan, Question
    from crypto.disclosure.groups import GroupAnswer
    from policies.plan import BoundQuery


@dataclass(frozen=True, slots=True)
class Figures:
    """One provider's part.

    Attributes:
        marks: per cell of the domain, whether it contributes.
        columns: per column of the session, one integer per cell; 0 where it does not contribute.
        content: per cell, keys of the base cells inside it.
        keys: per cell, code indices in our own table; -1 for a code that we do not have.
        positions: which dimensions those are.
    """

    marks: str
    columns: tuple[tuple[int, ...], ...]
    content: tuple[tuple[str, ...], ...]
    keys: tuple[tuple[int, ...], ...]
    positions: tuple[int, ...]

    def of(self, cells: tuple[int, ...]) -> tuple[tuple[int, ...], ...]:
        """Return the columns at some cells only."""
        return tuple(tuple(column[i] for i in cells) for column in self.columns)

    def content_of(self, bound: BoundQuery, cells: Sequence[int]) -> dict[str, str]:
        """Return the keys of the base cells inside some cells, each with its cell's shape."""
        # by declared codes, not by who holds what: neither work nor its limit may tell that
        ours = [i for i in cells if -1 not in self.keys[i]]
        named = shapes(bound, self.positions, [self.keys[i] for i in ours])
        return {key: shape for i, shape in zip(ours, named, strict=True) for key in self.content[i]}


def figures(granted: Granted, columns: Sequence[ColumnPlan], question: Question) -> Figures:
    """Answer a session's cells from our protected table.

    What is refused here depends on what is declared, never on a figure: a refusal costs the asker
    nothing, and one that depended on a figure would tell it, bound by bound.

    (1) the dimensions are those that the question groups by;
    (2) each column is a sum or count that the contract granted, at our scale and in our unit;
    (3) each column has room for whatever our declaration allows, so for our figures, unseen;
    (4) a cell of which our table releases not all that is asked, or with too few contributors for
        the contract, is blocked; one without rows is empty, as are codes that we do not have.

    Args:
        granted: what the contract grants.
        columns: the session's, in the order of the question's.
        question: the session's question.

    Raises:
        CohortError: (1), (2) or (3) fails: the providers do not mean the same by the question, or
            the session is narrower than they declare.
    """
    bound, schema = granted.bound, granted.bound.schema
    # (1)
    names = [schema.dimensions[index].name for index in bound.group_by]
    if sorted(names) != sorted(question.group_by):
        raise _differs("dimension", ", ".join(question.group_by))
    positions = [bound.group_by[names.index(name)] for name in question.group_by]
    # (2)
    meant = needed(bound)
    for asked, planned in zip(question.columns, columns, strict=True):
        if asked.measure not in meant:
            raise _stranger(bound, asked)
        if meant[asked.measure] != (asked.unit, asked.scale):
            raise _differs("unit", asked.measure)
        # (3)
        check_width(planned, width(schema, asked))
    # (4)
    dimensions = granted.table.dimensions  # not the schema's: it may have newer codes
    codes = [{code: i for i, code in enumerate(dimensions[p][1])} for p in positions]
    keys = [
        tuple(known.get(code, -1) for known, code in zip(codes, cell, strict=True))
        for cell in question.cells
    ]
    found = {
        group.key: group
        for group in answer_groups(
            granted.table,
            group_by=positions,
            outputs=[_output(asked) for asked in question.columns],
            keep=keep(bound),
            looks_at=looks_at(bound),
            domain=list(dict.fromkeys(key for key in keys if -1 not in key)),
        )
    }
    groups = [found.get(key) for key in keys]
    marks = "".join(_mark(group, least_carriers(granted)) for group in groups)
    values = tuple(
        tuple(
            group.outputs[place].values[0] if group and mark == CONTRIBUTES else 0
            for group, mark in zip(groups, marks, strict=True)
        )
        for place in range(len(question.columns))
    )
    content = tuple(
        tuple(granted.table.content_key(i) for i in group.base) if group else () for group in groups
    )
    return Figures(marks, values, content, tuple(keys), tuple(positions))


def _output(asked: AskedColumn) -> Output:
    """Return what a column adds up, as the table is asked for it."""
    if asked.measure == ROW_COUNT:
        return Output("rows")
    measure = counted(asked.measure)
    return Output("sum", asked.measure) if measure is None else Output("count", measure)


def _mark(group: GroupAnswer | None, least: int) -> str:
    """Say whether we contribute: only where all that is asked is released."""
    statuses = {status_of(output, least) for output in group.outputs} if group else {"empty"}
    if statuses == {"empty"}:
        return EMPTY
    return CONTRIBUTES if statuses == {"released"} else BLOCKED


def _stranger(bound: BoundQuery, asked: AskedColumn) -> CohortError:
    """Refuse a column that the question does not need."""
    if asked.measure == ROW_COUNT and any(output.function == "avg" for output in bound.outputs):
        return CohortError(
            "the session divides by rows, not by how many have a value: its connector is older",
            code="cohort.older_asker",
            next_step="upgrade the asker's connector",
        )
    return _differs("column", asked.measure or asked.name)


def _differs(what: str, given: str) -> CohortError:
    return CohortError(
        f"our {what} differs from the session's: `{given}`",
        code=f"cohort.{what}.differs",
        next_step="ask providers whose products declare the same",
        given=given,
    )
