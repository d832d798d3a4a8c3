"""Plain questions are read without a syntax tree, and then as the tree would have it.

`quick` may say None to any text; whatever it takes, `by_tree` must take too, and make the same of
it, positions included. A text that only one of them takes would be a question that was not checked.
"""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING

import pytest
import sqlglot.expressions
import sqlglot.parser
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot.parser import Parser
from sqlglot.tokens import Tokenizer, TokenType

from policies.errors import QueryError
from policies.sql import by_tree, parse
from policies.sql_quick import quick
from tests.policies import test_sql

if TYPE_CHECKING:
    from policies.query import AggregateQuery

PLAIN = (
    "SELECT year, d.ship_mode AS m, COUNT(*) AS n, sum(late), AVG(d.price) FROM deliveries AS d "
    "WHERE NOT (year > 1994 AND d.ship_mode IN ('AIR', '铁路')) OR weight BETWEEN -1.5 AND 20 "
    "AND lines <> 3 AND \"lines\"<=5 AND year != 1995 AND ship_mode NOT IN ('SHIP', '') "
    "GROUP BY year, ship_mode HAVING COUNT(*) > 5 AND AVG(price) NOT BETWEEN 1 AND 2 "
    "ORDER BY n DESC, SUM(late), year ASC LIMIT 10;"
)
# a name stands in each place where one may, at the ends of clauses and between them
PLACES = (
    "SELECT {} FROM {}",
    (
        "SELECT {}, COUNT(*), {}, SUM({}), COUNT({}) AS n, x AS {}, {} AS {}, AVG({}.x) AS {}, {}.{} "
        "FROM {} AS {} WHERE {} = 1 AND {} > 'a' OR (NOT {} IN (1) AND {} NOT IN ('a', 'b')) "
        "OR {} BETWEEN 1 AND 2 AND {} NOT BETWEEN -1 AND 'b' OR {}.x = -1 AND (t.{} <> 1) "
        "GROUP BY {}, x, {}.x, t.{} HAVING {} < 1 AND SUM({}) < 2 OR SUM({}.x) IN (1) "
        "ORDER BY {}, {} DESC, {} ASC, SUM({}), COUNT({}) DESC, {}.x, {}"
    ),
)
# what a text is damaged with
PIECES = (
    "(", ")", ",", ".", "*", "=", "<", ">", "<=", ">=", "<>", "!=", "-", "--", "/*", "*/", ";",
    "'", '"', "''", "'a'", "N'a'", '"a"', '"a b"', "`a`", "[a]", "\\", "\n", "\t", "\r", " ", "\u3000",
    "\u200b", "0", "1", ".5", "1.", "1e3", "0x1f", "1_0", "x1", "$1", ":p", "?", "@p", "#t", "%",
    "+", "/", "||", "::", "->", "{{", "NOT", "AND", "OR", "IN", "BETWEEN", "AS", "a", "t.a", "é", "列",
    "SUM", "COUNT", "AVG", "DISTINCT", "NULL", "IS", "LIKE", "ESCAPE", "FROM", "WHERE", "GROUP",
    "BY", "GROUP BY", "HAVING", "ORDER", "LIMIT", "OFFSET", "ASC", "DESC", "NULLS", "FIRST", "SELECT",
    "JOIN", "UNION", "CASE", "DATE", "INTERVAL", "OVER", "FILTER", "WITH", "ALL", "TOP", "USING", "AT",
)  # fmt: skip


def of_tree(text: str) -> AggregateQuery | None:
    """Read by way of sqlglot; None where it is refused."""
    try:
        return by_tree(text)
    except QueryError:
        return None


def quickly(text: str) -> AggregateQuery | None:
    """Read quickly; None where it is not."""
    try:
        return quick(text)
    except QueryError:
        return None


def check(text: str) -> bool:
    """See that both say the same; give whether it was read quickly."""
    found = quickly(text)
    if found is not None:
        assert repr(found) == repr(of_tree(text)), text
    return found is not None


def words() -> list[str]:
    """Give every word that stands as a text in sqlglot's tokenizer, parser and expressions."""
    tables = [table for table in vars(Parser).values() if isinstance(table, dict | set | frozenset)]
    known = {str(name) for table in (Tokenizer.KEYWORDS, *tables) for name in table}
    known |= set(TokenType.__members__)
    for module in (sqlglot.parser, sqlglot.expressions):
        known |= set(re.findall(r'"([^"\n]+)"', inspect.getsource(module)))
    single = {word for phrase in known for word in re.findall(r"[A-Za-z_][A-Za-z0-9_]*", phrase)}
    return sorted({word.upper() for word in single})


def test_a_plain_question_is_read_quickly() -> None:
    """One with every construct of it is, and to the same value."""
    assert check(PLAIN)
    assert parse(PLAIN) == by_tree(PLAIN)


