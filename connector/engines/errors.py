"""Errors of the engines: a data file that is not what the product file says."""

from __future__ import annotations

from typing import Final

from connector.errors import CallerError

UNREADABLE: Final = "data.unreadable"  # the code of a file that cannot be read, for no known reason


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
