"""How names and paths are written in SQL."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_WILD: Final = re.compile(r"[*?\[]")


def quoted(name: str) -> str:
    """Returns an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Returns an SQL string."""
    return "'" + text.replace("'", "''") + "'"


def escaped(path: Path | str) -> str:
    """Returns a path as the pattern that matches it and no other.

    Whatever DuckDB reads is taken as a pattern: `report[2].csv` would be `report2.csv`.
    """
    return _WILD.sub(lambda found: f"[{found[0]}]", str(path))


def pattern_of(path: Path) -> str:
    """Returns a path to be read as an SQL string."""
    return literal(escaped(path))


def parquet_of(paths: Sequence[Path]) -> str:
    """Returns the SQL that reads Parquet files; a folder `year=2026` adds no column to them."""
    listed = ", ".join(pattern_of(path) for path in paths)
    return f"read_parquet([{listed}], hive_partitioning = false)"
