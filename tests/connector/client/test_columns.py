"""What is selected keeps its place and its name, whoever asks: values, cursors, SQLAlchemy, frames."""

from __future__ import annotations

from copy import deepcopy
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from connector.client import WHY, Answer, dbapi
from connector.client.answer_parts import columns_of
from connector.client.layout import laid_out

if TYPE_CHECKING:
    from collections.abc import Iterator

TABLE = sa.Table("t", sa.MetaData(), sa.Column("year", sa.Integer), sa.Column("amount", sa.Integer))
SUM = sa.func.sum(TABLE.c.amount)
KEYS, SUMS = [2024, 2025, 2026], [7000, 8000, None]
REPLY: dict[str, Any] = {
    "questionId": "urn:uuid:q",
    "mode": "masked",
    "answer": {
        "provider": "did:web:x",
        "product": "p",
        "dataVersion": {"number": 1},
        "minimumContributors": 5,
        "dimensions": [{"name": "year"}],
        "outputs": [{"name": "amount:sum", "function": "sum", "scale": 0, "unit": "t"}],
        "measures": [],
        "cells": [
            {"key": {"year": "2024"}, "values": {"amount:sum": "7000"}},
            {"key": {"year": "2025"}, "values": {"amount:sum": "8000"}},
        ],
        "withheld": [{"key": {"year": "2026"}, "reason": "merged"}],
    },
}


class Answering:
    """A connector that has one answer."""

    language = "en"

    def ask(self, sql: str, **_: Any) -> Answer:
        return Answer(REPLY, sql, "en", {"year": "integer"})


def connection(why_column: str = WHY) -> dbapi.Connection:
    return dbapi.Connection(Answering(), ["a"], "p", why_column)  # type: ignore[arg-type]


@pytest.fixture
def asking() -> Iterator[sa.Connection]:
    engine = sa.create_engine("voile://h/a?purpose=x", creator=connection)
    with engine.connect() as opened:
        yield opened
    engine.dispose()


def test_a_key_that_is_not_selected_is_no_part_of_a_compiled_statement(
    asking: sa.Connection,
) -> None:
    """SQLAlchemy reads by place: `scalars` of sums are sums."""
    for figure in (SUM, SUM.label("s")):
        query = sa.select(figure).group_by(TABLE.c.year)
        assert asking.scalars(query).all() == SUMS
        assert asking.scalar(query) == 7000
        assert [figure for (figure,) in asking.execute(query)] == SUMS
        with Session(asking) as session:
            assert session.scalars(query).all() == SUMS
    typed = sa.text("SELECT SUM(amount) AS s FROM t GROUP BY year").columns(s=sa.Integer)
    assert [tuple(row) for row in asking.execute(typed)] == [(figure,) for figure in SUMS]


def test_an_alias_is_the_key_of_its_column(asking: sa.Connection) -> None:
    """Also where it is called like the dimension behind it."""
    query = sa.select(SUM.label("year")).group_by(TABLE.c.year)
    result = asking.execute(query)
    assert list(result.keys()) == ["year"]
    assert [row.year for row in result] == SUMS


@pytest.mark.parametrize("selected", [(TABLE.c.year, SUM), (SUM, TABLE.c.year)])
def test_selected_keys_stay_where_they_are_selected(
    asking: sa.Connection, selected: tuple[Any, ...]
) -> None:
    """In either order."""
    rows = asking.execute(sa.select(*selected).group_by(TABLE.c.year)).all()
    first, second = (KEYS, SUMS) if selected[0] is TABLE.c.year else (SUMS, KEYS)
    assert [tuple(row) for row in rows] == list(zip(first, second, strict=True))


def test_a_cursor_gives_the_key_behind_what_is_selected_and_the_reason_last() -> None:
    """By PEP 249 alone: the first column is the first that is selected."""
    cursor = connection().cursor().execute("SELECT SUM(amount) FROM t GROUP BY year")
    assert [one[0] for one in cursor.description or ()] == ["SUM(amount)", "year", WHY]
    assert [row[:2] for row in cursor] == list(zip(SUMS, KEYS, strict=True))
    bare = connection("").cursor().execute("SELECT SUM(amount) AS year FROM t GROUP BY year")
    assert [one[0] for one in bare.description or ()] == ["year", "year (2)"]
    assert bare.fetchone() == (7000, 2024)


