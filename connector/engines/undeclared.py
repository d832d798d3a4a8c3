"""Data that nobody has declared yet: where they are, for a first look at all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from catalog.database_source import DatabaseSource
    from connector.engines.databases import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Undeclared:
    """Files that are read as one, or rows of a database.

    Attributes:
        files: The files in their order; none if it is a database.
        pattern: Of their names, if they are those of a folder; else empty.
        sheet: Of a workbook; empty: the only one that it has.
        header_row: The number of its row that names the columns, from 1.
        connection: Where the database is; None if there is none.
        source: What is read of it.
    """

    files: tuple[Path, ...] = ()
    pattern: str = ""
    sheet: str = ""
    header_row: int = 1
    connection: Connection | None = None
    source: DatabaseSource | None = None
