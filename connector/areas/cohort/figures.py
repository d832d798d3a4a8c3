"""A provider's own part of a total: which figures are released, and its part of them.

Which figures are released follows from the question and the cohort table alone, so all providers of
a session find the same, and it tells nothing of who contributes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from connector.areas.cohort import problems
from connector.areas.cohort.columns import ROW_COUNT, needed, width
from connector.process.errors import Refused
from contracts.cohort.errors import CohortError, broken
from contracts.cohort.statements import CLEARED, WITHHELD
from contracts.cohort.widths import check_width
from crypto.disclosure.cohort_groups import groups_cleared
from crypto.disclosure.cohort_snapshot import total
from policies.errors import QueryError
from policies.plan import bind, keep

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from connector.areas.cohort.frozen import Frozen
    from connector.areas.questions import Granted
    from contracts.cohort.session import AskedColumn, ColumnPlan, Question
    from crypto.disclosure.table import CellKey
    from policies.plan import BoundQuery
    from policies.query import AggregateQuery


@dataclass(frozen=True, slots=True)
class Figures:
    """One provider's part.

    Attributes:
        marks: per column of the session, `1` or `0` per cell of the domain: whether it is released.
        columns: per column of the session, one integer per cell; 0 where it is not released.
    """

    marks: tuple[str, ...]
    columns: tuple[tuple[int, ...], ...]

    def of(self, cells: tuple[int, ...]) -> tuple[tuple[int, ...], ...]:
        """Return the columns at some cells only."""
        return tuple(tuple(column[i] for i in cells) for column in self.columns)


def figures(
    granted: Granted,
    cohort: Frozen,
    columns: Sequence[ColumnPlan],
    question: Question,
    *,
    spend: Callable[[int], None],
) -> Figures:
    """Answer a session's cells from our frozen figures.

    What is refused here depends on what is declared, never on a figure: a refusal costs the asker
    nothing, and one that depended on a figure would tell it, bound by bound.

    (1) the dimensions are those that the question groups by;
    (2) each column is a sum or count that the contract granted, at our scale and in our unit;
    (3) each column has room for whatever our declaration allows, so for our figures, unseen;
    (4) a column is released in a cell that is a union of the classes of its figure.

    Args:
        granted: what the contract grants.
        cohort: the product's cohort table.
        columns: the session's, in the order of the question's.
        question: the session's question.
        spend: told how many steps its filter takes on the cohort table.

    Raises:
        Refused: the question speaks of what the providers do not have in common.
        CohortError: (1), (2) or (3) fails: the providers do not mean the same by the question, or
            the session is narrower than they declare.
    """
    bound, schema = granted.bound, granted.bound.schema
    # (1)
    names = [schema.dimensions[position].name for position in bound.group_by]
    if set(question.group_by) != set(names):
        raise _differs("dimension", ", ".join(question.group_by))
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
    assert granted.plan.query is not None, "it was granted"
    group_of, unknown = _groups(cohort, question, granted.plan.query, spend)
    found = [
        _column(cohort, asked, group_of, unknown, len(question.cells)) for asked in question.columns
    ]
    return Figures(tuple(marks for marks, _ in found), tuple(values for _, values in found))


def _groups(
    cohort: Frozen, question: Question, query: AggregateQuery, spend: Callable[[int], None]
) -> tuple[Callable[[CellKey], int | None], set[int]]:
    """Return which cell of a question a finest common cell belongs to; None for the others.

    And the cells of codes that came after the table was made: nothing is known of them.
    """
    schema = cohort.common.schema
    try:
        bound = bind(query, schema, spend=spend)
    except QueryError as error:
        raise Refused.of(error) from error
    kept = keep(bound)
    places = [[d.name for d in schema.dimensions].index(name) for name in question.group_by]
    codes = [schema.dimensions[place].codes for place in places]
    cells = {cell: number for number, cell in enumerate(question.cells)}

    @cache  # every column asks of the same cells
    def group_of(key: CellKey) -> int | None:
        if kept is not None and not kept(key):
            return None
        return cells.get(tuple([own[key[p]] for own, p in zip(codes, places, strict=True)]))

    known = [set(own) for own in codes]
    unknown = {
        number
        for cell, number in cells.items()
        if not all(code in own for code, own in zip(cell, known, strict=True))
    }
    return group_of, unknown


def _column(
    cohort: Frozen,
    asked: AskedColumn,
    group_of: Callable[[CellKey], int | None],
    unknown: set[int],
    cells: int,
) -> tuple[str, tuple[int, ...]]:
    figure = cohort.common.figure(asked.measure)
    if figure is None:
        raise _differs("column", asked.measure)
    made_of, withheld = groups_cleared(cohort.table, figure, group_of, cohort.ages)
    withheld |= unknown
    marks = [WITHHELD if cell in withheld else CLEARED for cell in range(cells)]
    sums = [total(cohort.figures, figure, made_of.get(cell, 0)) for cell in range(cells)]
    return "".join(marks), tuple(sums)


def _stranger(bound: BoundQuery, asked: AskedColumn) -> CohortError:
    """Refuse a column that the question does not need."""
    if asked.measure == ROW_COUNT and any(output.function == "avg" for output in bound.outputs):
        return broken("cohort.older-asker", problems.OLDER_ASKER, problems.OLDER_ASKER_STEP)
    return _differs("column", asked.measure or asked.name)


def _differs(what: str, given: str) -> CohortError:
    words = problems.DIFFERS[what]
    return broken(f"cohort.{what}.differs", words, problems.DIFFERS_STEP, given=given)
