"""Moments that others wrote."""

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.errors import MalformedError
from crypto.instants import LAST, last_day, read_http_date, read_instant, read_interval

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2027-12-31T08:00:00Z", datetime(2027, 12, 31, 8, tzinfo=UTC)),
        ("2027-12-31T08:00Z", datetime(2027, 12, 31, 8, tzinfo=UTC)),
        ("2027-12-31T08:00:00+08:00", datetime(2027, 12, 31, tzinfo=UTC)),
        ("2027-12-31T23:30:00-01:30", datetime(2028, 1, 1, 1, tzinfo=UTC)),
        ("2027-12-31T08:00:00.123456789Z", datetime(2027, 12, 31, 8, 0, 0, 123456, tzinfo=UTC)),
        ("2027-12-31T08:00:00.5Z", datetime(2027, 12, 31, 8, 0, 0, 500000, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", datetime(1, 1, 1, tzinfo=UTC)),
        ("9999-12-31T23:59:59Z", datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_an_instant_is_read_in_utc(text: str, moment: datetime):
    """The moment that XML Schema says, whatever the zone it is written in."""
    assert read_instant(text) == moment
    assert read_interval(text) == (moment, moment)


@pytest.mark.parametrize(
    ("text", "start", "length"),
    [
        ("2027-12-31Z", datetime(2027, 12, 31, tzinfo=UTC), DAY),
        ("2027-12-31+08:00", datetime(2027, 12, 30, 16, tzinfo=UTC), DAY),
        ("9999-12-30Z", datetime(9999, 12, 30, tzinfo=UTC), DAY),
        ("9999-12-31Z", datetime(9999, 12, 31, tzinfo=UTC), DAY - timedelta.resolution),
        ("9999-12-31-05:00", datetime(9999, 12, 31, 5, tzinfo=UTC), None),
    ],
)
def test_a_date_is_its_whole_day(text: str, start: datetime, length: timedelta | None):
    """Also the last of the calendar, which many write for `for ever`: it ends with the calendar."""
    found = read_interval(text)
    assert found == (start, LAST if length is None else start + length)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2027-12-31",
        "2027-12-31T08:00:00",
        "2027-02-30Z",
        "2027-13-01Z",
        "2027-12-31T24:00:00Z",
        "2027-12-31T08:60:00Z",
        "2027-12-31T08:00:60Z",
        "2027-12-31T08:00:00+25:00",
        "2027-12-31T08:00:00+05:60",
        "2027-12-31 08:00:00Z",
        "2027-W01-1Z",
        "20271231Z",
        "0000-01-01Z",
        "0001-01-01+05:00",
        "0001-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01",
        "10000-01-01Z",
        "-0001-01-01Z",
        "２０２７-12-31Z",
        "2027-12-31Z\n",
    ],
)
def test_what_is_no_moment_is_one_error(text: str):
    """No zone, no such day, outside the calendar in UTC, another spelling."""
    for read in (read_instant, read_interval):
        with pytest.raises(MalformedError) as caught:
            read(text)
        assert caught.value.code == "instant-malformed"


ZONES = st.integers(-23 * 60, 23 * 60).map(lambda m: timezone(timedelta(minutes=m)))


@given(st.datetimes(timezones=st.just(UTC)), ZONES)
def test_a_moment_reads_back_as_it_was_written(moment: datetime, zone: timezone):
    """Whatever the zone it is written in, as long as the calendar has it there."""
    try:
        local = moment.astimezone(zone)
    except OverflowError:
        return
    assert read_instant(local.isoformat(timespec="microseconds")) == moment


TEXTS = st.one_of(
    st.text(max_size=40),
    st.from_regex(
        r"[0-9]{4}-[01][0-9]-[0-3][0-9](T[0-2][0-9]:[0-5][0-9](:[0-6][0-9](\.[0-9]{1,9})?)?)?"
        r"(Z|[+-][0-2][0-9]:[0-6][0-9])",
        fullmatch=True,
    ),
    st.sampled_from(["0001-01-01", "9999-12-31", "9999-12-31T23:59:59.9999999"]).flatmap(
        lambda day: st.from_regex(r"[+-][01][0-9]:[0-5][0-9]", fullmatch=True).map(day.__add__)
    ),
)


@given(TEXTS)
def test_any_text_is_a_moment_or_one_error(text: str):
    """Nothing of the standard library's own comes out, at no end of the calendar."""
    try:
        start, end = read_interval(text)
    except MalformedError:
        return
    assert start <= end <= LAST
    assert start.utcoffset() == timedelta(0)


@given(st.datetimes(timezones=st.just(UTC)))
def test_an_http_date_reads_back(moment: datetime):
    """The form that RFC 9110 has senders write."""
    whole = moment.replace(microsecond=0)
    assert read_http_date(format_datetime(whole, usegmt=True)) == whole


@given(st.text(max_size=40))
@pytest.mark.parametrize("form", ["{}", "Sun, 31 Feb 2026 {}", "Sun, 31 Foo 2026 08:00:00 GMT{}"])
def test_any_other_date_header_is_one_error(form: str, text: str):
    """A peer's `Date` may be anything."""
    with pytest.raises(MalformedError):
        read_http_date(form.format(text))


def test_an_end_of_a_day_is_told_as_that_day():
    """People who say a day mean it included; another end is a moment."""
    for day in ("2026-12-31", "2024-02-29", "0001-01-01"):
        _, over = read_interval(f"{day}Z")
        assert last_day(round(over.timestamp() * 1000)) == day
    assert last_day(1) is None
    assert last_day(86_400_000 * 10**9) is None
