"""A total over three suppliers, from the owner's command to the verified answer."""

from __future__ import annotations

import json
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING

import pytest
from sqlmodel import select

from connector.areas.cohort.rows import AggregationPartRow, AggregationRow
from connector.areas.products.publish import publish
from connector.areas.questions.usage import used
from connector.store.rows import SecretRow
from tests.connector.cohort.alliance import BRANDS, PURPOSE, SQL, SUPPLIERS, product_text

if TYPE_CHECKING:
    from tests.connector.cohort.alliance import Alliance


def test_totals_equal_the_plaintext_to_the_last_unit(alliance: Alliance) -> None:
    """SUM, AVG and COUNT over three suppliers are exactly those of all their rows together.

    Asked as the owner's command does, under a key of the usual length.
    """
    agreements = alliance.agreements()
    body = {"agreements": agreements, "sql": SQL, "purpose": PURPOSE}
    status, explained = alliance.buyer.manage("POST", "/v1/questions", body | {"explain": True})
    assert status == 200
    assert explained["explain"]["allowed"] is True
    assert explained["explain"]["cells"] == 5
    assert {left["used"] for left in explained["explain"]["usage"].values()} == {0}

    status, outcome = alliance.buyer.manage("POST", "/v1/questions", body)
    assert status == 200, outcome
    answer = outcome["answer"]
    plain = alliance.plain()
    released = {cell["key"]["brand"]: cell["values"] for cell in answer["cells"]}
    # one plant alone has D4 at one supplier, so D4 and a neighbour, A1, are one safe cell there;
    # nobody has E5, and that is told
    assert set(released) == {"B2", "C3", "E5"}
    nothing = released.pop("E5")
    assert nothing == {"available:sum": "0", "cost:avg": None, "*:count": "0"}
    for brand, values in released.items():
        rows = plain[brand]
        costs = [Decimal(row[3]) for row in rows]
        mean = (sum(costs) / len(costs)).quantize(Decimal("1e-8"), ROUND_HALF_EVEN)
        assert values["available:sum"] == str(sum(row[2] for row in rows))
        assert values["*:count"] == str(len(rows))
        assert values["cost:avg"] == str(mean)
    assert {cell["key"]["brand"] for cell in answer["withheld"]} == {"A1", "D4"}
    assert {output["unit"] for output in answer["outputs"]} == {"", "pcs", "CNY"}
    assert outcome["mode"] == "homomorphic"
    assert {usage["left"] for usage in outcome["usage"].values()} == {9}
    assert set(alliance.states()["hub"]) == {"RELEASED"}


def test_having_order_and_limit_act_on_released_totals(alliance: Alliance) -> None:
    """They see the decrypted totals of released cells and nothing else."""
    sql = (
        "SELECT brand, SUM(available) AS n FROM stock WHERE brand IN ('B2', 'C3', 'D4') "
        "GROUP BY brand HAVING SUM(available) > 0 ORDER BY n DESC LIMIT 1"
    )
    answer = alliance.answer(alliance.agreements(), sql)["answer"]
    totals = {b: sum(row[2] for row in alliance.plain()[b]) for b in ("B2", "C3")}
    best = max(totals, key=lambda brand: totals[brand])
    (cell,) = answer["cells"]
    assert cell["key"] == {"brand": best}
    assert cell["values"] == {"available:sum": str(totals[best])}
    assert [cell["key"]["brand"] for cell in answer["withheld"]] == ["D4"]
    assert answer["leftOut"] == 1


@pytest.mark.long
def test_the_same_question_is_answered_once(alliance: Alliance) -> None:
    """By id: the stored answer, nothing is sent. By meaning: no second charge."""
    agreements = alliance.agreements()
    first = alliance.answer(agreements, question_id="question-1")
    before = len(alliance.buyer.net.sent)
    again = alliance.answer(agreements, question_id="question-1")
    assert len(alliance.buyer.net.sent) == before
    assert again["repeated"]
    assert again["answer"] == first["answer"]
    status, body = alliance.ask(agreements, "SELECT SUM(cost) FROM stock", question_id="question-1")
    assert (status, body["error"]["code"]) == (409, "question-id-reused")

    spelled = "select SUM(available), brand, COUNT(*), AVG(cost) from stock group by brand"
    other = alliance.answer(agreements, spelled)
    assert other["answer"]["cells"] == first["answer"]["cells"]
    for name, agreement in zip(SUPPLIERS, agreements, strict=True):
        assert alliance.used(name, agreement) == 1


