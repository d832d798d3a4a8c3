"""What stands in the way of an answer, each with its reason, and that nothing is charged for it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from sqlmodel import select

from connector.areas.dsp.rows import AgreementRow
from connector.areas.questions.rows import ChargeRow
from connector.store.rows import LogEntryRow
from contracts.evidence import parse_leaf
from tests.connector.questions.market import READS_2

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.connector.questions.market import Market
    from tests.simulators import Party

TOTAL = "SELECT SUM(qty) FROM deliveries"
CELL = {"key": {}, "values": {"qty:sum": "1"}, "statuses": {}}


@pytest.fixture
def agreement(market: Market) -> str:
    """An agreement on the standard offer, with a transfer STARTED."""
    return market.agreement()


@pytest.mark.sweep
@pytest.mark.parametrize(
    ("sql", "more", "code"),
    [
        (TOTAL, {"purpose": "credit"}, "policy.purpose"),
        (TOTAL, {"purpose": "urn:made:up"}, "policy.purpose"),
        ("SELECT SUM(comment) FROM deliveries", {}, "question.label-never"),
        ("SELECT COUNT(*) FROM deliveries GROUP BY customer", {}, "question.contributor"),
        ("SELECT COUNT(*) FROM deliveries GROUP BY region", {}, "question.label"),
        ("SELECT SUM(qty + 1) FROM deliveries", {}, "question.expression"),
        ("SELECT SUM(qty) FROM deliveries; SELECT 1", {}, "question.statements"),
        ("SELECT SUM(qty) FROM deliveries -- x", {}, "question.comment"),
        ("SELECT SUM(qty) FROM (SELECT * FROM deliveries)", {}, "question.subquery"),
        (TOTAL, {"mode": "homomorphic"}, "question.mode-unfit"),
    ],
)
def test_what_the_contract_or_the_language_lacks_is_refused(
    market: Market, agreement: str, sql: str, more: dict[str, Any], code: str
) -> None:
    """403 with reasons as data, in words of both languages; no charge."""
    assert code in market.reasons(agreement, sql, **more)
    with market.provider.node.db.reading() as session:
        assert session.exec(select(ChargeRow)).all() == []


@pytest.mark.sweep
@pytest.mark.parametrize("text", ["{", "}", "{x:>2000000000}", "{questionId}", "{0.a}"])
def test_braces_in_a_question_are_text(market: Market, agreement: str, text: str) -> None:
    """They are no places of the words that refuse it: 403 with its reason, and short."""
    status, body = market.ask(
        agreement, f"SELECT SUM(qty) FROM deliveries WHERE ship_mode = '{text}'"
    )
    assert status == 403
    assert [one["code"] for one in body["error"]["reasons"]] == ["question.undeclared-code"]
    assert text in body["error"]["message"]
    assert len(json.dumps(body)) < 3000


def test_a_stricter_contract_narrows_measures_dimensions_and_groups(market: Market) -> None:
    """Only listed measures and dimensions; cells below the contract's own k are withheld."""
    strict = market.agreement("strict")
    codes = market.reasons(strict, "SELECT AVG(price) FROM deliveries GROUP BY ship_mode")
    assert codes == ["policy.measure", "policy.dimension"]
    found = market.answer(strict, "SELECT year, SUM(qty) FROM deliveries GROUP BY year")["answer"]
    assert found["minimumContributors"] == 40
    assert len(found["cells"]) == 4
    sql = "SELECT COUNT(*) FROM deliveries WHERE year = 1995"
    assert market.answer(strict, sql)["answer"]["withheld"] == []


def test_the_contracts_own_k_withholds_smaller_cells(market: Market) -> None:
    """A cell that the owner would release is withheld when fewer than the contract's k are in it."""
    standard = market.agreement()
    wide = "SELECT year, ship_mode, COUNT(*) FROM deliveries GROUP BY year, ship_mode"
    assert len(market.answer(standard, wide)["answer"]["cells"]) >= 11
    with market.provider.node.db.transaction() as tx:
        row = tx.session.exec(select(AgreementRow).where(AgreementRow.agreement == standard)).one()
        body = json.loads(row.body)
        body["permission"][0]["constraint"].append(
            {
                "leftOperand": "https://w3id.org/voile/ns/minGroupSize",
                "operator": "gteq",
                "rightOperand": "10000",
            }
        )
        row.body = json.dumps(body)
        tx.session.add(row)
    found = market.answer(standard, wide)["answer"]
    assert found["cells"] == []
    assert {cell["reason"] for cell in found["withheld"]} >= {"minGroupSize"}


