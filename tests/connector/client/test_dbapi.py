"""Statements of PEP 249: parameters stay literals, wrapped questions get their flat form."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.client import Refused, Unavailable, dbapi, problems
from connector.client.dbapi.binding import bound
from connector.client.dbapi.errors import error_of
from connector.client.dbapi.flat import flattened
from connector.client.dbapi.local import constants, probed
from policies.query import AllOf, Comparison
from policies.sql import parse

SQL = "SELECT COUNT(*) FROM t WHERE mode = ? AND year = ?"


@given(
    st.text(
        st.characters(exclude_categories=["C", "Z"], include_characters=" '\"?;-/*\\"), max_size=60
    )
)
def test_a_text_is_read_back_as_it_is(text: str) -> None:
    """Whatever stands in it, it is one literal of the question, and the next one is the next."""
    where = parse(bound(SQL, (text, 7), "en")).where
    assert isinstance(where, AllOf)
    first, second = where.operands
    assert isinstance(first, Comparison)
    assert isinstance(second, Comparison)
    assert (first.literal.text, first.literal.is_text) == (text, True)
    assert (second.literal.text, second.literal.is_text) == ("7", False)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3, "3"),
        (-3, "-3"),
        (np.int64(3), "3"),
        (Decimal("1E+2"), "100"),
        (Decimal("0.10"), "0.10"),
        (date(2026, 2, 3), "'2026-02-03'"),
        ("O'Hara", "'O''Hara'"),
    ],
)
def test_what_the_language_has_is_written(value: object, text: str) -> None:
    """Numbers without exponents, days as codes."""
    assert bound("?", (value,), "en") == text


@pytest.mark.parametrize(
    "value",
    [None, True, 1.5, Decimal("NaN"), Decimal("Infinity"), b"x", [1], {"a": 1}, "a\x00b", "a\nb",
     "a\u202eb", "a\u2028b", "\ud800", datetime(2026, 1, 1, tzinfo=UTC), object()],
)  # fmt: skip
def test_what_it_has_not_is_refused_in_both_languages(value: object) -> None:
    """A float is not exact, NULL and booleans do not exist, what is invisible is no code."""
    for language, word in (("en", "literal"), ("zh", "字面量")):
        with pytest.raises(dbapi.DataError, match=word):
            bound("?", (value,), language)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sql", "parameters"),
    [("a = ?", ()), ("a = 1", (1,)), ("a = '?'", ("x",)), ('"?" = ?', (1, 2)), ("'?", (1,))],
)
def test_marks_and_parameters_must_fit(sql: str, parameters: tuple[Any, ...]) -> None:
    """A mark within quotes is none."""
    with pytest.raises(dbapi.ProgrammingError):
        bound(sql, parameters, "en")


@pytest.mark.parametrize("parameters", [{"a": 1}, "x", 3, None, {1}])
def test_parameters_are_a_sequence(parameters: Any) -> None:
    """A mapping has no order, a text is not meant as its letters."""
    with pytest.raises(dbapi.ProgrammingError, match="list or tuple"):
        bound("a = ?", parameters, "en")


@pytest.mark.parametrize("before", [">-", "> - ", "> -\n"])
@pytest.mark.parametrize(("language", "word"), [("en", "behind a minus"), ("zh", "减号")])
def test_two_minuses_are_one_clear_error(before: str, language: Any, word: str) -> None:
    """They would begin a comment, or be computed; one is a sign."""
    sql = f"SELECT mode, SUM(q) FROM t GROUP BY mode HAVING SUM(q) {before}?"
    for value in (-5, Decimal("-0.5")):
        with pytest.raises(dbapi.ProgrammingError, match=word) as caught:
            bound(sql, (value,), language)
        assert caught.value.code == "parameters-unfit"
    having = parse(bound(sql, (5,), language)).having
    assert isinstance(having, Comparison)
    assert having.literal.text == "-5"
    assert parse(bound(sql.replace("-", ""), (-5,), language)).having == having


@pytest.mark.parametrize(
    "sql",
    [
        "a = ??",
        "a = 1?",
        "a = ?1",
        "a = .?",
        "a = . ?",
        "a = ?.5",
        "a = 'x'?",
        "a = ?'x'",
        "a?",
        '"a"?',
        "`?",
    ],
)
def test_a_mark_stands_alone(sql: str) -> None:
    """With what it touched, its literal would be another one: 1 and 5 are not 15."""
    for language, word in (("en", "touches"), ("zh", "紧挨着")):
        with pytest.raises(dbapi.ProgrammingError, match=word):
            bound(sql, ("5",) * sql.count("?"), language)  # type: ignore[arg-type]
    assert bound("a IN (?,?)AND b>=? LIMIT ?", (1, 2, 3, 4), "en") == "a IN (1,2)AND b>=3 LIMIT 4"


@pytest.mark.parametrize("sql", ["a -- ?\n", "a /* ? */", "SELECT 1 --"])
def test_comments_are_refused(sql: str) -> None:
    """What stands in one could end with it."""
    with pytest.raises(dbapi.NotSupportedError):
        bound(sql, ("\n",) if "?" in sql else (), "en")
    assert bound("a = '-- no comment /*'", (), "en")


def test_constants_are_answered_here() -> None:
    """What tools ask to see whether anybody is there."""
    assert constants("SELECT 1") == (("1", 1),)
    assert constants("select 'it''s' as x, 2.50;") == (("x", "it's"), ("2.50", Decimal("2.50")))
    for other in ("SELECT a", "SELECT 1 FROM t", "SELECT 1; SELECT 2", "SELECT 1 + 1", ""):
        assert constants(other) == ()


def test_a_question_for_columns_alone_is_recognised() -> None:
    """And no other."""
    for sql in (
        "SELECT * FROM t WHERE 1=0",
        'select * from "t" limit 0;',
        "SELECT * FROM `t` LIMIT 0",
    ):
        assert probed(sql) == "t"
    for sql in (
        "SELECT * FROM t",
        "SELECT * FROM t WHERE 1=1",
        "SELECT a FROM t LIMIT 0",
        "SELECT 1",
    ):
        assert probed(sql) == ""


INNER = "SELECT mode, SUM(q) AS total FROM t GROUP BY mode"


@pytest.mark.parametrize(
    ("sql", "flat"),
    [
        (f"SELECT * FROM ({INNER}) AS x", INNER),
        (f"SELECT * FROM ({INNER}) x LIMIT 5", f"{INNER} LIMIT 5"),
        (f"SELECT total FROM ({INNER}) x", "SELECT SUM(q) AS total FROM t GROUP BY mode"),
        (f"SELECT x.mode AS m, x.total FROM ({INNER}) x",
         "SELECT mode AS m, SUM(q) AS total FROM t GROUP BY mode"),
        (f"SELECT * FROM ({INNER}) x WHERE x.mode = 'A'",
         "SELECT mode, SUM(q) AS total FROM t WHERE mode = 'A' GROUP BY mode"),
        (f"SELECT * FROM ({INNER}) x WHERE total > 3 ORDER BY total DESC",
         f"{INNER} HAVING total > 3 ORDER BY total DESC"),
        (f"WITH x AS ({INNER}) SELECT * FROM x", INNER),
        (f"SELECT mode AS m, total FROM ({INNER}) x WHERE mode = 'A' ORDER BY m, total LIMIT 2",
         ("SELECT mode AS m, SUM(q) AS total FROM t WHERE mode = 'A' GROUP BY mode "
         "ORDER BY m, total LIMIT 2")),
        (f"SELECT * FROM (SELECT * FROM ({INNER}) y) x", INNER),
    ],
)  # fmt: skip
def test_a_wrapped_question_gets_its_flat_form(sql: str, flat: str) -> None:
    """The one that asks the same, in the question language."""
    found = flattened(sql)
    assert found
    assert parse(found) == parse(flat)


@pytest.mark.parametrize(
    "sql",
    [
        f"SELECT SUM(total) FROM ({INNER}) x",
        f"SELECT mode, COUNT(*) FROM ({INNER}) x GROUP BY mode",
        f"SELECT DISTINCT mode FROM ({INNER}) x",
        f"SELECT * FROM ({INNER} LIMIT 3) x ORDER BY total",
        f"SELECT * FROM ({INNER}) x JOIN ({INNER}) y ON x.mode = y.mode",
        f"SELECT * FROM ({INNER}) x WHERE total > 3 OR mode = 'A'",
        f"SELECT COUNT(*) FROM t WHERE mode IN ({INNER})",
        f"WITH x AS ({INNER}), y AS ({INNER}) SELECT * FROM x",
        "SELECT * FROM (SELECT * FROM t) x",
        "SELECT * FROM (SELECT mode AS m, COUNT(*) AS n FROM t GROUP BY mode) x WHERE m = 'A'",
        # names that would mean something else
        (
            "SELECT year, mode FROM (SELECT mode AS year, year AS mode, SUM(q) AS s FROM t "
            "GROUP BY mode, year) x WHERE year = '2024'"
        ),
        (
            "SELECT s AS u, u AS s FROM (SELECT SUM(a) AS s, SUM(b) AS u FROM t GROUP BY c) x "
            "WHERE s > 5"
        ),
        (
            "SELECT s AS u, u AS s FROM (SELECT SUM(a) AS s, SUM(b) AS u FROM t GROUP BY c "
            "ORDER BY s) x"
        ),
        "SELECT total AS q FROM (SELECT SUM(q) AS total FROM t GROUP BY mode) x ORDER BY q",
        "SELECT mode, q FROM (SELECT mode, SUM(q) AS q FROM t GROUP BY mode) x WHERE q > 5",
        "SELECT mode AS q FROM (SELECT mode, SUM(q) AS s FROM t GROUP BY mode) x",
        f"SELECT mode FROM ({INNER}) x WHERE total > 5",
        f"SELECT mode FROM ({INNER}) x ORDER BY total",
        f"SELECT total AS z FROM ({INNER} HAVING total > 3) x",
        "SELECT total FROM (SELECT SUM(q) AS total FROM t GROUP BY mode) x WHERE mode = 'A'",
        "SELECT n, N FROM (SELECT COUNT(*) AS n, SUM(q) AS N FROM t GROUP BY mode) x",
        f"SELECT mode, total AS Mode FROM ({INNER}) x",
        # clauses that a question has not
        f"SELECT * FROM ({INNER}) x QUALIFY ROW_NUMBER() OVER (ORDER BY total) = 1",
        f"SELECT * FROM ({INNER}) x ORDER BY SUM(total)",
        f"SELECT * FROM ({INNER}) x WHERE 1 = 1",
        f"SELECT * EXCEPT (mode) FROM ({INNER}) x",
        f"SELECT total FROM ({INNER}) x(total, mode)",
        f"WITH x(total, mode) AS ({INNER}) SELECT total FROM x",
        f"WITH RECURSIVE x AS ({INNER}) SELECT * FROM x",
        f"SELECT * FROM ({INNER}) x, y",
        f"SELECT * FROM ({INNER}) x OFFSET 3",
        f"SELECT * FROM ({INNER}) x LIMIT 3 OFFSET 3",
        f"WITH t AS (SELECT * FROM u) SELECT * FROM ({INNER}) x",
    ],
)
def test_a_question_that_no_flat_form_asks_gets_none(sql: str) -> None:
    """Rather none than one that asks something else."""
    assert flattened(sql) == ""


@pytest.mark.parametrize("sql", [INNER, "SELECT COUNT(*) FROM t WHERE (a = 1)", "SELECT (", "("])
def test_a_question_that_is_not_nested_is_left_to_the_connector(sql: str) -> None:
    """Also one that is no question."""
    assert flattened(sql) is None


def test_errors_of_the_client_keep_what_they_carry() -> None:
    """Code, reasons, facts and words; each has the place in PEP 249's tree that tools expect."""
    reason = {"code": "policy.purpose", "given": "credit", "expected": "quality"}
    refused = Refused(
        403, {"error": {"code": "policy.purpose", "message": "m", "reasons": [reason]}}
    )
    made = error_of(refused)
    assert isinstance(made, dbapi.ProgrammingError)
    assert (made.code, made.reasons, str(made)) == ("policy.purpose", [reason], str(refused))
    gone = error_of(Unavailable(problems.NOT_ANSWERING, where="here"))
    assert isinstance(gone, dbapi.OperationalError)
    assert gone.facts == {"where": "here"}
    again = pickle.loads(pickle.dumps(made))
    assert (type(again), str(again)) == (dbapi.ProgrammingError, str(made))
    assert issubclass(dbapi.DatabaseError, dbapi.Error)
    assert issubclass(dbapi.DataError, dbapi.DatabaseError)
    assert not issubclass(dbapi.InterfaceError, dbapi.DatabaseError)
    assert not issubclass(dbapi.Warning, dbapi.Error)


def test_the_module_says_what_pep_249_asks() -> None:
    """Level, threads, marks."""
    assert (dbapi.apilevel, dbapi.threadsafety, dbapi.paramstyle) == ("2.0", 2, "qmark")
    assert dbapi.DateFromTicks(0) == dbapi.Date(1970, 1, 1)
    assert dbapi.Timestamp is datetime
