"""What a file is by its first bytes: Parquet, text, or something that looks like neither."""

from __future__ import annotations

import codecs
import re
from typing import Final, Literal

from catalog.reading import UTF8
from connector.engines import file_words as files
from connector.engines import problems
from connector.engines.errors import DataError

Format = Literal["csv", "parquet", "workbook"]

_PARQUET: Final = b"PAR1"
_BINARY: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_MARKS: Final = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")  # of the order of bytes
# first bytes, what they tell, what to do
_OTHERS: Final = (
    (b"PK\x03\x04", files.ZIP, files.UNPACK_OR_SAVE),
    (b"\xd0\xcf\x11\xe0", files.OLD_EXCEL, files.SAVE_AS_CSV_UTF8),
    (b"\x1f\x8b", files.TWICE.of(by="gzip"), files.UNPACK_BY.of(by="gunzip")),
    (b"BZh", files.COMPRESSED.of(by="bzip2", ending=".bz2"), files.UNPACK_BY.of(by="bunzip2")),
    (b"\xfd7zXZ", files.COMPRESSED.of(by="xz", ending=".xz"), files.UNPACK_BY.of(by="unxz")),
    (
        b"\x28\xb5\x2f\xfd",
        files.TWICE.of(by="Zstandard"),
        files.UNPACK_BY.of(by="unzstd"),
    ),
    (b"7z\xbc\xaf", files.SEVEN_ZIP, files.UNPACK),
    (b"Rar!\x1a\x07", files.RAR, files.UNPACK),
    (b"ORC", files.ORC, files.SAVE_AS_TABLE),
    (b"ARROW1\x00", files.ARROW, files.SAVE_AS_TABLE),
    (b"Obj\x01", files.AVRO, files.SAVE_AS_TABLE),
    (b"SQLite format 3\x00", files.SQLITE, files.SAVE_TABLE),
    (b"%PDF-", files.PDF, files.SAVE_TABLE),
    (b"\xff\xfe", files.UTF16, files.SAVE_AS_UTF8),
    (b"\xfe\xff", files.UTF16, files.SAVE_AS_UTF8),
)


_WORDS: Final = (_PARQUET, b"BZh", b"ORC")  # that a column may be called like


def format_of(head: bytes, encoding: str = UTF8, *, packed: bool = False) -> Format:
    """Says how a file is to be read.

    Args:
        head: Its first bytes, unpacked.
        encoding: Of its text.
        packed: Whether it is packed.

    Raises:
        DataError: If it is empty, or of another format.
    """
    if _begins_a_header(head):
        return "csv"
    if head.startswith(_PARQUET):
        if packed:
            raise DataError(
                problems.FORMAT, field="data", what=files.PACKED_PARQUET, helps=files.UNPACK
            )
        return "parquet"
    if head in (b"", *_MARKS):
        raise DataError(problems.EMPTY, field="data")
    for start, what, helps in _OTHERS:
        is_text = start in _MARKS and encoding.startswith("utf-16")
        if head.startswith(start) and not is_text:
            raise DataError(problems.FORMAT, field="data", what=what, helps=helps)
    return "csv"


def _begins_a_header(head: bytes) -> bool:
    """Says whether bytes that begin like another format are text beyond that.

    Each such format has bytes in its first 32 that are in no header: control characters, or what
    is no UTF-8.
    """
    word = next((word for word in _WORDS if head.startswith(word)), b"")
    rest = head[len(word) :]
    if not word or not rest or _BINARY.search(rest):
        return False
    try:
        codecs.getincrementaldecoder(UTF8)().decode(rest)
    except UnicodeDecodeError:
        return False
    return True
