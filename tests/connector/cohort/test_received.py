"""Totals that others asked of us, in the owner's list: answered, refused, ended, charged once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlmodel import select

from connector.areas.cohort.rows import ProviderSessionRow
from contracts.cohort import states
from tests.connector.cohort.alliance import PURPOSE, SQL

if TYPE_CHECKING:
    from tests.connector.cohort.alliance import Alliance


def received(alliance: Alliance, query: str = "") -> list[dict[str, Any]]:
    acme = alliance.suppliers["acme"]
    status, found = acme.manage("GET", f"/v1/questions/received{query}")
    assert status == 200, found
    questions: list[dict[str, Any]] = found["questions"]
    return questions


@pytest.mark.long
def test_a_total_that_was_answered(alliance: Alliance) -> None:
    """With the text, the certified name, the cells that were cleared; charged once."""
    agreements = alliance.agreements()
    outcome = alliance.answer(agreements)
    (row,) = received(alliance)
    assert row["sql"] == SQL
    assert row["purpose"] == PURPOSE
    assert row["mode"] == "homomorphic"
    assert row["state"] == "answered"
    assert row["product"] == "stock"
    assert row["name"]["en"]
    assert row["counterparty"] == alliance.buyer.did
    figures = {"partly": 0, "figuresShown": 9, "figuresMerged": 0, "figuresWithheld": 6}
    assert row["cells"] == {"released": 3, "withheld": 2, "leftOut": 0, **figures}
    assert len(outcome["answer"]["cells"]) == 3
    assert row["charged"] is True
    assert received(alliance, "?state=answered") == [row]
    for state in ("refused", "open", "ended"):
        assert received(alliance, f"?state={state}") == []


@pytest.mark.long
def test_a_total_that_was_refused_at_once(alliance: Alliance) -> None:
    """The reasons are there, the text is not kept."""
    alliance.reasons(alliance.agreements(), purpose="credit")
    (row,) = received(alliance, "?state=refused")
    assert (row["state"], row["sql"], row["charged"]) == ("refused", None, False)
    assert [reason["code"] for reason in row["reasons"]] == ["policy.purpose"]


@pytest.mark.long
def test_several_sessions_of_one_total_are_charged_once(alliance: Alliance) -> None:
    """The first that was released bears the charge."""
    agreements = alliance.agreements()
    alliance.answer(agreements)
    alliance.answer(agreements)
    rows = received(alliance)
    assert [row["charged"] for row in rows] == [False, True]
    assert alliance.used("acme", agreements[0]) == 1


@pytest.mark.long
def test_a_total_under_way_and_one_that_ended(alliance: Alliance) -> None:
    """What a session's row says, whatever other ids the asker picked."""
    alliance.answer(alliance.agreements())
    acme = alliance.suppliers["acme"].node
    for state, shown in ((states.INDICATED, "open"), (states.ENDED, "ended")):
        with acme.db.transaction() as tx:
            session = tx.session.exec(select(ProviderSessionRow)).one()
            session.state = state
            tx.session.add(session)
        (row,) = received(alliance, f"?state={shown}")
        assert row["state"] == shown
        assert received(alliance, "?state=answered") == []


def test_the_page_of_a_product_for_totals(alliance: Alliance) -> None:
    """Found in the shared catalogue where one provider has it; what it proposes is granted."""
    alliance.space.settle(alliance.buyer, *alliance.suppliers.values())
    status, found = alliance.buyer.manage("GET", "/v1/product-pages/stock")
    assert status == 400
    assert found["error"]["code"] == "product-ambiguous"
    agreements = alliance.agreements()
    cogs = alliance.suppliers["cogs"].did
    status, page = alliance.buyer.manage("GET", f"/v1/product-pages/stock?provider={cogs}")
    assert status == 200, page
    (offer,) = page["offers"]
    assert offer["modes"] == ["homomorphic"]
    assert offer["minCohort"] == 3
    assert len(offer["questions"]) == 3
    for one in offer["questions"]:
        body = {"agreements": agreements, "sql": one["sql"], "purpose": one["purpose"]}
        asked = alliance.buyer.manage("POST", "/v1/questions", body | {"explain": True})[1]
        assert asked["explain"]["allowed"] is True, asked
    for name in ("acme", "bolt"):
        assert alliance.suppliers[name].manage("DELETE", "/v1/products/stock")[0] == 200
    alliance.space.settle(alliance.buyer, *alliance.suppliers.values())
    status, found = alliance.buyer.manage("GET", "/v1/product-pages/stock")
    assert (status, found["provider"]) == (200, cogs)
    assert found["offers"] == page["offers"]


@pytest.mark.long
def test_a_product_that_was_taken_back_leaves_the_shared_catalogue(alliance: Alliance) -> None:
    """At the hub it is withdrawn; what has an agreement stays where it is."""
    dune = alliance.supplier("dune")

    def announced() -> Any:
        alliance.space.settle(alliance.buyer, *alliance.suppliers.values())
        dune.deliver()
        alliance.space.settle(dune)
        return dune.manage("GET", "/v1/membership")[1]["announcements"][0]["state"]

    assert announced() == "listed"
    assert dune.manage("POST", "/v1/products/stock/unpublish")[0] == 200
    assert announced() == "withdrawn"
    acme = alliance.suppliers["acme"]
    status, body = acme.manage("POST", "/v1/products/stock/unpublish")
    assert (status, body["error"]["code"]) == (409, "product.agreed")
