"""A small Excel workbook (.xlsx), written by hand: texts are texts, numbers are numbers.

Spec: ECMA-376 part 1, SpreadsheetML. A text is never taken for a formula here, whatever it begins
with. A number of more than 15 digits stands as text: a spreadsheet would round it.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from connector.client.spreadsheet import NUMBER
from connector.client.texts import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MEDIA: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_DIGITS: Final = 15  # that a spreadsheet keeps of a number
MOST_TEXT: Final = 16_000  # characters of a cell: half of 32,767 units of UTF-16
_HEX: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # readers take `_x0041_` for a character
_XML: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_KIND: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_BEGAN: Final = (1980, 1, 1, 0, 0, 0)  # as early as zip can say: equal answers are equal files
_STYLES: Final = (
    f'{_XML}<styleSheet xmlns="{_MAIN}"><fonts count="2">'
    '<font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs>'
    "</styleSheet>"
)
_VIEW: Final = (
    '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2"'
    ' activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in decimal digits, to its last one."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    r"""One sheet.

    Attributes:
        name: up to 31 characters, none of them of `[]:*?/\\`.
        heads: what stands in its first row.
        rows: of texts and figures; an empty text is an empty cell.
    """

    name: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str | Figure]]


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """Write a workbook.

    Args:
        sheets: at least one, each with a name of its own.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in _parts(sheets):
            info = zipfile.ZipInfo(name, _BEGAN)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, text.encode("utf-8"))
    return out.getvalue()


def _parts(sheets: Sequence[Sheet]) -> Iterator[tuple[str, str]]:
    numbers = range(1, len(sheets) + 1)
    kinds = "".join(
        f'<Override PartName="/xl/worksheets/sheet{at}.xml" ContentType="{_KIND}.worksheet+xml"/>'
        for at in numbers
    )
    yield (
        "[Content_Types].xml",
        (
            f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
            '<Default Extension="rels"'
            ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/>{kinds}</Types>'
        ),
    )
    yield "_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")])
    listed = "".join(
        f'<sheet name="{html.escape(sheet.name)}" sheetId="{at}" r:id="rId{at}"/>'
        for at, sheet in zip(numbers, sheets, strict=True)
    )
    yield (
        "xl/workbook.xml",
        (
            f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
            f"<bookViews><workbookView/></bookViews><sheets>{listed}</sheets></workbook>"
        ),
    )
    targets = [("worksheet", f"worksheets/sheet{at}.xml") for at in numbers]
    yield "xl/_rels/workbook.xml.rels", _relations([*targets, ("styles", "styles.xml")])
    yield "xl/styles.xml", _STYLES
    for at, sheet in zip(numbers, sheets, strict=True):
        yield f"xl/worksheets/sheet{at}.xml", _sheet(sheet)


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    each = "".join(
        f'<Relationship Id="rId{at}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for at, (kind, target) in enumerate(targets, 1)
    )
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{each}</Relationships>'


def _sheet(sheet: Sheet) -> str:
    heads = "".join(_cell(text, 1, at, head=True) for at, text in enumerate(sheet.heads, 1))
    lines = [f'<row r="1">{heads}</row>']
    for number, row in enumerate(sheet.rows, 2):
        cells = "".join(_cell(value, number, at) for at, value in enumerate(row, 1))
        lines.append(f'<row r="{number}">{cells}</row>')
    data = "".join(lines)
    return f'{_XML}<worksheet xmlns="{_MAIN}">{_VIEW}<sheetData>{data}</sheetData></worksheet>'


def _cell(value: str | Figure, row: int, column: int, *, head: bool = False) -> str:
    place = f'r="{letters(column)}{row}"'
    if isinstance(value, Figure):
        if _kept(value.text):
            return f"<c {place}><v>{value.text}</v></c>"
        value = value.text
    if not value:
        return ""
    style = ' s="1"' if head else ""
    text = html.escape(_shown(value), quote=False)
    return f'<c {place}{style} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _kept(text: str) -> bool:
    """Whether a spreadsheet keeps each digit of a number."""
    if not NUMBER.fullmatch(text):
        return False
    return len(text.lstrip("-").replace(".", "").lstrip("0")) <= MOST_DIGITS


def _shown(text: str) -> str:
    """Give a text that XML can hold and that readers give back as it is."""
    whole = "\n".join(map(plain, text.replace("\t", " ").split("\n")))
    cut = whole if len(whole) <= MOST_TEXT else whole[: MOST_TEXT - 1] + "…"
    return _HEX.sub("_x005F_", cut)


def letters(column: int) -> str:
    """Name a column, the first being 1: A, Z, AA."""
    found = ""
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(ord("A") + rest) + found
    return found