def test_suspending_the_transfer_stops_questions(market: Market) -> None:
    """While the provider has suspended the transfer, and after it has ended it: refused."""
    agreement = market.agreement(started=False)
    pid = market.transfer(agreement)
    market.answer(agreement, TOTAL)
    theirs = market.consumer.manage("GET", f"/v1/transfers/{pid}")[1]["providerPid"]
    assert market.provider.manage("POST", f"/v1/transfers/{theirs}/suspend", {})[0] == 200
    market.settle()
    sql = "SELECT COUNT(*) FROM deliveries"
    assert market.reasons(agreement, sql) == ["transfer.not-started", "transfer.held"]
    url = market.provider.url + "/voile/v1/questions"
    body = {"questionId": "urn:direct-1", "agreementId": agreement, "sql": sql}
    sent = json.dumps(body | READS_2).encode()
    answer = market.consumer.node.peers.call(market.provider.did, "POST", url, body=sent)
    assert answer.status == 403
    assert b"transfer.held" in answer.body


def direct(market: Market, agreement: str, question: str) -> Any:
    """Ask past our own consumer's checks; give the provider's response."""
    body = {"questionId": question, "agreementId": agreement, "sql": TOTAL}
    sent = json.dumps(body | READS_2).encode()
    url = market.provider.url + "/voile/v1/questions"
    return market.consumer.node.peers.call(market.provider.did, "POST", url, body=sent)


@pytest.mark.parametrize("verb", ["suspend", "complete", "terminate"])
def test_stopping_bites_although_the_peer_never_acknowledges_it(market: Market, verb: str) -> None:
    """The provider's suspension or end counts when decided, not when the asker answers it."""
    agreement = market.agreement(started=False)
    pid = market.transfer(agreement)
    assert direct(market, agreement, "urn:before-1").status == 200
    theirs = market.consumer.manage("GET", f"/v1/transfers/{pid}")[1]["providerPid"]
    assert market.provider.manage("POST", f"/v1/transfers/{theirs}/{verb}", {})[0] == 200
    answer = direct(market, agreement, "urn:before-1")  # nothing was delivered meanwhile
    assert answer.status == 403
    code = b"agreement.ended" if verb == "terminate" else b"transfer.held"
    assert code in answer.body


def test_a_question_that_overtakes_the_acknowledgement_is_answered(market: Market) -> None:
    """The asker has our Start, our outbox has not seen its answer yet: the question proves it."""
    agreement = market.agreement(started=False)
    market.consumer.manage("POST", "/v1/transfers", {"agreement": agreement})
    market.consumer.deliver()  # the request is there; the provider's Start waits in its outbox
    states = [t["state"] for t in market.provider.manage("GET", "/v1/transfers")[1]["transfers"]]
    assert states == ["REQUESTED"]
    assert direct(market, agreement, "urn:early-1").status == 200


def test_a_stripped_signature_chain_stops_questions(market: Market, agreement: str) -> None:
    """Private questions need both signatures: `own` is refused on either side."""
    for party, role in ((market.provider, "provider"), (market.consumer, "consumer")):
        with party.node.db.transaction() as tx:
            row = tx.session.exec(select(AgreementRow).where(AgreementRow.role == role)).one()
            row.signatures = "own"
            tx.session.add(row)
        assert market.reasons(agreement, TOTAL) == ["agreement.not-mutual"]
        with party.node.db.transaction() as tx:
            row = tx.session.exec(select(AgreementRow).where(AgreementRow.role == role)).one()
            row.signatures = "mutual"
            tx.session.add(row)


