"""From a text as the owner's file writes it to the usual one, in SQL: text to text, exactly.

`conversions` takes what comes out as it takes the text of any file. A text that is not written as
declared becomes an empty one, which no type but text takes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from catalog.time_formats import MONTHS, parse_format
from connector.engines import problems_reading as problems
from connector.engines.duckdb.names import literal

if TYPE_CHECKING:
    from catalog.product import SourceColumn
    from catalog.reading import ColumnReading
    from crypto.words import Spoken

_BLANK: Final = "[ \u00a0\u202f]?"
_PERCENT: Final = "[%\uff05]"


def without_empty(raw: str, how: ColumnReading) -> str:
    """Returns SQL of a text that is NULL where the text is a word for no value."""
    if not how.empty:
        return raw
    words = ", ".join(literal(word) for word in how.empty)
    return f"(CASE WHEN {raw} IN ({words}) THEN NULL ELSE {raw} END)"


def usual(column: SourceColumn, raw: str, how: ColumnReading, *, zoned: bool) -> str:
    """Returns SQL of a text as a file without `[reading]` would write it.

    Args:
        column: The column.
        raw: SQL of the text.
        how: How it is written.
        zoned: Whether the product declares a zone.
    """
    match column.type:
        case "integer" | "decimal" if how.decimal != "." or how.thousands or how.percent:
            return _number(raw, how)
        case "boolean" if how.true:
            return (
                f"(CASE WHEN {raw} IN ({_listed(how.true)}) THEN 'true' "
                f"WHEN {raw} IN ({_listed(how.false)}) THEN 'false' ELSE '' END)"
            )
        case "date" | "timestamp" if how.format:
            return _time(raw, how.format, time=column.type == "timestamp", zoned=zoned)
        case _:
            return raw


def written_like(column: SourceColumn, how: ColumnReading) -> Spoken | None:
    """Returns how an error names texts that are written in another way than usual, else None."""
    match column.type:
        case "integer" | "decimal" if how.decimal != "." or how.thousands or how.percent:
            example = (
                _grouped(how) if column.type == "integer" else f"{_grouped(how)}{how.decimal}5"
            )
            if how.percent:
                return problems.PERCENT.of(
                    example=f"12{how.decimal}5 %", digits=column.precision, scale=column.scale
                )
            if column.type == "integer":
                return problems.WHOLE_LIKE.of(example=example)
            return problems.NUMBER_LIKE.of(
                example=example, digits=column.precision, scale=column.scale
            )
        case "boolean" if how.true:
            return problems.WORDS_OF.of(words=[f"`{word}`" for word in (*how.true, *how.false)])
        case "date" | "timestamp" if how.format:
            return problems.TIME_LIKE.of(format=how.format)
        case _:
            return None


def _grouped(how: ColumnReading) -> str:
    return f"1{how.thousands}234"


def _number(raw: str, how: ColumnReading) -> str:
    """Takes groups and percent signs away, and shifts the point by two places for these."""
    whole = "[0-9]+"
    if how.thousands:  # a group that begins with 0 is a fraction, written in another way
        whole = f"(?:[0-9]+|[1-9][0-9]{{0,2}}(?:{re.escape(how.thousands)}[0-9]{{3}})+)"
    point = re.escape(how.decimal)
    sign = f"{_BLANK}{_PERCENT}" if how.percent else ""
    pattern = literal(f"^(-?)({whole})(?:{point}([0-9]+))?{sign}$")
    parts = f"regexp_extract({raw}, {pattern}, ['sign', 'whole', 'places'])"
    digits = f"({parts}).whole"
    if how.thousands:
        digits = f"replace({digits}, {literal(how.thousands)}, '')"
    places = f"({parts}).places"
    if how.percent:
        padded = f"lpad({digits}, CAST(greatest(len({digits}), 3) AS INTEGER), '0')"
        text = f"left({padded}, -2) || '.' || right({padded}, 2) || {places}"
    else:
        text = f"{digits} || CASE WHEN {places} = '' THEN '' ELSE '.' || {places} END"
    return f"(CASE WHEN {digits} = '' THEN '' ELSE ({parts}).sign || {text} END)"


def _time(raw: str, text: str, *, time: bool, zoned: bool) -> str:
    """Puts the parts of a date or time into the usual order."""
    form = parse_format(text, time=time, zoned=zoned)
    assert form is not None, "the product file was read with it"
    names = ", ".join(literal(part) for part in form.parts)
    found = f"regexp_extract({raw}, {literal(form.pattern)}, [{names}])"

    def part(name: str) -> str:
        return f"({found}).{name}"

    def two(name: str) -> str:
        return f"lpad({part(name)}, 2, '0')"

    year = part("year")
    if "short" in form.parts:  # as POSIX has it
        year = f"CASE WHEN {part('short')} < '69' THEN '20' ELSE '19' END || {part('short')}"
    month = two("month")
    if "name" in form.parts:
        months = ", ".join(literal(name) for name in MONTHS)
        number = f"list_position([{months}], lower({part('name')}))"
        month = f"lpad(CAST({number} AS VARCHAR), 2, '0')"
    pieces = [f"({year})", "'-'", month, "'-'", two("day")]
    if time:
        hour = two("hour")
        if "half" in form.parts:
            half = f"(TRY_CAST({part('half')} AS INTEGER) % 12)"
            noon = f"CASE WHEN lower({part('noon')}) = 'pm' THEN 12 ELSE 0 END"
            hour = f"lpad(CAST({half} + {noon} AS VARCHAR), 2, '0')"
        pieces += ["' '", hour, "':'", part("minute")]
        if "second" in form.parts:
            pieces += ["':'", part("second")]
        if "fraction" in form.parts:
            pieces += ["'.'", part("fraction")]
        if zoned:
            pieces.append(part("offset"))
    joined = " || ".join(pieces)
    return f"(CASE WHEN {part('day')} = '' THEN '' ELSE {joined} END)"


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(literal(word) for word in words)
