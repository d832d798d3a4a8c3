"""Workbooks that were made to be read as something else, or to end who reads them."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from typing import TYPE_CHECKING

import pytest

from catalog.product_file import read_product
from connector.engines.workbook import copy_sheet
from tests.connector.engines.reading import grouped, refusal
from tests.connector.engines.test_reading import product
from tests.connector.engines.test_workbooks import GOOD, HEADER, SHEET, refused
from tests.connector.engines.workbooks import DATE, MAIN, PERCENT, RELS, Cell, write_workbook

if TYPE_CHECKING:
    from pathlib import Path

    from catalog.product import Product

BOOK, LINKS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
ONE, TEXTS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
STYLES = "xl/styles.xml"
FAR = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'


def parts_of(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def packed(path: Path, parts: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return path


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return write_workbook(tmp_path / "a.xlsx", {"Daten 1": [HEADER, *GOOD]})


def test_every_fault_of_a_declared_column_is_known(tmp_path: Path) -> None:
    """Thousands of errors in a column that nobody reads hide none in one that is read."""
    rows = [["A", 1, 1.5, None, None, None, None, Cell("#N/A", "e")] for _ in range(1500)]
    rows.append(["B", Cell("#N/A", "e"), Cell("#DIV/0!", "e"), *[None] * 5])
    rows.append(["C", Cell("", formula="SUM(1,2)"), 1, *[None] * 5])
    path = write_workbook(tmp_path / "a.xlsx", {"Daten 1": [[*HEADER, "lookup"], *rows]})
    said = refused(path, product(SHEET)).message
    assert "B1502 is an error, C1502 is an error, B1503 is a formula that was never" in said


@pytest.mark.parametrize(
    "written",
    [
        "1<!-- -->2",
        "<![CDATA[12]]>",
        "1<![CDATA[2]]>",
        "1&#50;",
        "1<?x?>2",
        " 12 ",
        "0xC",
        "NaN",
        "12</v><v>13",
    ],
)
def test_numbers_as_nobody_writes_them(book: Path, written: str) -> None:
    """Some of these are 12 to one reader, and 1 or nothing to another."""
    parts = parts_of(book)
    parts[ONE] = parts[ONE].replace("<v>1200</v>", f"<v>{written}</v>")
    assert refused(packed(book, parts), product(SHEET)).code == "data.workbook"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("</row></sheetData>", '<c r="B4"><v>99</v></c></row></sheetData>'),  # there is one
        ('r="B2"', 'r="B9"'),  # in the second row
        ('r="B2"', 'r="A2"'),
        ('<c r="B2"><v>1200</v></c>', '<x><c r="B2"><v>1200</v></c></x>'),
        ('<c r="B2"><v>1200</v></c>', '<c r="B2" t="b"><v>false</v></c>'),
        ('<c r="B2"><v>1200</v></c>', '<c r="B2" t="q"><v>1200</v></c>'),
    ],
)
def test_cells_where_none_can_stand(book: Path, old: str, new: str) -> None:
    """Two of one address, out of order, within something else, of an unknown type."""
    parts = parts_of(book)
    assert old in parts[ONE]
    parts[ONE] = parts[ONE].replace(old, new, 1)
    assert refused(packed(book, parts), product(SHEET)).code == "data.workbook"


def forged(parts: dict[str, str], kind: str) -> dict[str, str]:
    """A workbook whose sheet could be another part, with a cell far away."""
    big = parts[ONE].replace("</sheetData>", FAR)
    link = f'<Relationship Id="r9" Type="{RELS}/worksheet" Target="worksheets/big.xml"/>'
    again, first = '<sheet name="Daten 1" sheetId="9" r:id="r9"/>', '<Relationship Id="s"'
    more = {"xl/worksheets/big.xml": big}
    match kind:
        case "another folder of that name":
            parts[LINKS] = parts[LINKS].replace('"worksheets/', '"xl/worksheets/')
            more = {"xl/worksheets/sheet1.xml": big, "xl/xl/worksheets/sheet1.xml": parts[ONE]}
        case "two sheets of one name":
            parts[BOOK] = parts[BOOK].replace("<sheets>", f"<sheets>{again}")
            parts[LINKS] = parts[LINKS].replace(first, link + first)
        case "a sheet elsewhere":
            parts[BOOK] = parts[BOOK].replace("<sheets>", f"<x>{again}</x><sheets>")
            parts[LINKS] = parts[LINKS].replace(first, link + first)
        case "two links of one name":
            parts[LINKS] = parts[LINKS].replace(first, link.replace("r9", "r1") + first)
        case "a link within":
            inner = f"<x>{link.replace('r9', 'r1')}</x>"
            parts[LINKS] = parts[LINKS].replace(first, inner + first)
        case "a name in capitals":
            return {"XL/Worksheets/sheet1.xml": big} | parts
        case "a reference in a link":
            parts[LINKS] = parts[LINKS].replace("sheet1.xml", "s&#104;eet1.xml")
            more = {"xl/worksheets/s&#104;eet1.xml": big}
        case "a way up":
            parts[LINKS] = parts[LINKS].replace("worksheets/", "x/../worksheets/")
            more = {"xl/x/../worksheets/sheet1.xml": big}
    return parts | more


@pytest.mark.parametrize(
    "kind",
    [
        "another folder of that name",
        "two sheets of one name",
        "a sheet elsewhere",
        "two links of one name",
        "a link within",
        "a name in capitals",
        "a reference in a link",
        "a way up",
    ],
)
def test_a_sheet_that_could_be_another(book: Path, kind: str) -> None:
    """What is looked through must be what is read."""
    error = refused(packed(book, forged(parts_of(book), kind)), product(SHEET))
    assert "is damaged" in error.message


def with_texts(book: Path, texts: str, cells: str = "") -> Path:
    """The workbook with shared texts, and more rows below the others."""
    parts = parts_of(book)
    link = f'<Relationship Id="q" Type="{RELS}/sharedStrings" Target="sharedStrings.xml"/>'
    if "sharedStrings" not in parts[LINKS]:
        parts[LINKS] = parts[LINKS].replace("</Relationships>", f"{link}</Relationships>")
    parts[ONE] = parts[ONE].replace("</sheetData>", f"{cells}</sheetData>")
    return packed(book, parts | {TEXTS: texts})


def test_shared_texts_are_counted_by_who_refers_to_them(book: Path) -> None:
    """A text of a megabyte in six thousand cells; one that is not there, or is no text."""
    cells = "".join(f'<row r="{i}"><c r="H{i}" t="s"><v>0</v></c></row>' for i in range(10, 6010))
    texts = f'<sst xmlns="{MAIN}"><si><t>{"A" * 1_000_000}</t></si></sst>'
    path = with_texts(book, texts, cells)
    assert "times its size" in refused(path, product(SHEET)).message
    short = with_texts(path, f'<sst xmlns="{MAIN}"><si><t>A</t></si></sst>')
    assert copy_sheet(short, product(SHEET), book.parent / "copy.csv").rows[-1] == 4
    named = parts_of(short)
    named["xl/SharedStrings.xml"] = named.pop(TEXTS)
    assert copy_sheet(packed(short, named), product(SHEET), book.parent / "copy.csv").rows
    for inside in ("", "<si><t>A<!-- -->B</t></si>", "<si><t>A<![CDATA[B]]></t></si>"):
        path = with_texts(book, f'<sst xmlns="{MAIN}">{inside}</sst>')
        assert "is damaged" in refused(path, product(SHEET)).message


def test_what_reads_it_may_end(book: Path) -> None:
    """Room for a hundred billion texts, so written that nobody sees it: another process ends."""
    name = f"uniqueCount{' ' * 300}="
    many = f'<sst xmlns="{MAIN}" {name}"{"0" * 300}99999999999"><si><t>x</t></si></sst>'
    error = refused(with_texts(book, many), product(SHEET))
    assert "2 GiB of memory" in error.message
    assert "save its sheet as CSV" in error.next_step


def test_parts_that_are_read_at_once_are_small(book: Path) -> None:
    """Millions of elements beside the names of the sheets."""
    parts = parts_of(book)
    parts[BOOK] = parts[BOOK].replace("</workbook>", "<a/>" * 3_000_000 + "</workbook>")
    assert "holds more than 8 MiB" in refused(packed(book, parts), product(SHEET)).message


@pytest.mark.parametrize("form", ["%d.%m.%y", "%-d-%b-%y", "%d/%m/%Y"])
def test_days_of_all_years_come_back_as_they_are(tmp_path: Path, form: str) -> None:
    """Written in a declared format and read by it: the same day, or refused by its address."""
    how = product(f'{SHEET}date_format = "{form}"\n')
    days = [dt.date(year, 5, 2) for year in range(1901, 2400)]
    short = "%y" in form
    fine = [day for day in days if not short or 1969 <= day.year <= 2068]
    sheet = [HEADER]
    for day in fine:
        shown = Cell(str((day - dt.date(1899, 12, 30)).days), style=DATE)
        sheet.append(["A", None, None, None, shown, None, None])
    path = write_workbook(tmp_path / "a.xlsx", {"Daten 1": sheet})
    copy_sheet(path, how, tmp_path / "copy.csv")
    texts = re.findall('^"A","","","","([^"]+)"', (tmp_path / "copy.csv").read_text(), re.MULTILINE)
    directive = form.replace("%-d", "%d")
    read = [dt.datetime.strptime(text, directive).date() for text in texts]  # noqa: DTZ007
    assert read == fine
    for day in (dt.date(1950, 5, 2), dt.date(1968, 12, 31), dt.date(2069, 1, 1)) if short else ():
        number = str((day - dt.date(1899, 12, 30)).days)
        row = ["A", None, None, None, Cell(number, style=DATE), None, None]
        path = write_workbook(path, {"Daten 1": [HEADER, row]})
        assert "E2 is of a year" in refused(path, how).message


def styled(path: Path, code: str) -> Path:
    """The workbook with a number format of its own in the place of percentages."""
    parts = parts_of(path)
    name = code.replace('"', "&quot;")
    form = f'<numFmts count="1"><numFmt numFmtId="170" formatCode="{name}"/></numFmts>'
    parts[STYLES] = parts[STYLES].replace("<cellXfs", f"{form}<cellXfs")
    parts[STYLES] = parts[STYLES].replace('numFmtId="10"', 'numFmtId="170"')
    return packed(path, parts)


@pytest.mark.sweep
@pytest.mark.parametrize(
    ("code", "number", "taken"),
    [
        ("00000", "123", False),
        ('"K-"0', "123", False),
        ("0,", "12345", False),
        ("0.00", "12", False),
        ("yyyy", "46056", False),
        ("0", "12.5", False),
        ("0", "123", True),
        ("General", "12.5", True),
        ("@", "123", True),
    ],
)
def test_numbers_among_texts_that_are_shown_otherwise(
    tmp_path: Path, code: str, number: str, taken: bool
) -> None:
    """Somebody's number that is shown as 00123 is not the contributor 123."""
    rows = [HEADER, [Cell(number, style=PERCENT), 1, 1.5, *[None] * 4], ["00123", 1, *[None] * 5]]
    path = styled(write_workbook(tmp_path / "a.xlsx", {"Daten 1": rows}), code)
    if taken:
        copy_sheet(path, product(SHEET), tmp_path / "copy.csv")
        assert f'"{number}","1"' in (tmp_path / "copy.csv").read_text()
        return
    parts = parts_of(path)
    for name in (STYLES, "xl/Styles.xml"):
        parts[name] = parts.pop(STYLES)
        error = refused(packed(path, parts), product(SHEET))
        assert "A2 is a number or a date that is shown in another way" in error.message
        assert "format it as text" in error.message