def test_an_agreement_of_somebody_else_is_unknown(
    market: Market, agreement: str, party: Callable[..., Party]
) -> None:
    """A third party that knows the agreement's id is told exactly what a wrong id is told."""
    thief = party("crow", pin=["acme"])
    url = market.provider.url + "/voile/v1/questions"
    found = []
    for guess in (agreement, "urn:uuid:nothing"):
        body = {"questionId": "urn:theft-1", "agreementId": guess, "sql": TOTAL}
        sent = json.dumps(body | READS_2).encode()
        answer = thief.node.peers.call(market.provider.did, "POST", url, body=sent)
        found.append((answer.status, answer.body))
    assert found[0] == found[1]
    assert found[0][0] == 403
    assert b"agreement.unknown" in found[0][1]


@pytest.mark.sweep
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"questionId": "x"}, "question-malformed"),
        ({"sql": 7}, "question-malformed"),
        ({"purpose": None}, "question-malformed"),
        ({"mode": "plain"}, "question-malformed"),
        ({"explain": "yes"}, "question-malformed"),
        ({"rows": True}, "question-malformed"),
        ({"answers": 2}, "question-malformed"),
        ({"answers": [True]}, "question-malformed"),
        ({"answers": [0]}, "question-malformed"),
        ({"answers": [2] * 17}, "question-malformed"),
    ],
)
def test_a_malformed_body_is_named(
    market: Market, agreement: str, change: dict[str, Any], code: str
) -> None:
    """400 with the field's name; nothing is written."""
    body = {"questionId": "urn:direct-1", "agreementId": agreement, "sql": TOTAL}
    body |= {**READS_2, **change}
    url = market.provider.url + "/voile/v1/questions"
    sent = json.dumps(body).encode()
    answer = market.consumer.node.peers.call(market.provider.did, "POST", url, body=sent)
    assert answer.status == 400
    error = json.loads(answer.body)["error"]
    assert error["code"] == code
    assert next(iter(change)) in error["message"]


def test_explaining_charges_nothing_and_tells_why(market: Market, agreement: str) -> None:
    """Before running: allowed with clauses and what is left, or refused with reasons."""
    status, body = market.ask(agreement, TOTAL, explain=True)
    found = body["explain"]
    assert status == 200
    assert found["allowed"] is True
    assert found["usage"] == {"used": 0, "limit": 12, "left": 12}
    assert {clause["verdict"] for clause in found["clauses"]} == {"true"}
    assert found["why"]["code"] == "plan.only-granted"
    refused = market.ask(agreement, TOTAL, explain=True, purpose="credit")[1]["explain"]
    assert refused["allowed"] is False
    assert [r["code"] for r in refused["reasons"]] == ["policy.purpose"]
    never = market.ask(agreement, "SELECT SUM(comment) FROM deliveries", explain=True)[1]
    assert [r["code"] for r in never["explain"]["reasons"]] == ["question.label-never"]
    with market.provider.node.db.reading() as session:
        assert session.exec(select(ChargeRow)).all() == []


def test_having_order_and_limit_see_released_cells_only(market: Market, agreement: str) -> None:
    """HAVING drops released cells by value, ORDER BY and LIMIT arrange them; withheld ones stay."""
    sql = (
        "SELECT year, ship_mode, COUNT(*) AS n FROM deliveries WHERE region = 'WEST' "
        "GROUP BY year, ship_mode"
    )
    plain = market.answer(agreement, sql)["answer"]
    counts = sorted((int(c["values"]["*:count"]) for c in plain["cells"]), reverse=True)
    limit = counts[3]
    found = market.answer(agreement, f"{sql} HAVING n > {limit} ORDER BY n DESC LIMIT 2")["answer"]
    assert [int(c["values"]["*:count"]) for c in found["cells"]] == counts[:2]
    assert found["leftOut"] == len(counts) - 2
    assert found["withheld"] == plain["withheld"]
    assert len(found["withheld"]) == 1


