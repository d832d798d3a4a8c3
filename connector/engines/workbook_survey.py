"""A sheet of a workbook that nobody has declared yet, as a CSV text: each cell as what it is."""

from __future__ import annotations

import csv
import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from connector.engines import problems, problems_workbooks
from connector.engines.errors import DataError
from connector.engines.packing import FREE
from connector.engines.workbook_process import reading

if TYPE_CHECKING:
    from pathlib import Path


def sheets_of(path: Path) -> tuple[str, ...]:
    """Returns the names of a workbook's sheets.

    Raises:
        DataError: It cannot be read.
    """
    question = {"sheet": "", "head": 1, "columns": [], "free": FREE, "names": True}
    with reading(path, question) as messages:
        _, names = next(messages)
    return tuple(map(str, names))


def copy_undeclared(path: Path, sheet: str, head: int, copy: Path) -> None:
    """Writes all named columns of a sheet as CSV.

    Args:
        path: The workbook.
        sheet: The name of its sheet.
        head: The number of the row that names the columns, from 1.
        copy: Where the text goes.

    Raises:
        DataError: It cannot be read, or the row names no columns.
    """
    question: dict[str, Any] = {"sheet": sheet, "head": head, "columns": [], "free": FREE}
    with reading(path, question) as messages:
        _, _, header = next(messages)
    names = [name for name in header if name and header.count(name) == 1]
    if not names:
        raise DataError(problems_workbooks.NO_HEADER, field="data", row=head)
    question["columns"] = [{"source": name, "text": False, "percent": False} for name in names]
    rows = 0
    with reading(path, question) as messages, copy.open("w", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL)
        writer.writerow(names)
        for message in messages:
            if message[0] == "row":
                writer.writerow([_text(cell) for cell in message[2]])
                rows += 1
    if not rows:
        raise DataError(problems.NO_ROWS, field="data")


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int | float):
        number = Decimal(repr(cell))
        return (
            f"{number.quantize(Decimal(1)) if number == number.to_integral_value() else number:f}"
        )
    if isinstance(cell, dict):
        if cell["day"] is None:
            return str(cell["time"])
        moment = dt.datetime(*cell["day"])  # noqa: DTZ001 - a workbook knows no zones
        whole = moment.time() == dt.time()
        return moment.date().isoformat() if whole else moment.isoformat(" ")
    return str(cell)