@pytest.mark.parametrize("code", ["General", "0.00", '0.0"%"', "0%;-0"])
def test_a_percentage_has_a_percent_sign(tmp_path: Path, code: str) -> None:
    """A cell that shows 12.5 beside texts like `12.5 %` could be either."""
    how = product(f"{SHEET}column.p.percent = true\n")
    rows = [HEADER, ["A", 1, 1.5, Cell("0.5", style=PERCENT), *[None] * 3]]
    path = write_workbook(tmp_path / "a.xlsx", {"Daten 1": rows})
    copy_sheet(path, how, tmp_path / "copy.csv")
    assert '"50%"' in (tmp_path / "copy.csv").read_text()
    error = refusal(styled(path, code), how)
    assert "D2 is a number without a percent sign" in error.message


def recognised(path: Path, declared: Product) -> set[str]:
    with grouped(path, declared) as found:
        return set(found.recognised())


def test_a_sheet_saved_anew_is_recognised_with_another_measure(tmp_path: Path) -> None:
    """By all its columns, as a CSV file is, though only declared ones are copied."""
    head = ["who", "part", "x", "y", "z"]
    rows = [[f"c{i % 9}", 1 + i % 2, i % 50, i % 37, i] for i in range(100)]
    x, z = named("x"), named("z")
    first = write_workbook(tmp_path / "a.xlsx", {"S": [head, *rows]})
    again = write_workbook(tmp_path / "b.xlsx", {"S": [head, *rows], "note": [["anew"]]})
    assert first.read_bytes() != again.read_bytes()
    assert recognised(first, x) & recognised(again, z)
    rows[7][3] += 1
    other = write_workbook(tmp_path / "c.xlsx", {"S": [head, *rows]})
    assert not recognised(first, x) & recognised(other, z)


def named(measure: str) -> Product:
    return read_product(
        f"""
id = "one"
table = "t"
domain = "production"
level = 1
contributor = "who"
column = [
  {{ name = "who", type = "text", disclosure = "never" }},
  {{ name = "part", type = "integer", disclosure = "group_key" }},
  {{ name = "{measure}", type = "integer", disclosure = "aggregate" }},
]
dimension = [{{ name = "part", codes = [1, 2] }}]
measure = [{{ name = "{measure}", bounds = [0, 100] }}]
reading.sheet = "S"
"""
    )
