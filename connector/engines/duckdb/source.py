"""The owner's file as a typed relation named `source`, one column per declared column in use.

A CSV file is read as text and each value converted strictly; a Parquet file brings its types, and
those that need converting are checked alike. A value that is not of its declared type, or would be
changed by reading it, marks its row as bad.
"""

# ruff: noqa: S608 - SQL is put together from our own names and quoted literals only

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from connector.engines import problems, problems_reading, problems_workbooks
from connector.engines.duckdb.conversions import Used, expected, from_text, from_type
from connector.engines.duckdb.csv_file import Header, csv_reader
from connector.engines.duckdb.csv_lines import line_of, may_be_shifted
from connector.engines.duckdb.names import parquet_of, quoted
from connector.engines.duckdb.parquet_files import Shape, shape_of
from connector.engines.duckdb.pieces import common_header, explain_piece, piece_of, plain_files
from connector.engines.duckdb.recognition import PLACE, ROW, recognised_by, row_number
from connector.engines.errors import UNREADABLE, DataError
from connector.engines.workbook import MOST_LISTED, refuse_cells

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from catalog.product import Product, SourceColumn
    from catalog.reading import Reading
    from connector.engines.duckdb.pieces import Piece
    from connector.engines.duckdb.session import DuckSession
    from connector.engines.workbook import Sheet
    from crypto.words import Filled, Spoken


@dataclass(frozen=True, slots=True)
class Source:
    """How the file is read, or the files of a folder.

    Attributes:
        pieces: The files in their order; one, if the data are one file.
        reader: SQL of the table function over it.
        columns: The declared columns in use.
        header: That of a CSV file; None if the file is Parquet.
        shape: What Parquet files hold; None if they are none.
        zoned: Whether the product declares a zone.
        reading: How its texts are written.
        queried: Whether the file is made of a query: its lines are nobody's.
        copied: Digest of the copy that is read; empty if the file itself is.
    """

    pieces: tuple[Piece, ...]
    reader: str
    columns: tuple[Used, ...]
    header: Header | None
    zoned: bool
    reading: Reading
    copied: str = ""
    queried: bool = False
    shape: Shape | None = None


def open_source(
    session: DuckSession, files: Sequence[Path], product: Product, scratch: Path
) -> Source:
    """Makes the relation `source` of a file, or of several that are read as one.

    Args:
        session: The session; it may read what lies in `scratch`.
        files: The owner's files.
        product: What they should be.
        scratch: A folder for copies of their text.

    Raises:
        DataError: If a file lacks a declared column, cannot be read, or is of another format.
    """
    pieces = plain_files(files, product, scratch)
    if pieces[0].form == "parquet":
        source = _parquet(session, pieces, product)
    else:
        source = _csv(pieces, product)
    try:
        with session.reporting("read"):
            _make_relation(session, source)
    except DataError as error:
        if source.header is None or error.code != UNREADABLE:
            raise
        for piece in pieces:
            explain_piece(piece, source.header, error)
        raise
    if source.header is not None:
        mark, width = source.header.mark, len(source.header.names)
        for piece in pieces:
            if may_be_shifted(piece.path, mark, width):
                explain_piece(piece, source.header)
    return source


def _make_relation(session: DuckSession, source: Source) -> None:
    """Makes `source` of a relation whose columns have names of ours.

    A column that is called like one of DuckDB's own, such as `rowid`, would hide that one.
    """
    names = [used.column.name for used in source.columns]
    values = [used.typed for used in source.columns]
    marks = " OR ".join(used.bad for used in source.columns if used.bad) or "false"
    names.append("#bad")
    values.append(marks)
    if source.header is not None:
        names.append(ROW)
        values.append(row_number([f"c{i}" for i in range(len(source.header.names))]))
    listed = ", ".join(f"{value} AS v{i}" for i, value in enumerate(values))
    kind, place = "TABLE", "rowid"  # text is parsed once
    if source.shape is not None:
        kind, place = "VIEW", "place"
        listed += f", {source.shape.place} AS place"
    session.run(f'CREATE TEMP {kind} "#read" AS SELECT {listed} FROM {source.reader}')
    renamed = ", ".join(f"v{i} AS {quoted(name)}" for i, name in enumerate(names))
    session.run(
        f'CREATE TEMP VIEW source AS SELECT {renamed}, {place} AS {quoted(PLACE)} FROM "#read"'
    )


def recognised(session: DuckSession, source: Source, first: int | None = None) -> tuple[str, ...]:
    """Returns digests by which the same rows are recognised, however they are written.

    Args:
        session: The session.
        source: The rows.
        first: Of how many of the first rows; None: of all, which are recognised by a copy, too.
    """
    texts = source.header is not None
    if first is not None:
        return recognised_by(session, source.columns, texts=texts, zoned=source.zoned, first=first)
    found = recognised_by(session, source.columns, texts=texts, zoned=source.zoned)
    return (source.copied, *found) if source.copied else found


