"""The table `[reading]` of a product file, with `[reading.column.NAME]` in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, TypeVar

from catalog import problems_products
from catalog import problems_reading as problems
from catalog.errors import ProductError
from catalog.reading import (
    AS_USUAL,
    ENCODINGS,
    UTF8,
    ColumnReading,
    Reading,
)
from catalog.time_formats import DIRECTIVES, parse_format
from catalog.toml_fields import Fields, one_of, wrong
from crypto import records
from crypto.errors import MalformedError
from crypto.record_kinds import fields_of
from crypto.records import Name, Range, Size, Text

if TYPE_CHECKING:
    from catalog.product import SourceColumn

R = TypeVar("R")

_STARS: Final = 8  # of a pattern, at most: nobody who names files needs more
_Word = Annotated[str, Text(longest=60)]
_Words = Annotated[tuple[_Word, ...], Size(least=1, most=20, distinct=True)]
_Format = Annotated[str, Text(longest=60)]
_Mark = Literal[".", ",", "'", "\u2019", " ", "\u00a0", "\u202f"]  # points, quotes and blanks
_NUMBERS: Final = ("integer", "decimal")
_KEYS: Final = {  # that are of columns of these types only
    "decimal": _NUMBERS,
    "thousands": _NUMBERS,
    "percent": ("decimal",),
    "date_format": ("date",),
    "timestamp_format": ("timestamp",),
    "true": ("boolean",),
    "false": ("boolean",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Column:
    """What is said of one column, or of all that are of its type."""

    decimal: Literal[".", ","] | None = None
    thousands: _Mark | None = None
    date_format: Annotated[_Format | None, Name("date_format")] = None
    timestamp_format: Annotated[_Format | None, Name("timestamp_format")] = None
    percent: bool | None = None
    true: _Words | None = None
    false: _Words | None = None
    empty: _Words | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    """The table as a whole; what is said of no column is said of all."""

    encoding: str = UTF8
    files: Annotated[str, Text(longest=100)] | None = None
    sheet: Annotated[str, Text(longest=31)] | None = None  # so long may a sheet's name be
    header_row: Annotated[int, Range(least=1, most=1000), Name("header_row")] = 1
    decimal: Literal[".", ","] | None = None
    thousands: _Mark | None = None
    date_format: Annotated[_Format | None, Name("date_format")] = None
    timestamp_format: Annotated[_Format | None, Name("timestamp_format")] = None
    true: _Words | None = None
    false: _Words | None = None
    empty: _Words | None = None
    column: Mapping[str, Any] | None = None


def read_reading(fields: Fields, columns: Mapping[str, SourceColumn], zone: str) -> Reading:
    """Reads how the file of a product is written.

    Args:
        fields: The product file.
        columns: What it declares, by name.
        zone: In which its timestamps count; empty if they have none.

    Raises:
        ProductError: If it says something that cannot be, or of a column that is none.
    """
    value = fields.raw("reading")
    if value is None:
        return Reading()
    table = _read(_Table, value, "reading")
    if table.encoding not in ENCODINGS:
        raise wrong("reading.encoding", one_of(ENCODINGS), table.encoding)
    files = table.files or ""
    if files.count("*") > _STARS or files.startswith(".") or "/" in files or "\\" in files:
        raise wrong("reading.files", problems.A_PATTERN, files)
    given = table.column or {}
    for name in given:
        if name not in columns:
            raise wrong(f"reading.column.{name[:60]}", one_of(columns), name)
    found = {}
    for column in columns.values():
        at = f"reading.column.{column.name}" if column.name in given else "reading"
        own = _read(_Column, given.get(column.name, {}), at)
        for key, types in _KEYS.items():
            if getattr(own, key) is not None and column.type not in types:
                came = problems.OF_TYPE.of(name=column.name, kind=column.type)
                raise wrong(f"{at}.{key}", problems.OF_TYPES.of(types=types), came)
        how = _column(own, table, column, at, zone)
        if how != AS_USUAL:
            found[column.name] = how
    return Reading(
        encoding=table.encoding,
        files=files,
        sheet=table.sheet or "",
        header_row=table.header_row,
        columns=MappingProxyType(found),
    )


def _column(own: _Column, table: _Table, column: SourceColumn, at: str, zone: str) -> ColumnReading:
    empty = _first(own.empty, table.empty, ())
    if column.type in _NUMBERS:
        return _number(own, table, empty, at)
    if column.type == "boolean":
        return _boolean(own, table, empty, at)
    if column.type in ("date", "timestamp"):
        key = f"{column.type}_format"
        text = _first(getattr(own, key), getattr(table, key), "")
        if text and parse_format(text, time=column.type == "timestamp", zoned=bool(zone)) is None:
            expected = problems.FORMATS[column.type, bool(zone)].of(known=" ".join(DIRECTIVES))
            raise wrong(f"{at}.{key}", expected, text)
        return ColumnReading(format=text, empty=empty)
    return ColumnReading(empty=empty)


def _number(own: _Column, table: _Table, empty: tuple[str, ...], at: str) -> ColumnReading:
    decimal = _first(own.decimal, table.decimal, ".")
    thousands = _first(own.thousands, table.thousands, "")
    if thousands == decimal:
        raise wrong(f"{at}.thousands", problems.NOT_THE_DECIMAL, thousands)
    return ColumnReading(
        decimal=decimal, thousands=thousands, percent=bool(own.percent), empty=empty
    )


def _boolean(own: _Column, table: _Table, empty: tuple[str, ...], at: str) -> ColumnReading:
    true, false = _first(own.true, table.true, ()), _first(own.false, table.false, ())
    if bool(true) != bool(false):
        raise wrong(f"{at}.{'false' if true else 'true'}", problems.BOTH_WORDS, None)
    for word in chain(true, false):
        if (word in true and word in false) or word in empty:
            raise wrong(f"{at}.true", problems.ONE_MEANING, word)
    return ColumnReading(true=true, false=false, empty=empty)


def _first(own: Any, table: Any, usual: Any) -> Any:
    if own is not None:
        return own
    return usual if table is None else table


def _read(record: type[R], value: object, at: str) -> R:
    """Reads a table into a record; an error names its key as those of other tables do."""
    fields = Fields(value, at)
    fields.only(*(each.key for each in fields_of(record)))
    try:
        return records.read(record, value, at)
    except MalformedError as error:
        facts = error.params
        where = str(facts["pointer"]).replace("/", ".")
        raise ProductError(
            problems_products.FIELD, field=where, expected=facts["expected"], got=facts["got"]
        ) from error
