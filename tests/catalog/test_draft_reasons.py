"""Why a column is left out of a first draft: each by the rule that spoke against it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from catalog import draft_reason_words as words
from catalog.draft_reasons import reasons_of
from catalog.draft_roles import MOST_MEASURES, roles_of
from catalog.forms import TEXT, Form
from catalog.surveyed import ColumnSurvey, Survey
from crypto.words import Filled, Words

INTEGER = Form(type="integer")
DATE = Form(type="date", format="%Y-%m-%d")


def column(source: str, **found: Any) -> ColumnSurvey:
    given: dict[str, Any] = {"form": TEXT, "distinct": 200, "longest": 10}
    return ColumnSurvey(source=source, **(given | found))


def number(source: str, **found: Any) -> ColumnSurvey:
    known = {"form": INTEGER, "distinct": 300, "low": Decimal(1), "high": Decimal(900)}
    return column(source, **(known | found))


def coded(source: str, count: int = 3, **found: Any) -> ColumnSurvey:
    codes = tuple(f"c{n}" for n in range(count))
    return column(source, **({"codes": codes, "distinct": count} | found))


CUSTOMER = column("customer", distinct=40)
DAY = column("shipped", form=DATE, distinct=90, low=Decimal(2024), high=Decimal(2025))
CASES = {
    "mail": (column("e-mail"), words.PRIVATE),
    "long": (column("sayings", longest=300), words.LONG),
    "id": (column("order no", distinct=900), words.AN_ID),
    "twice": (column("thing", distinct=990), words.HARDLY_TWICE),
    "many": (column("town of it", distinct=200), words.MANY),
    "rare": (coded("way", rare=2), words.RARE),
    "rows": (coded("colour", 300), words.FEW_ROWS),
    "one": (coded("plant", 1), words.ONE_VALUE),
    "unsound": (coded("kind", codes=("a", " "), distinct=2), words.UNSOUND),
    "empty": (column("nothing", distinct=0, empty=1000), words.NO_VALUES),
    "calendar": (number("year", distinct=90), words.CALENDAR_MANY),
    "large": (number("mass", high=Decimal(10) ** 20), words.TOO_LARGE),
    "date": (
        column("received", form=DATE, distinct=90, low=Decimal(2024), high=Decimal(2025)),
        words.ANOTHER_DATE,
    ),
    "dateless": (
        column("paid", form=DATE, distinct=9, low=Decimal(2024), high=Decimal(2025), empty=3),
        words.WITHOUT,
    ),
    "far": (
        column("built", form=DATE, distinct=9, low=Decimal(1), high=Decimal(2025)),
        words.YEARS,
    ),
    "times": (column("moment", form=Form(type="timestamp", format="iso")), words.TIMES),
    "nested": (column("list", unreadable=True), words.NESTED),
    "header": (column(" "), words.UNNAMEABLE),
}


@pytest.mark.parametrize("case", CASES)
def test_each_column_that_is_left_out_says_why(case: str) -> None:
    """Beside a customer and a day, which are taken."""
    odd, expected = CASES[case]
    survey = Survey(rows=1000, columns=(CUSTOMER, DAY, odd))
    usable = (True, True, case not in ("nested", "header"))
    roles = roles_of(survey, usable)
    assert 2 not in (roles.contributor, *roles.dimensions, *roles.measures), roles
    said = reasons_of(survey, usable)[2]
    assert (said.words if isinstance(said, Filled) else said) == expected
    for language in ("zh", "en"):
        assert "—" not in said.said(language), "a place that nothing fills"


def test_what_is_one_too_many_says_so() -> None:
    """More measures and dimensions than are chosen; what was chosen is a person's to leave out."""
    amounts = [number(f"amount {n}") for n in range(MOST_MEASURES + 1)]
    ways = [coded(f"way {n}", 60) for n in range(4)]
    survey = Survey(rows=1000, columns=(CUSTOMER, *amounts, *ways))
    said = reasons_of(survey, (True,) * len(survey.columns))
    assert said[0] == words.BY_A_PERSON
    last = said[len(amounts)]
    assert isinstance(last, Filled)
    assert last.words == words.MORE_MEASURES
    assert words.MORE_CELLS in said


def test_the_reasons_are_in_both_languages() -> None:
    said = [one for one in vars(words).values() if isinstance(one, Words)]
    assert len({one.zh for one in said}) == len({one.en for one in said}) == len(said)
