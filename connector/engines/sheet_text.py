"""The text of a sheet, looked through for cells that hold no value though they seem to be empty.

And for its size: calamine makes room for every cell between the first and the last, and a process
that asks for more memory than there is ends.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET
from xml.parsers import expat

from connector.engines import problems_workbooks as problems
from connector.engines.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from crypto.words import Spoken

MOST_CELLS: Final = 40_000_000  # between the first and the last
_LAST_ROW: Final = 1_048_576
_LAST_COLUMN: Final = 16_384
_MOST: Final = 1000  # cells that are remembered
_ADDRESS: Final = re.compile("([A-Z]{1,3})([1-9][0-9]{0,6})")
_VALUES: Final = ("v", "is")
_SHEETS: Final = "{*}sheets/{*}sheet"


class _Foreign(Exception):  # noqa: N818 - never seen outside
    """A part that is written as no program writes it: it declares entities, or has no addresses."""


class _TooWide(Exception):  # noqa: N818 - the same
    """Values so far apart that the area between them cannot be held."""


class _Cells:
    """What a sheet's text says of its cells."""

    def __init__(self) -> None:
        self.rows = self.columns = 0  # of the smallest area from A1 that holds all values
        self.found: list[tuple[int, str, Spoken]] = []
        self._at = ""
        self._kind = ""
        self._formula = self._inside = self._filled = self._valued = False

    def begin(self, name: str, attributes: Mapping[str, str]) -> None:
        """Takes the begin of an element."""
        match name.rpartition(":")[2]:
            case "c":
                self._at = attributes.get("r", "")
                self._kind = attributes.get("t", "")
                self._formula = self._inside = self._filled = self._valued = False
            case "f":
                self._formula = True
            case local if local in _VALUES:
                self._inside = self._valued = True

    def text(self, _text: str) -> None:
        """Takes some characters."""
        self._filled = self._filled or self._inside

    def end(self, name: str) -> None:
        """Takes its end."""
        local = name.rpartition(":")[2]
        if local in _VALUES:
            self._inside = False
        if local != "c":
            return
        at = _ADDRESS.fullmatch(self._at)
        if at is None:
            raise _Foreign
        # an empty text is a value that a formula may have; programs that compute none leave a gap
        row, column = int(at[2]), _number(at[1])
        if row > _LAST_ROW or column > _LAST_COLUMN:
            raise _Foreign
        if self._valued:
            self.rows, self.columns = max(self.rows, row), max(self.columns, column)
            if self.rows * self.columns > MOST_CELLS:
                raise _TooWide
        lost = self._formula and not self._filled and self._kind != "str"
        if (self._kind == "e" or lost) and len(self.found) < _MOST:
            why = problems.NOT_COMPUTED if lost else problems.AN_ERROR_CELL
            self.found.append((row, self._at, why))


def faulty_cells(path: Path, sheet: str) -> list[tuple[int, str, Spoken]]:
    """Returns cells of a sheet that hold an error, or a formula that was never computed.

    Returns:
        For each its row from 1, its address, and what is wrong; at most a thousand.

    Raises:
        DataError: If the sheet's text is not as workbooks have it.
    """
    cells = _Cells()
    parser = expat.ParserCreate()
    parser.StartElementHandler = cells.begin
    parser.EndElementHandler = cells.end
    parser.CharacterDataHandler = cells.text
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _no_doctype
    try:
        with zipfile.ZipFile(path) as archive, archive.open(_part_of(archive, sheet)) as part:
            parser.ParseFile(part)
    except (LookupError, ValueError, ET.ParseError, expat.ExpatError) as error:
        raise DataError(problems.DAMAGED, field="data", name=path.name) from error
    except _Foreign as error:
        raise DataError(problems.DAMAGED, field="data", name=path.name) from error
    except _TooWide as error:
        raise DataError(problems.TOO_WIDE, field="data", most=f"{MOST_CELLS:,}") from error
    return cells.found


def _number(letters: str) -> int:
    """Returns the number of a column, from 1."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _no_doctype(*_given: object) -> None:
    raise _Foreign


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str:
    """Returns the name of the part that holds a sheet."""
    book = _parsed(archive.read("xl/workbook.xml"))
    sheets = {one.get("name", ""): one for one in book.iterfind(_SHEETS)}
    if sheet not in sheets:
        there = [f"`{name}`" for name in sheets][:40]
        raise DataError(problems.NO_SHEET, field="data", sheet=sheet, there=there)
    wanted = sheets[sheet]
    (number,) = (value for key, value in wanted.attrib.items() if key.endswith("}id"))
    links = _parsed(archive.read("xl/_rels/workbook.xml.rels"))
    (target,) = (one.get("Target", "") for one in links if one.get("Id") == number)
    return posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")


def _parsed(text: bytes) -> ET.Element:
    if b"<!DOCTYPE" in text or b"\0" in text:
        raise _Foreign
    return ET.fromstring(text)  # noqa: S314 - it declares no entities
