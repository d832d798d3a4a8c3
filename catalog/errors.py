"""Errors of the catalog room: a product that cannot be described, offered or published as it is."""

from __future__ import annotations

from crypto.errors import VoileError


class ProductError(VoileError):
    """A product file that cannot be taken as it is.

    Attributes:
        field: Where in the file, e.g. `measure[2].bounds`; empty for the file as a whole.
    """

    def __init__(self, message: str, *, field: str = "", code: str, next_step: str) -> None:
        super().__init__(message, code=code, next_step=next_step, field=field)
        self.field = field
