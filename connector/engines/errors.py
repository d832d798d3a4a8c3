"""Errors of the engines: a data file that is not what the product file says."""

from __future__ import annotations

import os
from typing import Final

from connector.process.errors import CallerError
from connector.process.room import LACK

UNREADABLE: Final = "data.unreadable"  # the code of a file that cannot be read, for no known reason


def disk_full(text: str) -> DataError | None:
    """Makes the error for a data folder that took no more, if a text tells of that.

    Args:
        text: What the system, or an engine that quotes it, said.
    """
    for number in sorted(LACK):
        reason = os.strerror(number)
        if reason in text:
            return DataError(
                f"the data folder takes no more: {reason.lower()}",
                code="data.disk",
                next_step="free some space there and publish again: the data file may be all right",
            )
    return None


class DataError(CallerError):
    """A data file that cannot be published as it is; nothing was changed.

    Attributes:
        field: The column, dimension or measure at fault; empty for the file as a whole.
        row: Number of the first data row at fault, from 1; 0 if it is no single row.
    """

    status = 422

    def __init__(
        self, message: str, *, code: str, next_step: str, field: str = "", row: int = 0
    ) -> None:
        super().__init__(message, code=code, next_step=next_step, field=field, row=row)
        self.field = field
        self.row = row
