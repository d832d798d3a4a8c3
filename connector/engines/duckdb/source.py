"""The owner's file as a typed relation named `source`, one column per declared column in use.

A CSV file is read as text with fixed settings (nothing is guessed but the delimiter, from the
header) and each value converted strictly: what is not of the declared type, or would be rounded,
marks its row as bad. A Parquet file brings its types; those that need converting are checked alike.
"""

# ruff: noqa: S608 - SQL is put together from our own names and quoted literals only

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from connector.engines.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from catalog.product import Product, SourceColumn
    from connector.engines.duckdb.session import DuckSession

_DELIMITERS: Final = (",", ";", "\t", "|")
_HEADER_BYTES: Final = 1 << 20
_INTEGERS: Final = frozenset(
    {
        *("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"),
        *("UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"),
    }
)


@dataclass(frozen=True, slots=True)
class Used:
    """One declared column in use.

    Attributes:
        column: As declared.
        raw: SQL of its value as the file has it.
        typed: SQL of its value in the declared type.
        bad: SQL of the condition that the value is not of the type, or would be changed by the
            conversion; empty where that cannot be.
    """

    column: SourceColumn
    raw: str
    typed: str
    bad: str


@dataclass(frozen=True, slots=True)
class Source:
    """How the file is read.

    Attributes:
        reader: SQL of the table function over the file.
        kind: Its format.
        columns: The declared columns in use.
    """

    reader: str
    kind: Literal["csv", "parquet"]
    columns: tuple[Used, ...]

    @property
    def row_number(self) -> str:
        """The column of `source` that numbers the rows from 0."""
        return "rowid" if self.kind == "csv" else "file_row_number"


def quoted(name: str) -> str:
    """Returns an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Returns an SQL string."""
    return "'" + text.replace("'", "''") + "'"


def open_source(session: DuckSession, path: Path, product: Product) -> Source:
    """Makes the relation `source` of a file.

    Raises:
        DataError: If the file lacks a declared column, or is of another format.
    """
    with path.open("rb") as file:
        is_parquet = file.read(4) == b"PAR1"
    source = _parquet(session, path, product) if is_parquet else _csv(path, product)
    typed = [f"{used.typed} AS {quoted(used.column.name)}" for used in source.columns]
    marks = " OR ".join(used.bad for used in source.columns if used.bad) or "false"
    if source.kind == "csv":
        kind = "TABLE"  # parsed once
    else:
        kind = "VIEW"
        typed.append(source.row_number)
    with session.reporting("read"):
        session.run(
            f"CREATE TEMP {kind} source AS "
            f'SELECT {", ".join(typed)}, {marks} AS "#bad" FROM {source.reader}'
        )
    return source


def explain_bad_row(session: DuckSession, source: Source, row: int) -> DataError:
    """Says which field of a row marked as bad is wrong.

    Args:
        session: The session.
        source: As `open_source` returned it.
        row: Its number, from 1.
    """
    checked = [used for used in source.columns if used.bad]
    parts = ", ".join(f"{used.bad}, CAST({used.raw} AS VARCHAR)" for used in checked)
    found = session.one(f"SELECT {parts} FROM {source.reader} LIMIT 1 OFFSET {row - 1}")
    for used, bad, text in zip(checked, found[::2], found[1::2], strict=True):
        if bad:
            what = "NaN" if text.strip().lower() in ("nan", "-nan") else f"`{text[:40]}`"
            return DataError(
                f"column `{used.column.source}`, {place(source, row)}: "
                f"expected {_expected(used.column)}, got {what}",
                code="data.value",
                next_step="correct the value, or the column's type in the product file",
                field=used.column.name,
                row=row,
            )
    raise AssertionError("a row is marked as bad and no field of it is")


def place(source: Source, row: int) -> str:
    """Returns how an error names a row."""
    return f"line {row + 1}" if source.kind == "csv" else f"row {row}"


def _used(product: Product) -> list[SourceColumn]:
    names = {name for read in product.expressions for name in read.columns}
    names.add(product.contributor)
    return [column for column in product.columns if column.name in names]


def _check_columns(product: Product, there: Iterable[str]) -> None:
    found = tuple(there)
    for column in product.columns:
        if column.source not in found:
            has = ", ".join(f"`{name}`" for name in found[:40])
            raise DataError(
                f"expected column `{column.source}`, the file has {has}",
                code="data.column.missing",
                next_step="add the column to the file, or correct `source` in the product file",
                field=column.name,
            )


