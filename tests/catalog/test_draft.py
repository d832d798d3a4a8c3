"""Drafting: what comes out is a product, read strictly, whatever stands in the data; cautious, too."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog import draft_words
from catalog.draft import draft_product
from catalog.draft_names import is_allowed, names_of
from catalog.draft_offer import RECIPIENT
from catalog.draft_sheet import quoted, shown
from catalog.forms import TEXT, Form
from catalog.product_file import read_product
from catalog.surveyed import ColumnSurvey, Survey
from crypto.words import LANGUAGES, Words

TODAY = date(2026, 11, 30)
HAN = re.compile(r"[\u4e00-\u9fff]")
CUSTOMER = ColumnSurvey(source="customer", form=TEXT, distinct=500, longest=6)
MODE = ColumnSurvey(source="mode", form=TEXT, distinct=2, longest=4, codes=("AIR", "ROAD"))
PRICE = ColumnSurvey(
    source="price", form=Form(type="decimal"), distinct=900, longest=7,
    low=Decimal(1), high=Decimal("871.25"), digits=3, places=2,
)  # fmt: skip
INJECTION = (
    'a"] }\n[rules]\nminimum_contributors = 3',
    '"]\nlevel = 1\n#',
    "x\x00y",
    "a\nb",
    "\u202eevil\u2066",
    "'''",
    '"""',
    "\\",
    "\\u0041",
    "a" * 400,
    "",
    "   ",
    "order",
    "客户",
    "Größe",
    "1st",
    "A b-C",
    "\ud800",
)


def survey(*columns: ColumnSurvey, rows: int = 5000) -> Survey:
    return Survey(rows=rows, columns=columns, encoding="utf-8", delimiter=",")


@settings(deadline=None)  # the first one imports the parser of expressions
@given(
    st.lists(st.one_of(st.text(max_size=30), st.sampled_from(INJECTION)), max_size=8),
    st.sampled_from(LANGUAGES),
    st.one_of(st.text(max_size=20), st.sampled_from(INJECTION)),
)
def test_a_header_is_never_code(headers: list[str], language, name: str):
    """Any header, any file name: read back strictly, only what was drafted is declared."""
    others = tuple(ColumnSurvey(source=h, form=TEXT, distinct=900, longest=9) for h in headers)
    made = draft_product(survey(CUSTOMER, MODE, PRICE, *others), name, language, TODAY)
    product = read_product(made.text)
    sources = [column.source for column in product.columns]
    assert set(sources) <= {"customer", "mode", "price", *headers}
    assert product.level == 2
    assert product.rules.minimum_contributors == 5
    assert product.offers == ()
    assert all(line.isprintable() for line in made.text.split("\n"))


@given(st.lists(st.one_of(st.text(max_size=30), st.sampled_from(INJECTION)), max_size=30))
def test_names_are_names_and_no_two_alike(headers: list[str]):
    """Whatever the headers are."""
    names = names_of(headers)
    assert len(set(names)) == len(names) == len(headers)
    assert all(map(is_allowed, names))


def test_a_header_is_its_name_where_it_can_be():
    """Small letters and no blanks; a word of SQL and a second one of a name go by their place."""
    headers = ("Ship Mode", "ship-mode", "order", "\uff21\uff22", "1st", "column_5", "")
    found = ("ship_mode", "column_2", "column_3", "ab", "column_5", "column_6", "column_7")
    assert names_of(headers) == found
    assert names_of(("客户", "客户 ", "1年")) == ("客户", "column_2", "column_3")


@given(st.text(max_size=40))
def test_a_text_comes_back_out_of_toml(text: str):
    """As it was, but for half a pair of surrogates; a comment of it is one line."""
    found = tomllib.loads(f"a = {quoted(text)}")["a"]
    assert found == "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text)
    assert shown(text).isprintable()


@settings(deadline=None)
@given(st.lists(st.text(min_size=1, max_size=8), min_size=2, max_size=5, unique=True))
def test_codes_are_written_as_they_are(codes: list[str]):
    """A column with a code that no product can name is no dimension, and stays never."""
    column = ColumnSurvey(
        source="kind", form=TEXT, distinct=len(codes), longest=8, codes=tuple(codes)
    )
    product = read_product(draft_product(survey(CUSTOMER, MODE, column), "x", "en", TODAY).text)
    found = {dimension.name: dimension.codes for dimension in product.dimensions}
    labels = {each.name: each.labels for each in product.columns}
    if all(code.strip() and code.isprintable() for code in codes):
        assert found["kind"] == tuple(codes)
    else:
        assert "kind" not in found
        assert labels["kind"] == ("never",)


