"""An answer as a value, a frame and a page: exact, withheld is never a number, text is only text."""

from __future__ import annotations

import math
import pickle
import re
import sys
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from connector.client import WHY, Answer, LibraryMissing
from connector.client.catalogue import product_of
from connector.client.values import kinds_of, value_of
from tests.connector.client.samples import EVIL, SQL, reply
from tests.connector.questions.test_answer_table import ANSWER as OTHER
from tests.connector.questions.test_answer_table import SQL as OTHER_SQL

KINDS = {"year": "integer"}
NAMES = ("mode", "paid", "AVG(price)", "COUNT(*)", "year")  # the year is grouped by alone
LARGE = Decimal("123456789012345678.90")  # more digits than a float has


def answer(language: Any = "en", kinds: Any = KINDS, **options: Any) -> Answer:
    return Answer(reply(**options), SQL, language, kinds)


def test_columns_stand_in_the_order_and_under_the_names_of_the_question() -> None:
    """A dimension that is grouped by and not selected comes last; units and scales are kept."""
    found = answer()
    assert found.names == NAMES
    assert [c.kind for c in found.columns] == ["text", "decimal", "decimal", "integer", "integer"]
    assert [c.selected for c in found.columns] == [True, True, True, True, False]
    assert found.units == {"paid": "CNY", "AVG(price)": "CNY"}
    assert [c.scale for c in found.columns[1:4]] == [2, 8, 0]


def test_figures_are_exact_and_what_is_withheld_is_none() -> None:
    """Rows are released cells, then the others; each figure has a status, each lack a reason."""
    first, second, air, empty = answer()
    assert tuple(first) == ("RAIL", LARGE, Decimal("0.00000001"), 7, 2023)
    assert isinstance(first["COUNT(*)"], int)
    assert (first.released, first.why) == (True, "")
    assert tuple(second)[1:] == (None, None, 3, 2024)
    assert second.statuses == {"paid": "withheld", "AVG(price)": "withheld", "COUNT(*)": "released"}
    assert "data version 2" in second.why
    assert (air["paid"], air["mode"]) == (None, "AIR")
    assert "SEA" in air.why
    assert set(empty.statuses.values()) == {"empty"}
    assert second.asdict()["year"] == 2024


def test_each_figure_that_is_withheld_is_listed_with_what_helps() -> None:
    """Not those of a cell without rows: nothing is kept back there."""
    told = [(one.key["mode"], one.column, one.status) for one in answer().withheld]
    of_air = [("AIR", name, "merged") for name in NAMES[1:4]]
    assert told == [("RAIL", "paid", "withheld"), ("RAIL", "AVG(price)", "withheld"), *of_air]
    last = answer("zh").withheld[-1]
    assert last.together_with == ({"year": "2024", "mode": "SEA"},)
    assert last.widen == {"mode": ("SEA",)}
    assert re.search("[\u4e00-\u9fff]", last.says)


def test_what_is_known_beside_the_figures_is_kept() -> None:
    """Bounds, data version, what is left, and what HAVING left out."""
    found = answer()
    (bound,) = found.bounds
    assert (bound.lower, bound.upper, bound.unit) == (Decimal(0), Decimal("9.50"), "CNY")
    assert found.data_versions == {"did:web:acme.example": 3}
    assert (found.left_out, found.usage["left"], found.repeated) == (4, 4, False)
    assert any("clamped" in line for line in found.notes)
    assert any("界限" in line for line in answer("zh").notes)


def test_every_figure_that_is_not_there_has_words() -> None:
    """Whatever the status, HAVING included; in both languages."""
    sample = {"questionId": "q", "mode": "masked", "answer": {**OTHER, "provider": "did:web:p"}}
    english, chinese = (Answer(sample, OTHER_SQL, lang, {}) for lang in ("en", "zh"))
    assert {one.status for one in english.withheld} >= {
        "having",
        "withheld",
        "merged",
        "minGroupSize",
    }
    for one, other in zip(english.withheld, chinese.withheld, strict=True):
        assert one.says
        assert re.search("[\u4e00-\u9fff]", other.says)
        assert not re.search("[\u4e00-\u9fff]", one.says)
    assert english.data_versions == {}


def test_a_total_tells_each_providers_version() -> None:
    """It has several providers and no single one; a version may be untold."""
    found = reply()
    told = found["answer"]
    del told["provider"], told["dataVersion"]
    told["providers"] = ["did:web:a", "did:web:b"]
    told["dataVersions"] = {"did:web:a": {"number": 2, "oldest": 1}, "did:web:b": {"number": 7}}
    total = Answer(found, SQL, "en", {})
    assert total.data_versions == {"did:web:a": 2, "did:web:b": 7}
    assert any("did:web:a data version 2" in line for line in total.notes)
    assert total.to_pandas().attrs["data_versions"]["did:web:b"] == 7
    assert "did:web:b" in total._repr_html_()


