"""The page of a product: the same at its owner's and a buyer's, and what it proposes is granted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from catalog.page import page
from connector.areas.products.publish import publish
from connector.faces.cli.page_lines import say_page
from crypto.words import LANGUAGES
from policies.phrases import render
from policies.samples import Asker
from tests.connector.questions.market import PRODUCT

if TYPE_CHECKING:
    from tests.connector.questions.market import Market

PATH = "/v1/product-pages/deliveries"


def bought(market: Market) -> Any:
    status, found = market.consumer.manage("GET", f"{PATH}?provider={market.provider.did}")
    assert status == 200, found
    return found


def owned(market: Market) -> Any:
    status, found = market.provider.manage("GET", PATH)
    assert status == 200, found
    return found


def test_both_sides_see_what_was_declared(market: Market) -> None:
    """Names, units, bounds, codes, purposes; of the owner's margins a buyer sees no rows."""
    theirs, ours = bought(market), owned(market)
    assert (theirs["own"], ours["own"]) == (False, True)
    assert theirs["provider"] == ours["provider"] == market.provider.did
    for part in ("title", "table", "differences", "formats"):
        assert theirs[part] == ours[part]
    table = theirs["table"]
    assert (table["name"], table["minimumContributors"]) == ("deliveries", 5)
    assert [(d["name"], d["codes"][:2]) for d in table["dimensions"]] == [
        ("year", ["1992", "1993"]),
        ("ship_mode", ["AIR", "RAIL"]),
        ("region", ["EAST", "WEST"]),
    ]
    assert [d["groups"] for d in table["dimensions"]] == [True, True, False]
    price = table["measures"][1]
    assert (price["unit"], price["scale"], price["lower"], price["upper"]) == (
        "CNY",
        2,
        "0",
        "10000",
    )
    assert [p["name"] for p in theirs["offers"][0]["purposes"]] == [
        "capacityPlanning",
        "deliveryReliability",
    ]
    assert theirs["offers"][0]["purposes"][0]["zh"] == "产能计划"
    assert [{k: v for k, v in one.items() if k != "rows"} for one in ours["margins"]] == (
        theirs["margins"]
    )
    assert all("rows" in one for one in ours["margins"])
    assert not any("rows" in one for one in theirs["margins"])


@pytest.mark.parametrize("offer", ["standard", "strict", "narrow"])
def test_what_is_proposed_is_answered(market: Market, offer: str) -> None:
    """Each question of each offer, asked for real under a contract of it."""
    (of,) = [o for o in bought(market)["offers"] if f":{offer}:" in o["id"]]
    assert len({one["sql"] for one in of["questions"]}) == len(of["questions"])
    assert len(of["questions"]) == 3
    agreement = market.agreement(offer)
    for one in of["questions"]:
        outcome = market.answer(agreement, one["sql"], purpose=one["purpose"], mode=one["mode"])
        assert outcome["answer"]["cells"], one


def test_how_offers_differ(market: Market) -> None:
    """What one grants that the other does not, both ways."""
    found = bought(market)
    names = {o["id"]: o["id"].split(":")[1] for o in found["offers"]}
    told = {
        (names[d["offer"]], names[d["beyond"]]): {m["of"]: m["values"] for m in d["grants"]}
        for d in found["differences"]
    }
    beyond = told["standard", "strict"]
    assert beyond["purpose"] == ["deliveryReliability"]
    assert beyond["dimension"] == ["ship_mode", "region"]
    assert beyond["minGroupSize"] == ["5"]
    assert "price:sum" in beyond["measure"]
    assert "qty:sum" not in beyond["measure"]
    assert told["strict", "standard"] == {"count": [""], "until": [""]}
    assert told["narrow", "strict"]["dimension"] == ["ship_mode"]
    assert ("strict", "narrow") not in told


def test_an_offer_that_is_over_proposes_nothing_and_says_why(market: Market) -> None:
    """The clause that stands against it."""
    market.clock.advance(3 * 366 * 86_400)
    (of,) = [o for o in owned(market)["offers"] if ":standard:" in o["id"]]
    assert of["questions"] == []
    assert [reason["code"] for reason in of["reasons"]] == ["policy.date-time"]


