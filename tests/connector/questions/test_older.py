"""Connectors that know no versions of answers: refused by name; what was given stays readable."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from sqlmodel import select

from connector.areas.questions.rows import ChargeRow
from connector.process.ports import Response
from policies.phrases import sentence
from policies.reasons import Reason
from tests.connector.questions.market import READS_2

if TYPE_CHECKING:
    from tests.connector.questions.market import Market

TOTAL = "SELECT SUM(qty), AVG(price) FROM deliveries"


def direct(market: Market, agreement: str, question: str, **more: Any) -> tuple[int, Any]:
    """Ask the provider as a connector of any age would."""
    body = {"questionId": question, "agreementId": agreement, "sql": TOTAL, **more}
    body.setdefault("purpose", "capacityPlanning")
    url = market.provider.url + "/voile/v1/questions"
    sent = json.dumps(body).encode()
    found = market.consumer.node.peers.call(market.provider.did, "POST", url, body=sent)
    return found.status, json.loads(found.body)


def charges(market: Market) -> int:
    with market.provider.node.db.reading() as session:
        return len(session.exec(select(ChargeRow)).all())


@pytest.mark.parametrize("more", [{}, {"answers": []}, {"answers": [1, 3]}])
def test_an_asker_that_does_not_read_our_answers_is_refused_by_name(
    market: Market, more: dict[str, Any]
) -> None:
    """Before anything is charged, with what to do; upgraded, it asks under the same id."""
    agreement = market.agreement()
    status, body = direct(market, agreement, "urn:uuid:older-1", **more)
    assert status == 403
    (told,) = body["error"]["reasons"]
    assert (told["code"], told["given"]) == ("question.older-asker", market.consumer.did)
    assert charges(market) == 0
    for tongue, word in (("en", "upgraded"), ("zh", "升级")):
        said = sentence(Reason.from_json(told), tongue)  # type: ignore[arg-type]
        assert market.consumer.did in said
        assert word in said
    explained = direct(market, agreement, "urn:uuid:older-2", explain=True, **more)[1]["explain"]
    assert [reason["code"] for reason in explained["reasons"]] == ["question.older-asker"]
    assert direct(market, agreement, "urn:uuid:older-1", **READS_2)[0] == 200
    assert charges(market) == 1


def test_a_repeat_gets_its_stored_bytes_whatever_its_asker_reads(market: Market) -> None:
    """What stands under an id stays what it was; which versions are read is no other content."""
    agreement = market.agreement()
    first = direct(market, agreement, "urn:uuid:once-1", **READS_2)[1]
    again = direct(market, agreement, "urn:uuid:once-1")[1]
    assert (again["answer"], again["repeated"]) == (first["answer"], True)
    assert charges(market) == 1
    rewritten = direct(market, agreement, "urn:uuid:once-2")
    assert rewritten[0] == 403, "under another id it may be unreadable"


def test_a_provider_that_does_not_know_the_field_is_named(market: Market) -> None:
    """It refuses the unknown field, uncharged; the asker reads who has to upgrade, also explained."""
    agreement = market.agreement()
    url = market.provider.url + "/voile/v1/questions"
    error = {
        "code": "question-malformed",
        "message": "`answers`: expected no such field, got `something`",
        "next": "correct the field; docs/api.md shows the body",
        "params": {"field": "answers"},
    }
    sent: list[Any] = []

    def older(_method: str, to: str, body: bytes) -> Response | None:
        if to != url:
            return None
        sent.append(json.loads(body))
        return Response(status=400, headers={}, body=json.dumps({"error": error}).encode())

    market.net.fault = older
    found = []
    for explain, held in ((False, "error"), (True, "explain")):
        body = market.ask(agreement, TOTAL, questionId="urn:uuid:named-1", explain=explain)[1]
        found += body[held]["reasons"]
    named = [(told["code"], told["given"]) for told in found]
    assert named == [("answer.older-provider", market.provider.did)] * 2
    assert [body["answers"] for body in sent] == [[2], [2]]
    market.net.fault = None
    assert market.answer(agreement, TOTAL, questionId="urn:uuid:named-1")["repeated"] is False


def _as_version_1(payload: dict[str, Any]) -> None:
    """Turn an answer into what an older connector gave."""
    payload["v"] = 1
    for cell in payload["cells"]:
        del cell["statuses"]
        cell["status"] = "released"


def test_an_answer_of_version_1_is_taken_only_where_it_was_given_before(market: Market) -> None:
    """Fresh it names the provider that is older; a stored one was paid for and is believed."""
    agreement = market.agreement()
    with market.altering(_as_version_1, resign=True):
        status, body = market.ask(agreement, TOTAL, questionId="urn:uuid:fresh-1")
    assert status == 403
    (told,) = body["error"]["reasons"]
    assert (told["code"], told["given"]) == ("answer.older-provider", market.provider.did)
    with market.altering(_as_version_1, resign=True):  # the provider says that it is a repeat
        found = market.answer(agreement, TOTAL, questionId="urn:uuid:fresh-1")
    assert (found["answer"]["v"], found["repeated"]) == (1, True)
    shown = market.answer(agreement, TOTAL, questionId="urn:uuid:fresh-1")
    assert shown["signature"] == found["signature"]
