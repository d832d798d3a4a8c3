"""A sheet of an Excel workbook: cells as a person sees them, or an error with their addresses."""

from __future__ import annotations

import sys
import zipfile
from typing import TYPE_CHECKING

import pytest

from connector.engines import packing
from crypto.words import LANGUAGES
from tests.connector.engines.reading import contributions, grouped, product, refusal
from tests.connector.engines.test_reading import product as wide
from tests.connector.engines.workbooks import (
    DATE,
    MAIN,
    PERCENT,
    RELS,
    STAMP,
    TIME,
    Cell,
    write_workbook,
)

if TYPE_CHECKING:
    from pathlib import Path

    from connector.engines.errors import DataError

HEADER = ["who", "n", "d", "p", "day", "at", "b"]
SHEET = '[reading]\nsheet = "Daten 1"\n'
GOOD = [
    [
        "Ä",
        1200,
        0.1,
        Cell("0.125", style=PERCENT),
        Cell("46056", style=DATE),
        Cell("46056.5625", style=STAMP),
        Cell("1", "b"),
    ],
    [
        "客户",
        -7,
        Cell("3.3", formula="1+2.3"),
        Cell("1e-05", style=PERCENT),
        Cell("46057", style=STAMP),
        Cell("46057", style=STAMP),
        Cell("0", "b"),
    ],
    ["Ä", None, 12345.6789, "0.5", "2026-02-05", "2026-02-05 09:30", "true"],
]
PLAIN = """who,n,d,p,day,at,b
Ä,1200,0.1,0.125,2026-02-03,2026-02-03 13:30:00,true
客户,-7,3.3,0.00001,2026-02-04,2026-02-04 00:00,false
Ä,,12345.6789,0.5,2026-02-05,2026-02-05 09:30,true
"""


def values(path: Path, how):
    with grouped(path, how) as found:
        return contributions(found)


def refused(path: Path, how) -> DataError:
    error = refusal(path, how)
    assert all(error.said(language) and error.following(language) for language in LANGUAGES)
    assert error.said("zh") != error.said("en")
    return error


@pytest.fixture
def plain(tmp_path: Path):
    path = tmp_path / "plain.csv"
    path.write_text(PLAIN, encoding="utf-8")
    return values(path, wide())


def test_a_sheet_reads_as_the_csv_of_what_is_seen(tmp_path: Path, plain) -> None:
    """Numbers, percentages, dates of either kind, booleans, texts; blank rows are none."""
    sheets = {"Other": [["x"]], "Daten 1": [HEADER, *GOOD[:2], [], [None], GOOD[2], [], ["", None]]}
    assert values(write_workbook(tmp_path / "a.xlsx", sheets), wide(SHEET)) == plain


def test_dates_from_1904(tmp_path: Path, plain) -> None:
    """A workbook that counts days from 1904 shows the same days by smaller numbers."""
    moved = [
        [
            Cell(str(float(v.value) - 1462), style=v.style)
            if isinstance(v, Cell) and v.style in (DATE, STAMP)
            else v
            for v in row
        ]
        for row in GOOD
    ]
    path = write_workbook(tmp_path / "a.xlsx", {"Daten 1": [HEADER, *moved]}, from_1904=True)
    assert values(path, wide(SHEET)) == plain


def test_a_header_further_down_and_to_the_right(tmp_path: Path, plain) -> None:
    """Titles above it and columns beside are no data; columns may stand in another order."""
    order = [6, 5, 4, 3, 2, 1, 0]
    rows = [
        [None, None, *(row[i] for i in order if i < len(row)), Cell("#N/A", "e")] for row in GOOD
    ]
    head = [None, None, *(HEADER[i] for i in order), "remark"]
    sheet = [[None, None, "Report 2026", Cell("#REF!", "e")], [], head, *rows]
    path = write_workbook(tmp_path / "a.xlsx", {"Daten 1": sheet})
    assert values(path, wide(SHEET + "header_row = 3\n")) == plain


def test_typed_cells_are_what_they_are_under_any_declaration(tmp_path: Path, plain) -> None:
    """Marks, formats and words are declared for the texts among them: other cells need none."""
    reading = SHEET + (
        'decimal = ","\nthousands = "."\ndate_format = "%-d.%-m.%y"\n'
        'timestamp_format = "%d-%b-%Y %-I:%M %p"\ntrue = ["ja"]\nfalse = ["nein"]\nempty = ["-"]\n'
        "column.p.percent = true\n"
    )
    texts = ["Ä", "-", "12.345,6789", "50 %", "5.2.26", "05-Feb-2026 9:30 AM", "ja"]
    path = write_workbook(tmp_path / "a.xlsx", {"Daten 1": [HEADER, *GOOD[:2], texts]})
    assert values(path, wide(reading)) == plain