def test_what_there_is_no_page_of(market: Market) -> None:
    """Another's id without a hub; ours that is not there; a peer that shows none of that name."""
    for query in ("", f"?provider={market.consumer.did}", f"?provider={market.provider.did}"):
        status, _ = market.consumer.manage("GET", f"/v1/product-pages/none{query}")
        assert status == 404, query
    market.provider.manage("DELETE", "/v1/products/deliveries")
    assert market.provider.manage("GET", PATH)[0] == 404


def test_a_dataset_of_other_software_has_a_page_too() -> None:
    """Without table and questions; what is not as we write it is left out."""
    asker = Asker("did:web:us.example", "https://space.example", None)  # type: ignore[arg-type]
    offer = {"@id": "o", "@type": "Offer", "permission": [{"action": "odrl:use"}]}
    strange = {"@id": "o2", "permission": [{"action": "use", "constraint": "?"}]}
    for literal in (None, "text", {"@value": 7}, {"@value": {"name": "t", "dimensions": 3}}):
        found = page(
            {
                "@id": "d",
                "dct:title": ["x", {"@language": "en", "@value": 3}],
                "distribution": [{"format": "HttpData-PULL"}, {}],
                "hasPolicy": [offer, strange, 3],
                "https://w3id.org/voile/ns/table": literal,
            },
            asker,
        )
        assert found["table"] is None
        assert found["margins"] == []
        assert found["formats"] == ["HttpData-PULL"]
        assert found["title"] == {"zh": "", "en": ""}
        assert [o["questions"] for o in found["offers"]] == [[]] * len(found["offers"])
        assert "o2" in found["unreadable"]


@pytest.mark.parametrize("tongue", LANGUAGES)
def test_the_page_is_printed_in_both_languages(
    market: Market,
    tongue: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Titles, margins, purposes in words, questions, differences."""
    monkeypatch.setenv("VOILE_LANG", tongue)
    zh = tongue == "zh"
    for found in (bought(market), owned(market)):
        say_page(found)
        said = capsys.readouterr().out
        words = ("交付记录", "产能计划", "要约之间的差别", "它准许的提问", "可以回答的分组", "不限")
        english = ("Delivery records", "planning of capacity", "how the offers differ")
        for text in words if zh else (*english, "it grants questions", "groupings that are", "any"):
            assert text in said
        assert ("取自本方的报告" if zh else "from our own report") in said or not found["own"]
        for offer in found["offers"]:
            assert all(one["sql"] in said for one in offer["questions"])
    long = {"of": "recipient", "values": ["did:web:x.example"], "more": 7}
    told = [{"offer": "a", "beyond": "b", "grants": [long]}]
    say_page(bought(market) | {"differences": told})
    assert ("另有 7 个" if zh else "and 7 more") in capsys.readouterr().out
    say_page(bought(market) | {"margins": []})
    assert ("未公布边际" if zh else "publishes no margins") in capsys.readouterr().out


def test_refusals_point_to_the_page(market: Market) -> None:
    """Of a question that speaks of what is not granted or not declared, and of `negotiate`."""
    agreement = market.agreement("strict")
    for sql in (
        "SELECT SUM(price) FROM deliveries",
        "SELECT SUM(qty) FROM deliveries WHERE ship_mode = 'AIR'",
        "SELECT SUM(qty) FROM deliveries WHERE year = 1900",
        "SELECT SUM(weight) FROM deliveries",
    ):
        status, body = market.ask(agreement, sql)
        assert status == 403
        for reason in body["error"]["reasons"]:
            for language in LANGUAGES:
                assert "`voile product show`" in render(reason["next"], language), reason
    body = {"provider": market.provider.did, "dataset": "deliveries"}
    for offer in ("", "deliveries:none:0"):
        status, found = market.consumer.manage("POST", "/v1/negotiations", body | {"offer": offer})
        assert status in (400, 404)
        assert "`voile product show deliveries --provider" in found["error"]["next"]


def test_a_product_of_ours_without_an_offer_is_not_said_to_be_missing(market: Market) -> None:
    """Its owner is told what it lacks; a buyer, nothing of it."""
    publish(market.provider.node, PRODUCT[: PRODUCT.index("[[offer]]")], None)
    status, found = market.provider.manage("GET", PATH)
    assert (status, found["error"]["code"]) == (404, "product-unoffered")
    assert "voile products deliveries" in found["error"]["next"]
    status, found = market.consumer.manage("GET", f"{PATH}?provider={market.provider.did}")
    assert status >= 400
    assert found["error"]["code"] != "product-unoffered"
