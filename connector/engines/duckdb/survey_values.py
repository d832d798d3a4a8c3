"""What texts of a form hold, in SQL: which of them do not fit, and how far the others reach."""

# ruff: noqa: S608 - SQL is put together from our own names and quoted literals only

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from catalog.forms import MONTHS
from connector.engines.duckdb.names import literal

if TYPE_CHECKING:
    from catalog.forms import Form
    from connector.engines.duckdb.session import DuckSession


@dataclass(frozen=True, slots=True)
class Values:
    """How far the values of a column reach."""

    low: Decimal | None = None
    high: Decimal | None = None
    digits: int = 0
    places: int = 0


def misfits(name: str, words: tuple[str, ...], form: Form) -> str:
    """Returns SQL of the condition that a value is not written so."""
    wrong = f"NOT regexp_full_match({name}, {literal(form.pattern)})"
    if form.type in ("date", "timestamp"):
        wrong = f"({wrong} OR TRY_CAST({_day(name, form)} AS DATE) IS NULL)"
        wrong = f"({wrong} OR {_year(name, form)} < 1)"
    return f"{name} IS NOT NULL AND {_value(name, words)} AND {wrong}"


def values_of(session: DuckSession, name: str, words: tuple[str, ...], form: Form) -> Values:
    """Returns how far the values of a column reach, all of which are written so."""
    if form.type not in ("integer", "decimal", "date", "timestamp"):
        return Values()
    where = f"{name} IS NOT NULL AND {_value(name, words)}"
    if form.type in ("date", "timestamp"):
        year = _year(name, form)
        parts = f"min({year}), max({year}), 0, 0"
    else:
        plain = f"replace({name}, {literal(form.thousands)}, '')" if form.thousands else name
        digits = f"length(regexp_extract({plain}, '[0-9]+'))"
        point = re.escape(form.decimal)
        places = f"length(regexp_extract({plain}, {literal(f'{point}([0-9]+)')}, 1))"
        number = f"replace({plain}, {literal(form.decimal)}, '.')"
        value = f"TRY_CAST(regexp_extract({number}, {literal('-?[0-9.]+')}) AS DOUBLE)"
        parts = f"min({value}), max({value}), max({digits}), max({places})"
    low, high, digits_of, places_of = session.one(f"SELECT {parts} FROM source WHERE {where}")
    if low is None:
        return Values()
    low, high = Decimal(str(low)), Decimal(str(high))
    if form.percent:
        low, high, places_of = low / 100, high / 100, places_of + 2
    return Values(low, high, digits_of, places_of)


def count_words(session: DuckSession, name: str, words: tuple[str, ...]) -> int:
    """Counts the rows with a word for no value."""
    if not words:
        return 0
    (count,) = session.one(f"SELECT count(*) FROM source WHERE NOT {_value(name, words)}")
    return int(count)


def _value(name: str, words: tuple[str, ...]) -> str:
    """Returns SQL of the condition that a text is no word for no value."""
    return f"{name} NOT IN ({', '.join(map(literal, words))})" if words else "true"


def _year(name: str, form: Form) -> str:
    return f"TRY_CAST({_part(name, form, 'year')} AS INTEGER)"


def _day(name: str, form: Form) -> str:
    """Returns SQL of the day in the usual order."""
    month = f"lpad({_part(name, form, 'month')}, 2, '0')"
    return f"{_part(name, form, 'year')} || '-' || {month} || '-' || {_part(name, form, 'day')}"


def _part(name: str, form: Form, part: str) -> str:
    groups = tuple(re.compile(form.pattern).groupindex)

    def group(which: str) -> str:
        return f"regexp_extract({name}, {literal(form.pattern)}, {groups.index(which) + 1})"

    if part == "year" and "short" in groups:
        short = group("short")
        return f"(CASE WHEN {short} < '69' THEN '20' ELSE '19' END || {short})"
    if part == "month" and "name" in groups:
        months = ", ".join(literal(each) for each in MONTHS)
        return f"CAST(list_position([{months}], lower({group('name')})) AS VARCHAR)"
    if part == "day":
        return f"lpad({group('day')}, 2, '0')"
    return group(part)
