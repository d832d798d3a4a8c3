"""The client against real processes: search, agree, ask, explain, verify, as a notebook does."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from connector.client import Connector, Declined, Failed, Refused, StillWaiting, Unavailable
from tests.e2e.processes import Space
from tests.e2e.readme_market import open_market

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connector.client.negotiating import Step
    from tests.e2e.processes import Running

BY_MODE = "SELECT mode, COUNT(*), AVG(days_late) FROM deliveries GROUP BY mode"
BY_YEAR = "SELECT year, SUM(quantity) AS pieces FROM deliveries GROUP BY year ORDER BY year"
PURPOSE = "deliveryReliability"


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, Running]]:
    with Space(tmp_path_factory.mktemp("market")) as space:
        yield open_market(space)


@pytest.fixture(scope="module")
def agreed(market: tuple[Running, Running]) -> tuple[Connector, str]:
    """The buyer's connector and the id of its agreement."""
    seller, buyer = market
    connector = Connector(buyer.home)
    seen: list[Step] = []
    product = connector.product("deliveries")
    assert product.provider == seller.did
    agreement = connector.negotiate(product, progress=seen.append)
    assert (agreement.in_force, agreement.asks, agreement.provider) == (True, True, seller.did)
    assert isinstance(agreement.finalized, dt.datetime)
    assert [step.state for step in seen][-1] == "FINALIZED"
    return connector, agreement.id


@pytest.mark.long
def test_products_are_found_and_described(market: tuple[Running, Running]) -> None:
    """In the shared catalogue and in the provider's own; columns say what they hold."""
    seller, buyer = market
    connector = Connector(buyer.home, language="zh")
    (hit,) = connector.search("交付", domain="maintenance")
    own = connector.product("deliveries", provider=seller.did)
    assert (hit.columns, hit.table, hit.title) == (own.columns, "deliveries", "交付记录")
    kinds = {one.name: (one.role, one.kind, one.unit) for one in own.columns}
    assert kinds == {
        "year": ("dimension", "integer", ""),
        "mode": ("dimension", "text", ""),
        "quantity": ("measure", "integer", "pieces"),
        "days_late": ("measure", "integer", "d"),
    }
    assert own.columns[-1].bounds == (Decimal(-30), Decimal(90))
    assert connector.search("nothing-of-the-kind") == []
    with pytest.raises(Unavailable, match="没有找到产品"):
        connector.product("none", provider=seller.did)


