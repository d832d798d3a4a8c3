"""Charged once: repeats, rewritten questions, reused ids, lost answers, crashes, races."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

import pytest
from sqlmodel import select

from connector.areas.cohort.charges import charge_key
from connector.areas.dsp import AgreementRow, find_agreement
from connector.areas.questions import asked, keeping
from connector.areas.questions.asked import Asked
from connector.areas.questions.rows import AskedQuestionRow, ChargeRow, GivenAnswerRow
from connector.areas.questions.usage import used
from connector.process.errors import Unreachable
from connector.store.rows import LogEntryRow
from policies.reasons import Reason
from tests.connector.questions.market import AREAS, COUNT, questions

if TYPE_CHECKING:
    from connector.process.ports import Response
    from tests.connector.questions.market import Market

TOTAL = "SELECT SUM(qty) FROM deliveries"
SINCE_1993 = "SELECT SUM(qty) FROM deliveries WHERE year >= 1993"


def charged(market: Market) -> int:
    with market.provider.node.db.reading() as session:
        return len([row for row in session.exec(select(ChargeRow)) if row.committed])


def kinds(party: Any) -> list[str]:
    """Kinds of the leaves about questions, in order."""
    with party.node.db.reading() as session:
        rows = session.exec(select(LogEntryRow).order_by(LogEntryRow.index)).all()
    wanted = ("QUESTION", "ANSWER", "REFUSAL")
    return [row.kind for row in rows if row.kind in wanted]


def test_the_same_id_gets_the_same_bytes_and_is_charged_once(market: Market) -> None:
    """Asked again with its id: the stored signature, byte for byte, without another call."""
    agreement = market.agreement()
    first = market.answer(agreement, TOTAL)
    calls = len(market.net.sent)
    again = market.answer(agreement, TOTAL, questionId=first["questionId"])
    assert again["signature"] == first["signature"]
    assert again["answer"] == first["answer"]
    assert again["repeated"] is True
    assert len(market.net.sent) == calls
    assert charged(market) == 1


@pytest.mark.parametrize(
    "variant",
    [
        "SELECT SUM(qty) FROM deliveries WHERE year > 1992",
        "SELECT SUM(qty) FROM deliveries WHERE NOT year <= 1992",
        "SELECT SUM(d.qty) AS s, SUM(qty) FROM deliveries d WHERE year IN (1995, 1993, 1994)",
        (
            "select sum(QTY)\nfrom DELIVERIES where not (year = 1992) and ship_mode in"
            " ('SHIP', 'RAIL', 'AIR')"
        ),
    ],
)
def test_rewriting_a_question_gets_the_stored_answer_uncharged(
    market: Market, variant: str
) -> None:
    """Averaging by syntactic variants buys nothing: the same answer, verbatim, not charged."""
    agreement = market.agreement()
    first = market.answer(agreement, SINCE_1993)
    again = market.answer(agreement, variant)
    assert again["questionId"] != first["questionId"]
    assert again["signature"] == first["signature"]
    assert again["repeated"] is True
    assert again["usage"] == first["usage"]
    assert charged(market) == 1


def test_an_asker_cannot_choose_the_key_of_another_charge(market: Market) -> None:
    """A masked question whose id is the key of a total is charged beside that total, not as it."""
    agreement = market.agreement()
    key = charge_key("sha-256:" + "0" * 64, ["did:web:acme.example"])
    outcome = market.answer(agreement, TOTAL, questionId=key)
    assert outcome["usage"]["used"] == 1
    node = market.provider.node
    with node.db.reading() as session:
        (row,) = session.exec(select(ChargeRow))
        spent = used(
            session,
            counterparty=market.consumer.did,
            agreement=agreement,
            now=node.clock.now(),
            besides=key,
        )
    assert row.key == f"masked:{key}"
    assert spent == 1
    again = market.answer(agreement, "SELECT SUM(qty) AS s FROM deliveries")
    assert (again["repeated"], again["usage"]["used"]) == (True, 1)


def test_another_purpose_makes_another_answer(market: Market) -> None:
    """What is signed names the purpose that was asked; each granted purpose is charged by itself."""
    agreement = market.agreement()
    first = market.answer(agreement, TOTAL)
    second = market.answer(agreement, TOTAL, purpose="deliveryReliability")
    assert (second["repeated"], charged(market)) == (False, 2)
    assert second["answer"]["purpose"].endswith("/deliveryReliability")
    assert second["answer"]["meaning"] != first["answer"]["meaning"]
    again = market.answer(agreement, TOTAL, purpose="deliveryReliability")
    assert (again["signature"], charged(market)) == (second["signature"], 2)


def test_another_content_under_a_known_id_is_a_conflict(market: Market) -> None:
    """An id stands for one question on both sides; the second content changes nothing."""
    agreement = market.agreement()
    first = market.answer(agreement, TOTAL)
    status, body = market.ask(agreement, SINCE_1993, questionId=first["questionId"])
    assert (status, body["error"]["code"]) == (409, "question-id-reused")
    url = market.provider.url + "/voile/v1/questions"
    sent = {
        "questionId": first["questionId"],
        "agreementId": agreement,
        "sql": SINCE_1993,
        "purpose": "capacityPlanning",
        "mode": "masked",
    }
    answer = market.consumer.node.peers.call(
        market.provider.did, "POST", url, body=json.dumps(sent).encode()
    )
    assert answer.status == 409
    assert charged(market) == 1


def test_the_count_is_used_up_exactly(market: Market) -> None:
    """Twelve answers, then a refusal with the balance; what was answered stays available."""
    agreement = market.agreement()
    years = [1992, 1993, 1994, 1995]
    asked = [
        f"SELECT {select} FROM deliveries WHERE year = {year}"
        for year in years
        for select in ("SUM(qty)", "COUNT(*)", "SUM(price)")
    ]
    assert len(asked) == COUNT
    for number, sql in enumerate(asked, start=1):
        usage = market.answer(agreement, sql)["usage"]
        assert usage == {"used": number, "limit": COUNT, "left": COUNT - number}
    status, body = market.ask(agreement, TOTAL)
    (reason,) = body["error"]["reasons"]
    assert status == 403
    assert (reason["code"], reason["given"], reason["expected"]) == ("policy.count", "13", "12")
    assert market.answer(agreement, asked[0])["repeated"] is True
    assert charged(market) == COUNT


def test_a_lost_answer_is_asked_for_again_without_a_second_charge(market: Market) -> None:
    """The answer is cut off twice after the provider committed; the third call gets its bytes."""
    agreement = market.agreement()
    lost: list[str] = []

    def cut(method: str, url: str, body: bytes) -> Response | None:
        if not url.endswith("/questions") or len(lost) >= 2:
            return None
        market.net.fault = None
        market.net.request(method, url, body=body, headers=headers(market, method, url, body))
        market.net.fault = cut
        lost.append(url)
        raise Unreachable("cut", code="peer-unreachable")

    market.net.fault = cut
    outcome = market.answer(agreement, TOTAL)
    assert len(lost) == 2
    assert outcome["repeated"] is True
    assert charged(market) == 1
    assert kinds(market.provider) == ["QUESTION", "ANSWER"]
    assert kinds(market.consumer) == ["QUESTION", "ANSWER"]


def headers(market: Market, method: str, url: str, body: bytes) -> dict[str, str]:
    token = market.consumer.node.peers.token(market.provider.did, method, url, body)
    return {"Authorization": f"Bearer {token}"}


def test_a_crash_between_question_and_answer_costs_nothing(market: Market) -> None:
    """The question is saved before it leaves; after a restart its id gets the one answer."""
    agreement = market.agreement()
    url = market.provider.url + "/voile/v1/questions"

    def dies(method: str, to: str, body: bytes) -> Response | None:
        if to != url:
            return None
        market.net.fault = None
        market.net.request(method, to, body=body, headers=headers(market, method, to, body))
        raise KeyboardInterrupt  # the process ends here, the answer is nowhere

    market.net.fault = dies
    with pytest.raises(KeyboardInterrupt):
        market.ask(agreement, TOTAL, questionId="urn:uuid:crashed-1")
    with market.consumer.node.db.reading() as session:
        row = session.get(AskedQuestionRow, "urn:uuid:crashed-1")
    assert row is not None
    assert row.state == "asked"
    market.net.fault = None
    market.consumer = market.consumer.restart(AREAS)
    outcome = market.answer(agreement, TOTAL, questionId="urn:uuid:crashed-1")
    assert outcome["repeated"] is True
    assert charged(market) == 1
    assert kinds(market.consumer) == ["QUESTION", "ANSWER"]


@pytest.mark.long
def test_a_provider_that_dies_before_its_commit_has_charged_nothing(market: Market) -> None:
    """If the answer's transaction cannot commit there is no answer, no charge and no leaf."""
    agreement = market.agreement()
    before = kinds(market.provider)
    log = market.provider.node.db.log
    market.provider.node.db.log = None  # the leaf cannot be written
    status, body = market.ask(agreement, TOTAL, questionId="urn:uuid:unwritten")
    assert (status, body["error"]["code"]) == (502, "question-unanswered")
    market.provider.node.db.log = log
    assert charged(market) == 0
    assert kinds(market.provider) == before
    with market.provider.node.db.reading() as session:
        assert session.exec(select(GivenAnswerRow)).all() == []
    assert market.answer(agreement, TOTAL, questionId="urn:uuid:unwritten")["usage"]["used"] == 1


