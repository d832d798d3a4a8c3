"""From a value as the file has it to the declared type: unchanged, or its row is bad.

DuckDB's own casts are lenient: they round, trim, read `0x10` and `1_000`, take `2026-2-3`, and drop
what follows a date or a time, a zone among it. So text must match the declared pattern as a whole
before its cast counts (docs/product-file.md has the patterns in words), and a number or a time of
another type must come back as it was when it is cast back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from catalog.reading import AS_USUAL
from connector.engines import problems_expressions as problems
from connector.engines.duckdb.written import usual, without_empty, written_like

if TYPE_CHECKING:
    from catalog.product import ColumnType, SourceColumn
    from catalog.reading import ColumnReading
    from crypto.words import Spoken

INTEGERS: Final = frozenset(
    {
        *("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"),
        *("UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT"),
    }
)
_WITHIN_64: Final = INTEGERS - {"HUGEINT", "UBIGINT", "UHUGEINT"}
_FLOATS: Final = frozenset({"FLOAT", "DOUBLE"})
_LOCAL: Final = frozenset({"TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"})
_ZONED: Final = frozenset({"TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ", "TIMESTAMPTZ_NS"})
_UNREADABLE_AS_TEXT: Final = _ZONED | {"BLOB"}  # their text depends on a zone, or is an escape

_DATE: Final = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME: Final = r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6}0*)?)?"
_OFFSET: Final = "(Z|[+-]((0[0-9]|1[0-3])(:?[0-5][0-9])?|14(:?00)?))"  # at most 14 hours
_FIRST: Final = "0001-01-01"  # the year 0000 would be read as 1 BC
_LAST: Final = {"date": "9999-12-31", "timestamp": "9999-12-31 23:59:59.999999"}


@dataclass(frozen=True, slots=True)
class Used:
    """One declared column in use.

    Attributes:
        column: As declared.
        raw: SQL of its value as the file has it; NULL if the field is empty.
        typed: SQL of its value in the declared type.
        bad: SQL of the condition that the value is not of the type, or would be changed by the
            conversion; empty where that cannot be.
    """

    column: SourceColumn
    raw: str
    typed: str
    bad: str


def sql_type(column: SourceColumn, *, zoned: bool) -> str:
    """Returns DuckDB's type of a column.

    Args:
        column: The column.
        zoned: Whether the product declares a zone, so that its timestamps are instants.
    """
    match column.type:
        case "text":
            return "VARCHAR"
        case "integer":
            return "BIGINT"
        case "decimal":
            return f"DECIMAL({column.precision},{column.scale})"
        case "timestamp" if zoned:
            return "TIMESTAMP WITH TIME ZONE"
        case _:
            return column.type.upper()


def text_pattern(kind: ColumnType, scale: int = 0, *, zoned: bool = False) -> str:
    """Returns the regular expression that a text of a type matches as a whole.

    Args:
        kind: The type.
        scale: For `decimal`: digits after the point.
        zoned: Whether a timestamp has its zone, or none.
    """
    match kind:
        case "decimal" if scale:
            return rf"-?[0-9]+(\.[0-9]{{1,{scale}}}0*)?"
        case "integer" | "decimal":
            return r"-?[0-9]+(\.0+)?"
        case "date":
            return _DATE
        case "timestamp":
            return f"{_DATE}[ T]{_TIME}{_OFFSET if zoned else ''}"
        case "boolean":
            return "(?i)true|false|t|f|1|0"
        case "text":
            return "(?s).*"


def from_text(
    column: SourceColumn, raw: str, *, zoned: bool, how: ColumnReading = AS_USUAL
) -> Used:
    """Converts a text, empty or not, that must match the type's pattern as a whole.

    Args:
        column: The column.
        raw: SQL of the text; an empty one must be NULL.
        zoned: Whether the product declares a zone.
        how: How it is written.
    """
    raw = without_empty(raw, how)
    if column.type == "text":
        return Used(column, raw, raw, "")
    text = usual(column, raw, how, zoned=zoned)
    typed = f"TRY_CAST({text} AS {sql_type(column, zoned=zoned)})"
    pattern = text_pattern(column.type, column.scale, zoned=zoned)
    wrong = f"NOT regexp_full_match({text}, '{pattern}') OR {typed} IS NULL"
    if column.type in ("date", "timestamp"):
        wrong = f"{wrong} OR {typed} < '{_FIRST}'"
    return Used(column, raw, typed, f"({raw} IS NOT NULL AND ({wrong}))")


def from_type(
    column: SourceColumn,
    raw: str,
    given: str,
    *,
    zoned: bool,
    keep: bool,
    how: ColumnReading = AS_USUAL,
) -> Used | None:
    """Converts a value that the file has in a type of its own.

    Args:
        column: The column.
        raw: SQL of the value.
        given: DuckDB's name of its type.
        zoned: Whether the product declares a zone.
        keep: Whether a narrower integer type may stay; else whole numbers become 64 bits wide, so
            that an expression over them does not overflow.
        how: How texts of it are written.

    Returns:
        None if values of that type cannot be values of the declared type.
    """
    wanted = sql_type(column, zoned=zoned)
    if given == "VARCHAR":
        return from_text(column, f"nullif({raw}, '')", zoned=zoned, how=how)
    if how.percent or not _comparable(column, given, zoned=zoned):
        return None
    if column.type == "text":
        return Used(column, raw, f"CAST({raw} AS VARCHAR)", "")
    if column.type == "integer" and given in _WITHIN_64:
        return Used(column, raw, raw if keep else f"CAST({raw} AS BIGINT)", "")
    if given == wanted and column.type not in ("date", "timestamp"):
        return Used(column, raw, raw, "")
    typed = raw if given == wanted else f"TRY_CAST({raw} AS {wanted})"
    wrong = f"{typed} IS NULL"
    if column.type in ("date", "timestamp"):
        years = f"{typed} BETWEEN '{_FIRST}' AND '{_LAST[column.type]}'"
        wrong = f"{wrong} OR NOT isfinite({typed}) OR NOT ({years})"
    if given != wanted:
        back = f"TRY_CAST({typed} AS {given}) IS DISTINCT FROM {raw}"
        if given in _FLOATS:
            # beyond 15 digits a decimal becomes the nearest fraction by way of its text only
            text = f"TRY_CAST(CAST({typed} AS VARCHAR) AS {given})"
            back = f"({back} AND {text} IS DISTINCT FROM {raw})"
        wrong = f"{wrong} OR {back}"
    return Used(column, raw, typed, f"({raw} IS NOT NULL AND ({wrong}))")


def expected(column: SourceColumn, *, zoned: bool, how: ColumnReading = AS_USUAL) -> Spoken:
    """Returns how an error names what a column takes."""
    like = written_like(column, how)
    if like is not None:
        return like
    match column.type:
        case "integer":
            return problems.A_WHOLE_NUMBER
        case "decimal":
            return problems.DIGITS.of(digits=column.precision, scale=column.scale)
        case "date":
            return problems.LIKE_A_DATE
        case "timestamp" if zoned:
            return problems.WITH_ZONE
        case "timestamp":
            return problems.WITHOUT_ZONE
        case "boolean":
            return problems.TRUE_OR_FALSE
        case "text":
            return problems.A_TEXT


def _comparable(column: SourceColumn, given: str, *, zoned: bool) -> bool:
    match column.type:
        case "integer" | "decimal":
            return given in INTEGERS or given in _FLOATS or given.startswith("DECIMAL")
        case "date":
            return given == "DATE" or given in _LOCAL  # a midnight is a date
        case "timestamp":
            return given in (_ZONED if zoned else _LOCAL)
        case "boolean":
            return given == "BOOLEAN" or given in INTEGERS
        case "text":
            return given not in _UNREADABLE_AS_TEXT
