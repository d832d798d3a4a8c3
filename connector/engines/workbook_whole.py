"""A whole sheet of an Excel workbook as a CSV text, before anybody has declared its columns.

A cell that publishing could not take is left empty here, and its column is told with the reason:
a draft leaves such a column out.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from connector.engines import problems_workbooks as problems
from connector.engines.errors import DataError
from connector.engines.packing import FREE
from connector.engines.sheet_text import SHOWN_OTHERWISE
from connector.engines.workbook import WHY, value_of
from connector.engines.workbook_cells import as_found, column_letters
from connector.engines.workbook_process import reading

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from crypto.words import Filled


@dataclass(frozen=True, slots=True)
class Whole:
    """What was read of a sheet.

    Attributes:
        sheet: Its name.
        header: What stands in the row of the header, column by column; empty where nothing does.
        faults: Per column, by its place, the first cell in it that no column could take, and why.
        shown: The same, of cells that no column of texts could take.
    """

    sheet: str
    header: tuple[str, ...]
    faults: dict[int, Filled] = field(default_factory=dict)
    shown: dict[int, Filled] = field(default_factory=dict)


def copy_whole(path: Path, sheet: str, header_row: int, copy: Path) -> Whole:
    """Writes all columns of a sheet as CSV.

    Args:
        path: The workbook.
        sheet: The sheet's name; empty: the only one.
        header_row: The number of the row of its header, from 1.
        copy: Where it is written.

    Raises:
        DataError: The workbook cannot be read, has no such sheet or several, or no header there.
    """
    question = {"sheet": sheet, "head": header_row, "columns": None, "free": FREE}
    with reading(path, question) as messages:
        return _copy(messages, header_row, copy)


def _copy(messages: Iterator[list[Any]], head: int, copy: Path) -> Whole:
    _, name, left, header = next(messages)
    whole = Whole(name, tuple(header))
    _, merged, faults, timed = next(messages)
    for place in range(len(header)):
        for top, first, bottom, last in merged:
            if first <= place + left <= last:
                area = f"{column_letters(first)}{top + 1}:{column_letters(last)}{bottom + 1}"
                whole.faults.setdefault(place, problems.CELL.of(cell=area, why=problems.IS_MERGED))
    for place, what, at in faults:
        kept = whole.shown if what == SHOWN_OTHERWISE else whole.faults
        kept.setdefault(place, problems.CELL.of(cell=at, why=WHY[what]))
    filled: set[int] = set()
    with copy.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL)
        writer.writerow(header)
        for message in messages:
            if message[0] == "end":
                break
            _, number, cells = message
            row = []
            filled |= {place for place, cell in enumerate(cells) if cell != ""}
            for place, cell in enumerate(cells):
                found = as_found(value_of(cell), timed=place in timed)
                if not isinstance(found, str):
                    at = f"{column_letters(place + left)}{number}"
                    whole.faults.setdefault(place, problems.CELL.of(cell=at, why=found))
                    found = ""
                row.append(found)
            writer.writerow(row)
    named = sum(1 for one in header if one)
    if not named or 2 * named < len(filled):  # a title above, not what names the columns
        facts = {"named": named, "columns": len(filled)}
        raise DataError(problems.NO_HEADER_HERE, field="data", row=head, sheet=name, **facts)
    return whole