def test_keys_are_text_unless_the_owner_declares_what_they_are() -> None:
    """A code that looks like a number is none; a declared one that does not fit stays text."""
    assert answer(kinds={}).rows[0]["year"] == "2023"
    table = {
        "dimensions": [
            {"name": "year", "kind": "integer", "codes": ["2023"]},
            {"name": "hs", "kind": "code", "codes": ["0101", "8471"]},
            {"name": "day", "kind": "code", "codes": ["2026-02-28", "2026-03-01"]},
            {"name": "odd", "kind": "code", "codes": ["2026-02-28", "2026-02-30"]},
            {"name": "size", "kind": "bin", "codes": ["[0, 10)"]},
        ]
    }
    kinds = kinds_of(table)
    assert kinds == {
        "year": "integer", "hs": "text", "day": "date", "odd": "text", "size": "text",
    }  # fmt: skip
    assert value_of("2026-02-28", "date") == date(2026, 2, 28)
    assert answer(kinds={"mode": "integer"}).columns[0].kind == "text"


@pytest.mark.parametrize("text", ["NaN", "1e9", "1e999999999", "Infinity", "", " 1", "1_0", "٣"])
def test_a_figure_that_is_no_plain_decimal_is_refused(text: str) -> None:
    """Nothing else is ever verified; reading one could cost without end."""
    for kind in ("integer", "decimal"):
        with pytest.raises(ValueError):  # noqa: PT011
            value_of(text, kind)  # type: ignore[arg-type]


def test_pandas_keeps_figures_exact() -> None:
    """Whole numbers, decimals, missing ones; the reasons in a column, the rest in attrs."""
    frame = answer().to_pandas()
    assert list(frame.columns) == [*NAMES, WHY]
    assert str(frame["COUNT(*)"].dtype) == "Int64"
    assert str(frame["year"].dtype) == "Int64"
    assert frame["paid"][0] == LARGE
    assert frame["paid"][1] is None
    assert frame["COUNT(*)"].isna().tolist() == [False, False, True, True]
    assert frame[WHY][0] is None
    assert "SEA" in frame[WHY][2]
    assert frame.attrs["units"]["paid"] == "CNY"
    assert frame.attrs["data_versions"] == {"did:web:acme.example": 3}


def test_pandas_gives_floats_for_charts_when_asked() -> None:
    """Only then, and NaN where a figure is withheld; the column of reasons can be left out."""
    frame = answer().to_pandas(exact=False, why="")
    assert list(frame.columns) == list(NAMES)
    assert str(frame["paid"].dtype) == "float64"
    assert math.isnan(frame["paid"][1])


def test_polars_and_arrow_keep_figures_exact() -> None:
    """Decimals of the answer's scale, null where withheld, units and notes in Arrow's metadata."""
    frame = answer().to_polars()
    assert isinstance(frame.schema["paid"], pl.Decimal)
    assert frame["paid"].to_list() == [LARGE, None, None, None]
    assert frame["COUNT(*)"].to_list() == [7, 3, None, None]
    table = answer().to_arrow(why="reason")
    assert table.column_names == [*NAMES, "reason"]
    assert table["paid"].to_pylist()[0] == LARGE
    assert table.schema.field("paid").metadata == {b"unit": b"CNY"}
    assert b"clamped" in table.schema.metadata[b"voile"]
    assert pa.types.is_int64(table.schema.field("year").type)


def test_a_sum_beyond_64_bits_stays_exact() -> None:
    """Whole numbers that no column of integers holds become decimals without places."""
    found = reply(
        sql_outputs=[("price", "sum", "", 0), ("price", "avg", "", 8), ("*", "count", "", 0)]
    )
    found["answer"]["cells"] = found["answer"]["cells"][:1]
    found["answer"]["cells"][0]["values"]["price:sum"] = str(2**70)
    large = Answer(found, SQL, "en", {})
    assert large.to_pandas()["paid"][0] == 2**70
    assert large.to_polars()["paid"][0] == 2**70
    assert large.to_arrow()["paid"][0].as_py() == 2**70


