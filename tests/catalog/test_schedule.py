"""Schedules: what may be written, when they are due, and which products may have one."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from catalog.errors import ProductError
from catalog.product_file import read_product
from catalog.schedule import Schedule
from crypto.words import LANGUAGES
from tests.catalog.product_texts import DELIVERIES, changed

BY_TIME = changed('name = "year"\nrange', 'name = "year_of"\nexpression = "year(promised)"\nrange')
BY_TIME = BY_TIME.replace('dimensions = ["year", "mode"]', 'dimensions = ["year_of", "mode"]')
BY_TIME = BY_TIME.replace('name = "promised"\ntype = "date"\ndisclosure = "aggregate"',
                          'name = "promised"\ntype = "date"\ndisclosure = ["aggregate", "group_key"]')  # fmt: skip
SOURCE = '\n[source]\ndatabase = "warehouse"\ntable = "deliveries"\n'


def scheduled(written: str, text: str = BY_TIME + SOURCE) -> str:
    """A product file with a schedule."""
    return f'refresh = "{written}"\n{text}'


def at(text: str, zone: str = "UTC") -> datetime:
    """An instant, by a zone's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    "written", ["every day 06:00", "every monday 23:59", "every sunday 00:00", "every month 06:30"]
)
def test_what_may_be_written(written: str) -> None:
    """A day, a day of the week, the first day of a month, each with a time."""
    assert str(read_product(scheduled(written)).refresh) == written
    assert read_product(BY_TIME + SOURCE).refresh is None


@pytest.mark.parametrize(
    "written",
    ["every hour", "every 5 minutes", "every day", "every day 24:00", "every day 6:00",
     "every Monday 06:00", "daily 06:00", "0 6 * * *", "every day 06:00 "],
)  # fmt: skip
def test_what_may_not(written: str) -> None:
    """Hours and minutes among it; the error says what there is, and why no less than a day."""
    with pytest.raises(ProductError) as caught:
        read_product(scheduled(written))
    assert caught.value.params["field"] == "refresh"
    assert "every month HH:MM" in caught.value.message
    assert "不得短于一天" in caught.value.said("zh")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (BY_TIME, "where its data come from"),
        (DELIVERIES + SOURCE, "`year`, is no time"),
        (
            (BY_TIME + SOURCE).replace("[rules]", '[rules]\non_conflict = "refuse"'),
            "nobody is there",
        ),
    ],
    ids=["no source", "no time", "refuse"],
)
def test_who_may_have_one(text: str, says: str) -> None:
    """Each lack is named, with what to do; without the schedule the file is taken."""
    with pytest.raises(ProductError) as caught:
        read_product(scheduled("every day 06:00", text))
    assert (caught.value.code, caught.value.params["field"]) == ("product.schedule", "refresh")
    assert says in caught.value.message
    for language in LANGUAGES:
        assert caught.value.following(language)
    assert read_product(text).refresh is None


def test_rows_that_are_only_added_need_no_time() -> None:
    """The word stands in `[source]`; all else is asked as ever; it is a boolean."""
    source = SOURCE + "append_only = true\n"
    product = read_product(scheduled("every day 06:00", DELIVERIES + source))
    assert product.source is not None
    assert product.source.append_only
    with pytest.raises(ProductError) as caught:
        read_product(scheduled("every day 06:00", (DELIVERIES + source).replace(
            "[rules]", '[rules]\non_conflict = "refuse"')))  # fmt: skip
    assert "nobody is there" in caught.value.message
    with pytest.raises(ProductError) as caught:
        read_product(DELIVERIES + SOURCE + 'append_only = "yes"\n')
    assert caught.value.params["field"] == "source.append_only"


def test_days_weeks_months() -> None:
    """The newest up to now, which counts, and the first after it."""
    zone = ZoneInfo("Asia/Shanghai")
    now = at("2026-11-30T06:00", "Asia/Shanghai")  # a Monday
    for day, last, following in (
        ("day", "2026-11-30T06:00", "2026-12-01T06:00"),
        ("monday", "2026-11-30T06:00", "2026-12-07T06:00"),
        ("sunday", "2026-11-29T06:00", "2026-12-06T06:00"),
        ("month", "2026-11-01T06:00", "2026-12-01T06:00"),
    ):
        schedule = Schedule(day, 6, 0)
        assert schedule.last(now, zone) == at(last, "Asia/Shanghai"), day
        assert schedule.next(now, zone) == at(following, "Asia/Shanghai"), day
    assert Schedule("month", 0, 0).last(at("2026-03-31T23:59"), UTC) == at("2026-03-01T00:00")


def test_hours_that_a_clock_skips_and_strikes_twice() -> None:
    """Berlin: 02:30 becomes 03:30 in March; in October the first 02:30 counts, and only it."""
    zone, schedule = ZoneInfo("Europe/Berlin"), Schedule("day", 2, 30)
    spring = schedule.next(at("2026-03-29T00:00"), zone)
    assert spring == at("2026-03-29T01:30")
    assert spring.astimezone(zone).strftime("%H:%M") == "03:30"
    autumn = schedule.next(at("2026-10-24T12:00"), zone)
    assert autumn == at("2026-10-25T00:30")
    assert schedule.next(autumn, zone) == at("2026-10-26T01:30")
    assert schedule.last(at("2026-10-25T23:00"), zone) == autumn