BAD = {
    "an error": (1, Cell("#N/A", "e"), "B3 is an error"),
    "an error of a formula": (2, Cell("#DIV/0!", "e", formula="1/0"), "C3 is an error"),
    "an error as text": (0, "#REF!", "A3 is the error `#REF!`"),
    "a formula without a value": (1, Cell("", formula="1+1"), "B3 is a formula that was never"),
    "a formula of another program": (1, Cell("", formula="1+1"), "B3 is a formula that was never"),
    "too many digits": (1, Cell("9007199254740993"), "B3 is a number from 2⁵³ on"),
    "noise": (2, Cell("0.30000000000000004"), "C3 expected a number of 18 digits"),
    "half": (1, 1.5, "B3 expected a whole number, got `1.5`"),
    "a time of day": (5, Cell("0.5", style=TIME), "F3 is a time without a day"),
    "a day before Excel counts right": (4, Cell("60", style=DATE), "E3 is before 1900-03-01"),
    "a date with a time": (4, Cell("46056.5", style=STAMP), "E3 expected a date"),
    "a number for a date": (4, 46056, "E3 expected a date"),
    "another word": (6, "yes", "G3 expected true or false"),
}


@pytest.mark.sweep
@pytest.mark.parametrize("what", BAD)
def test_cells_that_cannot_be_taken(tmp_path: Path, what: str) -> None:
    """By their addresses, in both languages."""
    at, cell, says = BAD[what]
    row = [*GOOD[0][:at], cell, *GOOD[0][at + 1 :]]
    path = write_workbook(tmp_path / "a.xlsx", {"Daten 1": [HEADER, GOOD[0], row, row, GOOD[1]]})
    if what == "a formula of another program":
        with zipfile.ZipFile(path) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        with zipfile.ZipFile(path, "w") as archive:
            for name, text in parts.items():
                archive.writestr(name, text.replace(b"<v></v>", b""))
    error = refused(path, wide(SHEET))
    assert error.code == "data.cells"
    assert says in error.message
    assert f"{'ABCDEFG'[at]}4" in error.said("zh")


def test_the_first_twenty_are_named(tmp_path: Path) -> None:
    """One bad cell refuses the whole file; of many, the first twenty in their order."""
    rows = [[f"c{i}", 1, i, None] for i in range(60)]
    for i in range(5, 55, 2):
        rows[i][2] = f"x{i}" if i % 3 else Cell("#N/A", "e")
    errors = sum(1 for row in rows if isinstance(row[2], Cell))
    path = write_workbook(tmp_path / "a.xlsx", {"S": [["who", "part", "x", "y"], *rows]})
    declared = product("integer", keys='reading.sheet = "S"')
    error = refused(path, declared)
    assert error.message.count("is an error") == errors
    clean = [[row[0], row[1], 0 if isinstance(row[2], Cell) else row[2], None] for row in rows]
    clean += [[f"d{i}", 1, "bad", None] for i in range(20)]
    error = refused(write_workbook(path, {"S": [["who", "part", "x", "y"], *clean]}), declared)
    assert error.message.count("expected a whole number") == 20
    assert error.message.index("C7 ") < error.message.index("C9 ") < error.message.index("C63 ")


def test_other_faults_name_the_row_or_cell(tmp_path: Path) -> None:
    """An undeclared code, by its row; blank rows between count as rows of the sheet."""
    rows = [["who", "part", "x", "y"], ["a", 1, 1, None], [], ["b", 3, 1, None]]
    path = write_workbook(tmp_path / "a.xlsx", {"S": rows})
    error = refused(path, product("integer", keys='reading.sheet = "S"'))
    assert "row 4 of the sheet: expected a declared code, got `3`" in error.message


