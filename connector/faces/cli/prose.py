"""Lines of Chinese: broken anywhere between two characters, but not before a comma."""

import re
from collections.abc import Iterator
from typing import Any, Final

from rich.cells import cell_len, chop_cells
from rich.measure import Measurement
from rich.text import Text

LEAST: Final = 16  # cells that a column of prose needs

_CLOSING: Final = "，。；：、）」》！？"
# a space, or what stays together: a Chinese character or a word of others, with its punctuation
_UNITS: Final = re.compile(
    r"\s+"
    rf"|[（「《]*(?:[\u4e00-\u9fff]|[^\s\u3000-\u9fff\uff00-\uffef]+)[{_CLOSING}]*"
    r"|."
)


def lines(text: str, width: int) -> list[str]:
    """Break a text of one paragraph into lines of at most so many cells of a terminal.

    Chinese has no spaces to break at. A comma never begins a line, a bracket never ends one, and a
    word of another script stays whole, where it fits at all. No character is left alone at the end.
    """
    broken: list[list[str]] = [[]]
    for found in _UNITS.findall(text):
        for unit in _parts(found, width):
            if broken[-1] and cell_len("".join(broken[-1]) + unit.rstrip()) > width:
                broken.append([])
            if broken[-1] or not unit.isspace():
                broken[-1].append(unit)
    if len(broken) > 1 and len(broken[-1]) == 1 and len(broken[-2]) > 2:
        moved = broken[-2].pop()
        if moved.isspace() or cell_len(moved + broken[-1][0]) > width:
            broken[-2].append(moved)
        else:
            broken[-1].insert(0, moved)
    return ["".join(line).rstrip() for line in broken if line]


def _parts(unit: str, width: int) -> list[str]:
    """Cut what fits no line; its last character stays with the comma behind it."""
    parts = [unit] if cell_len(unit) <= width else chop_cells(unit, width)
    while len(parts) > 1 and parts[-1][0] in _CLOSING and len(parts[-2]) > 1:
        moved = parts[-2][-1] + parts[-1]
        if cell_len(moved) > width:
            break
        parts[-2:] = [parts[-2][:-1], moved]
    return parts


class Prose:
    """A text that fills its column, and a remark behind it that is not broken where it fits."""

    def __init__(self, text: str, style: str = "", *, remark: str = "") -> None:
        self._text, self._style, self._remark = text, style, remark

    def __rich_console__(self, console: Any, options: Any) -> Iterator[Text]:
        """Give the lines for the width that there is."""
        width = options.max_width
        said = lines(self._text, width)
        remarks = lines(self._remark, width)
        if said and len(remarks) == 1 and cell_len(f"{said[-1]} {remarks[0]}") <= width:
            yield from (Text(line, style=self._style) for line in said[:-1])
            yield Text.assemble((f"{said[-1]} ", self._style), (remarks[0], "dim"))
            return
        yield from (Text(line, style=self._style) for line in said)
        yield from (Text(line, style="dim") for line in remarks)

    def __rich_measure__(self, console: Any, options: Any) -> Measurement:
        """Say how narrow and how wide it may be."""
        widest = min(cell_len(f"{self._text} {self._remark}"), options.max_width)
        return Measurement(min(LEAST, widest), widest)
