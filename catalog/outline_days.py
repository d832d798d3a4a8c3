"""A measure that no column holds: the days between two columns, such as how late it came."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Final

from crypto.records import Range, Text

if TYPE_CHECKING:
    from catalog.surveyed import Survey

MOST_PLACE: Final = 499
_PROMISED: Final = re.compile(
    r"(?i)promis|plan|due|schedul|expect|request|target|order|start|begin|承诺|计划|预计|预期|要求|应|下单|开始"
)
_ACTUAL: Final = re.compile(
    r"(?i)actual|receiv|deliver|ship|arriv|finish|complet|end|paid|实际|收货|到货|交付|交货|发货|签收|完成|结束"
)
EARLIEST: Final = "-30"  # days, until a person says what is plausible
LATEST: Final = "90"


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysOutline:
    """Days from one column to another, as a measure.

    Attributes:
        later: place of the column from which is taken.
        earlier: place of the column that is taken away.
        name: as questions write it.
        zh: what it means, in Chinese.
        en: what it means, in English.
        lower: of its bounds, in whole days.
        upper: of its bounds, in whole days.
    """

    later: Annotated[int, Range(0, MOST_PLACE)]
    earlier: Annotated[int, Range(0, MOST_PLACE)]
    name: Annotated[str, Text(63, empty=True)] = "days_late"
    zh: Annotated[str, Text(200, empty=True)] = ""
    en: Annotated[str, Text(200, empty=True)] = ""
    lower: Annotated[str, Text(40, empty=True)] = EARLIEST
    upper: Annotated[str, Text(40, empty=True)] = LATEST


def columns_of_days(survey: Survey, usable: tuple[bool, ...]) -> tuple[int, ...]:
    """Returns the places of the columns of days."""
    return tuple(
        place
        for place, column in enumerate(survey.columns)
        if usable[place] and column.form.type == "date"
    )


def days_between(survey: Survey, usable: tuple[bool, ...]) -> DaysOutline | None:
    """Returns what may be offered of columns of days: actual less promised; None without two."""
    places = columns_of_days(survey, usable)
    if len(places) < 2:
        return None
    headers = {place: survey.columns[place].source for place in places}
    promised = [place for place in places if _PROMISED.search(headers[place])]
    actual = [p for p in places if _ACTUAL.search(headers[p]) and p not in promised]
    earlier = next(iter(promised), next(p for p in places if p not in actual[:1]))
    later = next((p for p in (*actual, *places) if p != earlier), places[-1])
    return DaysOutline(later=later, earlier=earlier)
