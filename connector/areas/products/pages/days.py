"""The measure of days between two columns on the page of the columns: offered, and as sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from catalog.outline_days import DaysOutline, columns_of_days, days_between
from catalog.outline_faults import field_words
from catalog.outline_words import DAYS_BETWEEN
from connector.areas.products import problems_drafts as problems
from connector.areas.products.draft_faults import field_of
from connector.areas.products.pages.wizard import number_of, read_typed
from crypto.words import verbatim

if TYPE_CHECKING:
    from catalog.outline import Outline
    from catalog.surveyed import Survey
    from connector.console.page import Visit

_FIRST: Final = -1
_TYPED: Final = ("name", "zh", "en", "lower", "upper")


def days_shown(outline: Outline, survey: Survey, usable: tuple[bool, ...]) -> dict[str, Any] | None:
    """Gives the measure of days as it stands, or what could be one; None without two columns."""
    guess = days_between(survey, usable)
    if guess is None:
        return None
    stands = next(iter(outline.days), None)
    return {
        "used": stands is not None,
        "is": stands or guess,
        "columns": [
            (place, verbatim(survey.columns[place].source))
            for place in columns_of_days(survey, usable)
        ],
    }


def days_sent(visit: Visit) -> tuple[DaysOutline, ...] | None:
    """Reads what was sent of it; None from a page that has none, so that it stays."""
    at = "d0_"
    if f"{at}later" not in visit.given:
        return None
    if visit.sent(f"{at}use") != "yes":
        return ()
    told: dict[str, Any] = {key: visit.sent(at + key).strip() for key in _TYPED}
    for key in ("later", "earlier"):
        sent = visit.sent(at + key)
        found = number_of(sent)
        told[key] = sent if found is None else found
    fields = {key: (field_of(_FIRST, key), field_words(key)) for key in told if key != "en"}
    made = read_typed(DaysOutline, told, fields, problems.COLUMN_FIELD, column=DAYS_BETWEEN)
    return (made,)
