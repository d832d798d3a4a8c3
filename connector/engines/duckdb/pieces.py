"""Several files that are read as one: of one header, each with its own faults."""

# ruff: noqa: S608 - SQL is put together from our own names and quoted literals only

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from connector.engines import problems_reading as problems
from connector.engines.duckdb.csv_file import Header, csv_reader, read_header
from connector.engines.duckdb.csv_lines import explain
from connector.engines.duckdb.plain import Piece, plain_file
from connector.engines.errors import DataError
from connector.engines.packing import Budget
from crypto.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from catalog.product import Product
    from connector.engines.duckdb.session import DuckSession

__all__ = ["Piece", "common_header", "explain_piece", "naming", "piece_of", "plain_files"]


def plain_files(files: Sequence[Path], product: Product, scratch: Path) -> tuple[Piece, ...]:
    """Returns files as DuckDB reads them: one of any format, or several of CSV or of Parquet.

    Raises:
        DataError: At the first that cannot be read.
    """
    if len(files) == 1:
        return (plain_file(files[0], product, scratch / "plain.csv"),)
    found: list[Piece] = []
    budget = Budget()
    for number, path in enumerate(files):
        with naming(path.name):
            piece = plain_file(path, product, scratch / f"plain-{number}.csv", budget)
        if piece.form == "workbook" or (found and piece.form != found[0].form):
            raise DataError(problems.OTHER_FORM, field="data", file=path.name, first=files[0].name)
        found.append(replace(piece, name=path.name))
    return tuple(found)


def common_header(pieces: Sequence[Piece], wanted: Collection[str]) -> Header:
    """Returns the header that all have.

    Raises:
        DataError: If there is none.
    """
    with naming(pieces[0].name):
        header = read_header(pieces[0].path, wanted)
    for piece in pieces[1:]:
        with naming(piece.name):
            found = read_header(piece.path, wanted)
        if found != header:
            expected, got = _difference(header, found)
            raise DataError(
                problems.HEADER_DIFFERS,
                field="data",
                file=piece.name,
                first=pieces[0].name,
                expected=expected,
                got=got,
            )
    return header


def explain_piece(piece: Piece, header: Header, cause: DataError | None = None) -> None:
    """Refuses a file for its first line that cannot be read, if there is one.

    Args:
        piece: The file.
        header: Its header.
        cause: What is known already.
    """
    found = explain(piece.path, header.mark, len(header.names))
    if found is not None:
        with naming(piece.name):
            raise found from cause


def piece_of(
    session: DuckSession, pieces: Sequence[Piece], header: Header, row: int
) -> tuple[Piece, int]:
    """Returns the file that holds a row, and the row's number there, both from 1."""
    for piece in pieces[:-1]:
        (rows,) = session.one(f"SELECT count(*) FROM {csv_reader([piece.path], header)}")
        if row <= int(rows):
            return piece, row
        row -= int(rows)
    return pieces[-1], row


@contextmanager
def naming(name: str) -> Iterator[None]:
    """Lets an error of one file of several name it."""
    try:
        yield
    except DataError as error:
        if not name:
            raise
        following = error.next
        about = Problem(error.code, problems.IN_FILE, error.problem.next)
        found = DataError(about, field=error.field, row=error.row, file=name, why=error)
        found.params = {**error.params, **found.params}
        raise found.advise(following.words, **following.facts) from error


def _difference(expected: Header, got: Header) -> tuple[str, str]:
    if expected.names == got.names:
        return f"`{expected.mark}`", f"`{got.mark}`"
    width = max(len(expected.names), len(got.names))
    first, second = (
        [*header.names, *[""] * (width - len(header.names))] for header in (expected, got)
    )
    at = next(i for i in range(width) if first[i] != second[i])
    return f"`{first[at][:60]}`", f"`{second[at][:60]}`"
