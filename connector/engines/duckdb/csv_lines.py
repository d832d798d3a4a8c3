"""The physical lines of a CSV file: where a row stands, and what is wrong with one that cannot be.

DuckDB counts rows, and its errors count lines as if no field held a line break and no line were
blank. So a fault is looked for here once more, in one pass from the start of the file.
"""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING, Final

from catalog.reading import UTF8
from connector.engines import problems
from connector.engines.errors import DataError
from connector.engines.recoding import likely_in, not_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from crypto.problem import Problem

MAX_LINE: Final = 2_000_000  # what DuckDB reads of one row at most
_CHUNK: Final = 1 << 23
_BEGIN: Final = re.compile('( *)"')  # of a quoted field
_INSIDE: Final = re.compile('[^"]*(?:""[^"]*)*')
_CLOSE: Final = re.compile('"( *)')
_BREAK: Final = re.compile(r"\r\n|\r|\n")
_NAMES: Final = {"\n": "LF", "\r\n": "CR LF", "\r": "CR"}


class _Lines:
    """The lines of a file, and what was met while reading them.

    Attributes:
        count: How many lines were read.
        last: The last of them; what is no UTF-8 has become surrogates.
        broken: Number of the first line that is no UTF-8, else 0.
        begins: Number of the line on which the row being read begins.
        blank: Number of the first line with blanks outside the quotes of a field, else 0.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.count = 0
        self.last = ""
        self.broken = 0
        self.begins = 1
        self.blank = 0
        self._mark = ""
        self._inside = False

    def __iter__(self) -> Iterator[str]:
        with self._path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
            for line in file:
                self.count += 1
                self.last = line
                if not self.broken and not _is_text(line):
                    self.broken = self.count
                if self._mark:
                    self._inside, stray = _quotes(line, self._mark, inside=self._inside)
                    if stray and not self.blank:
                        self.blank = self.count
                yield line

    def rows(self, mark: str, width: int, *, strict: bool) -> Iterator[list[str]]:
        """Yields each row, the header among them; a blank line is one only in a single column."""
        csv.field_size_limit(MAX_LINE)
        self._mark = mark if strict else ""
        reader = csv.reader(self, delimiter=mark, skipinitialspace=True, strict=strict)
        for fields in reader:
            if fields or width == 1:
                yield fields or [""]
            self.begins = reader.line_num + 1


def line_of(path: Path, mark: str, row: int, *, width: int, column: int = 0) -> int:
    """Returns the number of the line on which a field begins.

    Args:
        path: The file.
        mark: Its delimiter.
        row: Number of the row, from 1; the header is none.
        width: How many columns it has.
        column: Place of the field, from 0.
    """
    lines = _Lines(path)
    for number, fields in enumerate(lines.rows(mark, width, strict=False)):
        if number == row:
            return lines.begins + sum(len(_BREAK.findall(field)) for field in fields[:column])
    raise AssertionError("a row of the file is not in the file")


def may_be_shifted(path: Path, mark: str, width: int) -> bool:
    """Says whether DuckDB may drop something of a row: fields beyond the header's, or blanks.

    It drops blanks between a delimiter and a quote (` "K"`). And it drops empty fields at the end:
    such a row is `Smith, John,Paris,` under a header of three: read without its last field, it has
    its values in the wrong columns. Only lines that end in an empty field are looked at.
    """
    delimiter = mark.encode()
    ends = tuple(empty + end for empty in (delimiter, b'""') for end in (b"\n", b"\r\n", b""))
    field = rb'(?:"[^"]*(?:""[^"]*)*"|[^"%s]*)' % re.escape(delimiter)
    sound = re.compile(rb"%s(?:%s%s)*" % (field, re.escape(delimiter), field))
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            chunk += file.readline()
            if _has_blank(chunk) and any(
                _has_blank(line) and sound.fullmatch(line) is None for line in chunk.splitlines()
            ):
                return True
            if b"\r" in chunk and chunk.count(b"\r") != chunk.count(b"\r\n"):
                return True
            if _has_empty_end(chunk, delimiter) or chunk.endswith(ends):
                for line in chunk.splitlines(keepends=True):
                    if line.endswith(ends) and _width(line, delimiter) != width:
                        return True
    return False


def _has_blank(text: bytes) -> bool:
    """Says whether a blank stands beside a quote, inside it or outside."""
    return b'"' in text and (b' "' in text or b'" ' in text)


def _quotes(line: str, mark: str, *, inside: bool) -> tuple[bool, bool]:
    """Follows the quotes of a line.

    Returns:
        Whether a quoted field goes on after it; whether blanks stand outside the quotes of one.
    """
    at, stray = 0, False
    while True:
        if not inside and (begin := _BEGIN.match(line, at)):
            stray = stray or bool(begin[1])
            at, inside = begin.end(), True
        if inside:
            found = _INSIDE.match(line, at)
            close = _CLOSE.match(line, found.end() if found else at)
            if close is None:
                return True, stray
            at, inside = close.end(), False
            stray = stray or (bool(close[1]) and line[at : at + 1] in (mark, "\n", "\r", ""))
        at = line.find(mark, at) + 1
        if not at:
            return False, stray


def _has_empty_end(chunk: bytes, delimiter: bytes) -> bool:
    """Says whether some line ends in an empty field; what is found fastest is looked for first."""
    empty = (delimiter, b'""') if b'"' in chunk else (delimiter,)
    ends = (b"\n", b"\r\n") if b"\r" in chunk else (b"\n",)
    return any(field + end in chunk for field in empty for end in ends)


def _width(line: bytes, delimiter: bytes) -> int:
    """Returns how many fields a line has; 0 if it is not a whole row."""
    quotes = line.count(b'"')
    if not quotes:
        return line.count(delimiter) + 1
    if quotes % 2:
        return 0
    text = line.decode("utf-8", "replace")
    csv.field_size_limit(MAX_LINE)
    try:
        return len(next(csv.reader([text], delimiter=delimiter.decode(), skipinitialspace=True)))
    except csv.Error:  # a field beyond the limit: the row is looked at by itself
        return 0


def explain(path: Path, mark: str, width: int) -> DataError | None:
    """Says what the first line is that cannot be read, and why; None if every line can.

    Args:
        path: The file.
        mark: Its delimiter.
        width: How many columns its header has.
    """
    lines = _Lines(path)
    row, usual = -1, ""
    try:
        for row, fields in enumerate(lines.rows(mark, width, strict=True)):
            if lines.broken:
                return not_utf8(path, lines.broken, row)
            if lines.blank:
                return _blank(lines.blank, row)
            ending = _ending(lines.last)
            usual = usual or ending
            if ending not in (usual, ""):
                return _wrong(
                    problems.LINE_ENDS,
                    row,
                    line=lines.count,
                    ending=_NAMES[ending],
                    usual=_NAMES[usual],
                )
            if len(fields) != width:
                return _wrong(
                    problems.FIELDS, row, line=lines.begins, expected=width, got=len(fields)
                )
    except csv.Error:
        if lines.broken:
            return not_utf8(path, lines.broken, row + 1)
        if lines.blank:
            return _blank(lines.blank, row + 1)
        return _wrong(problems.OPEN_QUOTE, row + 1, line=lines.begins, most=MAX_LINE)
    return None


def _blank(line: int, row: int) -> DataError:
    return _wrong(problems.BLANK, row, line=line)


def not_utf8(path: Path, line: int, row: int) -> DataError:
    """Makes the error for a line in another encoding; the file's likely one is named."""
    return not_in(UTF8, line, max(row, 0), likely_in(path))


def _ending(line: str) -> str:
    found = re.search(r"(\r\n|\r|\n)$", line)
    return found[0] if found else ""


def _is_text(line: str) -> bool:
    if line.isascii():
        return True
    try:
        line.encode()
    except UnicodeEncodeError:
        return False
    return True


def _wrong(problem: Problem, row: int, **facts: object) -> DataError:
    return DataError(problem, field="", row=max(row, 0), **facts)