def explain_bad_row(session: DuckSession, source: Source, row: int) -> DataError:
    """Says which field of a row marked as bad is wrong.

    Args:
        session: The session.
        source: As `open_source` returned it.
        row: Its number, from 1.
    """
    sheet = source.pieces[0].sheet
    if sheet is not None:
        return _bad_cells(session, source, sheet)
    column, text = _bad_fields(session, source, row)[0]
    what = "NaN" if text.strip().lower() in ("nan", "-nan") else f"`{text[:40]}`"
    how = source.reading.of(column.name)
    unzoned = column.type == "timestamp" and not source.zoned and not how.format
    return DataError(
        problems.VALUE,
        field=column.name,
        row=row,
        column=column.source,
        place=place(session, source, row, column.source),
        expected=expected(column, zoned=source.zoned, how=how),
        got=what,
        hint=problems.DECLARE_ZONE if unzoned else "",
    )


def _bad_cells(session: DuckSession, source: Source, sheet: Sheet) -> DataError:
    """Names the first cells of a workbook that are not of their columns' types."""
    rows = session.rows(f'SELECT "{PLACE}" FROM source WHERE "#bad" ORDER BY 1 LIMIT {MOST_LISTED}')
    found: list[tuple[str, Spoken]] = []
    for (number,) in rows:
        for column, text in _bad_fields(session, source, int(number) + 1):
            how = source.reading.of(column.name)
            kind = expected(column, zoned=source.zoned, how=how)
            why = problems_workbooks.A_VALUE.of(expected=kind, got=text[:40])
            found.append((sheet.cell(int(number) + 1, column.source), why))
    return refuse_cells(found)


def _bad_fields(session: DuckSession, source: Source, row: int) -> list[tuple[SourceColumn, str]]:
    """Returns the fields of a row that are not of their columns' types, with their texts."""
    checked = [used for used in source.columns if used.bad]
    parts = ", ".join(f"{used.bad}, CAST({used.raw} AS VARCHAR)" for used in checked)
    found = session.one(f"SELECT {parts} FROM {source.reader} LIMIT 1 OFFSET {row - 1}")
    fields = zip(checked, found[::2], found[1::2], strict=True)
    return [(used.column, text) for used, bad, text in fields if bad]


def place(session: DuckSession, source: Source, row: int, column: str = "") -> Filled:
    """Returns how an error names a row: by the line of its field, or on which it begins.

    Args:
        session: The session.
        source: The file.
        row: The row's number, from 1.
        column: The field's name in the file; empty for the row.
    """
    header = source.header
    if source.shape is not None and source.pieces[0].name:
        file, within = source.shape.file_of(row)
        return problems_reading.A_ROW_IN.of(file=source.pieces[file].name, row=within)
    if header is None or source.queried:
        return problems.A_ROW.of(row=row)
    at = header.names.index(column) if column else 0
    if (sheet := source.pieces[0].sheet) is not None:
        if column:
            return problems_workbooks.A_CELL.of(cell=sheet.cell(row, column))
        return problems_workbooks.A_SHEET_ROW.of(row=sheet.rows[row - 1])
    piece, within = piece_of(session, source.pieces, header, row)
    line = line_of(piece.path, header.mark, within, width=len(header.names), column=at)
    if piece.name:
        return problems_reading.A_LINE_IN.of(file=piece.name, line=line)
    return problems.A_LINE.of(line=line)


def _used(product: Product) -> list[SourceColumn]:
    names = {name for read in product.expressions for name in read.columns}
    names.add(product.contributor)
    return [column for column in product.columns if column.name in names]


def _check_columns(product: Product, there: Iterable[str]) -> None:
    found = tuple(there)
    for column in product.columns:
        if column.source not in found:
            raise DataError(
                problems.COLUMN_MISSING,
                field=column.name,
                column=column.source,
                there=[f"`{name[:60]}`" for name in found[:40]],
            )


def _csv(pieces: tuple[Piece, ...], product: Product) -> Source:
    header = common_header(pieces, {column.source for column in product.columns})
    _check_columns(product, header.names)
    zoned = bool(product.zone)
    columns = tuple(
        from_text(
            column,
            f"c{header.names.index(column.source)}",
            zoned=zoned,
            how=product.reading.of(column.name),
        )
        for column in _used(product)
    )
    reader = csv_reader([piece.path for piece in pieces], header)
    copied = pieces[0].digest if len(pieces) == 1 else ""
    queried = product.source is not None
    return Source(pieces, reader, columns, header, zoned, product.reading, copied, queried)


def _parquet(session: DuckSession, pieces: tuple[Piece, ...], product: Product) -> Source:
    shape = shape_of(session, pieces)
    types = shape.types
    _check_columns(product, types)
    columns = tuple(_of_type(column, types[column.source], product) for column in _used(product))
    reader = parquet_of([piece.path for piece in pieces])
    zoned = bool(product.zone)
    return Source(pieces, reader, columns, None, zoned, product.reading, shape=shape)


def _of_type(column: SourceColumn, given: str, product: Product) -> Used:
    if given.endswith("]") or given.startswith(("STRUCT", "MAP", "UNION")):
        raise DataError(problems.NESTED, field=column.name, column=column.source, given=given[:40])
    zoned = bool(product.zone)
    keep = column.name == product.contributor
    how = product.reading.of(column.name)
    used = from_type(column, quoted(column.source), given, zoned=zoned, keep=keep, how=how)
    if used is None:
        timed = column.type in ("date", "timestamp") and given.startswith("TIMESTAMP")
        raise DataError(
            problems.COLUMN_TYPE,
            field=column.name,
            column=column.source,
            expected=expected(column, zoned=zoned, how=how),
            given=given[:40].lower(),
            hint=problems.ZONE_MEANS if timed else "",
        )
    return used
