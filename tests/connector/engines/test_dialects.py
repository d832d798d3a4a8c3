"""Every row of the table of dialects in docs/product-file.md is true."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from backports import zstd

from catalog.product_file import read_product
from connector.engines.duckdb.source import open_source
from connector.engines.progress import quiet
from crypto.words import LANGUAGES
from tests.connector.engines.reading import refusal

DOC = Path(__file__).parents[3] / "docs" / "product-file.md"
SIGNS = {"⏎": "\n", "␍": "\r", "→": "\t", "·": "\u00a0", "␀": "\0", r"\|": "|"}
MARKED = ", with its mark"
PRODUCT = """
id = "one"
table = "t"
domain = "production"
level = 1
contributor = "name"
column = [
  {{ name = "name", type = "text", disclosure = "never" }},
  {{ name = "amount", type = "decimal(12,4)", disclosure = "aggregate" }},
  {{ name = "day", type = "{kind}", disclosure = ["aggregate", "group_key"] }},
]
dimension = [{{ name = "year", expression = "year(day)", range = [1, 9999] }}]
measure = [{{ name = "amount", bounds = [-1e6, 1e6], empty = "skip" }}]
{reading}
"""


def documented() -> list[tuple[str, str, str, str, str]]:
    """Number, file, bytes, keys, what becomes of it."""
    found = []
    for line in DOC.read_text("utf-8").splitlines():
        cells = re.split(r"(?<!\\)\|", line)
        if re.match(r"\| [0-9]+ \|", line) and len(cells) == 7:
            number, file, size, keys, becomes = (cell.strip().strip("`") for cell in cells[1:6])
            for sign, meant in SIGNS.items():
                file, keys = file.replace(sign, meant), keys.replace(sign, meant)
            found.append((number, file, size, keys, becomes))
    return found


def content(text: str, described: str) -> bytes:
    encoding, *packed = described.removesuffix(MARKED).split(", ")
    if described.endswith(MARKED):
        encoding = {"utf-8": "utf-8-sig"}.get(encoding, encoding)
    pack = {"gzip": gzip.compress, "Zstandard": zstd.compress}
    return pack[packed[0]](text.encode(encoding)) if packed else text.encode(encoding)


def test_there_are_thirty_three() -> None:
    """The table is found as a whole."""
    assert [number for number, *_ in documented()] == [str(n) for n in range(1, 34)]


@pytest.mark.sweep
@pytest.mark.parametrize("row", documented(), ids=lambda row: row[0])
def test_a_dialect(tmp_path: Path, row: tuple[str, str, str, str, str]) -> None:
    """It is read as the table says, or refused with that error in both languages."""
    from connector.engines.duckdb.session import open_session

    number, text, described, keys, becomes = row
    kind = "timestamp" if int(number) > 31 else "date"
    reading = f"reading = {{ {keys} }}" if keys else ""
    # an inline table must stand before the tables of a file
    declared = read_product(reading + PRODUCT.format(kind=kind, reading=""))
    path = tmp_path / "data.csv"
    path.write_bytes(content(text, described))
    if becomes.startswith("data."):
        error = refusal(path, declared)
        assert error.code == becomes
        assert all(error.said(language) and error.following(language) for language in LANGUAGES)
        return
    with open_session(files=[path], scratch=tmp_path, progress=quiet) as session:
        open_source(session, [path], declared, tmp_path)
        (found,) = session.rows('SELECT name, amount, day, "#bad" FROM source')
    name, amount, day, bad = found
    read = "empty" if amount is None else f"{amount.normalize():f}"
    assert f"{name} {read} {day}" == becomes
    assert not bad