def test_leaves_hold_digests_and_no_text_or_value(market: Market, agreement: str) -> None:
    """Both sides log question, answer and refusal with equal marks; SQL and figures are sealed."""
    sql = "SELECT year, SUM(qty) FROM deliveries WHERE ship_mode = 'AIR' GROUP BY year"
    outcome = market.answer(agreement, sql)
    market.reasons(agreement, "SELECT SUM(comment) FROM deliveries")
    marks = []
    for party in (market.consumer, market.provider):
        with party.node.db.reading() as session:
            rows = session.exec(select(LogEntryRow).order_by(LogEntryRow.index)).all()
        leaves = [parse_leaf(r.entry) for r in rows if r.kind in ("QUESTION", "ANSWER", "REFUSAL")]
        assert [leaf["kind"] for leaf in leaves] == ["QUESTION", "ANSWER", "QUESTION", "REFUSAL"]
        text = json.dumps(leaves)
        assert "SELECT" not in text
        assert "AIR" not in text
        for cell in outcome["answer"]["cells"]:
            assert cell["values"]["qty:sum"] not in text
        assert all(leaf["commit"] and leaf["blob"] for leaf in leaves)
        query = leaves[1]["query"]
        assert outcome["answer"]["meaning"] not in text
        assert query["withheld"] == {}
        marks.append([*(leaf["corr"] for leaf in leaves), query["plan"]])
    assert marks[0] == marks[1]


def test_a_refused_question_may_be_asked_again_under_its_id(market: Market, agreement: str) -> None:
    """Refused while the transfer is suspended, answered when it runs again: one QUESTION leaf."""
    url = market.provider.url + "/voile/v1/questions"
    body = {"questionId": "urn:again-1", "agreementId": agreement, "sql": TOTAL}
    sent = json.dumps(body | READS_2).encode()

    def set_signatures(value: str) -> None:
        with market.provider.node.db.transaction() as tx:
            row = tx.session.exec(select(AgreementRow)).one()
            row.signatures = value
            tx.session.add(row)

    statuses = []
    for signatures in ("own", "own", "mutual"):
        set_signatures(signatures)
        answer = market.consumer.node.peers.call(market.provider.did, "POST", url, body=sent)
        statuses.append(answer.status)
    assert statuses == [403, 403, 200]
    with market.provider.node.db.reading() as session:
        rows = session.exec(select(LogEntryRow).order_by(LogEntryRow.index)).all()
    found = [row.kind for row in rows if row.kind in ("QUESTION", "ANSWER", "REFUSAL")]
    assert found == ["QUESTION", "REFUSAL", "REFUSAL", "ANSWER"]


def test_a_tampered_answer_is_not_believed(market: Market, agreement: str) -> None:
    """Another key, another agreement, another purpose, a number changed: nothing is stored."""

    def forge(change: Callable[[dict[str, Any]], None], *, resign: bool) -> Any:
        with market.altering(change, resign=resign):
            status, body = market.ask(agreement, TOTAL)
        return status, body["error"]["code"]

    def number(payload: dict[str, Any]) -> None:
        payload["cells"][0]["values"]["qty:sum"] = "1"

    assert forge(number, resign=False)[0] == 403
    for name, value in (
        ("agreementId", "urn:other"),
        ("purpose", "urn:other"),
        ("consumer", "did:web:crow.example"),
        ("questionId", "urn:uuid:never-asked"),
        ("sqlDigest", "sha-256:00"),
        ("mode", "homomorphic"),
        ("product", "other"),
        ("answeredAt", "2020-01-01T00:00:00+00:00"),
        ("outputs", []),
        ("cells", [{"key": {}, "values": {"qty:sum": 1.5}, "statuses": {}}]),
        ("cells", [{**CELL, "asOf": "1"}]),
        ("cells", [{**CELL, "versions": [{"number": 2}]}]),
        ("cells", [{**CELL, "versions": [{"number": 1}] * 2}]),
        ("cells", [{"key": {}, "values": {"qty:sum": "1"}}]),
        ("cells", [{**CELL, "values": {"qty:sum": None}}]),
        ("cells", [{**CELL, "statuses": {"qty:sum": "merged"}}]),
        ("withheld", [{"key": {}, "reason": "merged", "statuses": {"qty:avg": "merged"}}]),
        ("v", 3),
        ("measures", []),
        ("measures", [{"name": "qty", "unit": "pcs", "lower": "0", "upper": "much"}]),
    ):
        found = forge(lambda p, n=name, v=value: p.update({n: v}), resign=True)  # type: ignore[misc]
        assert found == (403, "answer-unverified"), name
    assert market.answer(agreement, TOTAL)["repeated"] is True
