"""The question language: what it has, and that everything else is refused with its position."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.errors import QueryError
from policies.query import Aggregate, AggregateQuery, AllOf, AnyOf, Column, Comparison, Literal_
from policies.sql import parse

ALL = (
    "SELECT year, ship_mode AS m, COUNT(*) AS n, SUM(late), AVG(price) FROM deliveries d "
    "WHERE NOT (year > 1994 AND d.ship_mode IN ('AIR', 'RAIL')) OR weight BETWEEN -1.5 AND 20 "
    "AND lines <> 3 AND 5 <= lines AND year != 1995 AND ship_mode NOT IN ('SHIP') "
    "GROUP BY year, ship_mode HAVING COUNT(*) > 5 AND AVG(price) NOT BETWEEN 1 AND 2 "
    "ORDER BY n DESC, year LIMIT 10;"
)


def code(text: str) -> tuple[str, str]:
    with pytest.raises(QueryError) as caught:
        parse(text)
    (reason,) = caught.value.reasons
    return reason.code, reason.clause


def test_the_whole_language_parses() -> None:
    """Every construct of the language in one question becomes one frozen value."""
    query = parse(ALL)
    assert query.table == Column("deliveries")
    assert [o.alias for o in query.outputs] == ["", "m", "n", "", ""]
    assert query.outputs[4].term == Aggregate("avg", Column("price"))
    assert isinstance(query.where, AnyOf)
    assert isinstance(query.where.operands[1], AllOf)
    assert query.where.operands[1].operands[2] == Comparison(
        Column("lines"), ">=", Literal_("5", is_text=False)
    )
    assert query.limit == 10
    assert [order.descending for order in query.order_by] == [True, False]
    assert hash(query) == hash(parse(ALL))


def test_positions_do_not_make_questions_differ() -> None:
    """The same question with other spaces and lines is an equal value."""
    assert parse(ALL) == parse(ALL.replace(" ", "\n  "))


@pytest.mark.parametrize(
    ("text", "expected", "position"),
    [
        ("", "question.empty", "1:1"),
        (";", "question.statements", "1:1"),
        ("DROP TABLE t", "question.not-select", "1:1"),
        ("SELECT COUNT(*)", "question.no-table", "1:1"),
        ("SELECT COUNT(*) FROM t; DROP TABLE t", "question.statements", "1:23"),
        ("SELECT COUNT(*) FROM t;;", "question.statements", "1:23"),
        ("SELECT COUNT(*) FROM t -- x", "question.comment", "1:22"),
        ("SELECT COUNT(*) /* x */ FROM t", "question.comment", "1:15"),
        ("SELECT /*+ x */ COUNT(*) FROM t", "question.comment", "1:8"),
        ("SELECT COUNT(*) FROM (SELECT 1)", "question.subquery", "1:30"),
        ("SELECT COUNT(*) FROM t\nWHERE x IN (SELECT 1)", "question.subquery", "2:20"),
        ("SELECT COUNT(*) FROM t WHERE EXISTS (SELECT 1)", "question.subquery", "1:30"),
        ("WITH a AS (SELECT 1) SELECT COUNT(*) FROM a", "question.cte", "1:1"),
        ("SELECT COUNT(*) FROM t UNION SELECT 2", "question.set-operation", "1:24"),
        ("SELECT COUNT(*) FROM t EXCEPT SELECT 2", "question.set-operation", "1:24"),
        ("SELECT COUNT(*) FROM t, u", "question.join", "1:25"),
        ("SELECT COUNT(*) FROM t JOIN u ON 1 = 1", "question.join", "1:24"),
        ("SELECT MIN(x) FROM t", "question.single-values", "1:8"),
        ("SELECT MAX(x) FROM t", "question.single-values", "1:8"),
        ("SELECT MEDIAN(x) FROM t", "question.single-values", "1:8"),
        ("SELECT STDDEV_POP(x) FROM t", "question.variance", "1:8"),
        ("SELECT VAR_POP(x) FROM t", "question.variance", "1:8"),
        ("SELECT COUNT(DISTINCT c) FROM t", "question.count-distinct", "1:8"),
        ("SELECT SUM(DISTINCT x) FROM t", "question.expression", "1:8"),
        ("SELECT DISTINCT a, COUNT(*) FROM t", "question.distinct", "1:1"),
        ("SELECT SUM(x) OVER () FROM t", "question.window", "1:8"),
        ("SELECT SUM(x) FILTER (WHERE y = 1) FROM t", "question.filter-clause", "1:15"),
        ("SELECT SUM(x + 1) FROM t", "question.expression", "1:14"),
        ("SELECT SUM(x) / 2 FROM t", "question.expression", "1:15"),
        ("SELECT SUM(-x) FROM t", "question.expression", "1:8"),
        ("SELECT SUM(x * y) FROM t", "question.expression", "1:12"),
        ("SELECT SUM(CASE WHEN id = 3 THEN x END) FROM t", "question.expression", "1:12"),
        ("SELECT SUM(CAST(x AS INT)) FROM t", "question.expression", "1:12"),
        ("SELECT SUM(SUM(x)) FROM t", "question.expression", "1:8"),
        ("SELECT MY_UDF(x) FROM t", "question.function", "1:8"),
        ("SELECT COUNT(x + 1) FROM t", "question.expression", "1:16"),
        ("SELECT COUNT(DISTINCT x) FROM t", "question.count-distinct", "1:8"),
        ("SELECT COUNT(1) FROM t", "question.count-column", "1:8"),
        ("SELECT * FROM t", "question.star", "1:8"),
        ("SELECT t.* FROM t", "question.star", "1:8"),
        ("SELECT 1, COUNT(*) FROM t", "question.not-allowed", "1:8"),
        ("SELECT COUNT(*) FROM t WHERE x = ?", "question.parameter", "1:34"),
        ("SELECT COUNT(*) FROM t WHERE x = :p", "question.parameter", "1:34"),
        ("SELECT COUNT(*) FROM t WHERE x = $1", "question.parameter", "1:34"),
        ("SELECT COUNT(*) FROM t WHERE x = @p", "question.parameter", "1:34"),
        ("SELECT COUNT(*) FROM t WHERE x = y", "question.not-a-literal", "1:34"),
        ("SELECT COUNT(*) FROM t WHERE x = NULL", "question.null", "1:34"),
        ("SELECT COUNT(*) FROM t WHERE x IS NULL", "question.null", "1:32"),
        ("SELECT COUNT(*) FROM t WHERE x LIKE 'a%'", "question.not-allowed", "1:32"),
        ("SELECT COUNT(*) FROM t WHERE x", "question.not-a-condition", "1:30"),
        ("SELECT COUNT(*) FROM t WHERE 1 = 1", "question.not-allowed", "1:34"),
        ("SELECT COUNT(*) FROM t WHERE x = 'a' || 'b'", "question.expression", "1:38"),
        ("SELECT COUNT(*) FROM t WHERE x = 'a' 'b'", "question.expression", "1:34"),
        ("SELECT COUNT(*) FROM t WHERE x::int = 1", "question.expression", "1:31"),
        ("SELECT COUNT(*) FROM t WHERE x = 1e3", "question.character", "1:34"),
        ("SELECT COUNT(*) FROM t WHERE x = N'a'", "question.character", "1:34"),
        ("SELECT COUNT(*) FROM t WHERE x[1] = 'a'", "question.character", "1:31"),
        ("SELECT COUNT(*)\u200b FROM t", "question.character", "1:16"),
        ("SELECT COUNT(*)\u00a0FROM t", "question.character", "1:16"),
        ("SELECT COUNT(*) FROM t WHERE x = '\u202ea'", "question.character", "1:35"),
        ("SELECT COUNT(*) FROM t\x00", "question.character", "1:23"),
        ("SELECT COUNT(*) FROM t WHERE x = 'a", "question.unfinished", "1:36"),
        ("SELECT COUNT(*) FROM t WHERE", "question.malformed", "1:24"),
        ("SELECT COUNT(*) FROM t GROUP BY 1", "question.group-by", "1:33"),
        ("SELECT COUNT(*) FROM t GROUP BY ROLLUP(a)", "question.not-allowed", "1:33"),
        ("SELECT COUNT(*) FROM t GROUP BY ALL", "question.not-allowed", "1:1"),
        ("SELECT COUNT(*) FROM t ORDER BY 1", "question.ordinal", "1:33"),
        ("SELECT COUNT(*) FROM t ORDER BY RANDOM()", "question.not-allowed", "1:33"),
        ("SELECT COUNT(*) FROM t ORDER BY a NULLS LAST", "question.not-allowed", "1:35"),
        ("SELECT COUNT(*) FROM t LIMIT 1 OFFSET 2", "question.not-allowed", "1:32"),
        ("SELECT COUNT(*) FROM t LIMIT 1.5", "question.limit", "1:30"),
        ("SELECT COUNT(*) FROM t LIMIT -1", "question.limit", "1:31"),
        ("SELECT COUNT(*) FROM t FOR UPDATE", "question.not-allowed", "1:1"),
        ("SELECT COUNT(*) INTO x FROM t", "question.not-allowed", "1:17"),
        ("SELECT COUNT(*) FROM a.t", "question.not-allowed", "1:22"),
        ("SELECT COUNT(*) FROM read_csv('x')", "question.not-allowed", "1:22"),
        ("SELECT COUNT(*) FROM t TABLESAMPLE (1)", "question.not-allowed", "1:24"),
        ("SELECT COUNT(*) FROM t QUALIFY 1 = 1", "question.not-allowed", "1:24"),
        ("SELECT " + "(" * 40 + "a" + ")" * 40 + " FROM t", "question.deep", "1:32"),
        ("SELECT COUNT(*) FROM t WHERE " + "NOT " * 40 + "a = 1", "question.deep", "1:126"),
        ("SELECT COUNT(*) FROM t WHERE a IN (" + "1," * 2000 + "1)", "question.too-long", "1:1525"),
        ("SELECT " + "x" * 9000, "question.too-long", "1:8193"),
    ],
)
def test_everything_else_is_refused_with_its_position(
    text: str, expected: str, position: str
) -> None:
    """Each construct outside the language names its kind, line and column."""
    found = code(text)
    assert found[0] == expected
    assert found[1] == position


def test_long_chains_do_not_exhaust_the_stack() -> None:
    """Hundreds of conditions joined by AND are read without recursion per condition."""
    chain = " AND ".join(["a = 1"] * 350)
    query = parse(f"SELECT COUNT(*) FROM t WHERE {chain}")
    assert isinstance(query.where, AllOf)
    assert len(query.where.operands) == 350


def test_the_message_says_what_to_do() -> None:
    """The error is one line with the position, the reason and the next step."""
    with pytest.raises(QueryError) as caught:
        parse("SELECT MAX(price) FROM t")
    assert str(caught.value) == (
        "question refused at line 1, column 8: MAX reveals single values, so it is not answered; "
        "The aggregates are COUNT(*), COUNT(measure), SUM and AVG"
    )


WORDS = st.sampled_from(
    [
        "SELECT",
        "FROM",
        "WHERE",
        "GROUP",
        "BY",
        "HAVING",
        "ORDER",
        "LIMIT",
        "AND",
        "OR",
        "NOT",
        "IN",
        "BETWEEN",
        "AS",
        "DISTINCT",
        "UNION",
        "WITH",
        "JOIN",
        "ON",
        "CASE",
        "WHEN",
        "THEN",
        "END",
        "OVER",
        "COUNT",
        "SUM",
        "AVG",
        "MIN",
        "(",
        ")",
        ",",
        ".",
        "*",
        "=",
        "<>",
        "<",
        ">",
        "<=",
        ">=",
        "-",
        "+",
        "/",
        ";",
        "'",
        '"',
        "`",
        "--",
        "/*",
        "*/",
        "a",
        "b",
        "t",
        "1",
        "2.5",
        "'x'",
        "NULL",
        "TRUE",
        "year",
        "::",
        "||",
        "?",
        ":",
        "@",
        "[",
        "]",
        "{",
        "}",
        "#",
        "$$",
        "\\",
        "\u200b",
        "年",
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(WORDS, max_size=25).map(" ".join) | st.text(max_size=60))
def test_any_text_is_a_question_or_one_error(text: str) -> None:
    """Fuzzed text gives a value or one `QueryError` with a position; nothing else gets out."""
    try:
        query = parse(text)
    except QueryError as error:
        (reason,) = error.reasons
        line, column = map(int, reason.clause.split(":"))
        assert line >= 1
        assert column >= 1
    else:
        assert isinstance(query, AggregateQuery)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(ALL) - 1), st.sampled_from(["", ";", "'", "(", ")", "SELECT 1", " x "]))
def test_a_broken_question_is_refused_or_still_a_question(at: int, piece: str) -> None:
    """A good question with something put in its middle never crashes the parser."""
    with contextlib.suppress(QueryError):
        assert isinstance(parse(ALL[:at] + piece + ALL[at + 1 :]), AggregateQuery)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT mode, COUNT(*) FROM t GROUP BY mode L\u0131M\u0131T 5",
        "SELECT mode, COUNT(*) FROM t WHERE mode \u0131n ('x') GROUP BY mode",
        "SELECT mode, \u017fum(price) FROM t GROUP BY mode",
    ],
)
def test_words_of_sql_in_other_letters_are_none(text: str) -> None:
    """Some letters are ASCII in capitals: a keyword that is written with them is refused."""
    with pytest.raises(QueryError):
        parse(text)
