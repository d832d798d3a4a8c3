"""The types of columns, as PEP 249 names them, and its constructors of parameters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from connector.client.values import Kind


@dataclass(frozen=True, slots=True)
class Type:
    """A type of columns."""

    name: str


STRING: Final = Type("STRING")
NUMBER: Final = Type("NUMBER")
DATETIME: Final = Type("DATETIME")
BINARY: Final = Type("BINARY")
ROWID: Final = Type("ROWID")

_TYPES: Final = {"text": STRING, "integer": NUMBER, "decimal": NUMBER, "date": DATETIME}

Date = date
Time = time
Timestamp = datetime
Binary = bytes


def type_of(kind: Kind) -> Type:
    """Give the type of a kind of values."""
    return _TYPES[kind]


def DateFromTicks(ticks: float) -> date:  # noqa: N802 -- PEP 249
    """Give the day of a moment, in UTC."""
    return datetime.fromtimestamp(ticks, UTC).date()


def TimeFromTicks(ticks: float) -> time:  # noqa: N802 -- PEP 249
    """Give the time of day of a moment, in UTC."""
    return datetime.fromtimestamp(ticks, UTC).time()


def TimestampFromTicks(ticks: float) -> datetime:  # noqa: N802 -- PEP 249
    """Give a moment, in UTC."""
    return datetime.fromtimestamp(ticks, UTC)