@pytest.mark.long
def test_an_answer_is_the_plaintext_answer(agreed: tuple[Connector, str]) -> None:
    """Whole numbers and keys as numbers, an average exact; air and sea withheld with the reason."""
    connector, agreement = agreed
    by_year = connector.ask(BY_YEAR, agreement=agreement, purpose=PURPOSE)
    expected = dict.fromkeys((2023, 2024), 0)
    for n in range(2400):
        expected[2023 + n // 1200] += n % 90 + 1
    assert {row["year"]: row["pieces"] for row in by_year} == expected
    assert by_year.units == {"pieces": "pieces"}
    answer = connector.ask(BY_MODE, agreement=agreement, purpose=PURPOSE)
    figures = {row["mode"]: row for row in answer}
    assert figures["RAIL"]["AVG(days_late)"] == Decimal("1.768072")
    assert figures["AIR"]["COUNT(*)"] is None
    assert "SEA" in figures["AIR"].why
    assert {(w.key["mode"], w.status) for w in answer.withheld} == {
        ("AIR", "merged"), ("SEA", "merged"),
    }  # fmt: skip
    again = connector.ask(BY_MODE, agreement=connector.agreement(agreement), purpose=PURPOSE)
    assert (again.repeated, again.usage["used"]) == (True, 2)
    text = connector.ask(BY_YEAR, agreement=[agreement], purpose=PURPOSE, typed=False)
    assert [row["year"] for row in text] == ["2023", "2024"]


def test_a_refusal_is_an_exception_with_reasons(agreed: tuple[Connector, str]) -> None:
    """Of a contract and of the question; explained before without a charge."""
    connector, agreement = agreed
    terms: dict[str, Any] = {"agreement": agreement, "purpose": "credit"}
    with pytest.raises(Refused) as caught:
        connector.ask(BY_YEAR, **terms)
    assert caught.value.code == "policy.purpose"
    assert "does not grant the purpose credit" in caught.value.sentences[0]
    would = connector.explain(BY_YEAR, **terms)
    assert not would
    assert would.reasons == tuple(caught.value.sentences)
    assert connector.explain(BY_YEAR, agreement=agreement, purpose=PURPOSE)
    with pytest.raises(Refused, match="customer"):
        connector.ask("SELECT customer, COUNT(*) FROM deliveries GROUP BY customer",
                      agreement=agreement, purpose=PURPOSE)  # fmt: skip
    with pytest.raises(Failed) as missing:
        connector.ask(BY_YEAR, agreement="urn:uuid:none", purpose=PURPOSE)
    assert missing.value.next_step


def test_a_negotiation_that_fails_says_why(market: tuple[Running, Running]) -> None:
    """One that is not over in time goes on; an offer that there is none of is an error."""
    seller, buyer = market
    connector = Connector(buyer.home)
    with pytest.raises(Failed):
        connector.negotiate(seller.did, "deliveries", offer="none")
    with pytest.raises(Failed):
        connector.negotiate(seller.did, "none")
    seller.stop()
    try:
        with pytest.raises((StillWaiting, Failed)) as caught:
            connector.negotiate(seller.did, "deliveries", seconds=0.2)
        assert caught.value.code in {"still-waiting", "unreachable", "peer-unreachable"}
    finally:
        seller.start()


def test_a_negotiation_that_is_ended_is_declined(agreed: tuple[Connector, str]) -> None:
    """By whom and why, as the other side said it."""
    from connector.client.negotiating import wait

    connector, _ = agreed
    ended = {
        "by": "did:web:s",
        "code": "x",
        "reason": [{"@value": "not to you", "@language": "en"}],
    }
    found = {"pid": "p", "state": "TERMINATED", "counterparty": "did:web:s", "ended": ended}
    with pytest.raises(Declined, match=r"did:web:s.*not to you") as caught:
        wait(connector._channel, found, seconds=1, watch=None, language="en")
    assert (caught.value.pid, caught.value.reasons) == ("p", tuple(ended["reason"]))


def test_agreements_and_evidence(agreed: tuple[Connector, str]) -> None:
    """What we may ask under, why a process stands where it does, and that our log holds."""
    connector, agreement = agreed
    assert [one.id for one in connector.agreements(in_force=True)] == [agreement]
    raw = connector.agreement(agreement).raw
    assert connector.explain_process(raw["consumerPid"]).state == "FINALIZED"
    report = connector.audit_verify()
    assert (report.outcome, report.findings) == ("OK", ())
    assert report
    assert report.counts["leaves"] > 10
    assert connector.node()["did"] == report.party


def test_a_key_opens_it_by_its_address(
    market: tuple[Running, Running], agreed: tuple[Connector, str]
) -> None:
    """An auditor's key sees agreements and may not ask: that is a clear error."""
    _, buyer = market
    body = {"name": "reader", "roles": ["auditor"]}
    token = buyer.manage("POST", "/v1/management-keys", body)[1]["token"]
    auditor = Connector(url=f"http://127.0.0.1:{buyer.port + 1}", token=token)
    assert auditor.agreements()
    with pytest.raises(Failed) as caught:
        auditor.ask(BY_YEAR, agreement=agreed[1], purpose=PURPOSE)
    assert (caught.value.code, caught.value.status) == ("role-missing", 403)
    wrong = Connector(url=f"http://127.0.0.1:{buyer.port + 1}", token="x")
    with pytest.raises(Unavailable) as refused:
        wrong.agreements()
    assert refused.value.code == "token-refused"