def test_sheets_and_headers(tmp_path: Path) -> None:
    """No sheet named, another name, no header, a column missing or twice, merged cells."""
    path = write_workbook(tmp_path / "a.xlsx", {"Daten 1": [HEADER, *GOOD], "雪": [[]]})
    error = refused(path, wide())
    assert "an Excel workbook" in error.message
    assert "name its `sheet`" in error.next_step
    error = refused(path, wide('[reading]\nsheet = "Tabelle1"\n'))
    assert "no sheet `Tabelle1`, but `Daten 1`, `雪`" in error.message
    assert refused(path, wide('[reading]\nsheet = "雪"\n')).code == "data.header"
    assert refused(path, wide(SHEET + "header_row = 900\n")).code == "data.header"
    assert refused(path, wide(SHEET + "header_row = 2\n")).code == "data.column.missing"
    twice = write_workbook(tmp_path / "b.xlsx", {"Daten 1": [[*HEADER, "n"], *GOOD]})
    assert refused(twice, wide(SHEET)).code == "data.column.twice"
    for area in ("B1:C1", "A3:A4"):
        path = write_workbook(tmp_path / "c.xlsx", {"Daten 1": [HEADER, *GOOD]}, merged=[area])
        assert area in refused(path, wide(SHEET)).message
    path = write_workbook(tmp_path / "d.xlsx", {"Daten 1": [HEADER, *GOOD]}, merged=["X1:Z9"])
    assert len(values(path, wide(SHEET))) == 1


def test_damaged_workbooks_and_traps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut short, a changed byte, entities, an archive behind text, a million times its size."""
    path = write_workbook(tmp_path / "a.xlsx", {"Daten 1": [HEADER, *GOOD]})
    whole = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
        info = archive.getinfo("xl/worksheets/sheet1.xml")
    flipped = bytearray(whole)
    flipped[info.header_offset + 80] ^= 0xFF
    for bad, code in ((whole[:-30], "data.format"), (bytes(flipped), "data.workbook")):
        path.write_bytes(bad)
        assert refused(path, wide(SHEET)).code == code
    path.write_bytes(PLAIN.encode() + whole)
    assert refusal(path, wide(SHEET)).code != "data.workbook"
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in parts.items():
            evil = "sheet1" in name
            archive.writestr(name, text.replace(b"?>", b"?>" + laughs) if evil else text)
    assert refused(path, wide(SHEET)).code == "data.workbook"
    from connector.engines import workbook

    monkeypatch.setattr(workbook, "FREE", 1 << 20)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
        archive.writestr("xl/media/x.bin", bytes(32 << 20))
    assert f"{packing.MOST_TIMES} times" in refused(path, wide(SHEET)).message


def test_calamine_that_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says what to install, or how to do without."""
    path = write_workbook(tmp_path / "a.xlsx", {"Daten 1": [HEADER, *GOOD]})
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    assert "install `voile[excel]`" in refused(path, wide(SHEET)).next_step


def test_cells_far_away_end_no_process(tmp_path: Path) -> None:
    """A value in the last cell of a sheet would need room for all between: refused beforehand."""
    path = write_workbook(tmp_path / "a.xlsx", {"Daten 1": [HEADER, *GOOD]})
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for far, code in (
        (b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', "more than 40,000,000 cells"),
        (b'<row r="9999999"><c r="ZZZ9999999"><v>1</v></c></row>', "is damaged"),
        (b"<row><c><v>1</v></c></row>", "is damaged"),
    ):
        with zipfile.ZipFile(path, "w") as archive:
            for name, text in parts.items():
                archive.writestr(name, text.replace(b"</sheetData>", far + b"</sheetData>"))
        assert code in refused(path, wide(SHEET)).message
    with zipfile.ZipFile(path, "w") as archive:  # one that only has a colour is nothing
        for name, text in parts.items():
            archive.writestr(
                name,
                text.replace(
                    b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>'
                ),
            )
    assert len(values(path, wide(SHEET))) == 1


def test_counts_of_what_is_not_there(tmp_path: Path) -> None:
    """Room would be made for a hundred billion texts: refused, however the number is written."""
    path = write_workbook(tmp_path / "a.xlsx", {"Daten 1": [HEADER, *GOOD]})
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    kind = f"{RELS}/sharedStrings"
    link = f'<Relationship Id="q" Type="{kind}" Target="sharedStrings.xml"/></Relationships>'
    rels = "xl/_rels/workbook.xml.rels"
    parts[rels] = parts[rels].replace(b"</Relationships>", link.encode())
    for count, fine in (("1", True), ("99999999999", False), ("&#57;9999999999", False)):
        texts = f'<sst xmlns="{MAIN}" count="{count}" uniqueCount="{count}"><si><t>a</t></si></sst>'
        with zipfile.ZipFile(path, "w") as archive:
            for name, text in {**parts, "xl/sharedStrings.xml": texts.encode()}.items():
                archive.writestr(name, text)
        if fine:
            assert len(values(path, wide(SHEET))) == 1
        else:
            assert refused(path, wide(SHEET)).code == "data.workbook"
