"""Excel workbooks, written part by part: what a person sees, and what lies in the file."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
DATE, TIME, STAMP, PERCENT = 1, 2, 3, 4  # styles of a cell


@dataclass(frozen=True)
class Cell:
    """A cell as it lies in the file.

    Attributes:
        value: The text of its value.
        kind: `n`, `str`, `inlineStr`, `b`, `e` or `d`; empty for a number.
        style: One of the styles above; 0 for none.
        formula: What it is computed by, if by anything.
    """

    value: str
    kind: str = ""
    style: int = 0
    formula: str = ""


def column_name(index: int) -> str:
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def _cell(row: int, column: int, value: object) -> str:
    if value is None:
        return ""
    at = f"{column_name(column)}{row + 1}"
    if not isinstance(value, Cell):
        value = Cell(str(value), "inlineStr") if isinstance(value, str) else Cell(repr(value))
    style = f' s="{value.style}"' if value.style else ""
    kind = f' t="{value.kind}"' if value.kind else ""
    if value.kind == "inlineStr":
        text = f'<is><t xml:space="preserve">{escape(value.value)}</t></is>'
    else:
        formula = f"<f>{escape(value.formula)}</f>" if value.formula else ""
        text = f"{formula}<v>{escape(value.value)}</v>"
    return f'<c r="{at}"{style}{kind}>{text}</c>'


def sheet_xml(rows: Iterable[Sequence[object]], merged: Sequence[str] = ()) -> str:
    return "".join(sheet_pieces(rows, merged))


def sheet_pieces(rows: Iterable[Sequence[object]], merged: Sequence[str] = ()) -> Iterator[str]:
    """The text of a sheet, row by row: one of a third of a million rows fits in no hand."""
    yield f'<worksheet xmlns="{MAIN}"><sheetData>'
    for r, row in enumerate(rows):
        yield f'<row r="{r + 1}">{"".join(_cell(r, c, v) for c, v in enumerate(row))}</row>'
    cells = "".join(f'<mergeCell ref="{one}"/>' for one in merged)
    cells = f'<mergeCells count="{len(merged)}">{cells}</mergeCells>' if merged else ""
    yield f"</sheetData>{cells}</worksheet>"


def write_workbook(
    path: Path,
    sheets: Mapping[str, Iterable[Sequence[object]]],
    *,
    merged: Sequence[str] = (),
    from_1904: bool = False,
) -> Path:
    """Writes sheets, in their order; the first may have merged cells."""
    names = list(sheets)
    listed = "".join(
        f'<sheet name="{escape(name)}" sheetId="{i}" r:id="r{i}"/>'
        for i, name in enumerate(names, 1)
    )
    date = ' date1904="1"' if from_1904 else ""
    styles = "".join(f'<xf numFmtId="{n}" applyNumberFormat="1"/>' for n in (0, 14, 21, 22, 10))
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{OFFICE}.sheet.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="w" '
        f'Type="{RELS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELS}"><workbookPr{date}/>'
        f"<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        + "".join(
            f'<Relationship Id="r{i}" Type="{RELS}/worksheet" Target="worksheets/sheet{i}.xml"/>'
            for i in range(1, len(names) + 1)
        )
        + f'<Relationship Id="s" Type="{RELS}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs count="5">{styles}</cellXfs></styleSheet>',
    }
    begin = '<?xml version="1.0" encoding="UTF-8"?>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, text in parts.items():
            archive.writestr(name, begin + text)
        for i, name in enumerate(names, 1):
            with archive.open(f"xl/worksheets/sheet{i}.xml", "w") as part:
                part.write(begin.encode())
                for piece in sheet_pieces(sheets[name], merged if i == 1 else ()):
                    part.write(piece.encode())
    return path
