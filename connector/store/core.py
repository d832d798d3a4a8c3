"""The table behind a row class, for statements that go past the object mapper."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from sqlalchemy import Table
    from sqlmodel import SQLModel


def table_of(row: type[SQLModel]) -> Table:
    """Give the table of a row class; SQLModel's types do not tell of it."""
    return cast("Table", row.__table__)  # type: ignore[attr-defined]