@pytest.mark.long
def test_codes_appended_without_data_are_empty(alliance: Alliance) -> None:
    """Every firm declares a new brand and has no data of it yet: totals are those of before."""
    _, before = alliance.ask(alliance.agreements(), SQL)
    for party in (alliance.suppliers[name] for name in SUPPLIERS):
        text = product_text(alliance.hub.did, brands=(*BRANDS, "NEW"))
        publish(party.node, text, None)
    status, after = alliance.ask(alliance.agreements(), SQL)
    assert status == 200, after
    there = [cell for cell in after["answer"]["cells"] if "NEW" not in cell["key"]]
    assert there == before["answer"]["cells"]


def test_the_hub_holds_no_key_and_sees_no_figure_code_or_question(alliance: Alliance) -> None:
    """Everything that a session gives the aggregator is statements, marks and ciphertexts.

    Before any session it gets what members declare, as their catalogues do, and their marks.
    """
    agreements = alliance.agreements()
    before = len(alliance.buyer.net.sent)
    alliance.answer(agreements)
    calls = [
        sent
        for sent in alliance.buyer.net.sent[before:]
        if sent.url.startswith(alliance.hub.url) and "/tables/" not in sent.url
    ]
    assert any("/batch" in sent.url for sent in calls)
    with alliance.hub.node.db.reading() as db:
        rows = [*db.exec(select(AggregationRow)), *db.exec(select(AggregationPartRow))]
        secrets = set(db.exec(select(SecretRow.name)))
        assert all(row.batch is None for row in rows if isinstance(row, AggregationPartRow))
    kept = json.dumps([row.model_dump(mode="json", exclude={"product"}) for row in rows])
    seen = kept + "".join(_readable(sent.body) for sent in calls)
    figures = {str(sum(row[2] for row in rows)) for rows in alliance.plain().values()}
    words = {"SELECT", "brand", "stock", "available", "A1", "B2", PURPOSE} | figures
    decoded = seen + _decoded(seen)
    assert not [word for word in words if f'"{word}"' in decoded or f" {word} " in decoded]
    assert not any(name.startswith("paillier/") for name in secrets)


def _readable(body: bytes) -> str:
    return body.decode("utf-8", "replace")


def _decoded(text: str) -> str:
    """Decode the payloads of the statements in a text."""
    from crypto.b64 import unb64url

    parts = text.replace('"', ".").replace("\\", "").split(".")
    found = [unb64url(p).decode() for p in parts if p.startswith("ey") and len(p) > 40]
    assert any('"roster"' in item for item in found)
    return " ".join(found)


def test_too_few_and_doubled_providers_are_refused_before_anything_leaves(
    alliance: Alliance,
) -> None:
    """Two providers make no cohort, nor do two agreements with one."""
    agreements = alliance.agreements()
    before = len(alliance.buyer.net.sent)
    assert alliance.reasons(agreements[:2]) == ["plan.too-few"]
    assert alliance.reasons(agreements, mode="masked") == ["question.mode-unfit"]
    assert alliance.reasons(agreements[:1]) == ["policy.query-mode"]
    assert alliance.reasons(agreements[:1], mode="homomorphic") == ["question.mode-unfit"]
    status, body = alliance.ask([*agreements[:2], alliance.another("acme")])
    assert (status, body["error"]["code"]) == (400, "cohort.same-provider")
    assert not [s for s in alliance.buyer.net.sent[before:] if "/cohorts/" in s.url]


def test_a_refusal_by_one_provider_names_it_and_costs_nothing(alliance: Alliance) -> None:
    """One contract that does not grant the purpose ends the question for all, uncharged."""
    agreements = alliance.agreements()
    assert alliance.reasons(agreements, purpose="credit") == ["policy.purpose"]
    for name, agreement in zip(SUPPLIERS, agreements, strict=True):
        assert alliance.used(name, agreement) == 0
    assert alliance.states()["buyer"] == ["ENDED"]
    assert len(alliance.leaves(alliance.buyer, "REFUSAL")) == 3
    node = alliance.suppliers["acme"].node
    with node.db.reading() as db:
        assert (
            used(db, counterparty=alliance.buyer.did, agreement=agreements[0], now=node.clock.now())
            == 0
        )


@pytest.mark.long
def test_the_count_of_the_contract_runs_out(alliance: Alliance) -> None:
    """Each total counts once; the one past the count is refused with a reason, uncharged."""
    for name in SUPPLIERS:
        alliance.publish(name, alliance.stocks[name], count=1)
    agreements = [alliance.agreement(name) for name in SUPPLIERS]
    alliance.answer(agreements, "SELECT brand, COUNT(*) FROM stock GROUP BY brand")
    codes = alliance.reasons(agreements, "SELECT brand, SUM(cost) FROM stock GROUP BY brand")
    assert codes == ["policy.count"]
    alliance.answer(agreements, "SELECT brand, COUNT(*) FROM stock GROUP BY brand")
