"""Errors of the engines: a data file that is not what the product file says."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from connector.engines import problems
from connector.process.errors import CallerError
from connector.process.room import LACK

if TYPE_CHECKING:
    from crypto.problem import Problem

UNREADABLE: Final = (
    problems.UNREADABLE.code
)  # the code of a file that cannot be read, for no known reason


def disk_full(text: str) -> DataError | None:
    """Makes the error for a data folder that took no more, if a text tells of that.

    Args:
        text: What the system, or an engine that quotes it, said.
    """
    for number in sorted(LACK):
        reason = os.strerror(number)
        if reason in text:
            return DataError(problems.DISK_FULL, reason=reason.lower())
    return None


class DataError(CallerError):
    """A data file that cannot be published as it is; nothing was changed.

    Attributes:
        field: The column, dimension or measure at fault; empty for the file as a whole.
        row: Number of the first data row at fault, from 1; 0 if it is no single row.
    """

    status = 422

    def __init__(self, problem: Problem, *, field: str = "", row: int = 0, **facts: object) -> None:
        super().__init__(problem)
        self.params = {"field": field, "row": row, **facts}
        self.field = field
        self.row = row
