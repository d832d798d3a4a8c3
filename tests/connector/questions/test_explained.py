"""What `--explain` says is what asking gives: one function decides both."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from sqlmodel import select

from connector.areas.questions.rows import ChargeRow
from connector.store.rows import LogEntryRow
from tests.connector.questions.market import COUNT, READS_2, questions
from tests.connector.questions.test_stopped import steer

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.connector.questions.market import Market

TOTAL = "SELECT SUM(qty) FROM deliveries"
FRESH = "SELECT COUNT(*) FROM deliveries WHERE year >= 1993"


def explained(market: Market, agreement: str, sql: str, **more: Any) -> tuple[bool, list[str]]:
    """Have it explained; give whether it is allowed, and the codes of the reasons."""
    status, body = market.ask(agreement, sql, explain=True, **more)
    if status != 200:
        return False, [body["error"]["code"]]
    found = body["explain"]
    return found["allowed"], [reason["code"] for reason in found["reasons"]]


def asked(market: Market, agreement: str, sql: str, **more: Any) -> tuple[bool, list[str]]:
    """Ask it; give the same."""
    status, body = market.ask(agreement, sql, **more)
    if status == 200:
        return True, []
    told = body["error"]
    return False, [reason["code"] for reason in told.get("reasons", [])] or [told["code"]]


def charges_and_leaves(market: Market) -> tuple[int, list[str]]:
    with market.provider.node.db.reading() as session:
        charges = len(session.exec(select(ChargeRow)).all())
        kinds = [row.kind for row in session.exec(select(LogEntryRow)).all()]
    return charges, [kind for kind in kinds if kind in ("QUESTION", "ANSWER", "REFUSAL")]


def used_up(market: Market, agreement: str, pid: str) -> None:
    for n, sql in enumerate(questions(COUNT)):
        market.answer(agreement, sql, questionId=f"urn:uuid:used-{n}")


def expired(market: Market, agreement: str, pid: str) -> None:
    market.clock.advance(500 * 86_400)


def held(market: Market, agreement: str, pid: str) -> None:
    steer(market, pid, "suspend")


def ended(market: Market, agreement: str, pid: str) -> None:
    steer(market, pid, "terminate")


def withdrawn(market: Market, agreement: str, pid: str) -> None:
    assert market.provider.manage("DELETE", "/v1/products/deliveries")[0] in (200, 204)


def untouched(market: Market, agreement: str, pid: str) -> None:
    market.answer(agreement, TOTAL, questionId="urn:uuid:used-0")


CASES: list[tuple[Callable[..., None], str, dict[str, Any]]] = [
    (untouched, FRESH, {}),
    (untouched, TOTAL, {}),
    (untouched, FRESH, {"purpose": "credit"}),
    (untouched, FRESH, {"mode": "homomorphic"}),
    (untouched, FRESH, {"mode": "masked"}),
    (untouched, FRESH, {"questionId": "urn:uuid:used-0"}),
    (untouched, TOTAL, {"questionId": "urn:uuid:used-0"}),
    (untouched, "SELECT SUM(comment) FROM deliveries", {}),
    (untouched, "SELECT SUM(", {}),
    (used_up, FRESH, {}),
    (used_up, questions(1)[0], {}),
    (expired, FRESH, {}),
    (held, FRESH, {}),
    (ended, FRESH, {}),
    (withdrawn, FRESH, {}),
]


@pytest.mark.sweep
@pytest.mark.parametrize(("before", "sql", "more"), CASES)
def test_explaining_is_asking_without_the_answer(
    market: Market, before: Callable[..., None], sql: str, more: dict[str, Any]
) -> None:
    """Allowed exactly where the question is answered, and for the same reasons where it is not; it
    charges and writes nothing.
    """
    agreement = market.agreement(started=False)
    pid = market.transfer(agreement)
    before(market, agreement, pid)
    stood = charges_and_leaves(market)
    said = explained(market, agreement, sql, **more)
    assert charges_and_leaves(market) == stood
    assert said == asked(market, agreement, sql, **more)


def test_explaining_past_our_own_checks_is_deciding_too(market: Market) -> None:
    """A consumer that sends anything gets from the provider's explanation what its answer would say."""
    agreement = market.agreement()
    market.answer(agreement, TOTAL, questionId="urn:uuid:taken-1")
    base = {"agreementId": agreement, "sql": FRESH, **READS_2}
    url = market.provider.url + "/voile/v1/questions"
    for n, more in enumerate(
        [{"mode": "homomorphic"}, {"questionId": "urn:uuid:taken-1"}, {"agreementId": "urn:x"}]
    ):
        body = {"questionId": f"urn:uuid:direct-{n}", **base, **more}
        answers = []
        for explain in (True, False):
            sent = json.dumps({**body, "explain": explain}).encode()
            answer = market.consumer.node.peers.call(market.provider.did, "POST", url, body=sent)
            answers.append((answer.status, json.loads(answer.body)))
        (status, told), (_, refused) = answers
        found = told["explain"]["reasons"] if status == 200 else told["error"].get("reasons")
        assert found == refused["error"].get("reasons"), more
