"""What a file is by its first bytes: another format, or a CSV whose first column is called so."""

from __future__ import annotations

import bz2
from typing import TYPE_CHECKING

import pytest

from catalog.product_file import read_product
from tests.connector.engines.reading import ONE, grouped, refusal

if TYPE_CHECKING:
    from pathlib import Path

    from catalog.product import Product

FIRST = ("ORCID", "PAR1", "PAR10", "BZhang", "BZh", "Rar!", "ARROW1", "%PDF", "7z", "PK", "ORC编号")
SOURCE = '\n[source]\ndatabase = "w"\ntable = "t"\n'
ROWS = "1,a,1,1,1\n2,b,1,1,1\n"


def declared(name: str, more: str = "") -> Product:
    text = ONE.format(kind="integer", expression="x", keys="", bounds="bounds = [0, 9]")
    return read_product(text.replace('"who", type', f'"who", source = "{name}", type') + more)


@pytest.mark.parametrize("name", FIRST)
def test_a_column_of_such_a_name(tmp_path: Path, name: str) -> None:
    path = tmp_path / "data.csv"
    path.write_text(f"{name},who,part,x,y\n" + ROWS, encoding="utf-8")
    with grouped(path, declared("who")) as found:
        assert found.rows == 2


@pytest.mark.parametrize("name", [*FIRST, "%PDF-1.7"])
def test_rows_of_a_database_are_what_we_wrote(tmp_path: Path, name: str) -> None:
    """Whatever their first column is called: nobody has to guess."""
    path = tmp_path / "data.csv"
    path.write_text(f"{name},part,x,y\na,1,1,1\nb,1,1,1\n", encoding="utf-8")
    with grouped(path, declared(name, SOURCE)) as found:
        assert found.rows == 2


@pytest.mark.parametrize(
    "content",
    [
        b"PAR1\x15\x04\x15",
        bz2.compress(b"who,part,x,y\n" * 9),
        b"ORC\x0a\x03\x00\x00",
        b"Rar!\x1a\x07\x00",
        b"ARROW1\x00\x00",
        b"%PDF-1.7\n%\xe2\xe3",
        b"PK\x03\x04",
    ],
)
def test_the_formats_themselves(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(content)
    error = refusal(path, declared("who"))
    assert error.code in ("data.format", "data.unreadable")
