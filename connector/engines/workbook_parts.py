"""The parts of a workbook: which one holds a sheet, and how its styles show numbers.

It runs in a process of its own and imports nothing but the standard library.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Final, NamedTuple
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    import zipfile

BOOK: Final = "xl/workbook.xml"
_LINKS: Final = "xl/_rels/workbook.xml.rels"
_STYLES: Final = "xl/styles.xml"
_MOST: Final = 8 << 20  # bytes of each of these
_TARGET: Final = re.compile(
    r"(?:/xl/)?((?!xl/)[A-Za-z0-9_-]+/[A-Za-z0-9_-][A-Za-z0-9_.-]*)", re.IGNORECASE
)
_QUOTED: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]', re.DOTALL)
_PLAIN_IDS: Final = frozenset({"0", "49"})  # General, text
_WHOLE_IDS: Final = frozenset({"1"})
_PERCENT_IDS: Final = frozenset({"9", "10"})


class Refused(Exception):  # noqa: N818 - told to another process, which makes an error of it
    """A workbook that is not read.

    Attributes:
        what: The name of the problem.
        facts: What its words need.
    """

    def __init__(self, what: str, **facts: object) -> None:
        super().__init__(what)
        self.what = what
        self.facts = facts


class Style(NamedTuple):
    """How a number is shown.

    Attributes:
        plain: As it is.
        whole: As a whole number: as it is, if it is one.
        percent: With a percent sign.
    """

    plain: bool
    whole: bool
    percent: bool


def check_names(archive: zipfile.ZipFile) -> None:
    """Refuses parts whose names more than one part could be found by.

    Raises:
        Refused: There are some.
    """
    names = [info.filename for info in archive.infolist()]
    if len({name.lower().replace("\\", "/").lstrip("/") for name in names}) < len(names):
        raise Refused("DAMAGED")
    for part in (BOOK, _LINKS):
        if part not in names:
            raise Refused("DAMAGED")


def part_called(archive: zipfile.ZipFile, name: str) -> str | None:
    """Returns the part of a name, in whatever letters; none if there is none."""
    return next((one for one in archive.namelist() if one.lower() == name.lower()), None)


def sheet_names(archive: zipfile.ZipFile) -> list[str]:
    """Returns the names of the sheets, in their order."""
    return [one.get("name", "") for one in _parsed(archive, BOOK).findall("{*}sheets/{*}sheet")]


def only_sheet(archive: zipfile.ZipFile) -> str:
    """Returns the name of the only sheet.

    Raises:
        Refused: There are several.
    """
    book = _parsed(archive, BOOK)
    names = [one.get("name", "") for one in book.findall("{*}sheets/{*}sheet")]
    if len(names) != 1:
        raise Refused("WHICH_SHEET", there=[f"`{name}`" for name in names][:40])
    return names[0]


def sheet_part(archive: zipfile.ZipFile, sheet: str) -> str:
    """Returns the name of the part that holds a sheet.

    Raises:
        Refused: There is no such sheet, or not one alone.
    """
    book = _parsed(archive, BOOK)
    sheets = book.findall("{*}sheets/{*}sheet")
    names = [one.get("name", "") for one in sheets]
    _check_alone(book, "sheet", names)
    if sheet not in names:
        raise Refused("NO_SHEET", sheet=sheet, there=[f"`{name}`" for name in names][:40])
    attributes = sheets[names.index(sheet)].attrib
    (number,) = (value for key, value in attributes.items() if key.endswith("}id"))
    root = _parsed(archive, _LINKS)
    links = root.findall("{*}Relationship")
    _check_alone(root, "Relationship", [one.get("Id", "") for one in links])
    (target,) = (one.get("Target", "") for one in links if one.get("Id") == number)
    found = _TARGET.fullmatch(target)
    if found is None or ".." in target:
        raise Refused("DAMAGED")
    return posixpath.join("xl", found[1])


def style_of_cells(archive: zipfile.ZipFile) -> list[Style]:
    """Returns how each style of a cell shows numbers; one alone where there are none.

    Raises:
        Refused: If they are not as workbooks have them.
    """
    part = part_called(archive, _STYLES)
    if part is None:
        return [Style(plain=True, whole=True, percent=False)]
    sheet = _parsed(archive, part)
    codes = {
        one.get("numFmtId", ""): one.get("formatCode", "")
        for one in sheet.iterfind("{*}numFmts//{*}numFmt")
    }
    known = {number: _style(code) for number, code in codes.items()}
    found = []
    for one in sheet.iterfind("{*}cellXfs/{*}xf"):
        number = one.get("numFmtId", "0")
        usual = Style(number in _PLAIN_IDS, number in _WHOLE_IDS, number in _PERCENT_IDS)
        found.append(known.get(number, usual))
    return found or [Style(plain=True, whole=True, percent=False)]


def _style(code: str) -> Style:
    parts = [_QUOTED.sub("", part) for part in code.split(";")]
    shown = [part for part in parts if re.search("[0#?]", part)]
    percent = bool(shown) and all("%" in part for part in shown)
    return Style(code.lower() in ("general", "@"), code == "0", percent)


def _check_alone(root: ET.Element, name: str, keys: list[str]) -> None:
    """Refuses elements of a name that stand elsewhere than those of the keys, or two of one key."""
    there = sum(1 for one in root.iter() if one.tag.rpartition("}")[2] == name)
    if there != len(keys) or len(set(keys)) != len(keys):
        raise Refused("DAMAGED")


def _parsed(archive: zipfile.ZipFile, name: str) -> ET.Element:
    if archive.getinfo(name).file_size > _MOST:
        raise Refused("TOO_LARGE_A_PART", part=name, most=_MOST >> 20)
    text = archive.read(name)
    if b"<!DOCTYPE" in text or b"\0" in text or (name == _LINKS and b"&" in text):
        raise Refused("DAMAGED")
    try:
        return ET.fromstring(text)  # noqa: S314 - it declares no entities
    except ET.ParseError as error:
        raise Refused("DAMAGED") from error
