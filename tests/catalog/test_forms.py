"""Guessing how texts are written: whatever is written in a way is read in it, or in a likelier one."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.draft_roles import bounds_of
from catalog.forms import Form, candidates, differs, fits, is_nothing, settled
from catalog.time_formats import DIRECTIVES, readable

DAYS = st.dates(min_value=date(1970, 1, 1), max_value=date(2068, 12, 31))
FORMATS = ("%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y", "%Y年%m月%d日", "%d-%b-%y", "%Y%m%d", "%b %d, %Y")


def grouped(number: int, mark: str) -> str:
    return f"{number:,}".replace(",", mark)


@given(st.lists(DAYS, min_size=1, max_size=20), st.sampled_from(FORMATS))
def test_days_are_recognised_in_their_format(days: list[date], text: str):
    """The format that they were written in is among the ways, and each way reads every day."""
    texts = [day.strftime(text) for day in days]
    found = candidates(texts)
    assert Form(type="date", format="" if text == "%Y-%m-%d" else text) in found
    assert all(fits(form, each) for form in found for each in texts)


@given(st.lists(st.integers(-(10**17), 10**17), min_size=1, max_size=20))
def test_whole_numbers_are_whole_numbers(numbers: list[int]):
    """Plain ones first of all as they are, unless all could be days."""
    found = candidates([str(number) for number in numbers])
    assert Form(type="integer") in found
    assert found[0].type in ("integer", "date")


@given(
    st.lists(st.integers(1000, 10**9), min_size=1, max_size=9),
    st.sampled_from([(".", ","), (",", "."), ("'", "."), ("\u00a0", ","), ("\u202f", ",")]),
)
def test_groups_and_decimal_marks_are_told_apart(numbers: list[int], marks: tuple[str, str]):
    """Numbers with both marks can be read in one way alone."""
    thousands, decimal = marks
    texts = [f"{grouped(number, thousands)}{decimal}25" for number in numbers]
    (form,) = candidates(texts)
    assert form == Form(type="decimal", thousands=thousands, decimal=decimal)


@given(st.lists(st.text(min_size=1), min_size=1, max_size=5))
def test_no_text_is_an_error(texts: list[str]):
    """Whatever stands in a column: each way that is found reads all of it."""
    for form in candidates(texts):
        assert all(fits(form, text) for text in texts)


@pytest.mark.parametrize(
    ("texts", "form"),
    [
        (["12,5 %", "7%"], Form(type="decimal", decimal=",", percent=True)),
        (["ja", "nein", "Ja"], Form(type="boolean", true=("Ja", "ja"), false=("nein",))),
        (["是", "否"], Form(type="boolean", true=("是",), false=("否",))),
        (["true", "FALSE"], Form(type="boolean")),
        (["2026-02-03 09:30"], Form(type="timestamp")),
        (["2026-02-03T09:30:00+08:00"], Form(type="timestamp", zoned=True)),
        (["2/13/2026 1:05 PM"], Form(type="timestamp", format="%-m/%-d/%Y %-I:%M %p")),
        (["13/02/2026"], Form(type="date", format="%d/%m/%Y")),
        (["1.5", "2"], Form(type="decimal")),
    ],
)
def test_what_is_written_in_one_way_is_read_so(texts: list[str], form: Form):
    """The likeliest way."""
    assert candidates(texts)[0] == form


@pytest.mark.parametrize(
    "texts", [["007", "008"], ["1e5"], ["+5"], [" 5"], ["31.02.2026"], ["1", "x"], ["0x10"], []]
)
def test_what_no_column_takes_stays_text(texts: list[str]):
    """Zeros in front are part of a name; a day that the calendar lacks is none."""
    assert candidates(texts) == ()


def test_a_doubtful_column_is_read_as_the_others_are():
    """`1.234` is whole beside `0,5`, and has three places beside nothing."""
    doubtful, sure = candidates(["1.234", "5.678"]), candidates(["0,5"])
    assert settled([doubtful])[0][0] == Form(type="decimal")
    assert settled([doubtful, sure])[0][0] == Form(type="integer", thousands=".", decimal=",")
    assert differs(*settled([doubtful])[0][:2])
    days = candidates(["01/02/2026"]), candidates(["02/13/2026"])
    assert settled(days)[0][0].format == "%m/%d/%Y"
    assert candidates(["1.234", "7"])[0] == Form(type="integer", thousands=".", decimal=",")
    assert candidates(["1.5", "7"]) == (Form(type="decimal"),)
    plain = candidates(["20260203"]), candidates(["1.5"]), candidates(["7"])
    assert settled(plain)[0][0] == Form(type="date", format="%Y%m%d")
    assert not differs(Form(type="date"), Form(type="date", format="%Y-%-m-%-d"))


def test_words_for_nothing():
    """Few, and only in these spellings."""
    assert all(map(is_nothing, ("NA", "n/a", "NULL", "-", "无", "#N/A")))
    assert not any(map(is_nothing, ("", " NA", "0", "AIR", "no")))


@given(st.decimals(-(10**9), 10**9, places=3), st.decimals(-(10**9), 10**9, places=3))
def test_bounds_are_round_and_hold_all(one: Decimal, other: Decimal):
    """With a margin; two digits that count, and 0 where nothing is beyond it."""
    low, high = min(one, other), max(one, other)
    lower, upper = bounds_of(low, high)
    assert lower <= low <= high <= upper or (lower == 0 < low) or (upper == 0 > high)
    assert upper >= high * Decimal("1.1") or high <= 0
    for bound in (lower, upper):
        assert len(bound.normalize().as_tuple().digits) <= 2


def test_patterns_need_nothing_that_re2_lacks():
    """Neither look-around nor back-references."""
    for form in candidates(["2026-02-03"]) + candidates(["1,234.5"]) + candidates(["ja", "nein"]):
        assert not re.search(r"\(\?[=!<](?!P)|\\[1-9]", form.pattern.replace("(?P<", "("))


def test_a_format_is_read_as_people_write_it():
    """Every directive has letters; what is no directive stays."""
    assert readable("%d.%m.%Y") == "DD.MM.YYYY"
    assert readable("%Y年%-m月%-d日 %H:%M") == "YYYY年M月D日 HH:MM"
    assert all("%" not in readable(one) for one in DIRECTIVES if one != "%%")