@pytest.mark.parametrize(
    ("average", "in_polars"),
    [
        ("0.1234567890123456", True),
        ("-12345678901234567890.0123456789", True),
        (f"0.{'1' * 40}", False),
        (f"{'1' * 50}.{'1' * 40}", False),
    ],
)
def test_an_average_of_more_places_than_its_scale(average: str, in_polars: bool) -> None:
    """The column is as wide as its figures; what no decimal holds is its exact text."""
    found = reply(
        sql_outputs=[("price", "sum", "", 2), ("price", "avg", "", 8), ("*", "count", "", 0)]
    )
    found["answer"]["cells"][0]["values"]["price:avg"] = average
    made = Answer(found, SQL, "en", {})
    exact = Decimal(average)
    assert made.rows[0]["AVG(price)"] == exact
    frame, table = made.to_polars(), made.to_arrow()
    assert isinstance(frame.schema["AVG(price)"], pl.Decimal) is in_polars
    assert frame["AVG(price)"][0] == (exact if in_polars else average)
    given = table["AVG(price)"][0].as_py()
    assert given == (exact if len(average) < 70 else average)
    assert frame["AVG(price)"][1] is None
    assert table["AVG(price)"][1].as_py() is None
    assert made.to_pandas()["AVG(price)"][0] == exact


def test_the_column_of_reasons_takes_no_name_of_the_question() -> None:
    """A question may call a figure like it."""
    found = Answer(reply(), SQL.replace("paid", WHY), "en", {})
    assert list(found.to_pandas().columns)[-1] == f"{WHY}_"


@pytest.mark.parametrize("library", ["pandas", "polars", "pyarrow"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_missing_library_is_named_with_what_to_install(
    library: str, language: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In either language; it is an ImportError, too."""
    monkeypatch.setitem(sys.modules, library, None)
    call = {"pandas": "to_pandas", "polars": "to_polars", "pyarrow": "to_arrow"}[library]
    with pytest.raises(LibraryMissing) as caught:
        getattr(answer(language), call)()
    assert isinstance(caught.value, ImportError)
    assert f"pip install {library}" in str(caught.value)
    assert ("没有安装" in str(caught.value)) == (language == "zh")


class _Page(HTMLParser):
    """Collects tags and text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, Any]] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append((tag, attrs))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def page(found: Answer) -> _Page:
    read = _Page()
    read.feed(found._repr_html_())
    return read


def test_nothing_that_others_wrote_is_markup_in_a_notebook() -> None:
    """Codes, units, aliases and question ids with markup are text; nothing turns what follows."""
    evil = reply(mode=EVIL, unit=EVIL)
    evil["questionId"] = evil["answer"]["questionId"] = EVIL
    found = Answer(evil, SQL.replace("AS paid", 'AS "<img src=x onerror=y>"'), "en", {})
    read = page(found)
    known = {"div", "table", "thead", "tbody", "tr", "th", "td", "small"}
    assert {tag for tag, _ in read.tags} == known
    assert {name for _, attrs in read.tags for name, _ in attrs} <= {"class", "style", "title"}
    assert any("<script>" in text for text in read.texts)
    assert any("<img" in text for text in read.texts)
    html = found._repr_html_()
    assert "\u202e" not in html
    assert "tex2jax_ignore" in html  # dollars are no formula
    assert "\u202e" not in repr(found)


@pytest.mark.parametrize(("language", "word"), [("zh", "备注"), ("en", "note")])
def test_the_notebook_speaks_the_language(language: Any, word: str) -> None:
    """Heads and notes; what is withheld is marked, what is empty too, decimals have no exponent."""
    read = page(answer(language))
    assert word in read.texts
    assert "×" in read.texts
    assert "–" in read.texts
    assert "0.00000001" in read.texts
    assert "123456789012345678.90" in read.texts


def test_a_product_of_others_is_only_text() -> None:
    """Its titles have no form of their own in a notebook, and frames escape what they hold."""
    described = {"@id": EVIL, "dct:title": [{"@language": "en", "@value": EVIL}]}
    found = product_of("did:web:p", described, "en")
    assert found.title == EVIL
    assert repr(found).isprintable()
    assert not hasattr(found, "_repr_html_")
    html = Answer(reply(mode=EVIL), SQL, "en", {}).to_pandas()._repr_html_()
    assert "<script>" not in html


def test_a_long_answer_is_shown_in_part_and_its_repr_is_short() -> None:
    """Two hundred rows, then how many more."""
    found = reply()
    found["answer"]["cells"] *= 300
    shown = Answer(found, SQL, "en", {})
    assert shown._repr_html_().count("<tr>") == 201
    assert "402 more rows" in shown._repr_html_()
    assert len(repr(shown)) < 200


def test_an_answer_can_be_pickled() -> None:
    """It holds no token and no connection."""
    again = pickle.loads(pickle.dumps(answer()))
    assert [tuple(row) for row in again] == [tuple(row) for row in answer()]
    assert isinstance(again.to_pandas(), pd.DataFrame)
