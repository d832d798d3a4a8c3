"""An error names the physical line of the file, whatever stands before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.contributor_ids import normalised
from tests.connector.engines.reading import contributions, grouped, product, refusal

if TYPE_CHECKING:
    from pathlib import Path

DECLARED = product("integer")
HEAD = "who,part,x,y\n"


def said(path: Path, text: str | bytes) -> str:
    """The error's text for a file of this content."""
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return refusal(path, DECLARED).message


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (HEAD + '"a\nb",1,1,\nc,1,bad,\n', 4),
        (HEAD + '"a\n\n\nb",1,bad,\n', 5),
        (HEAD + "\n\na,1,1,\n\nb,1,bad,\n", 6),
        ('who,part,x,y,"z\nz"\n' + "a,1,bad,,\n", 3),
        (HEAD.replace("\n", "\r\n") + '"a\r\nb",1,1,\r\n\r\nc,1,bad,\r\n', 5),
        (HEAD.replace("\n", "\r") + "a,1,1,\rb,1,bad,\r", 3),
        (HEAD + '"a\u2028b\x0b\x1c\x85",1,1,\nc,1,bad,\n', 3),
        ("\ufeff" + HEAD + "a,1,bad,\n", 2),
        (HEAD + f'"{"a" * 200_000}",1,1,\n' + "b,1,bad,\n", 3),
        (HEAD + "a,1,1,\nb,1,bad,", 3),
    ],
)
def test_the_line_of_a_bad_value(tmp_path: Path, text: str, line: int) -> None:
    """Quoted line breaks, blank lines, a header over two lines, other line ends: all are counted."""
    assert f"column `x`, line {line}: expected a whole number, got `bad`" in said(
        tmp_path / "d.csv", text
    )


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("c,1,,\n", "measure `m`, line 5"),
        ("c,9,1,\n", "dimension `part`, line 5"),
        (",1,1,\n", "contributor `who`, line 5"),
        ("c,1,1\n", "expected 4 fields at line 5, got 3"),
        ("c,1,1,,7\n", "expected 4 fields at line 5, got 5"),
        ('"c,1,1,\n', "the row that begins at line 5 has a quote that is not closed"),
        ('"c"d,1,1,\n', "the row that begins at line 5"),
        ("c,1,1,2\r\n", "line 5 ends in CR LF, those before it in LF"),
        ("c,1,1,,\n", "expected 4 fields at line 5, got 5"),
        ('c,1,1,,""\n', "expected 4 fields at line 5, got 5"),
        ('"c\nd",1,1,2,\n', "expected 4 fields at line 5, got 5"),
        ('"c, d",1,1,2,\n', "expected 4 fields at line 5, got 5"),
        ("c\r,1,1,\n", "line 5 ends in CR, those before it in LF"),
        (b"c,1,1,\xff\n", "the file is not UTF-8 at line 5"),
        (f"c,1,1,{'y' * 2_100_000}\n", "the row that begins at line 5"),
    ],
)
def test_every_error_names_its_line(tmp_path: Path, row: str | bytes, words: str) -> None:
    """After a quoted line break and a blank line, each kind of error names the same line 5."""
    raw = row.encode() if isinstance(row, str) else row
    before = (HEAD + '"a\nb",1,1,\n\n').encode()
    after = b"" if raw.startswith((b'"c,1', b'"c"d')) else b"z,1,1,\n"
    assert words in said(tmp_path / "d.csv", before + raw + after)


FIELD = st.text(alphabet='ab,"\n ;é', max_size=5)


@pytest.mark.long
@given(
    names=st.lists(FIELD, min_size=1, max_size=2),
    rows=st.lists(st.tuples(FIELD, FIELD, st.integers(0, 2)), min_size=1, max_size=8),
    at=st.integers(0, 7),
)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_lines_are_counted_as_written(
    tmp_path: Path, names: list[str], rows: list[tuple[str, str, int]], at: int
) -> None:
    """Whatever fields stand in the file, the line named is the one on which the field was written."""

    def quote(text: str) -> str:
        return '"' + text.replace('"', '""') + '"'

    at %= len(rows)
    more = [f"n{i}{name}" for i, name in enumerate(names)]
    text = ",".join([*map(quote, more), "who,part,x,y"]) + "\n"
    line = 0
    for number, (first, second, blanks) in enumerate(rows):
        text += "\n" * blanks
        text += ",".join(quote(first) for _ in more) + f",{quote('w' + second)},1,"
        if number == at:
            line = text.count("\n") + 1
        text += ("bad" if number == at else "1") + f",{number}\n"
    assert f"column `x`, line {line}:" in said(tmp_path / "d.csv", text)


@pytest.mark.long
@given(rows=st.lists(FIELD, min_size=1, max_size=6))
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_what_is_well_written_is_read(tmp_path: Path, rows: list[str]) -> None:
    """Quoted fields with delimiters, quotes and line breaks are read, each row once."""
    path = tmp_path / "d.csv"
    fields = ['"w' + text.replace('"', '""') + '"' for text in rows]
    path.write_text(HEAD + "".join(f"{field},1,1,\n" for field in fields), newline="")
    with grouped(path, DECLARED) as found:
        assert found.rows == len(rows)
        behind = contributions(found)[0,]
    assert set(behind) == {normalised(f"w{text}") for text in rows}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (HEAD + 'a,1,1,\n "K",1,1,\n', 3),
        (HEAD + '"K" ,1,1,\n', 2),
        (HEAD + 'a,1,1,   "K"\n', 2),
        (HEAD + 'a,1,1,"K"  \n', 2),
        (HEAD + 'a,1,1,"K" ', 2),
        (HEAD.replace("\n", "\r\n") + 'a,1,1,"K" \r\n', 2),
        (HEAD.replace("\n", "\r") + 'a,1,1,"K" \rb,1,1,\r', 2),
        (HEAD + 'a,1,1,"one\ntwo" \n', 3),
        (HEAD + '"one\ntwo",1,1,"say ""K"" , "\nb,1, "1",\n', 4),
        (HEAD.replace(",", ";") + 'a; "1";1;\n', 2),
    ],
)
def test_blanks_outside_quotes_are_an_error(tmp_path: Path, text: str, line: int) -> None:
    """Blanks between a quote and a delimiter would be dropped: the line is named."""
    found = said(tmp_path / "data.csv", text)
    assert found == f"a blank stands outside the quotes of a field at line {line}"


@pytest.mark.parametrize(
    "text",
    [
        HEAD + '" K ",1,1,\n" K",1,1,\n',
        HEAD + '"say ""K"" , ""L""",1,1,"{""a"": ""b"", ""c"": 1}"\n',
        HEAD + '"one "" ,\n "" two, ""three"" ",1,1,\n',
        HEAD + 'a "b" c,1,1,\n',
    ],
)
def test_blanks_inside_quotes_are_kept(tmp_path: Path, text: str) -> None:
    """Blanks inside quotes, beside quotes written twice too, are no fault."""
    path = tmp_path / "data.csv"
    path.write_text(text, encoding="utf-8")
    with grouped(path, DECLARED) as found:
        assert found.rows == text.count(",1,1,")
