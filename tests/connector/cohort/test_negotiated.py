"""A cohort that gives no totals is refused when its offer is negotiated, with reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from connector.areas.products.publish import publish
from tests.connector.cohort.alliance import SUPPLIERS, product_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.connector.cohort.alliance import Alliance


def negotiated(alliance: Alliance, name: str = "acme", offer: int = 0) -> Mapping[str, Any]:
    """Negotiate an offer of a supplier's to its end; give the buyer's view of it."""
    supplier, buyer = alliance.suppliers[name], alliance.buyer
    offers = supplier.manage("GET", "/v1/products/stock")[1]["offers"]
    body = {"provider": supplier.did, "dataset": "stock", "offer": offers[offer]["@id"]}
    status, opened = buyer.manage("POST", "/v1/negotiations", body)
    assert status == 201, opened
    alliance.settle(buyer)
    found: Mapping[str, Any] = buyer.manage("GET", f"/v1/negotiations/{opened['pid']}")[1]
    return found


def refused(alliance: Alliance, code: str) -> None:
    found = negotiated(alliance)
    assert found["state"] == "TERMINATED", found
    assert code in str(found), found


def test_what_gives_no_totals_is_not_agreed_on(alliance: Alliance) -> None:
    """Nobody named, the asker among the suppliers, too few for its own wish, two rosters."""
    stock, count = alliance.stocks["acme"], 11
    for code, terms in (
        ("cohort.roster.missing", {"cohort": ()}),
        ("cohort.roles", {"cohort": ("acme", "bolt", "buyer")}),
        ("cohort.too-small", {"min_cohort": 4}),
        ("cohort.too-small", {"cohort": ("acme", "bolt")}),
    ):
        alliance.publish("acme", stock, count=count, **terms)
        refused(alliance, code)
    node, hub = alliance.suppliers["acme"].node, alliance.hub.did
    one = product_text(hub, count=count)
    other = product_text(hub, count=count, cohort=("acme", "bolt", "eyre"))
    second = other[other.index("[[offer]]") :].replace('"total"', '"others"')
    publish(node, one + second, alliance.folder / "acme.csv")
    refused(alliance, "cohort.roster.several")
    # the same product in one cohort is agreed on, and one that grants masked answers, too, as well
    alliance.publish("acme", stock, count=count)
    assert negotiated(alliance)["state"] == "FINALIZED"
    both = product_text(hub, count=count + 1, cohort=()).replace(
        'modes = ["homomorphic"]', 'modes = ["masked", "homomorphic"]'
    )
    publish(node, both, alliance.folder / "acme.csv")
    assert negotiated(alliance)["state"] == "FINALIZED"


@pytest.mark.long
def test_another_roster_than_the_frozen_one_is_not_agreed_on(alliance: Alliance) -> None:
    """Once its figures are frozen for one cohort, an offer that names another gives nothing."""
    alliance.answer(alliance.agreements())
    alliance.publish("acme", alliance.stocks["acme"], cohort=(*SUPPLIERS, "dune"), count=11)
    refused(alliance, "cohort.roster.changed")
    alliance.publish("acme", alliance.stocks["acme"], count=12)
    assert negotiated(alliance)["state"] == "FINALIZED"