@pytest.mark.parametrize("into", ["to_pandas", "to_polars", "to_arrow"])
def test_frames_have_what_is_selected_first_and_under_its_name(into: str) -> None:
    """An alias wins over the dimension that is called like it."""
    answer = Answering().ask("SELECT SUM(amount) AS year FROM t GROUP BY year")
    assert answer.names == ("year", "year (2)")
    assert [row["year"] for row in answer] == SUMS
    frame = getattr(answer, into)()
    names = frame.column_names if into == "to_arrow" else list(frame.columns)
    assert names == ["year", "year (2)", WHY]
    column = frame["year"].to_pylist() if into == "to_arrow" else frame["year"].to_list()
    assert column[:2] == SUMS[:2]


def test_a_number_behind_a_name_takes_no_name_of_the_question() -> None:
    """Two columns of one alias, and a third that is called like the second would be."""
    sql = 'SELECT year AS s, SUM(amount) AS s, SUM(amount) AS "s (2)" FROM t GROUP BY year'
    answer = REPLY["answer"]
    found = columns_of(laid_out(sql, answer), answer, {})
    assert [one.name for one in found] == ["s", "s (3)", "s (2)"]


@pytest.mark.parametrize(("language", "word"), [("en", "matched"), ("zh", "对应")])
def test_an_answer_to_another_question_is_given_by_no_cursor(
    language: Any, word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its columns would stand in an order that nobody asked for; it stays in `answer`."""
    monkeypatch.setattr(Answering, "ask", lambda _self, sql, **_: Answer(REPLY, sql, language, {}))
    cursor = connection().cursor()
    with pytest.raises(dbapi.DatabaseError, match=word) as caught:
        cursor.execute("SELECT AVG(amount) AS mean, year FROM t GROUP BY year")
    assert caught.value.code == "columns-unmatched"
    assert cursor.answer is not None
    assert cursor.answer.names == ("year", "SUM(amount)")
    with pytest.raises(dbapi.InterfaceError):
        cursor.fetchall()


def test_what_pandas_keeps_exact_is_what_the_documentation_says(
    asking: sa.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One more than a float has, and a figure that is withheld: docs/python.md, at its end."""
    large, mean = 2**53 + 1, Decimal("123456789012345678.90")
    found = deepcopy(REPLY)
    found["answer"]["outputs"].append({"name": "amount:avg", "function": "avg", "scale": 2})
    figures = {"amount:sum": str(large), "amount:avg": str(mean)}
    found["answer"]["cells"] = [{"key": {"year": "2024"}, "values": figures}]
    monkeypatch.setattr(Answering, "ask", lambda _self, sql, **_: Answer(found, sql, "en", {}))
    query = sa.text("SELECT SUM(amount) AS s, AVG(amount) AS a FROM t GROUP BY year")

    def read(**options: Any) -> pd.DataFrame:
        return pd.read_sql(query, asking, **options)

    assert (str(read()["s"].dtype), str(read()["a"].dtype)) == ("float64", "float64")
    decimals = read(coerce_float=False)
    assert (str(decimals["s"].dtype), decimals["a"][0]) == ("float64", mean)
    whole = read(dtype_backend="numpy_nullable")
    assert (str(whole["s"].dtype), whole["s"][0], whole["s"].isna()[1]) == ("Int64", large, True)
    both = read(dtype_backend="numpy_nullable", coerce_float=False)
    assert (both["s"][0], both["a"][0]) == (large, str(mean))
    cursor: Any = asking.execute(query).cursor
    exact = cursor.answer.to_pandas()
    assert (exact["s"][0], exact["a"][0]) == (large, mean)
    assert (exact["s"].isna().tolist(), exact["a"][1]) == ([False, True], None)
