"""When a product is made anew from where its data lie: the key `refresh` of a product file.

A day is the least: each version tells what moved since the one before, and within an hour few move.
Times are those of a zone's clock. One that the clock skips is as much later as it skips (02:30
becomes 03:30); of one that it strikes twice, the first counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from catalog import problems_schedule as problems
from catalog.errors import ProductError
from catalog.toml_fields import wrong

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, tzinfo

    from catalog.product import Product
    from catalog.toml_fields import Fields

_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_FORM: Final = re.compile(
    rf"every (?P<day>day|month|{'|'.join(_DAYS)}) (?P<hour>[01][0-9]|2[0-3]):(?P<minute>[0-5][0-9])"
)
_LONGEST: Final = 33  # days from one time to the next, of any schedule
_OF_TIME: Final = ("date", "timestamp")


@dataclass(frozen=True, slots=True)
class Schedule:
    """Days and a time of day.

    Attributes:
        day: `day`, `month` (its first day) or a day of the week.
        hour: 0 to 23.
        minute: 0 to 59.
    """

    day: str
    hour: int
    minute: int

    def __str__(self) -> str:
        """As the product file writes it."""
        return f"every {self.day} {self.hour:02}:{self.minute:02}"

    def last(self, now: datetime, zone: tzinfo) -> datetime:
        """Returns the newest instant at which it was due, up to now."""
        today = now.astimezone(zone).date()
        days = (today - timedelta(days=back) for back in range(-1, _LONGEST))
        return max(at for at in self._instants(days, zone) if at <= now)

    def next(self, now: datetime, zone: tzinfo) -> datetime:
        """Returns the first instant after now at which it is due."""
        today = now.astimezone(zone).date()
        days = (today + timedelta(days=on) for on in range(-1, _LONGEST))
        return min(at for at in self._instants(days, zone) if at > now)

    def _instants(self, days: Iterable[date], zone: tzinfo) -> Iterable[datetime]:
        at = time(self.hour, self.minute)  # fold 0: the first of two, the offset before a gap
        for day in days:
            if self._has(day):
                yield datetime.combine(day, at, zone).astimezone(UTC)

    def _has(self, day: date) -> bool:
        if self.day == "day":
            return True
        return day.day == 1 if self.day == "month" else _DAYS[day.weekday()] == self.day


def read_schedule(fields: Fields) -> Schedule | None:
    """Reads the key, if it is there.

    Raises:
        ProductError: If it is none that there is.
    """
    if not fields.has("refresh"):
        return None
    written = fields.text("refresh", longest=200)
    found = _FORM.fullmatch(written)
    if found is None:
        raise wrong("refresh", problems.A_SCHEDULE, written)
    return Schedule(found["day"], int(found["hour"]), int(found["minute"]))


def check_scheduled(product: Product) -> None:
    """Refuses a schedule where nobody could answer for the versions that it makes.

    Raises:
        ProductError: Says what the product lacks.
    """
    if product.refresh is None:
        return
    if product.source is None:
        raise ProductError(problems.NO_SOURCE, field="refresh")
    if product.protection.on_conflict != "withhold":
        raise ProductError(problems.REFUSES, field="refresh")
    if product.source.append_only:
        return
    first = product.dimensions[0]
    types = {column.name: column.type for column in product.columns}
    read = first.expression.columns
    if not read or any(types[name] not in _OF_TIME for name in read):
        raise ProductError(problems.NO_TIME, field="refresh", dimension=first.name)
