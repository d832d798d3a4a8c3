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
class Source:
    """How the file is read.

    Attributes:
        reader: SQL of the table function over the file.
        kind: Its format.
        columns: Declared columns in use, with the SQL that reads each one raw.
        suspect: Names of those whose conversion can fail; their rows are marked.
    """

    reader: str
    kind: Literal["csv", "parquet"]
    columns: tuple[tuple[SourceColumn, str], ...]
    suspect: frozenset[str]

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
    typed = [f"{_typed(column, raw)} AS {quoted(column.name)}" for column, raw in source.columns]
    bad = [_is_bad(column, raw) for column, raw in source.columns if column.name in source.suspect]
    marks = " OR ".join(bad) or "false"
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
    checked = [(column, raw) for column, raw in source.columns if column.name in source.suspect]
    parts = ", ".join(f"{_is_bad(column, raw)}, CAST({raw} AS VARCHAR)" for column, raw in checked)
    found = session.one(f"SELECT {parts} FROM {source.reader} LIMIT 1 OFFSET {row - 1}")
    for (column, _), bad, text in zip(checked, found[::2], found[1::2], strict=True):
        if bad:
            what = "NaN" if text.strip().lower() in ("nan", "-nan") else f"`{text[:40]}`"
            return DataError(
                f"column `{column.source}`, {place(source, row)}: "
                f"expected {_expected(column)}, got {what}",
                code="data.value",
                next_step="correct the value, or the column's type in the product file",
                field=column.name,
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
    used = _used(product)
    return Source(
        reader=reader,
        kind="csv",
        columns=tuple((c, quoted(f"c{header.index(c.source)}")) for c in used),
        suspect=frozenset(c.name for c in used if c.type != "text"),
    )


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
        if types[column.source].endswith(("]", ")")) and not types[column.source].startswith(
            ("DECIMAL", "ENUM")
        ):
            raise DataError(
                f"column `{column.source}` is nested: `{types[column.source][:40]}`",
                code="data.type",
                next_step="flatten it before publishing",
                field=column.name,
            )
    return Source(
        reader=reader,
        kind="parquet",
        columns=tuple((column, quoted(column.source)) for column in used),
        suspect=frozenset(c.name for c in used if not _fits(c, types[c.source])),
    )


def _fits(column: SourceColumn, given: str) -> bool:
    """Says whether a Parquet type needs no conversion that could fail or round."""
    match column.type:
        case "text":
            return True
        case "integer":
            return given in _INTEGERS - {"HUGEINT", "UBIGINT"}
        case "decimal":
            if given in _INTEGERS:
                return column.precision - column.scale >= 20
            return given == f"DECIMAL({column.precision},{column.scale})"
        case "date" | "timestamp":
            return False  # an infinite one would pass
        case "boolean":
            return given == "BOOLEAN"


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


def _typed(column: SourceColumn, raw: str) -> str:
    return f"TRY_CAST({raw} AS {_sql_type(column)})"


def _is_bad(column: SourceColumn, raw: str) -> str:
    """SQL: the value is there and is not of the type, or would be changed by the conversion."""
    typed = _typed(column, raw)
    if column.type in ("integer", "decimal"):
        exact = f"TRY_CAST({raw} AS DECIMAL(38, {column.scale + 6}))"
        return f"({raw} IS NOT NULL AND ({typed} IS NULL OR {exact} IS DISTINCT FROM {typed}))"
    if column.type in ("date", "timestamp"):
        return f"({raw} IS NOT NULL AND coalesce(NOT isfinite({typed}), true))"
    return f"({raw} IS NOT NULL AND {typed} IS NULL)"


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
