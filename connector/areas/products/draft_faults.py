"""Refusals of what was decided in a draft, by column and field; never of a product file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from catalog.errors import ProductError
from catalog.outline_faults import faults_of, field_words, typed_at
from catalog.outline_words import DAYS_BETWEEN
from catalog.product_file import read_product
from connector.areas.products import problems_drafts as problems
from connector.areas.products.draft_rows import decided
from connector.areas.products.publish import read_declared
from connector.process.errors import BadRequest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from catalog.outline import Outline
    from catalog.surveyed import Survey
    from connector.areas.products.rows import ProductDraftRow
    from crypto.words import Spoken

# keys of a product file that the form of the offer asks for: its field, and what it is called
ASKED: Final[Mapping[str, tuple[str, Spoken]]] = {
    "id": ("id", problems.F_ID),
    "table": ("table", problems.F_TABLE),
    "domain": ("domain", problems.F_DOMAIN),
    "level": ("level", problems.F_LEVEL),
    "zone": ("zone", problems.F_ZONE),
    "title": ("title_zh", problems.F_TITLE),
    "description": ("about_zh", problems.F_ABOUT),
    "recipients": ("recipients", problems.F_RECIPIENTS),
    "purposes": ("other", problems.F_PURPOSES),
    "valid_until": ("until", problems.F_UNTIL),
    "count": ("count", problems.F_COUNT),
    "min_group_size": ("minimum", problems.F_MINIMUM),
}
_OF_COLUMNS: Final[Mapping[str, Spoken]] = {
    "dimension": problems.F_DIMENSIONS,
    "measure": problems.F_MEASURES,
    "contributor": problems.F_CONTRIBUTOR,
}


def field_of(place: int, key: str) -> str:
    """Names a field of a column, as its page does."""
    return f"c{place}_{key}" if place >= 0 else f"d{-1 - place}_{key}"


def _called(survey: Survey, place: int) -> Spoken | str:
    return survey.columns[place].source[:80] if place >= 0 else DAYS_BETWEEN


def check_typed(outline: Outline, survey: Survey, before: Outline) -> None:
    """Refuses the first field in which something was typed that cannot be taken.

    Raises:
        BadRequest: Which column, which field, what it should be.
    """
    for fault in faults_of(outline, survey, before):
        raise BadRequest(
            problems.COLUMN_FIELD,
            column=_called(survey, fault.place),
            what=field_words(fault.key),
            expected=fault.expected,
            got=fault.got,
            field=field_of(fault.place, fault.key),
        )


def check_whole(row: ProductDraftRow) -> None:
    """Refuses a draft whose product file would not be taken.

    Raises:
        BadRequest: What is wrong, said of what was asked for.
    """
    if row.outline:
        _check(row, confirmed=False)
    else:  # a new data version of what stands
        read_declared(row.text)


def check_confirmed(row: ProductDraftRow) -> None:
    """Refuses what is wrong with a column that was confirmed: others are still being decided.

    Raises:
        BadRequest: Which column, which field, what it should be.
    """
    _check(row, confirmed=True)


def _check(row: ProductDraftRow, *, confirmed: bool) -> None:
    outline, survey = decided(row)
    try:
        read_product(row.text)
    except ProductError as error:
        at = typed_at(error, outline, survey)
        if not confirmed or (at is not None and _confirmed(outline, at[0])):
            raise _said(error, survey, at) from error


def _confirmed(outline: Outline, place: int) -> bool:
    return place < 0 or outline.columns[place].confirmed


def _said(error: ProductError, survey: Survey, at: tuple[int, str] | None) -> BadRequest:
    expected = error.params.get("expected")
    got = error.params.get("got")
    if expected is None:
        return BadRequest.of(error)
    facts: dict[str, Any] = {"expected": expected, "got": got}
    if at is not None:
        place, key = at
        return BadRequest(
            problems.COLUMN_FIELD,
            column=_called(survey, place),
            what=field_words(key),
            field=field_of(place, key),
            **facts,
        )
    first = error.field.partition("[")[0].partition(".")[0]
    if what := _OF_COLUMNS.get(first):
        return BadRequest(problems.COLUMNS_FIELD, what=what, **facts)
    if first == "offer":
        first = error.field.partition(".")[2].partition("[")[0]
    field, asked = ASKED.get(first, ("", None))
    if asked is None:
        return BadRequest.of(error).advise(problems.IN_STEPS)
    return BadRequest(problems.OFFER_FIELD, what=asked, field=field, **facts)
