"""A CSV file as DuckDB reads it: all text, by fixed settings; only the delimiter is guessed."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from connector.engines import problems, problems_reading
from connector.engines.duckdb.csv_lines import MAX_LINE, not_utf8
from connector.engines.duckdb.names import pattern_of
from connector.engines.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

_DELIMITERS: Final = (",", ";", "\t", "|")
_HEADER_BYTES: Final = 1 << 20
MOST_COLUMNS: Final = 10_000


@dataclass(frozen=True, slots=True)
class Header:
    """The first row of a CSV file.

    Attributes:
        mark: The delimiter.
        names: The names of the columns, as they stand there.
    """

    mark: str
    names: tuple[str, ...]


def read_header(path: Path, wanted: Collection[str]) -> Header:
    """Reads the header; the delimiter is the one that gives most of the wanted columns.

    Raises:
        DataError: If there is none, it is not UTF-8, or names a wanted column twice.
    """
    with path.open("rb") as file:
        head = file.read(_HEADER_BYTES)
    if len(head) == _HEADER_BYTES and b"\n" not in head and b"\r" not in head:
        raise DataError(problems_reading.TOO_WIDE, field="data", most=MOST_COLUMNS)
    try:
        text = _whole_lines(head).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise not_utf8(path, head[: error.start].count(b"\n") + 1, 0) from error
    readings = {mark: _first_row(text, mark) for mark in _DELIMITERS}
    wanted = set(wanted)
    mark = max(_DELIMITERS, key=lambda m: (len(wanted & set(readings[m])), len(readings[m])))
    names = readings[mark]
    if not names:
        raise DataError(problems.HEADER, field="data")
    if len(names) > MOST_COLUMNS:
        raise DataError(problems_reading.TOO_WIDE, field="data", most=MOST_COLUMNS)
    for name, times in Counter(names).items():
        if times > 1 and name in wanted:
            raise DataError(problems.COLUMN_TWICE, field=name, column=name)
    return Header(mark, names)


def csv_reader(paths: Sequence[Path], header: Header) -> str:
    """Returns the SQL that reads files; their columns are `c0`, `c1`, … in their order."""
    listed = ", ".join(map(pattern_of, paths))
    listed = listed if len(paths) == 1 else f"[{listed}]"
    names = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(header.names)))
    return (
        f"read_csv({listed}, auto_detect = false, header = true, "
        f"delim = '{header.mark}', quote = '\"', escape = '\"', nullstr = '', "
        "strict_mode = true, null_padding = false, compression = 'none', encoding = 'utf-8', "
        f"hive_partitioning = false, columns = {{{names}}})"
    )


def _whole_lines(head: bytes) -> bytes:
    """Cuts what was read of a long file after its last whole line."""
    if len(head) < _HEADER_BYTES:
        return head
    return head[: head.rfind(b"\n") + 1] or head


def _first_row(text: str, mark: str) -> tuple[str, ...]:
    csv.field_size_limit(MAX_LINE)  # the process's: the same one wherever it is set
    try:
        return tuple(next(csv.reader(io.StringIO(text, newline=""), delimiter=mark), ()))
    except csv.Error:
        return ()
