"""The sheets of a workbook, for who has to choose one."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
