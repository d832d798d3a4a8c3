"""A provider's own part of a total: which cells it contributes to, and with what.

The session speaks of cells by the codes of its domain; here they meet the provider's own table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from connector.cohort.planning import width
from connector.cohort.shapes import shapes
from contracts.cohort.errors import CohortError
from contracts.cohort.statements import BLOCKED, CONTRIBUTES, EMPTY
from contracts.cohort.widths import check_width
from crypto.disclosure import answer
from policies.plan import keep, looks_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connector.questions.enforcement import Granted
    from contracts.cohort.session import ColumnPlan, Question
    from crypto.disclosure import GroupAnswer
    from policies.plan import BoundQuery

COUNT: Final = ""  # the measure of the column that counts rows


@dataclass(frozen=True, slots=True)
class Figures:
    """One provider's part.

    Attributes:
        marks: per cell of the domain, whether it contributes.
        columns: per column of the session, one integer per cell; 0 where it does not contribute.
        content: per cell, keys of the safe cells behind it.
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
        """Return the keys of the safe cells behind some cells, each with its cell's shape."""
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
    (4) a cell that our table cannot release, or with too few contributors for the contract, is
        blocked; codes that we do not have are empty.

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
    counted = any(output.function in {"count", "avg"} for output in bound.outputs)
    for asked, planned in zip(question.columns, columns, strict=True):
        measure = schema.measure(asked.measure)
        if asked.measure == COUNT:
            if not counted or asked.scale:
                raise _differs("column", asked.name)
        elif asked.measure not in bound.measures or measure is None:
            raise _differs("column", asked.measure)
        elif (measure.scale, measure.unit) != (asked.scale, asked.unit):
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
    measures = bound.measures
    found = {
        group.key: group
        for group in answer(
            granted.table,
            group_by=positions,
            measures=measures,
            keep=keep(bound),
            looks_at=looks_at(bound),
            domain=list(dict.fromkeys(key for key in keys if -1 not in key)),
        )
    }
    groups = [found.get(key) for key in keys]
    marks = "".join(_mark(group, granted.minimum_contributors) for group in groups)
    values = tuple(
        tuple(
            _value(group, mark, asked.measure, measures)
            for group, mark in zip(groups, marks, strict=True)
        )
        for asked in question.columns
    )
    content = tuple(
        tuple(granted.table.content_key(i) for i in group.safe_cells) if group else ()
        for group in groups
    )
    return Figures(marks, values, content, tuple(keys), tuple(positions))


def _mark(group: GroupAnswer | None, least: int) -> str:
    if group is None or group.status == "empty":
        return EMPTY
    if group.status == "withheld" or group.contributors_at_least < least:
        return BLOCKED
    return CONTRIBUTES


def _value(group: GroupAnswer | None, mark: str, measure: str, measures: tuple[str, ...]) -> int:
    if group is None or mark != CONTRIBUTES:
        return 0
    if measure == COUNT:
        return group.rows or 0
    return (group.sums or ())[measures.index(measure)]


def _differs(what: str, given: str) -> CohortError:
    return CohortError(
        f"our {what} differs from the session's: `{given}`",
        code=f"cohort.{what}.differs",
        next_step="ask providers whose products declare the same",
        given=given,
    )
