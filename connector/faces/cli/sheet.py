"""Tables as they are printed: never a figure cut, however narrow the screen or a pipe is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from rich.table import Table

_WIDEST: Final = 10_000  # characters


def print_sheet(table: Table) -> None:
    """Print a table: right-aligned columns whole, words of the others wrapped where it is narrow.

    What is still wider than the screen is printed as wide as it is.
    """
    from rich.console import Console

    for column in table.columns:
        if column.justify == "right":
            column.no_wrap = True
        column.overflow = "fold"
    console = Console()
    least = table.__rich_measure__(console, console.options.update(max_width=_WIDEST)).minimum
    if least > console.width:
        console = Console(width=least)
    console.print(table)
