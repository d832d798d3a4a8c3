"""The owner's file as DuckDB reads it: itself, or a copy of its text unpacked and in UTF-8."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from catalog.reading import UTF8
from connector.engines import file_words as files
from connector.engines import problems
from connector.engines.duckdb.formats import format_of
from connector.engines.errors import DataError
from connector.engines.packing import is_packed, unpacked
from connector.engines.recoding import recode
from connector.engines.workbook import copy_sheet, is_workbook

if TYPE_CHECKING:
    from pathlib import Path

    from catalog.product import Product
    from connector.engines.duckdb.formats import Format
    from connector.engines.packing import Budget
    from connector.engines.workbook import Sheet


@dataclass(frozen=True, slots=True)
class Piece:
    """A file that DuckDB reads.

    Attributes:
        path: The owner's file, or a copy of it: lines of the copy are lines of the file.
        form: What it is.
        digest: That of the copy, or of the values of a sheet; empty if it is the file itself.
        name: The file's in its folder, for errors; empty if the data are one file.
        sheet: Where the rows of the copy stand in a workbook, if it is one.
    """

    path: Path
    form: Format
    digest: str = ""
    name: str = ""
    sheet: Sheet | None = None


def plain_file(path: Path, product: Product, copy: Path, budget: Budget | None = None) -> Piece:
    """Makes a file that DuckDB reads.

    Args:
        path: The owner's file.
        product: What it should be.
        copy: Where a copy may be written.
        budget: What other files of the folder took already.

    Raises:
        DataError: If the file is of another format, damaged, or not in that encoding.
    """
    if product.source is not None:  # we wrote it: the first column may have any name
        return Piece(path, "csv")
    encoding = product.reading.encoding
    if is_workbook(path):
        if not product.reading.sheet:
            what, helps = files.WORKBOOK, files.NAME_ITS_SHEET
            raise DataError(problems.FORMAT, field="data", what=what, helps=helps)
        sheet = copy_sheet(path, product, copy)
        return Piece(copy, "workbook", sheet.digest, sheet=sheet)
    packed = is_packed(path)
    with unpacked(path) as source:
        found = format_of(source.read(32), encoding, packed=packed)
    if found == "parquet" or (not packed and encoding == UTF8):
        return Piece(path, found)
    with unpacked(path, budget) as source, copy.open("wb") as target:
        return Piece(copy, found, recode(source, target, encoding))
