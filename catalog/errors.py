"""Errors of the catalog room: a product that cannot be described, offered or published as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crypto.errors import VoileError

if TYPE_CHECKING:
    from crypto.problem import Problem


class ProductError(VoileError):
    """A product file that cannot be taken as it is.

    Attributes:
        field: Where in the file, e.g. `measure[2].bounds`; empty for the file as a whole.
    """

    def __init__(self, problem: Problem, *, field: str = "", **facts: object) -> None:
        super().__init__(problem)
        self.params = {"field": field, **facts}
        self.field = field
