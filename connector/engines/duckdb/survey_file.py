"""Files that nobody has declared, as DuckDB reads them: their encoding is guessed from all."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from connector.engines import problems, problems_reading
from connector.engines.duckdb.formats import format_of
from connector.engines.duckdb.pieces import Piece, naming
from connector.engines.errors import DataError
from connector.engines.packing import Budget, is_packed, unpacked
from connector.engines.progress import quiet

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from connector.engines.progress import Progress

_CHUNK: Final = 1 << 20
_HEAD: Final = 32  # bytes that tell a format
_UTF8: Final = "utf-8"
_UTF16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# each is tried on all of them; what is taken for Chinese or Japanese must look like it
_TRIED: Final = ("gb18030", "big5", "shift_jis", "cp1252")
_FOREIGN: Final = re.compile("[^\x00-\x7f]+")
_KANA: Final = re.compile("[\u3041-\u30ff]")
_COMMON: Final = {"gb18030": ("gb2312", 0xF7), "big5": ("big5", 0xC6)}  # up to that first byte


@dataclass(frozen=True, slots=True)
class Readable:
    """Files that DuckDB reads as one.

    Attributes:
        pieces: The files, or their copies in UTF-8.
        encoding: Of their texts; empty for Parquet.
    """

    pieces: tuple[Piece, ...]
    encoding: str


def readable(files: Sequence[Path], scratch: Path, progress: Progress = quiet) -> Readable:
    """Finds out how files are to be read.

    Args:
        files: The files, of a folder if there are several.
        scratch: Where copies of their texts may be written.
        progress: Told again and again that they are being read: what it raises ends that.

    Raises:
        DataError: If they are neither Parquet nor texts of one known encoding.
    """
    names = [path.name if len(files) > 1 else "" for path in files]
    copies = [scratch / f"plain-{number}.csv" for number in range(len(files))]

    def copied(encoding: str) -> Readable | None:
        if not _copied(files, copies, encoding, progress):
            return None
        pieces = [Piece(copy, "csv", name=name) for copy, name in zip(copies, names, strict=True)]
        return Readable(tuple(pieces), encoding)

    heads, packed = [], []
    for path, name in zip(files, names, strict=True):
        with naming(name), unpacked(path) as source:
            heads.append(source.read(_HEAD))
        packed.append(is_packed(path))
    if all(head.startswith(_UTF16) for head in heads) and (found := copied("utf-16")):
        return found
    forms = []
    for head, is_one, name in zip(heads, packed, names, strict=True):
        with naming(name):
            forms.append(format_of(head, packed=is_one))
        if forms[-1] != forms[0]:
            raise DataError(problems_reading.OTHER_FORM, field="data", file=name, first=names[0])
    as_they_are = tuple(Piece(p, forms[0], name=n) for p, n in zip(files, names, strict=True))
    if forms[0] == "parquet":
        return Readable(as_they_are, "")
    lines = [_first_line_not_utf8(path, progress) for path in files]
    if not any(lines):
        if not any(packed):
            return Readable(as_they_are, _UTF8)
        if found := copied(_UTF8):
            return found
    for path, name, line in zip(files, names, lines, strict=True):
        if any(lines) and not line and not _is_ascii(path, progress):
            other = next(name for name, line in zip(names, lines, strict=True) if line)
            raise DataError(problems_reading.ENCODINGS, field="data", file=other, first=name)
    for encoding in _TRIED:
        if found := copied(encoding):
            return found
    at = next((at for at, line in enumerate(lines) if line), 0)
    with naming(names[at]):
        raise DataError(problems.ENCODING, field="data", line=lines[at], encoding="UTF-8")


def _first_line_not_utf8(path: Path, progress: Progress) -> int:
    decoder = codecs.getincrementaldecoder(_UTF8)()
    lines = 1
    with unpacked(path) as file:
        while True:
            progress("read", 0.0)
            chunk = file.read(_CHUNK)
            try:
                lines += decoder.decode(chunk, not chunk).count("\n")
            except UnicodeDecodeError as error:
                return lines + error.object[: error.start].count(b"\n")
            if not chunk:
                return 0


def _is_ascii(path: Path, progress: Progress) -> bool:
    with unpacked(path) as file:
        while chunk := file.read(_CHUNK):
            progress("read", 0.0)
            if not chunk.isascii():
                return False
    return True


def _copied(
    files: Sequence[Path], copies: Sequence[Path], encoding: str, progress: Progress
) -> bool:
    """Copies texts as UTF-8; False if one is not of that encoding, or all do not look like it."""
    foreign, telling = 0, 0
    budget = Budget()
    for path, copy in zip(files, copies, strict=True):
        decoder = codecs.getincrementaldecoder(encoding)()
        with unpacked(path, budget) as file, copy.open("wb") as target:
            while True:
                progress("read", 0.0)
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
