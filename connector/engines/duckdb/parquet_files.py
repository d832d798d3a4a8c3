"""Parquet files that are read as one: of one shape, their rows numbered through."""

# ruff: noqa: S608 - SQL is put together from our own names and quoted literals only

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from connector.engines import problems_reading as problems
from connector.engines.duckdb.names import parquet_of
from connector.engines.duckdb.pieces import naming
from connector.engines.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from connector.engines.duckdb.pieces import Piece
    from connector.engines.duckdb.session import DuckSession

# DuckDB's names of the number of a row in its file, and of the file in the list
_ROW, _FILE = "file_row_number", "file_index"
_TYPE: Final = 60  # characters of a type that an error tells


@dataclass(frozen=True, slots=True)
class Shape:
    """What Parquet files hold.

    Attributes:
        types: The type of each column by its name.
        starts: Per file, how many rows are before its first.
    """

    types: Mapping[str, str]
    starts: tuple[int, ...]

    @property
    def place(self) -> str:
        """SQL of the number of a row among all, from 0."""
        if len(self.starts) == 1:
            return _ROW
        return f"{[*self.starts]}[CAST({_FILE} AS BIGINT) + 1] + {_ROW}"

    def file_of(self, row: int) -> tuple[int, int]:
        """Returns which file holds a row, from 0, and the row's number there, from 1."""
        at = bisect_right(self.starts, row - 1) - 1
        return at, row - self.starts[at]


def shape_of(session: DuckSession, pieces: Sequence[Piece]) -> Shape:
    """Reads what every file says of itself.

    Raises:
        DataError: If one is damaged, or has other columns, or of other types, than the first; or
            a column is called as rows or files are numbered.
    """
    first: dict[str, str] = {}
    starts, rows = [], 0
    for piece in pieces:
        with naming(piece.name):
            reader = parquet_of([piece.path])
            found = {
                str(name): str(kind)
                for name, kind, *_ in session.rows(f"DESCRIBE SELECT * FROM {reader}")
            }
            (count,) = session.one(f"SELECT count(*) FROM {reader}")
        first = first or found
        if found != first:
            raise _differs(piece, pieces[0], first, found)
        starts.append(rows)
        rows += int(count)
    for name in first:
        if name.lower() == _ROW or (name.lower() == _FILE and len(pieces) > 1):
            raise DataError(problems.PLACE_NAMED, field="data", column=name)
    return Shape(first, tuple(starts))


def _differs(
    piece: Piece, first: Piece, expected: Mapping[str, str], got: Mapping[str, str]
) -> DataError:
    column = next(name for name in (*expected, *got) if expected.get(name, "") != got.get(name, ""))
    nothing = problems.NO_COLUMN
    return DataError(
        problems.SHAPE_DIFFERS,
        field="data",
        file=piece.name,
        first=first.name,
        column=column[:_TYPE],
        expected=expected.get(column, "").lower()[:_TYPE] or nothing,
        got=got.get(column, "").lower()[:_TYPE] or nothing,
    )
