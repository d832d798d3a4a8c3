"""A sheet of an Excel workbook as a CSV text: every declared cell as what it is, or refused.

Another process reads it (`workbook_process`); here its values become texts.
"""

from __future__ import annotations

import csv
import datetime as dt
import zipfile
from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from connector.engines import problems, problems_workbooks, sheet_text
from connector.engines.errors import DataError
from connector.engines.packing import FREE
from connector.engines.sheet_text import (
    AN_ERROR,
    NO_PERCENT,
    NOT_COMPUTED,
    SHOWN_OTHERWISE,
)
from connector.engines.workbook_cells import column_letters, written
from connector.engines.workbook_parts import BOOK
from connector.engines.workbook_process import reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from catalog.product import Product, SourceColumn
    from crypto.words import Spoken

MOST_LISTED: Final = sheet_text.MOST_LISTED  # cells in one error
_ZIP: Final = b"PK\x03\x04"
WHY: Final = {
    AN_ERROR: problems_workbooks.AN_ERROR_CELL,
    NOT_COMPUTED: problems_workbooks.NOT_COMPUTED,
    SHOWN_OTHERWISE: problems_workbooks.SHOWN_OTHERWISE,
    NO_PERCENT: problems_workbooks.NO_PERCENT,
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """What was read of a sheet.

    Attributes:
        rows: The number of each row of the copy in the sheet, from 1.
        columns: The letters of each declared column, by its name in the sheet.
        digest: That of the values in all named columns below the header, declared or not.
    """

    rows: array[int]
    columns: dict[str, str]
    digest: str

    def cell(self, row: int, column: str) -> str:
        """Returns the address of a field of the copy's row, from 1."""
        return f"{self.columns[column]}{self.rows[row - 1]}"


def is_workbook(path: Path) -> bool:
    """Says whether a zip archive is an Excel workbook."""
    with path.open("rb") as file:
        if file.read(len(_ZIP)) != _ZIP:  # an archive may also stand behind other text
            return False
    try:
        with zipfile.ZipFile(path) as archive:
            return BOOK in archive.namelist()
    except (zipfile.BadZipFile, OSError):
        return False


def copy_sheet(path: Path, product: Product, copy: Path) -> Sheet:
    """Writes the declared columns of the product's sheet as CSV.

    Raises:
        DataError: The sheet is not there, its header is not as declared, or cells of it cannot be
            taken: the first twenty are named. Or what reads it took too much memory or time.
    """
    columns = [
        {
            "source": column.source,
            "text": column.type == "text",
            "percent": product.reading.of(column.name).percent
            and column.type in ("integer", "decimal"),
        }
        for column in product.columns
    ]
    how = product.reading
    question = {"sheet": how.sheet, "head": how.header_row, "columns": columns, "free": FREE}
    with reading(path, question) as messages:
        return _copy(messages, product, copy)


def refuse_cells(cells: Sequence[tuple[str, Spoken]]) -> DataError:
    """Makes the error for cells that cannot be taken.

    Args:
        cells: Their addresses, each with what is wrong; the first of them are named.
    """
    shown = [problems_workbooks.CELL.of(cell=at, why=why) for at, why in cells[:MOST_LISTED]]
    return DataError(problems_workbooks.CELLS, field="data", count=len(shown), cells=shown)


def _copy(messages: Iterator[list[Any]], product: Product, copy: Path) -> Sheet:
    _, left, header = next(messages)
    if not any(header):
        head = product.reading.header_row
        raise DataError(problems_workbooks.NO_HEADER, field="data", row=head)
    _check_columns(product, header)
    letters = {
        column.source: column_letters(header.index(column.source) + left)
        for column in product.columns
    }
    kind, *found = next(messages)
    if kind == "merged":
        top, first, bottom, last = found
        area = f"{column_letters(first)}{top + 1}:{column_letters(last)}{bottom + 1}"
        raise DataError(problems_workbooks.MERGED, field="data", area=area)
    wrong: list[tuple[int, str, Spoken]] = [(row, at, WHY[what]) for row, at, what in found[0]]
    columns = product.columns
    kept = array("L")
    digest = ""
    with copy.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL)
        writer.writerow([column.source for column in columns])
        for message in messages:
            if message[0] == "end":
                digest = f"rows-sha-256:{message[1]}"
                break
            _, number, cells = message
            kept.append(number)
            writer.writerow(
                _text(value_of(cell), column, product, wrong, number, letters[column.source])
                for cell, column in zip(cells, columns, strict=True)
            )
    if wrong:
        listed = [(at, why) for _, at, why in sorted(wrong, key=lambda one: one[0])]
        raise refuse_cells(listed)
    return Sheet(kept, letters, digest)


def value_of(told: object) -> object:
    """Returns a cell of what the other process told."""
    if not isinstance(told, dict):
        return told
    moment = told["day"]
    if moment is None:
        return dt.timedelta()  # a time without a day, whichever
    return dt.datetime(*moment)  # noqa: DTZ001 - a workbook knows no zones


def _text(
    value: object,
    column: SourceColumn,
    product: Product,
    wrong: list[tuple[int, str, Spoken]],
    row: int,
    letters: str,
) -> str:
    found = written(value, column, product)
    if isinstance(found, str):
        return found
    if len(wrong) < MOST_LISTED:
        wrong.append((row, f"{letters}{row}", found))
    return ""


def _check_columns(product: Product, header: list[str]) -> None:
    """Refuses a header that lacks a declared column, or names it twice."""
    for column in product.columns:
        if header.count(column.source) > 1:
            raise DataError(problems.COLUMN_TWICE, field=column.source, column=column.source)
        if column.source not in header:
            raise DataError(
                problems.COLUMN_MISSING,
                field=column.name,
                column=column.source,
                there=[f"`{name}`" for name in header if name][:40],
            )
