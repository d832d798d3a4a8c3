"""The text of a sheet, looked through for what its reader would pass over in silence.

Cells that hold an error or a formula that was never computed seem to be empty; numbers may be shown
in another way than they are; and text that no program writes may be read as another number. Also
for its size: room is made for every cell between the first and the last.

It runs in a process of its own and imports nothing but the standard library.
"""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING, Final
from xml.parsers import expat

from connector.engines.workbook_parts import Refused, sheet_part, style_of_cells
from connector.engines.workbook_texts import lengths_of_texts, refuse_doctype

if TYPE_CHECKING:
    from array import array
    from collections.abc import Mapping
    from pathlib import Path

    from connector.engines.workbook_parts import Style

MOST_CELLS: Final = 40_000_000  # between the first and the last
MOST_LISTED: Final = 20  # cells in one error
# what is wrong with a cell: the last two only with those of texts, and of percentages
AN_ERROR, NOT_COMPUTED, SHOWN_OTHERWISE, NO_PERCENT = "error", "formula", "shown", "percent"
_LAST_ROW: Final = 1_048_576
_LAST_COLUMN: Final = 16_384
_ADDRESS: Final = re.compile("([A-Z]{1,3})([1-9][0-9]{0,6})")
_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_WHOLE: Final = re.compile("-?[0-9]+")
_WRITTEN: Final = {  # how a value of each type of cell is written
    "": _NUMBER,
    "n": _NUMBER,
    "s": re.compile("[0-9]{1,10}"),
    "b": re.compile("[01]"),
}
_TYPES: Final = frozenset({"", "n", "s", "b", "e", "d", "str", "inlineStr"})
_PATH: Final = ["worksheet", "sheetData", "row", "c"]
_VALUES: Final = ("v", "is")
_MOST_DIGITS: Final = 400  # of a number, in characters; what is beyond is none


class _Cells:
    """What a sheet's text says of its cells."""

    def __init__(self, head: int, styles: list[Style], lengths: array[int], most_text: int) -> None:
        self.rows = self.columns = 0  # of the smallest area from A1 that holds all values
        self.found: dict[tuple[int, str], list[tuple[int, str]]] = {}  # by column and what is wrong
        self._head, self._styles = head, styles
        self._lengths, self._room = lengths, most_text
        self._path: list[str] = []
        self._last = (0, 0)
        self._row = self._at = self._kind = self._style = self._inside = self._value = ""
        self._formula = self._filled = self._valued = False

    def begin(self, name: str, attributes: Mapping[str, str]) -> None:
        """Takes the begin of an element."""
        local = name.rpartition(":")[2]
        path = self._path
        path.append(local)
        if local == "c":
            if path != _PATH:
                raise Refused("DAMAGED")
            self._at, self._kind = attributes.get("r", ""), attributes.get("t", "")
            self._style, self._value = attributes.get("s", "0"), ""
            self._formula = self._filled = self._valued = False
        elif len(path) == len(_PATH) + 1 and path[3] == "c":
            if local == "f":
                self._formula = True
            elif local in _VALUES:
                if self._valued:  # one of them is read, and nobody knows which
                    raise Refused("DAMAGED")
                self._inside, self._valued = local, True
        elif local == "row":
            self._row = attributes.get("r", "")

    def text(self, raw: str) -> None:
        """Takes some characters as they are written, or what stands in their place."""
        if not self._inside:
            return
        # comments, sections and references are read as nothing by some, and split what is around
        if raw.startswith(("<!", "<?")) or (self._inside == "v" and raw.startswith("&#")):
            raise Refused("DAMAGED")
        self._filled = True
        if len(self._value) < _MOST_DIGITS:
            self._value += raw

    def end(self, name: str) -> None:
        """Takes its end."""
        local = name.rpartition(":")[2]
        self._path.pop()
        if local == self._inside and len(self._path) == len(_PATH):
            self._inside = ""
        if local == "c":
            self._cell()

    def _cell(self) -> None:
        at = _ADDRESS.fullmatch(self._at)
        if at is None or self._kind not in _TYPES:
            raise Refused("DAMAGED")
        row, column = int(at[2]), _number(at[1])
        if row > _LAST_ROW or column > _LAST_COLUMN or self._row not in ("", at[2]):
            raise Refused("DAMAGED")
        if (row, column) <= self._last:  # two cells of one address, or out of their order
            raise Refused("DAMAGED")
        self._last = row, column
        if self._valued:
            self.rows, self.columns = max(self.rows, row), max(self.columns, column)
            if self.rows * self.columns > MOST_CELLS:
                raise Refused("TOO_WIDE")
        form = _WRITTEN.get(self._kind)
        if self._filled and form is not None and not form.fullmatch(self._value):
            raise Refused("DAMAGED")
        if self._kind == "s" and self._filled:
            self._refer(int(self._value))
        if row > self._head:
            self._judge(row, column)

    def _refer(self, number: int) -> None:
        """Counts a shared text, which every cell that refers to it gets a copy of."""
        if number >= len(self._lengths):
            raise Refused("DAMAGED")
        self._room -= self._lengths[number]
        if self._room < 0:
            raise Refused("TOO_LARGE")

    def _judge(self, row: int, column: int) -> None:
        """Notes what is wrong with a cell below the header."""
        # an empty text is a value that a formula may have; programs that compute none leave a gap
        if self._formula and not self._filled and self._kind != "str":
            self._note(row, column, NOT_COMPUTED)
        elif self._kind == "e":
            self._note(row, column, AN_ERROR)
        elif self._valued and self._kind in ("", "n", "d"):
            style = self._style_of()
            whole = _WHOLE.fullmatch(self._value) is not None
            if not (style.plain or (style.whole and whole)):
                self._note(row, column, SHOWN_OTHERWISE)
            if not style.percent:
                self._note(row, column, NO_PERCENT)

    def _style_of(self) -> Style:
        number = int(self._style) if self._style.isdecimal() and len(self._style) < 7 else -1
        if not 0 <= number < len(self._styles):
            raise Refused("DAMAGED")
        return self._styles[number]

    def _note(self, row: int, column: int, what: str) -> None:
        noted = self.found.setdefault((column, what), [])
        if len(noted) < MOST_LISTED:  # of each column: so the first of any columns are known
            noted.append((row, self._at))


def faulty_cells(
    path: Path, sheet: str, head: int, most_text: int
) -> dict[tuple[int, str], list[tuple[int, str]]]:
    """Returns cells below a sheet's header that cannot be taken as they are.

    Args:
        path: The workbook.
        sheet: The sheet's name.
        head: The number of its header's row, from 1.
        most_text: How many characters the cells may hold that refer to shared texts.

    Returns:
        By the column, from 1, and what is wrong: the row from 1 and the address of each, the first
        twenty of every column.

    Raises:
        Refused: If the sheet's text is not as workbooks have it.
    """
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse_doctype
    with zipfile.ZipFile(path) as archive:
        cells = _Cells(head, style_of_cells(archive), lengths_of_texts(archive), most_text)
        parser.StartElementHandler = cells.begin
        parser.EndElementHandler = cells.end
        parser.DefaultHandler = cells.text  # references and comments as they are written
        try:
            with archive.open(sheet_part(archive, sheet)) as part:
                parser.ParseFile(part)
        except (LookupError, ValueError, expat.ExpatError) as error:
            raise Refused("DAMAGED") from error
    return cells.found


def _number(letters: str) -> int:
    """Returns the number of a column, from 1."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