@pytest.mark.long
def test_every_word_may_be_a_name_or_is_left_to_the_tree() -> None:
    """No word that sqlglot knows is a name for one and something else for the other."""
    found, quickly_read = words(), 0
    assert {"CONNECT_BY_ROOT", "IF", "NULLS", "INTERVAL", "YEAR", "TOP", "FINAL"} <= set(found)
    for place in PLACES:
        quickly_read += sum(check(place.replace("{}", word)) for word in found)
    assert quickly_read > len(found)  # most are names: `YEAR`, `MODE`, `TOP`
    assert not any(quickly(PLACES[0].replace("{}", word)) for word in ("IF", "NULLS", "DATE"))


def test_what_is_refused_elsewhere_is_never_read_quickly() -> None:
    """The texts that the tests of the language have refused are refused, or left to the tree."""
    (mark,) = test_sql.test_everything_else_is_refused_with_its_position.pytestmark
    texts = [text for text, _, _ in mark.args[1]]
    assert len(texts) > 70
    assert not any(map(check, texts))
    check(test_sql.ALL)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT a FROM t WHERE " + "(" * 12 + "a = 1" + ")" * 12,
        "SELECT a FROM t WHERE " + "NOT " * 12 + "a = 1",
        "SELECT a FROM t WHERE a IN (" + ", ".join(["1"] * 400) + ")",
        "SELECT a FROM t WHERE " + " AND ".join(["a = 1"] * 240),
    ],
)
def test_up_to_its_bounds_a_question_is_read_quickly_and_then_not(text: str) -> None:
    """The bounds lie below those of the language, which only the tree's tokens can count."""
    assert check(text)
    longer = text.replace("(((", "((((").replace("NOT ", "NOT NOT ", 1).replace("1, ", "1, 1, ")
    assert not check(longer.replace("a = 1 AND ", "a = 1 AND a = 2 AND "))


NAMES = st.sampled_from(("year", "t.year", '"Year"', "T.x_1", "t", "mode", "rows", "n", "列"))
LITERALS = st.sampled_from(
    ("1", "-1", "- 2.50", "007", "'AIR'", "''", "'a b;--'", "'铁路'", "'SUM'")
)
TERMS = st.one_of(
    NAMES,
    st.just("COUNT(*)"),
    st.builds("{}({})".format, st.sampled_from(("SUM", "avg", "Count ")), NAMES),
)
TESTS = st.one_of(
    st.builds(
        "{} {} {}".format, TERMS, st.sampled_from(("=", "<>", "!=", "<", "<=", ">", ">=")), LITERALS
    ),
    st.builds("{}={}".format, TERMS, LITERALS),
    st.builds("{} {}IN ({}, {})".format, TERMS, st.sampled_from(("", "NOT ")), LITERALS, LITERALS),
    st.builds(
        "{} {}BETWEEN {} AND {}".format, TERMS, st.sampled_from(("", "not ")), LITERALS, LITERALS
    ),
)
CONDITIONS = st.recursive(
    TESTS,
    lambda inner: st.one_of(
        st.builds("({})".format, inner),
        st.builds("NOT {}".format, inner),
        st.builds("{} AND {}".format, inner, inner),
        st.builds("{} or\n{}".format, inner, inner),
    ),
    max_leaves=8,
)


def maybe(clause: str, of: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Leave a clause out, or write it."""
    return st.one_of(st.just(""), of.map(clause.format))


QUESTIONS = st.builds(
    "SELECT {} FROM {}{}{}{}{}{}{}".format,
    st.lists(st.builds("{}{}".format, TERMS, maybe(" AS {}", NAMES)), min_size=1, max_size=4).map(
        ", ".join
    ),
    NAMES,
    maybe(" AS {}", NAMES),
    maybe(" WHERE {}", CONDITIONS),
    maybe(" GROUP  BY {}", st.lists(NAMES, min_size=1, max_size=3).map(",".join)),
    maybe("\nHAVING {}", CONDITIONS),
    maybe(
        " ORDER BY {}",
        st.lists(
            st.builds("{}{}".format, TERMS, st.sampled_from(("", " ASC", " desc"))),
            min_size=1,
            max_size=3,
        ).map(", ".join),
    ),
    maybe(" LIMIT {}", st.sampled_from(("5", "0", "1000001", "1.5", "-1", "5;", "5 ;\n"))),
)


@given(QUESTIONS)
@settings(max_examples=300, deadline=None)
def test_generated_questions_mean_the_same(text: str) -> None:
    """Precedence, negation, names, literals and places."""
    check(text)


@pytest.mark.long
@given(
    QUESTIONS,
    st.lists(
        st.tuples(st.integers(0, 400), st.integers(0, 3), st.sampled_from(PIECES)),
        min_size=1,
        max_size=3,
    ),
)
@settings(max_examples=600, deadline=None)
def test_damaged_questions_are_never_taken_for_plain_ones(
    text: str, damage: list[tuple[int, int, str]]
) -> None:
    """Whatever is put into a question or cut out of it."""
    for place, cut, piece in damage:
        at = place % (len(text) + 1)
        text = text[:at] + piece + text[at + cut :]
    check(text)
