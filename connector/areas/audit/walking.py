"""Reading leaves in the order of time and place, along one index, with bounds on what is looked at.

A *driver* is one thing that an index leads to: a column of the leaves with its value, a term, or
the log itself. What else is asked for is looked at on the way. A walk looks at `WINDOW` leaves of
its driver and no more, so that a rare combination of two frequent things takes several pages and
never a long time; it says how far it has looked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import exists, func, select, tuple_
from sqlalchemy.orm import aliased
from sqlmodel import col

from connector.store.rows import LogEntryRow, LogTermRow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import ColumnElement, Select, Subquery
    from sqlmodel import Session

WINDOW: Final = 5_000  # leaves of a driver that one walk looks at
RARE: Final = 1_000  # a driver with fewer is taken at once
Key = tuple[int, int]  # time and place
_COLUMNS: Final = {
    "agreement": LogEntryRow.agreement,
    "counterparty": LogEntryRow.counterparty,
    "entry_id": LogEntryRow.entry_id,
    "index": LogEntryRow.index,
    "kind": LogEntryRow.kind,
    "process": LogEntryRow.process,
}


@dataclass(frozen=True, slots=True)
class Driver:
    """What an index leads to: a column, `term`, or nothing for the log itself."""

    name: str = ""
    value: str | int = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Which part is walked.

    Attributes:
        since: then or later, milliseconds since 1970.
        until: before then.
        beyond: the leaf after which it begins.
        newer: whether it goes from there towards the newest.
    """

    since: int | None = None
    until: int | None = None
    beyond: Key | None = None
    newer: bool = False


@dataclass(frozen=True, slots=True)
class Walk:
    """What a walk found, in its order, and the last leaf that it looked at if there are more."""

    found: tuple[Key, ...]
    looked: Key | None


def walk(session: Session, driver: Driver, others: Sequence[Driver], span: Span, most: int) -> Walk:
    """Walk along a driver.

    Args:
        session: to read in.
        driver: along what.
        others: what else a leaf must be under.
        span: from where to where.
        most: how many leaves it gives at the most.
    """
    row = LogTermRow if driver.name == "term" else LogEntryRow
    end = _end(session, driver, span, WINDOW)
    query = _along(driver, span).where(*(_passed(row, other) for other in others))
    if end is not None:
        place = tuple_(col(row.time_ms), col(row.index))
        bound = tuple_(*end)
        query = query.where(place <= bound if span.newer else place >= bound)
    found = tuple((time, index) for time, index in session.execute(query.limit(most)))
    return Walk(found, found[-1] if len(found) == most else end)


def rarest(session: Session, drivers: Sequence[Driver], span: Span) -> Driver:
    """Give the driver with the fewest leaves; counting ends where it no longer matters."""
    best, fewest = drivers[0], WINDOW + 1
    for driver in drivers if len(drivers) > 1 else ():
        some = _along(driver, span).order_by(None).limit(WINDOW).subquery()
        count = session.execute(select(func.count()).select_from(some)).scalar_one()
        if count < fewest:
            best, fewest = driver, count
        if fewest < RARE:
            break
    return best


def tally(
    session: Session, by: str, driver: Driver, others: Sequence[Driver], span: Span, most: int
) -> Mapping[str, int]:
    """Count leaves by kind or counterparty among the first of a driver, so many at the most."""
    part = _first(session, driver, others, span, most)
    value = col(_COLUMNS[by])
    query = (
        select(value, func.count())
        .join(part, part.c.index == col(LogEntryRow.index))
        .group_by(value)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def under_term(
    session: Session, term: int, driver: Driver, others: Sequence[Driver], span: Span, most: int
) -> int:
    """Count the leaves under a term among the first of a driver, so many at the most."""
    part = _first(session, driver, others, span, most)
    beside = aliased(LogTermRow)
    query = (
        select(func.count())
        .select_from(part)
        .where(
            exists().where(
                col(beside.term) == term,
                col(beside.time_ms) == part.c.time_ms,
                col(beside.index) == part.c.index,
            )
        )
    )
    return int(session.execute(query).scalar_one())


def _first(
    session: Session, driver: Driver, others: Sequence[Driver], span: Span, most: int
) -> Subquery:
    end = _end(session, driver, span, most)
    row = LogTermRow if driver.name == "term" else LogEntryRow
    along = _along(driver, span).where(*(_passed(row, other) for other in others))
    if end is not None:
        along = along.where(tuple_(col(row.time_ms), col(row.index)) >= tuple_(*end))
    return along.order_by(None).subquery()


def key_of(session: Session, index: int) -> Key | None:
    """Give the time and place of a leaf; None where there is none."""
    query = select(col(LogEntryRow.time_ms)).where(col(LogEntryRow.index) == index)
    found = session.execute(query).scalar()
    return None if found is None else (found, index)


def _along(driver: Driver, span: Span) -> Select[tuple[int, int]]:
    row: Any = LogTermRow if driver.name == "term" else LogEntryRow
    time, place = col(row.time_ms), col(row.index)
    query = select(time, place)
    if driver.name:
        at = col(LogTermRow.term) if driver.name == "term" else col(_COLUMNS[driver.name])
        query = query.where(at == driver.value)
    if span.since is not None:
        query = query.where(time >= span.since)
    if span.until is not None:
        query = query.where(time < span.until)
    if span.beyond is not None:
        here, beyond = tuple_(time, place), tuple_(*span.beyond)
        query = query.where(here > beyond if span.newer else here < beyond)
    if span.newer:
        return query.order_by(time, place)
    return query.order_by(time.desc(), place.desc())


def _end(session: Session, driver: Driver, span: Span, window: int) -> Key | None:
    """Give the last leaf of a window; None where the driver ends before."""
    query = _along(driver, span).offset(window - 1).limit(1)
    found = session.execute(query).first()
    return (found[0], found[1]) if found is not None else None


def _passed(row: Any, other: Driver) -> ColumnElement[bool]:
    """Say that a leaf is under something else, in words that no index serves."""
    if other.name == "term":
        beside = aliased(LogTermRow)  # the driver itself may be a term
        return exists().where(
            col(beside.term) == other.value,
            col(beside.time_ms) == col(row.time_ms),
            col(beside.index) == col(row.index),
        )
    at = col(_COLUMNS[other.name])
    if row is LogEntryRow:
        return at + "" == other.value
    return exists().where(col(LogEntryRow.index) == col(LogTermRow.index), at == other.value)
