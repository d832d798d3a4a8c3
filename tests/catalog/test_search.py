"""Search: any part of a Chinese word finds it, English plurals do not matter, facets add up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.search import Card, Question, count, fold, narrow, parse, score, terms, weigh

HAN = st.text(alphabet="交付记录库存现有可用数量准时率质量", min_size=1, max_size=12)


def found(question: str, text: str) -> bool:
    """Whether a question finds a text, as the hub decides it."""
    asked = parse(question)
    has = set(terms(text))
    return set(asked.wanted) <= has and has.isdisjoint(asked.unwanted)


@given(HAN, st.data())
def test_any_part_of_a_chinese_text_finds_it(text, data):
    """Every substring of a run, of any length, finds the run."""
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assert found(text[start:end], f"前{text}后")


@pytest.mark.parametrize(
    ("question", "text", "hit"),
    [
        ("交付记录", "交付记录（按订单行）", True),
        ("交付", "供应商交付记录", True),
        ("库", "库存现有量", True),
        ("付交", "交付记录", False),
        ("交付 准时", "准时交付", True),
        ("交付 库存", "准时交付", False),
        ("交付 -库存", "准时交付", True),
        ("交付 -准时", "准时交付", False),
        ("delivery", "Delivery records", True),
        ("deliveries", "delivery record", True),
        ("RECORD", "delivery records", True),
        ("ship mode", "ship_mode", True),
        ("shipmode", "ship_mode", False),
        ("the deliveries of suppliers", "supplier delivery", True),
        ("ｄｅｌｉｖｅｒｙ", "delivery", True),
        ("Élan", "elan", True),
        ("L2级数据", "分级：l2 级数据", True),
        ("𠮷野", "𠮷野家", True),
        ("", "anything", True),
        ("，。！", "anything", True),
    ],
)
def test_what_finds_what(question, text, hit):
    """Both languages, mixed, by whole question and by exclusion."""
    assert found(question, text) is hit


@pytest.mark.parametrize(
    ("word", "folded"),
    [
        ("deliveries", "delivery"),
        ("companies", "company"),
        ("prices", "price"),
        ("records", "record"),
        ("status", "status"),
        ("process", "process"),
        ("bus", "bus"),
        ("series", "sery"),
        ("shoes", "shoe"),
        ("goatees", "goatee"),
    ],
)
def test_plurals_fold(word, folded):
    """Harman's rules, in question and text alike."""
    assert fold(word) == folded


def test_hyphens_inside_a_word_do_not_exclude():
    """Only a leading minus excludes."""
    assert parse("ship-mode -x") == Question(("ship", "mode"), ("x",))


@given(st.text(max_size=400))
def test_any_text_can_be_asked(text):
    """A question is bounded, whatever was typed."""
    asked = parse(text)
    assert len(asked.wanted) <= 32
    assert len(asked.unwanted) <= 32


def test_titles_and_rare_words_count_more():
    """Order: the word in the title before the word in the description; rare before common."""
    title = weigh([("Delivery records", 8), ("stock", 1)])
    text = weigh([("Stock", 8), ("what delivery was late", 1)])
    known = {"delivery": 2, "stock": 50}
    wanted = ("delivery",)
    assert score(title, wanted, known=known, total=100) > score(
        text, wanted, known=known, total=100
    )
    rare = score({"delivery": 5}, wanted, known={"delivery": 1}, total=100)
    common = score({"delivery": 5}, wanted, known={"delivery": 90}, total=100)
    assert rare > common


CARDS = [
    Card(key=1, provider="a", domain="production", level="1", modes=("masked",)),
    Card(key=2, provider="a", domain="management", level="2", modes=("masked", "homomorphic")),
    Card(key=3, provider="b", domain="management", level="1", modes=("homomorphic",)),
]


def test_a_facet_counts_what_choosing_its_value_would_give():
    """For every facet and value: the count equals the number of cards after choosing it."""
    chosen = {"provider": frozenset({"a"}), "mode": frozenset({"masked"})}
    counted = count(CARDS, chosen)
    assert counted["provider"] == {"a": 2}
    assert counted["mode"] == {"masked": 2, "homomorphic": 1}
    for facet, values in counted.items():
        for value, number in values.items():
            assert len(narrow(CARDS, chosen | {facet: frozenset({value})})) == number


def test_an_empty_choice_chooses_everything():
    """No value chosen in a facet means any."""
    assert narrow(CARDS, {"level": frozenset()}) == CARDS
