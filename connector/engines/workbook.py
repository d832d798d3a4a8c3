"""A sheet of an Excel workbook as a CSV text: every declared cell as a person sees it, or refused.

The cells are read by calamine, which gives an error (`#N/A`) and a formula that was never computed
as nothing. So the sheet's own text is looked through for these first.
"""

from __future__ import annotations

import csv
import re
import zipfile
import zlib
from array import array
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from connector.engines import problems, problems_workbooks
from connector.engines.errors import DataError
from connector.engines.packing import FREE, MOST_TIMES
from connector.engines.sheet_text import faulty_cells
from connector.engines.workbook_cells import column_letters, named, written

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from catalog.product import Product, SourceColumn
    from crypto.words import Spoken

MOST_LISTED: Final = 20  # cells in one error
_MOST_BYTES: Final = 2 << 30  # of all parts together, unpacked
_WORKBOOK: Final = "xl/workbook.xml"
_ZIP: Final = b"PK\x03\x04"
_CHUNK: Final = 1 << 20
_COUNT: Final = re.compile(rb"[cC]ount\s*=\s*[\"']([^\"']{0,200})[\"']")
_TEXTS: Final = (".xml", ".rels")
_OVERLAP: Final = 256


@dataclass(frozen=True, slots=True)
class Sheet:
    """What was read of a sheet.

    Attributes:
        rows: The number of each row of the copy in the sheet, from 1.
        columns: The letters of each declared column, by its name in the sheet.
    """

    rows: array[int]
    columns: dict[str, str]

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
            return _WORKBOOK in archive.namelist()
    except (zipfile.BadZipFile, OSError):
        return False


def copy_sheet(path: Path, product: Product, copy: Path) -> Sheet:
    """Writes the declared columns of the product's sheet as CSV.

    Raises:
        DataError: The sheet is not there, its header is not as declared, or cells of it cannot be
            taken: the first twenty are named.
    """
    calamine = _calamine()
    _check_parts(path)
    faults = faulty_cells(path, product.reading.sheet)  # before calamine makes room for it
    try:
        with calamine.CalamineWorkbook.from_path(path) as book:
            sheet = book.get_sheet_by_name(product.reading.sheet)
            return _copy(sheet, faults, product, copy)
    except calamine.CalamineError as error:
        raise DataError(problems_workbooks.DAMAGED, field="data", name=path.name) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # what pyo3 raises where Rust gives up
            raise
        raise DataError(problems_workbooks.DAMAGED, field="data", name=path.name) from error


def refuse_cells(cells: Sequence[tuple[str, Spoken]]) -> DataError:
    """Makes the error for cells that cannot be taken.

    Args:
        cells: Their addresses, each with what is wrong; the first of them are named.
    """
    shown = [problems_workbooks.CELL.of(cell=at, why=why) for at, why in cells[:MOST_LISTED]]
    return DataError(problems_workbooks.CELLS, field="data", count=len(shown), cells=shown)


def _copy(
    sheet: Any, faults: Sequence[tuple[int, str, Spoken]], product: Product, copy: Path
) -> Sheet:
    left = sheet.start[1] if sheet.start else 0  # rows are given from the first, columns from here
    rows = sheet.iter_rows()
    head = product.reading.header_row
    header = [named(value) for value in next(islice(rows, head - 1, head), ())]
    if not any(header):
        raise DataError(problems_workbooks.NO_HEADER, field="data", row=head)
    places = _places(product, header)
    letters = {source: column_letters(place + left) for source, place in places.items()}
    _check_merged(sheet, head, {place + left for place in places.values()})
    wrong = [
        (number, at, why)
        for number, at, why in faults
        if number > head and at.rstrip("0123456789") in letters.values()
    ]
    columns = [column for column in product.columns if column.source in places]
    kept = array("L")
    with copy.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL)
        writer.writerow([column.source for column in columns])
        for number, row in enumerate(rows, head + 1):
            cells = [row[places[column.source]] for column in columns]
            if all(value == "" for value in cells):
                continue
            kept.append(number)
            writer.writerow(
                _text(cell, column, product, wrong, number, letters[column.source])
                for cell, column in zip(cells, columns, strict=True)
            )
    if wrong:
        listed = [(at, why) for _, at, why in sorted(wrong, key=lambda one: one[0])]
        raise refuse_cells(listed)
    return Sheet(kept, letters)


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


def _places(product: Product, header: list[str]) -> dict[str, int]:
    """Returns where each declared column stands."""
    places = {}
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
        places[column.source] = header.index(column.source)
    return places


def _check_merged(sheet: Any, head: int, columns: set[int]) -> None:
    """Refuses cells that are merged in the header or below it: all but one of them are empty."""
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if bottom + 1 >= head and any(left <= column <= right for column in columns):
            area = f"{column_letters(left)}{top + 1}:{column_letters(right)}{bottom + 1}"
            raise DataError(problems_workbooks.MERGED, field="data", area=area)


def _check_parts(path: Path) -> None:
    """Reads all parts once, and refuses a workbook that holds more than it says, or too much."""
    packed, size = path.stat().st_size, 0
    try:
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                with archive.open(info) as part:
                    last = b""
                    while chunk := part.read(_CHUNK):
                        size += len(chunk)
                        if b"\0" in chunk and info.filename.lower().endswith(_TEXTS):
                            raise ValueError  # noqa: TRY301 - told below
                        _check_counts(last + chunk, info.file_size)
                        last = chunk[-_OVERLAP:]
                        if size > _MOST_BYTES or size > max(FREE, MOST_TIMES * packed):
                            raise DataError(
                                problems_workbooks.TOO_LARGE,
                                field="data",
                                name=path.name,
                                most=_MOST_BYTES >> 30,
                                times=MOST_TIMES,
                            )
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        EOFError,
        RuntimeError,
        ValueError,
        zlib.error,
    ) as error:
        raise DataError(problems_workbooks.DAMAGED, field="data", name=path.name) from error


def _check_counts(text: bytes, most: int) -> None:
    """Refuses a count of more items than there are bytes: calamine would make room for them.

    Raises:
        ValueError: It has one, or one that is written so that it cannot be seen.
    """
    for found in _COUNT.finditer(text):
        if not found[1].isdigit() or int(found[1]) > most:
            raise ValueError


def _calamine() -> Any:
    try:
        import python_calamine
    except ImportError as error:
        raise DataError(problems_workbooks.NOT_INSTALLED, field="data") from error
    return python_calamine
