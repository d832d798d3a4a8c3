"""What a dossier costs: a number of statements that does not grow with the questions asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event

from connector.areas.audit.dossier import dossier
from connector.areas.questions import AnsweredAs, answers_to, given_to
from contracts.evidence import Entry
from tests.areas import AUDIT
from tests.connector.questions.market import AREAS, Market, publish_deliveries, questions

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

    from tests.simulators import Net, Party, StandingClock

DAY = 86_400


@pytest.fixture
def market(party: Callable[..., Party], net: Net, clock: StandingClock, tmp_path: Path) -> Market:
    provider = party("acme", areas=(*AREAS, AUDIT), pin=["bolt"])
    consumer = party("bolt", areas=(*AREAS, AUDIT), pin=["acme"])
    publish_deliveries(provider, tmp_path)
    return Market(provider, consumer, net, clock)


def statements(market: Market, agreement: str) -> tuple[int, list[str]]:
    """How many statements a dossier takes at the provider, and the gaps that it finds."""
    said: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        said.append(statement)

    node = market.provider.node
    with node.db.reading() as session:
        engine = session.connection().engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            found = dossier(node, session, agreement)
        finally:
            event.remove(engine, "before_cursor_execute", note)
    assert said
    return len(said), [gap.code for gap in found.gaps]


def test_statements_do_not_grow_with_the_questions(market: Market):
    """Twelve answers, then hundreds of leaves more: the same number, but for one for each 500."""
    agreement = market.agreement()
    first, *others = questions(12)
    market.answer(agreement, first, questionId="question-0")
    market.clock.advance(2 * DAY)
    few, none = statements(market, agreement)
    assert none == []
    for number, sql in enumerate(others[:6], 1):
        market.answer(agreement, sql, questionId=f"question-{number}")
    market.answer(agreement, others[0] + " ", questionId="question-again")
    market.clock.advance(2 * DAY)
    assert statements(market, agreement) == (few, [])
    with market.provider.node.db.transaction() as tx:
        for number in range(400):
            tx.append(
                Entry(
                    kind="QUESTION",
                    role="provider",
                    counterparty=market.consumer.did,
                    agreement=agreement,
                    process=f"lost-{number}",
                )
            )
    market.clock.advance(2 * DAY)
    many, gaps = statements(market, agreement)
    assert many <= few + 2
    assert gaps == ["answer-missing"] * 400


def test_what_questions_got_is_known_without_reading_the_answers(market: Market):
    """Own answers, a repeat, a refusal, one that was never asked; the answers then are there."""
    agreement = market.agreement()
    for number, sql in enumerate(questions(3)):
        market.answer(agreement, sql, questionId=f"question-{number}")
    market.answer(agreement, questions(1)[0] + " ", questionId="question-again")
    market.reasons(agreement, "SELECT MAX(qty) FROM deliveries", questionId="question-refused")
    asked = [
        *(f"question-{number}" for number in range(3)),
        "question-again",
        "question-refused",
        "question-never",
    ]
    did = market.consumer.did
    with market.provider.node.db.reading() as session:
        found = answers_to(session, did, agreement, asked)
        one_by_one = [answers_to(session, did, agreement, [name]).get(name) for name in asked]
        given = [given_to(session, did, one) for one in found.values()]
    assert one_by_one == [found.get(name) for name in asked]
    assert found == {
        **{
            f"question-{number}": AnsweredAs(f"question-{number}", charged=True)
            for number in range(3)
        },
        "question-again": AnsweredAs("question-0", charged=False),
    }
    assert all(one is not None and one.released > 0 for one in given)
