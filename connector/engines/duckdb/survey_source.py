"""What is surveyed as a relation of texts: files, a sheet of a workbook, rows of a database."""

# ruff: noqa: S608 - SQL is put together from our own names and quoted literals only

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from catalog.product import SourceColumn
from connector.engines import problems, problems_databases
from connector.engines.databases import column_names, copy_rows
from connector.engines.duckdb.csv_file import csv_reader
from connector.engines.duckdb.csv_lines import may_be_shifted
from connector.engines.duckdb.names import parquet_of, quoted
from connector.engines.duckdb.parquet_files import shape_of
from connector.engines.duckdb.pieces import Piece, common_header, explain_piece
from connector.engines.duckdb.survey_file import readable
from connector.engines.errors import UNREADABLE, DataError
from connector.engines.workbook import is_workbook
from connector.engines.workbook_whole import copy_whole

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from catalog.database_source import DatabaseSource
    from connector.engines.databases import Connection
    from connector.engines.duckdb.csv_file import Header
    from connector.engines.duckdb.session import DuckSession
    from connector.engines.progress import Progress
    from connector.engines.undeclared import Undeclared
    from connector.engines.workbook_whole import Whole
    from crypto.words import Filled

_TEXTS: Final = ("VARCHAR",)
_BINARY: Final = "BLOB"
_NESTED: Final = ("STRUCT", "MAP", "UNION", _BINARY, "BIT", "VARIANT")


@dataclass(frozen=True, slots=True)
class There:
    """A column as it was found.

    Attributes:
        source: Its name in the data.
        raw: SQL of its text.
        kind: Its type in DuckDB.
        fault: Why no column can be declared over it; None if one can.
        shown: Why no column of texts can.
    """

    source: str
    raw: str
    kind: str = "VARCHAR"
    fault: Filled | None = None
    shown: Filled | None = None

    @property
    def unreadable(self) -> bool:
        """Whether no column can be declared over it."""
        nested = self.kind.endswith("]") or self.kind.startswith(_NESTED)
        return nested or self.fault is not None

    @property
    def is_text(self) -> bool:
        """Whether its values are texts there."""
        return self.kind in _TEXTS


@dataclass(frozen=True, slots=True)
class Found:
    """Data as DuckDB will read them.

    Attributes:
        pieces: The files.
        encoding: Of their texts; empty if they name it themselves, or we wrote them.
        names: Those of the columns, where they are known beforehand.
        binary: Names of columns beside these that hold binary values.
        whole: What else is known of a sheet.
    """

    pieces: tuple[Piece, ...]
    encoding: str = ""
    names: tuple[str, ...] = ()
    binary: tuple[str, ...] = ()
    whole: Whole | None = None


def find(data: Undeclared, scratch: Path, progress: Progress) -> Found:
    """Makes files that DuckDB reads of whatever it is.

    Args:
        data: What is looked at.
        scratch: Where copies may be written.
        progress: Told again and again that files are being read: what it raises ends that.

    Raises:
        DataError: It cannot be read.
    """
    if data.connection is not None:
        assert data.source is not None, "a database is asked for something"
        return _of_database(data.connection, data.source, scratch / "rows.csv")
    if len(data.files) == 1 and is_workbook(data.files[0]):
        copy = scratch / "sheet.csv"
        whole = copy_whole(data.files[0], data.sheet, data.header_row, copy)
        return Found((Piece(copy, "csv"),), whole=whole)
    file = readable(data.files, scratch, progress)
    return Found(file.pieces, file.encoding)


def _of_database(connection: Connection, source: DatabaseSource, copy: Path) -> Found:
    """Copies all columns that are texts, or can be."""
    names = column_names(connection, source)
    kept, binary = _as_columns(names), list[str]()
    while True:
        try:
            copy_rows(connection, source, kept, copy)
        except DataError as error:
            left = [column for column in kept if column.name != error.field]
            if error.problem is not problems_databases.BINARY or not left:
                raise
            binary += [column.source for column in kept if column.name == error.field]
            kept = left
        else:
            return Found(
                (Piece(copy, "csv"),), names=tuple(c.source for c in kept), binary=tuple(binary)
            )


def _as_columns(names: Collection[str]) -> list[SourceColumn]:
    for name in names:
        if [*names].count(name) > 1:  # the database could not tell which one is meant
            raise DataError(problems.COLUMN_TWICE, field="source", column=name)
    return [
        SourceColumn(name=f"t{place}", source=name, type="text", labels=("never",))
        for place, name in enumerate(names)
    ]


def columns_of(session: DuckSession, found: Found) -> tuple[Header | None, list[There]]:
    """Returns the header of a text, None for Parquet, and the columns.

    Raises:
        DataError: The files are not of one shape.
    """
    if found.pieces[0].form == "parquet":
        shape = shape_of(session, found.pieces)
        return None, [There(name, quoted(name), kind) for name, kind in shape.types.items()]
    header = common_header(found.pieces, found.names)
    there = [There(name, f"c{place}") for place, name in enumerate(header.names)]
    if (whole := found.whole) is not None:
        there = [
            There(name, f"c{place}", fault=whole.faults.get(place), shown=whole.shown.get(place))
            for place, name in enumerate(whole.header)
        ]
    return header, [*there, *(There(name, "NULL", _BINARY) for name in found.binary)]


def open_relation(
    session: DuckSession, found: Found, header: Header | None, kept: Sequence[There]
) -> None:
    """Makes the relation `source` of texts; an empty one is NULL.

    Raises:
        DataError: A file cannot be read.
    """
    texts = [
        "NULL::VARCHAR" if each.unreadable else f"nullif(CAST({each.raw} AS VARCHAR), '')"
        for each in kept
    ]
    named = ", ".join(f"{text} AS t{i}" for i, text in enumerate(texts))
    paths = [piece.path for piece in found.pieces]
    reader = parquet_of(paths) if header is None else csv_reader(paths, header)
    kind = "VIEW" if header is None else "TABLE"  # text is parsed once
    try:
        with session.reporting("read"):
            session.run(f"CREATE TEMP {kind} source AS SELECT {named} FROM {reader}")
    except DataError as error:
        if header is None or error.code != UNREADABLE:
            raise
        for piece in found.pieces:
            explain_piece(piece, header, error)
        raise
    if header is None:
        return
    for piece in found.pieces:
        if may_be_shifted(piece.path, header.mark, len(header.names)):
            explain_piece(piece, header)
