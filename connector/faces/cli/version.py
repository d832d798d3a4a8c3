"""``voile --version``: this software, and what under it decides how data are kept and counted."""

import platform
from importlib.metadata import version

import typer

from connector.faces.cli.client import put


def lines() -> list[str]:
    """Give a line for Voile and one for each of the others."""
    from connector.store import sqlite

    linked = ".".join(map(str, sqlite.VERSION))
    return [
        f"voile   {version('voile')}",
        f"Python  {platform.python_version()}",
        f"SQLite  {linked} ({sqlite.LIBRARY})",
        f"DuckDB  {version('duckdb')}",
    ]


def shown(asked: bool) -> None:
    """Print the versions and stop, if they are asked for."""
    if asked:
        for line in lines():
            put(line)
        raise typer.Exit