@pytest.mark.parametrize(
    "source",
    ["email", "Phone", "姓名", "身份证号", "Street address", "remarks", "order_id", "订单编号"],
)
def test_what_sounds_like_somebody_is_never(source: str):
    """However few values it has."""
    column = ColumnSurvey(source=source, form=TEXT, distinct=2, longest=3, codes=("a", "b"))
    made = draft_product(survey(CUSTOMER, MODE, column), "x", "en", TODAY)
    product = read_product(made.text)
    (found,) = [each for each in product.columns if each.source == source]
    assert found.labels == ("never",)
    assert [dimension.name for dimension in product.dimensions] == ["mode"]


def test_contributor_free_text_and_ids_are_never():
    """Long texts, values that hardly come twice, and whoever the data are about."""
    long = ColumnSurvey(source="what", form=TEXT, distinct=3, longest=300, codes=("a", "b", "c"))
    whole = ColumnSurvey(
        source="ticket", form=Form(type="integer"), distinct=4990, longest=9,
        low=Decimal(1), high=Decimal(5000), digits=4,
    )  # fmt: skip
    product = read_product(
        draft_product(survey(CUSTOMER, MODE, PRICE, long, whole), "x", "zh", TODAY).text
    )
    labels = {column.name: column.labels for column in product.columns}
    assert product.contributor == "customer"
    assert {name for name, found in labels.items() if found == ("never",)} == {
        *("customer", "what", "ticket")
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_missing_is_said(language):
    """Neither a contributor nor a dimension: the comments say what to decide, and the key is named."""
    made = draft_product(survey(PRICE), "x", language, TODAY)
    assert made.lacking == ("contributor", "dimension")
    with pytest.raises(Exception, match="contributor"):
        read_product(made.text)
    first = {"zh": "发布前必须先决定", "en": "decide first"}[language]
    assert sum(first in each for each in made.decisions) == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_comments_are_in_one_language(language):
    """Chinese in Chinese, none in English."""
    made = draft_product(survey(CUSTOMER, MODE, PRICE), "x", language, TODAY)
    comments = [line for line in made.text.split("\n") if line.startswith(("# ", "#? "))]
    said = [line for line in comments if not re.search(r"[=\[\]]", line)]
    assert said
    if language == "en":
        assert not HAN.search(made.text)
    else:
        assert all(HAN.search(each) for each in made.decisions)


def test_the_offer_is_one_as_soon_as_it_is_taken():
    """Its lines are comments; without their signs it reads, names nobody, and ends soon."""
    text = draft_product(survey(CUSTOMER, MODE, PRICE), "x", "en", TODAY).text
    offered = re.sub(r"(?m)^( *)# (offer = \[|\{ name = \"standard\".*|\])$", r"\1\2", text)
    assert read_product(text).offers == ()
    (offer,) = read_product(offered).offers
    assert offer.terms.recipients == (RECIPIENT,)
    assert offer.terms.not_after == "2027-02-28Z"


def test_measures_beyond_what_can_be_compared_are_comments():
    """Four without a unit; the others stand there as comments, and their columns are never."""
    columns = [
        ColumnSurvey(
            source=f"figure {n}", form=Form(type="integer"), distinct=900, longest=4,
            low=Decimal(0), high=Decimal(900), digits=3,
        )
        for n in range(8)
    ]  # fmt: skip
    text = draft_product(survey(CUSTOMER, MODE, *columns), "x", "en", TODAY).text
    product = read_product(text)
    assert len(product.measures) == 4
    assert text.count('# { name = "figure_') == 4
    assert [c.labels for c in product.columns[-4:]] == [("never",)] * 4


def test_a_draft_of_the_widest_file_is_read():
    """Five hundred columns with headers as long as can be."""
    columns = [
        ColumnSurvey(source=f"{n:03}{'列' * 150}", form=TEXT, distinct=9, longest=9)
        for n in range(497)
    ]
    made = draft_product(survey(CUSTOMER, MODE, PRICE, *columns), "x", "zh", TODAY)
    product = read_product(made.text)
    assert product.contributor == "customer"
    assert [dimension.name for dimension in product.dimensions] == ["mode"]


def test_both_languages_have_the_same_places():
    """Every comment needs the same facts in both."""
    found = [each for each in vars(draft_words).values() if isinstance(each, Words)]
    assert len(found) > 20
    for words in found:
        assert HAN.search(words.zh)
        assert not HAN.search(words.en)
        assert Words(words.zh, words.zh).places == Words(words.en, words.en).places
