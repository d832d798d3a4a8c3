"""What a file is by its first bytes: Parquet, text, or something that looks like neither."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from connector.engines.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

_PARQUET: Final = b"PAR1"
_BOM: Final = b"\xef\xbb\xbf"
# first bytes, what they tell, what to do
_OTHERS: Final = (
    (b"PK\x03\x04", "a zip archive or an Excel workbook (.xlsx)", "unpack it, or save it as CSV"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls)", "save it as CSV (UTF-8)"),
    (b"\x1f\x8b", "compressed by gzip (.gz)", "unpack it: gunzip"),
    (b"BZh", "compressed by bzip2 (.bz2)", "unpack it: bunzip2"),
    (b"\xfd7zXZ", "compressed by xz (.xz)", "unpack it: unxz"),
    (b"\x28\xb5\x2f\xfd", "compressed by Zstandard (.zst)", "unpack it: unzstd"),
    (b"7z\xbc\xaf", "a 7-Zip archive (.7z)", "unpack it"),
    (b"Rar!", "a RAR archive (.rar)", "unpack it"),
    (b"ORC", "an ORC file", "save it as Parquet or CSV"),
    (b"ARROW1", "an Arrow file", "save it as Parquet or CSV"),
    (b"Obj\x01", "an Avro file", "save it as Parquet or CSV"),
    (b"SQLite format 3\x00", "an SQLite database", "save the table as CSV"),
    (b"%PDF", "a PDF document", "save the table as CSV"),
    (b"\xff\xfe", "text in UTF-16", "save it as UTF-8"),
    (b"\xfe\xff", "text in UTF-16", "save it as UTF-8"),
)


def format_of(path: Path) -> Literal["csv", "parquet"]:
    """Says how a file is to be read.

    Raises:
        DataError: If it is empty, or of another format.
    """
    with path.open("rb") as file:
        head = file.read(32)
    if head.startswith(_PARQUET):
        return "parquet"
    if head in (b"", _BOM):
        raise DataError(
            "the file is empty",
            code="data.empty",
            next_step="publish a file with a header and data",
            field="data",
        )
    for start, what, next_step in _OTHERS:
        if head.startswith(start):
            raise DataError(
                f"expected CSV text or a Parquet file, got a file that is {what}",
                code="data.format",
                next_step=f"{next_step}, then publish that",
                field="data",
            )
    return "csv"