@pytest.mark.long
def test_two_questions_at_once_cannot_both_take_the_last_answer(market: Market) -> None:
    """The budget race: of eight simultaneous questions for the last answer, one is answered."""
    agreement = market.agreement()
    for year in (1992, 1993, 1994, 1995):
        for select_ in ("SUM(qty)", "COUNT(*)"):
            market.answer(agreement, f"SELECT {select_} FROM deliveries WHERE year = {year}")
    for year in (1992, 1993, 1994):
        market.answer(agreement, f"SELECT SUM(price) FROM deliveries WHERE year = {year}")
    assert charged(market) == COUNT - 1
    modes = ["AIR", "RAIL", "SHIP"]
    racing = [
        f"SELECT {s} FROM deliveries WHERE ship_mode = '{m}'"
        for m in modes
        for s in ("SUM(qty)", "SUM(price)", "COUNT(*)")
    ][:8]
    found: list[int] = []
    start = threading.Barrier(len(racing))

    def race(sql: str) -> None:
        start.wait()
        found.append(market.ask(agreement, sql)[0])

    threads = [threading.Thread(target=race, args=(sql,)) for sql in racing]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [200] + [403] * 7
    assert charged(market) == COUNT


def broken(kind: str, whole: Any) -> Any:
    """Wrap a provider's application: it answers and charges, and the answer is spoilt on its way."""

    def app(environ: Any, start_response: Any) -> Any:
        if not environ["PATH_INFO"].endswith("/voile/v1/questions"):
            return whole(environ, start_response)
        kept: list[Any] = []
        body = b"".join(whole(environ, lambda *head: kept.append(head)))
        if kind == "bug":
            raise RuntimeError("something that no code of ours expects")
        body = b"{" if kind == "no JSON" else body.replace(b'"answer":"', b'"answer":"x')
        start_response(kept[0][0], [("Content-Type", "application/json")])
        return [body]

    return app


