"""Contributor ids in files: what is written differently and means the same is one contributor."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from catalog.product_file import read_product
from connector.engines.duckdb.contributors import MAX_GROUPS, MAX_SPELLINGS
from connector.engines.duckdb.grouping import group_file
from connector.engines.errors import DataError
from connector.engines.progress import quiet
from connector.engines.spellings import Alike, Spellings
from tests.catalog.product_texts import DELIVERIES, changed
from tests.connector.engines.files import line, write_csv, write_parquet
from tests.connector.engines.reading import contributions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

LINE = 'contributor = "customer"\n'
EXACT = read_product(DELIVERIES)
FOLD = read_product(changed(LINE, LINE + 'contributor_case = "fold"\n'))
SIX = ["KA", "KA ", "M\u00fcller", "Mu\u0308ller", "\uff2b\uff22", "K\u200bB"]
CASES = ["KA", "Ka", "\uff4b\uff21", "\u00c4B", "\u00e4b", "KB", "客户"]


@pytest.fixture(params=["csv", "parquet"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def read(
    folder: Path, ids: Sequence[str], kind: str, product: object = EXACT
) -> tuple[dict[str, int], Spellings]:
    """Groups a file with one row per id: rows per contributor, and what the report says."""
    path = write_csv(folder / "data.csv", [line(who) for who in ids])
    if kind == "parquet":
        path = write_parquet(folder / "data.parquet", path)
    scratch = folder / "scratch"
    scratch.mkdir(exist_ok=True)
    with group_file(path, product, scratch=scratch, progress=quiet) as grouped:  # type: ignore[arg-type]
        (behind,) = contributions(grouped).values()
        return {str(who): figures[0] for who, figures in behind.items()}, grouped.spellings


def test_six_spellings_are_three_firms(tmp_path: Path, kind: str) -> None:
    """A blank, a width, a composition or an unseen character makes no second contributor."""
    found, told = read(tmp_path, SIX, kind)
    assert found == {"KA": 2, "M\u00fcller": 2, "KB": 2}
    assert told.together.count == 3
    assert {frozenset(group) for group in told.together.groups} == {
        frozenset(SIX[:2]),
        frozenset(SIX[2:4]),
        frozenset(SIX[4:]),
    }
    assert told.case_only == Alike()


def test_case_is_told_and_folded_if_declared(tmp_path: Path, kind: str) -> None:
    """Ids that differ in case only are several contributors, and reported; one, if declared."""
    found, told = read(tmp_path, CASES, kind)
    assert len(found) == 7
    assert told.together == Alike()
    assert told.case_only == Alike(2, (("KA", "Ka", "kA"), ("\u00c4B", "\u00e4b")))
    found, told = read(tmp_path, CASES, kind, FOLD)
    assert found == {"ka": 3, "\u00e4b": 2, "kb": 1, "客户": 1}
    assert told.together.count == 2
    assert told.case_only == Alike()


def test_an_id_of_blanks_is_an_empty_one(tmp_path: Path, kind: str) -> None:
    """Of `  ` and of a zero-width space nothing is left: the row has no contributor."""
    for blank in ("  ", "\u200b", "\u3000"):
        with pytest.raises(DataError, match="contributor") as caught:
            read(tmp_path, ["KA", blank, "KB"], kind)
        assert (caught.value.code, caught.value.row) == ("data.missing", 2)


def test_lists_in_the_report_are_short(tmp_path: Path) -> None:
    """However many ids fall together, a few are shown, and all are counted."""
    ids = [f"K{i}{' ' * n}" for i in range(MAX_GROUPS + 5) for n in range(MAX_SPELLINGS + 2)]
    found, told = read(tmp_path, ids, "csv")
    assert len(found) == told.together.count == MAX_GROUPS + 5
    assert len(told.together.groups) == MAX_GROUPS
    assert {len(group) for group in told.together.groups} == {MAX_SPELLINGS}


def test_other_columns_may_have_any_name(tmp_path: Path, kind: str) -> None:
    """Columns named like ours inside the engine do not get in the way."""
    text = DELIVERIES
    for old, new in (("weight", "raw"), ("price", "folded"), ("year", "id")):
        text = text.replace(f'name = "{old}"\n', f'name = "{new}"\nsource = "{old}"\n', 1)
        text = text.replace(f'"{old}"\nbins', f'"{new}"\nbins')
    text = text.replace('[[dimension]]\nname = "year"', '[[dimension]]\nname = "id"')
    text = text.replace('[[measure]]\nname = "price"', '[[measure]]\nname = "folded"')
    text = text.replace('dimensions = ["year", "mode"]', 'dimensions = ["id", "mode"]')
    assert read(tmp_path, SIX, kind, read_product(text))[0]["KA"] == 2


def test_numbers_stay_numbers(tmp_path: Path, kind: str) -> None:
    """Ids that are declared as whole numbers are not touched, and nothing is reported."""
    text = changed('name = "customer"\ntype = "text"', 'name = "customer"\ntype = "integer"')
    found, told = read(tmp_path, ["1", "2", "2", "10"], kind, read_product(text))
    assert found == {"1": 1, "2": 2, "10": 1}
    assert told == Spellings()
