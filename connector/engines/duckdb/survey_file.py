"""A file that nobody has declared, as DuckDB reads it: its encoding is guessed from all of it."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from connector.engines import problems
from connector.engines.duckdb.formats import format_of
from connector.engines.errors import DataError
from connector.engines.packing import is_packed, unpacked

if TYPE_CHECKING:
    from pathlib import Path

_CHUNK: Final = 1 << 20
_HEAD: Final = 32  # bytes that tell a format
_UTF8: Final = "utf-8"
_UTF16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# each is tried on the whole file; what is taken for Chinese or Japanese must look like it
_TRIED: Final = ("gb18030", "big5", "shift_jis", "cp1252")
_FOREIGN: Final = re.compile("[^\x00-\x7f]+")
_KANA: Final = re.compile("[\u3041-\u30ff]")
_COMMON: Final = {"gb18030": ("gb2312", 0xF7), "big5": ("big5", 0xC6)}  # up to that first byte


@dataclass(frozen=True, slots=True)
class Readable:
    """A file that DuckDB reads.

    Attributes:
        path: The file, or its copy in UTF-8.
        encoding: Of the file's text; empty for Parquet.
    """

    path: Path
    encoding: str


def readable(path: Path, copy: Path) -> Readable:
    """Finds out how a file is to be read.

    Args:
        path: The file.
        copy: Where a copy of its text may be written.

    Raises:
        DataError: If it is neither Parquet nor text of a known encoding.
    """
    packed = is_packed(path)
    with unpacked(path) as source:
        head = source.read(_HEAD)
    if head.startswith(_UTF16) and _copied(path, copy, "utf-16"):
        return Readable(copy, "utf-16")
    if format_of(head, packed=packed) == "parquet":
        return Readable(path, "")
    line = _first_line_not_utf8(path)
    if not line and not packed:
        return Readable(path, _UTF8)
    if not line and _copied(path, copy, _UTF8):
        return Readable(copy, _UTF8)
    for encoding in _TRIED:
        if _copied(path, copy, encoding):
            return Readable(copy, encoding)
    raise DataError(problems.ENCODING, field="data", line=line, encoding="UTF-8")


def _first_line_not_utf8(path: Path) -> int:
    decoder = codecs.getincrementaldecoder(_UTF8)()
    lines = 1
    with unpacked(path) as file:
        while True:
            chunk = file.read(_CHUNK)
            try:
                lines += decoder.decode(chunk, not chunk).count("\n")
            except UnicodeDecodeError as error:
                return lines + error.object[: error.start].count(b"\n")
            if not chunk:
                return 0


def _copied(path: Path, copy: Path, encoding: str) -> bool:
    """Copies a text as UTF-8; False if it is not of that encoding, or does not look like it."""
    decoder = codecs.getincrementaldecoder(encoding)()
    foreign, telling = 0, 0
    with unpacked(path) as file, copy.open("wb") as target:
        while True:
            chunk = file.read(_CHUNK)
            try:
                text = decoder.decode(chunk, not chunk)
                target.write(text.encode())
            except UnicodeError:
                return False
            if "\0" in text:
                return False
            found = "".join(_FOREIGN.findall(text))
            foreign += len(found)
            telling += _telling(found, encoding)
            if not chunk:
                break
    if encoding == "shift_jis":
        return telling * 5 > foreign
    if encoding in _COMMON:  # a Western letter and what follows it make a rare character
        return telling * 5 > foreign * 4
    return True


def _telling(text: str, encoding: str) -> int:
    """Counts characters that are common in texts of an encoding."""
    if encoding == "shift_jis":
        return len(_KANA.findall(text))
    if encoding not in _COMMON:
        return 0
    known, last = _COMMON[encoding]
    return sum(1 for c in text if b"" < c.encode(known, "ignore") <= bytes([last, 0xFF]))