@pytest.mark.parametrize("kind", ["no JSON", "another signature", "bug"])
def test_whatever_goes_wrong_after_the_charge_the_answer_can_be_had(
    market: Market, kind: str
) -> None:
    """The error names the question's id; asked again under it, or in the same words, the stored answer
    comes, charged once, also after the agreement's count is used up and across a restart of ours.
    """
    agreement = market.agreement()
    whole = market.net.apps[market.provider.url]
    market.net.apps[market.provider.url] = broken(kind, whole)
    status, body = market.ask(agreement, TOTAL)
    assert status in (400, 403, 500, 502), body
    question = body["error"]["params"]["questionId"]
    assert f"--question-id {question}" in body["error"]["next"]
    (row,) = market.consumer.manage("GET", "/v1/questions")[1]["questions"]
    assert (row["questionId"], row["state"]) == (question, "asked")
    market.net.apps[market.provider.url] = whole
    for sql in questions(COUNT - 1):
        market.answer(agreement, sql)
    market.consumer = market.consumer.restart(AREAS)
    try:
        found = market.answer(agreement, TOTAL, questionId=question)
        assert (found["repeated"], found["usage"]["left"]) == (True, 0)
        assert market.answer(agreement, TOTAL)["answer"] == found["answer"]
    finally:
        market.consumer.close()


