"""Moments that others wrote: the one place where a text becomes a point in time.

The standard library's readers differ between its versions, take forms that nobody promised, and
raise what nobody expects at the ends of the calendar. These give a moment in UTC or one error.
Spec: XML Schema 1.1 part 2, §3.3.7 and §3.3.9 (zone required); RFC 9110 §5.6.7.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Final

from crypto import problems
from crypto.errors import MalformedError

if TYPE_CHECKING:
    from crypto.words import Words

_DAY: Final = r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"
_ZONE: Final = r"(?:Z|(?P<sign>[+\-])(?P<zh>[0-9]{2}):(?P<zm>[0-9]{2}))"
_DATE: Final = re.compile(_DAY + _ZONE)
_INSTANT: Final = re.compile(
    # seconds may be missing: the examples of DSP 2025-1 leave them out
    _DAY + r"T(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})"
    r"(?::(?P<second>[0-9]{2})(?:\.(?P<fraction>[0-9]{1,9}))?)?" + _ZONE
)
_MONTHS: Final = (
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
)
_HTTP: Final = re.compile(
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (?P<day>[0-9]{2}) (?P<name>[A-Z][a-z]{2}) "
    r"(?P<year>[0-9]{4}) "
    r"(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2}) GMT"
)
_DAY_MS: Final = 86_400_000
FIRST: Final = datetime.min.replace(tzinfo=UTC)
LAST: Final = datetime.max.replace(tzinfo=UTC)


def last_day(end_ms: int) -> str | None:
    """Give the last day that is whole before an end, where it is the end of a day.

    Args:
        end_ms: milliseconds since 1970, excluded: people who say a day mean it included.

    Returns:
        Such as ``2027-12-31``, a day of UTC; None where the end is another moment.
    """
    if end_ms % _DAY_MS:
        return None
    try:
        return datetime.fromtimestamp(end_ms / 1000 - 1, UTC).date().isoformat()
    except (OverflowError, ValueError, OSError):
        return None


def read_instant(text: str) -> datetime:
    """Read an xsd:dateTime with its zone.

    Args:
        text: such as ``2027-12-31T08:00:00Z``; what is finer than a microsecond is cut off.

    Returns:
        The moment, in UTC.

    Raises:
        MalformedError: it is something else, or no moment of the years 1 to 9999.
    """
    found = _INSTANT.fullmatch(text)
    if found is None:
        raise _wrong(text)
    return _moment(found, text)


def read_interval(text: str) -> tuple[datetime, datetime]:
    """Read an xsd:date or xsd:dateTime with its zone as the time that it covers.

    A date covers its whole day in its zone; an instant has no length.

    Args:
        text: such as ``2027-12-31Z`` or ``2027-12-31T08:00:00+01:00``.

    Returns:
        The first moment, and the first one after, in UTC. After the last day of the calendar comes
        none: its end is the last microsecond that can be said, and no clock shows a later one.

    Raises:
        MalformedError: as `read_instant`.
    """
    found = _DATE.fullmatch(text)
    if found is None:
        instant = read_instant(text)
        return instant, instant
    start = _moment(found, text)
    return start, start + min(timedelta(days=1), LAST - start)


def read_http_date(text: str) -> datetime:
    """Read the value of an HTTP ``Date`` header in the one form that is still written.

    Raises:
        MalformedError: it is something else.
    """
    found = _HTTP.fullmatch(text)
    if found is None or found["name"] not in _MONTHS:
        raise _wrong(text, problems.AN_HTTP_DATE)
    try:
        return datetime(
            int(found["year"]),
            _MONTHS.index(found["name"]) + 1,
            int(found["day"]),
            int(found["hour"]),
            int(found["minute"]),
            min(int(found["second"]), 59),  # a leap second
            tzinfo=UTC,
        )
    except ValueError as error:
        raise _wrong(text, problems.A_DAY) from error


def _moment(found: re.Match[str], text: str) -> datetime:
    part = {name: value or "0" for name, value in found.groupdict().items()}
    ahead = timedelta(hours=int(part["zh"]), minutes=int(part["zm"]))
    if int(part["zm"]) > 59:
        raise _wrong(text)
    try:
        return datetime(
            int(part["year"]),
            int(part["month"]),
            int(part["day"]),
            int(part.get("hour", 0)),
            int(part.get("minute", 0)),
            int(part.get("second", 0)),
            int(part.get("fraction", "0")[:6].ljust(6, "0")),
            tzinfo=timezone(-ahead if part["sign"] == "-" else ahead),
        ).astimezone(UTC)
    except (ValueError, OverflowError) as error:  # no such day; or not in UTC's calendar
        raise _wrong(text, problems.IN_CALENDAR) from error


def _wrong(text: str, expected: Words = problems.A_MOMENT) -> MalformedError:
    shown = text[:60].encode("ascii", "backslashreplace").decode("ascii")
    return MalformedError(problems.INSTANT, expected=expected, got=shown)
