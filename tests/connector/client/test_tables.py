"""A question without an agreement goes to one provider only if no other could be meant."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from connector.client import WHY, Answer, Unavailable, dbapi, problems
from connector.client.catalogue import Agreement, Described, Product
from connector.client.tables import agreement_for, tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crypto.words import Language

ACME, BOLT = "did:web:acme", "did:web:bolt"
COLUMN = Described("amount", "measure", "integer", "Amount")
SQL = "SELECT SUM(amount) FROM stock"


def agreement(number: str, provider: str) -> Agreement:
    return Agreement(
        number, "stock", provider, "", state="in force", in_force=True, finalized=None, raw={}
    )


def product(provider: str, table: str = "stock") -> Product:
    return Product(
        provider, "stock", "Stock", "", "", "1", (), table, (COLUMN,), 5, offers=(), raw={}
    )


class Market:
    """A connector with two agreements; each provider shows what the test says, or is away."""

    def __init__(self, language: Language = "en") -> None:
        self.language = language
        self.shown: dict[str, list[Product]] = {ACME: [product(ACME)], BOLT: [product(BOLT)]}
        self.looked: list[str] = []
        self.asked: list[Sequence[str]] = []

    def agreements(self, *, in_force: bool) -> list[Agreement]:
        assert in_force
        return [agreement("urn:A", ACME), agreement("urn:B", BOLT)]

    def agreement(self, number: str) -> Agreement:
        return agreement(number, ACME)

    def products(self, provider: str) -> list[Product]:
        self.looked.append(provider)
        if provider not in self.shown:
            raise Unavailable(problems.NOT_ANSWERING, where=provider)
        return self.shown[provider]

    def ask(self, _sql: str, *, agreement: Sequence[str], purpose: str) -> Answer:
        assert purpose
        self.asked.append(agreement)
        raise Unavailable(problems.NOT_ANSWERING, where="it was asked")

    def connect(self, *agreements: str) -> dbapi.Connection:
        return dbapi.Connection(self, agreements, "credit", WHY)  # type: ignore[arg-type]


@pytest.mark.parametrize(("language", "word"), [("en", "cannot be seen"), ("zh", "无法看到")])
def test_a_provider_that_is_away_sends_no_question_to_another(language: Any, word: str) -> None:
    """Refused, and the agreement is named that could not be looked at."""
    market = Market(language)
    del market.shown[ACME]
    connection = market.connect()
    with pytest.raises(dbapi.OperationalError, match=word) as caught:
        connection.cursor().execute(SQL)
    assert caught.value.code == "table-unseen"
    assert caught.value.facts["agreements"] == ["urn:A"]
    assert caught.value.facts["providers"] == [ACME]
    assert market.asked == []
    with pytest.raises(dbapi.OperationalError, match="it was asked"):
        market.connect("urn:B").cursor().execute(SQL)
    assert market.asked == [("urn:B",)]


def test_a_product_that_its_catalogue_does_not_show_could_open_it_too() -> None:
    """What table it opens is not known either."""
    market = Market()
    market.shown[ACME] = []
    with pytest.raises(dbapi.OperationalError, match="urn:A"):
        market.connect().cursor().execute(SQL)
    market.shown[ACME] = [product(ACME, table="")]  # a file: it opens none
    with pytest.raises(dbapi.OperationalError, match="it was asked"):
        market.connect().cursor().execute(SQL)
    assert market.asked == [("urn:B",)]


def test_two_providers_with_one_table_are_told_apart_by_who_asks() -> None:
    """Whatever the case in which the table is written."""
    market = Market()
    for sql in (SQL, SQL.replace("stock", "STOCK")):
        with pytest.raises(dbapi.OperationalError, match="several agreements") as caught:
            market.connect().cursor().execute(sql)
        assert caught.value.facts["agreements"] == ["urn:A", "urn:B"]
    assert market.asked == []


def test_what_was_not_to_be_had_is_asked_for_again() -> None:
    """Whole catalogues are remembered, a hole in them is not."""
    market = Market()
    market.shown = {BOLT: [product(BOLT)]}
    connection = market.connect()
    with pytest.raises(dbapi.OperationalError, match="urn:A"):
        connection.cursor().execute(SQL)
    market.shown[ACME] = [product(ACME, table="other")]
    for _ in range(2):
        with pytest.raises(dbapi.OperationalError, match="it was asked"):
            connection.cursor().execute(SQL)
    assert market.looked == [ACME, BOLT] * 2
    assert market.asked == [("urn:B",)] * 2


def test_a_table_that_none_opens_is_closed_only_if_all_were_seen() -> None:
    """Else it is not known."""
    market = Market()
    assert agreement_for(market, tables(market, ["urn:A"]), "Stock").id == "urn:A"  # type: ignore[arg-type]
    with pytest.raises(Unavailable, match="no agreement in force"):
        agreement_for(market, tables(market), "other")  # type: ignore[arg-type]
    del market.shown[BOLT]
    with pytest.raises(Unavailable, match="urn:B"):
        agreement_for(market, tables(market), "other")  # type: ignore[arg-type]


def test_sqlalchemy_reflects_what_is_certain() -> None:
    """Not the columns of one of two that differ, and not that a table is not there."""
    market = Market()
    engine = sa.create_engine("voile://h?purpose=credit", creator=market.connect)
    look = sa.inspect(engine)
    assert look.get_table_names() == ["stock"]
    assert [one["name"] for one in look.get_columns("stock")] == ["amount"]
    text = look.get_table_comment("stock")["text"]
    assert text == f"Stock ({ACME}); Stock ({BOLT})"
    assert not look.has_table("other")
    other = replace(product(BOLT), columns=(replace(COLUMN, name="weight"),))
    market.shown[BOLT] = [other]
    engine.dispose()
    with pytest.raises(dbapi.OperationalError, match="several agreements"):
        sa.inspect(engine).get_columns("stock")
    del market.shown[BOLT]
    engine.dispose()
    for call in (sa.inspect(engine).has_table, sa.inspect(engine).get_columns):
        with pytest.raises(dbapi.OperationalError, match="urn:B"):
            call("other")
    assert sa.inspect(engine).get_table_names() == ["stock"]
    engine.dispose()