def test_a_stored_answer_outlives_its_agreement(market: Market) -> None:
    """It is ours: under its id it is given from here, explained so too; nothing else is asked."""
    agreement = market.agreement()
    done = market.answer(agreement, TOTAL, questionId="urn:uuid:kept-1")
    assert market.provider.manage("POST", f"/v1/agreements/{agreement}/end", {})[0] == 200
    market.settle()
    assert market.reasons(agreement, TOTAL) == ["agreement.ended"]
    before = len(market.net.sent)
    again = market.answer(agreement, TOTAL, questionId="urn:uuid:kept-1")
    assert (again["repeated"], again["answer"]) == (True, done["answer"])
    _, told = market.ask(agreement, TOTAL, questionId="urn:uuid:kept-1", explain=True)
    assert (told["explain"]["allowed"], told["explain"]["repeated"]) == (True, True)
    assert len(market.net.sent) == before


def test_what_is_answered_stays_so(market: Market) -> None:
    """Two requests under one id at once: the refusal of the later one takes no answer away."""
    agreement = market.agreement()
    first = market.answer(agreement, TOTAL)
    node = market.consumer.node
    refusal = (Reason(code="agreement.ended"),)
    keeping.refused(node, first["questionId"], asked.REFUSED, refusal, lambda _tx: None)
    again = market.answer(agreement, TOTAL, questionId=first["questionId"])
    assert again["signature"] == first["signature"]


def test_one_id_of_two_questions_in_an_old_home_gives_either_answer(market: Market) -> None:
    """A question and a total had a table each, and so may have an id in common."""
    agreement = market.agreement()
    first = market.answer(agreement, TOTAL)
    name = first["questionId"]
    with market.consumer.node.db.transaction() as tx:
        other = Asked(
            attempt="a-session", question=name, mode="homomorphic", agreements="{}", sql="SELECT 1",
            purpose="credit", why="plan.several", state=asked.ENDED,
        )  # fmt: skip
        asked.add(tx, other)
    assert market.answer(agreement, TOTAL, questionId=name)["signature"] == first["signature"]
    status, body = market.ask(agreement, SINCE_1993, questionId=name)
    assert (status, body["error"]["code"]) == (409, "question-id-reused")


def test_a_question_is_the_same_by_either_name_of_its_contract(market: Market) -> None:
    """By the id, or by our pid of the negotiation: one question, one charge, one answer."""
    agreement = market.agreement()
    with market.consumer.node.db.reading() as session:
        found = find_agreement(session, agreement, counterparty=market.provider.did)
    assert found is not None
    first = market.answer(found.negotiation, TOTAL)
    calls = len(market.net.sent)
    for name in (agreement, found.negotiation):
        again = market.answer(name, TOTAL, questionId=first["questionId"])
        assert (again["signature"], again["repeated"]) == (first["signature"], True)
    assert len(market.net.sent) == calls
    assert charged(market) == 1
    with market.consumer.node.db.reading() as session:
        (row,) = session.exec(select(AskedQuestionRow)).all()
    assert json.loads(row.agreements) == {market.provider.did: agreement}
    body = {"agreements": [found.negotiation], "sql": SINCE_1993, "purpose": "capacityPlanning",
            "questionId": first["questionId"]}  # fmt: skip
    status, told = market.consumer.manage("POST", "/v1/questions", body)
    assert (status, told["error"]["code"]) == (409, "question-id-reused")


def test_an_id_that_two_providers_use_is_no_contract_to_ask_under(market: Market) -> None:
    """In a home of an earlier version: refused by the id, saying how; asked by the pid."""
    agreement = market.agreement()
    with market.consumer.node.db.transaction() as tx:
        row = tx.session.exec(select(AgreementRow)).one()
        mine = row.negotiation
        other = {"counterparty": "did:web:crow.example", "negotiation": "urn:n", "namesakes": 1}
        tx.session.add(AgreementRow(**{**row.model_dump(), **other}))
    body = {"agreements": [agreement], "sql": TOTAL, "purpose": "capacityPlanning"}
    status, told = market.consumer.manage("POST", "/v1/questions", body)
    assert (status, told["error"]["code"]) == (409, "agreement-ambiguous")
    assert mine in told["error"]["next"]
    assert market.answer(mine, TOTAL)["answer"]
