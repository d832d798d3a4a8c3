"""Why a column is left out of a first draft: the rule of `draft_roles` that spoke against it.

What is said is for the owner alone: it tells of values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from catalog import draft_reason_words as words
from catalog.draft_names import nameable
from catalog.draft_roles import (
    MOST_WHOLE,
    MOST_YEARS,
    is_calendar,
    is_id,
    is_private,
    named_id,
    named_private,
    roles_of,
)
from catalog.surveyed import FEWEST, MOST_CODES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from catalog.draft_roles import Roles
    from catalog.surveyed import ColumnSurvey, Survey
    from crypto.words import Spoken

_NUMBERS: Final = ("integer", "decimal")


def reasons_of(survey: Survey, usable: Sequence[bool]) -> tuple[Spoken, ...]:
    """Says of each column why a draft leaves it out; of one that it takes, that a person did.

    Args:
        survey: What the file holds.
        usable: Per column, whether a product file can declare it.
    """
    roles = roles_of(survey, usable)
    fit = nameable([column.source for column in survey.columns])
    return tuple(
        _reason(survey, place, roles, ok=usable[place], named=fit[place])
        for place in range(len(survey.columns))
    )


def _reason(survey: Survey, place: int, roles: Roles, *, ok: bool, named: bool) -> Spoken:
    column = survey.columns[place]
    if not ok or column.unreadable:
        if not named:
            return words.UNNAMEABLE
        return words.FAULTY.of(fault=column.fault) if column.fault else words.NESTED
    if not column.distinct:
        return words.NO_VALUES
    if place == roles.contributor or place in (*roles.dimensions, *roles.measures):
        return words.BY_A_PERSON
    if is_private(column):
        return words.PRIVATE if named_private(column) else words.LONG.of(count=column.longest)
    if place in roles.more_measures:
        return words.MORE_MEASURES.of(count=len(roles.measures))
    if place in roles.more_dimensions:
        timed = column.form.type == "date" and any(
            survey.columns[other].form.type == "date" for other in roles.dimensions
        )
        return words.ANOTHER_DATE if timed else words.MORE_CELLS
    return _of_values(column, survey.rows)


def _of_values(column: ColumnSurvey, rows: int) -> Spoken:
    kind = column.form.type
    if kind == "timestamp":
        return words.TIMES
    if kind == "date":
        span = int(column.high - column.low) + 1 if column.high and column.low else 0
        return words.WITHOUT.of(count=column.empty) if span <= MOST_YEARS else words.YEARS
    if kind != "boolean" and is_id(column, rows):
        return words.AN_ID if named_id(column) else words.HARDLY_TWICE
    if column.distinct < 2:
        return words.ONE_VALUE
    if kind in _NUMBERS:
        if not is_calendar(column):
            return words.TOO_LARGE
        if not 0 < len(column.codes) <= MOST_WHOLE:
            return words.CALENDAR_MANY
        return words.RARE.of(count=column.rare, least=FEWEST) if column.rare else words.CALENDAR
    if not column.codes:
        return words.MANY.of(count=column.distinct, most=MOST_CODES)
    if column.rare:
        return words.RARE.of(count=column.rare, least=FEWEST)
    if 4 * len(column.codes) > rows:
        return words.FEW_ROWS.of(count=len(column.codes))
    if column.empty and kind == "boolean":
        return words.WITHOUT.of(count=column.empty)
    return words.UNSOUND