def _csv(path: Path, product: Product) -> Source:
    with path.open("rb") as file:
        head = file.read(_HEADER_BYTES)
    try:
        first = head.decode("utf-8-sig") if len(head) < _HEADER_BYTES else _first_lines(head)
    except UnicodeDecodeError as error:
        raise DataError(
            "the file is not UTF-8",
            code="data.encoding",
            next_step="save it as UTF-8 and publish again",
        ) from error
    wanted = {column.source for column in product.columns}
    readings = {mark: _header(first, mark) for mark in _DELIMITERS}
    mark = max(_DELIMITERS, key=lambda m: (len(wanted & set(readings[m])), len(readings[m])))
    header = readings[mark]
    for name in header:
        if header.count(name) > 1 and name in wanted:
            raise DataError(
                f"column `{name}` stands twice in the file",
                code="data.column.twice",
                next_step="rename one of them",
                field=name,
            )
    _check_columns(product, header)
    names = ", ".join(f"{literal(f'c{i}')}: 'VARCHAR'" for i in range(len(header)))
    reader = (
        f"read_csv({literal(str(path))}, auto_detect = false, header = true, "
        f"delim = {literal(mark)}, quote = '\"', escape = '\"', nullstr = '', "
        f"strict_mode = true, null_padding = false, columns = {{{names}}})"
    )
    columns = ((c, quoted(f"c{header.index(c.source)}")) for c in _used(product))
    return Source(reader, "csv", tuple(_checked(column, raw) for column, raw in columns))


def _first_lines(head: bytes) -> str:
    cut = head.rfind(b"\n")
    return head[: cut if cut > 0 else len(head)].decode("utf-8-sig")


def _header(text: str, mark: str) -> list[str]:
    return next(csv.reader(text.splitlines(keepends=True), delimiter=mark), [])


def _parquet(session: DuckSession, path: Path, product: Product) -> Source:
    reader = f"read_parquet({literal(str(path))}, file_row_number = true)"
    described = session.rows(f"DESCRIBE SELECT * EXCLUDE (file_row_number) FROM {reader}")
    types = {str(row[0]): str(row[1]) for row in described}
    _check_columns(product, types)
    used = _used(product)
    for column in used:
        given = types[column.source]
        if given.endswith("]") or given.startswith(("STRUCT", "MAP", "UNION")):
            raise DataError(
                f"column `{column.source}` is nested: `{given[:40]}`",
                code="data.type",
                next_step="flatten it before publishing",
                field=column.name,
            )
    columns = ((column, quoted(column.source)) for column in used)
    return Source(
        reader,
        "parquet",
        tuple(
            _as_it_is(column, raw, types[column.source], keep=column.name == product.contributor)
            or _checked(column, raw)
            for column, raw in columns
        ),
    )


def _as_it_is(column: SourceColumn, raw: str, given: str, *, keep: bool) -> Used | None:
    """Takes a Parquet column without a conversion that could fail, if its type allows.

    Args:
        column: The column.
        raw: Its SQL.
        given: Its type in the file.
        keep: Whether a narrower integer type may stay; else whole numbers become 64 bits wide, so
            that an expression over them does not overflow.
    """
    match column.type:
        case "text":
            return Used(column, raw, raw if given == "VARCHAR" else f"CAST({raw} AS VARCHAR)", "")
        case "integer" if given in _INTEGERS - {"HUGEINT", "UBIGINT"}:
            return Used(column, raw, raw if keep else f"CAST({raw} AS BIGINT)", "")
        case "decimal" if given == _sql_type(column):
            return Used(column, raw, raw, "")
        case "boolean" if given == "BOOLEAN":
            return Used(column, raw, raw, "")
        case "date" | "timestamp" if given == _sql_type(column):
            return Used(column, raw, raw, f"NOT isfinite({raw})")
        case _:
            return None


def _sql_type(column: SourceColumn) -> str:
    match column.type:
        case "text":
            return "VARCHAR"
        case "integer":
            return "BIGINT"
        case "decimal":
            return f"DECIMAL({column.precision},{column.scale})"
        case _:
            return column.type.upper()


def _checked(column: SourceColumn, raw: str) -> Used:
    """Converts strictly: what is there and cannot be, or would be changed, is bad."""
    typed = f"TRY_CAST({raw} AS {_sql_type(column)})"
    if column.type == "text":
        return Used(column, raw, raw, "")
    if column.type in ("integer", "decimal"):
        exact = f"TRY_CAST({raw} AS DECIMAL(38, {column.scale + 6}))"
        wrong = f"{typed} IS NULL OR {exact} IS DISTINCT FROM {typed}"
    elif column.type in ("date", "timestamp"):
        wrong = f"coalesce(NOT isfinite({typed}), true)"
    else:
        wrong = f"{typed} IS NULL"
    return Used(column, raw, typed, f"({raw} IS NOT NULL AND ({wrong}))")


def _expected(column: SourceColumn) -> str:
    match column.type:
        case "integer":
            return "a whole number"
        case "decimal":
            return f"a number of {column.precision} digits, {column.scale} after the point"
        case "date":
            return "a date like 2026-11-21"
        case "timestamp":
            return "a date and time like 2026-11-21 08:30:00"
        case "boolean":
            return "true or false"
        case "text":
            return "a text"
