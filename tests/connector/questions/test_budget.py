"""Each consumer has a budget of work; refused questions use it up, and nobody else's."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from connector.areas.products import store
from connector.areas.questions.messages import ANSWER_VERSION, Question
from connector.identity import work as working
from connector.identity.work import WORK_PER_SECOND, WORK_SAVED
from connector.process.kept import Kept
from connector.process.rate import Budget
from tests.connector.questions.market import AREAS, Market

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.simulators import Party

HOSTILE = "SELECT SUM(qty) FROM deliveries WHERE {} OR year = 2050"
LONG = HOSTILE.format(" OR ".join(f"year = {1992 + i % 4}" for i in range(300)))
TOTAL = "SELECT SUM(qty) FROM deliveries"


class Clock:
    """A monotonic clock that stands still until it is moved."""

    at = 0.0

    def __call__(self) -> float:
        """Give the seconds."""
        return self.at


@pytest.fixture
def still(market: Market, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The provider's budgets on a clock of this test; nobody waits by itself."""
    clock = Clock()
    monkeypatch.setattr(market.provider.node.work, "_clock", clock)
    monkeypatch.setattr("connector.areas.questions.exchange.SOON_SECONDS", 0)
    return clock


def direct(market: Market, party: Party, agreement: str, sql: str, n: int) -> tuple[int, Any, Any]:
    """Ask the provider itself, without the consumer's own waiting; status, headers, body."""
    question = Question(
        id=f"urn:hostile:{n}",
        agreement=agreement,
        sql=sql,
        purpose="capacityPlanning",
        answers=(ANSWER_VERSION,),
    )
    body = json.dumps(question.to_wire()).encode()
    url = market.provider.url + "/voile/v1/questions"
    response = party.node.peers.call(market.provider.did, "POST", url, body=body)
    return response.status, response.headers, json.loads(response.body)


def test_refused_questions_use_up_the_budget_and_a_time_is_told(
    market: Market, still: Clock, party: Callable[..., Party]
) -> None:
    """Refused until 429 with the seconds; another consumer is answered; after them it goes on."""
    agreement = market.agreement()
    other = Market(
        market.provider, party("crow", areas=AREAS, pin=["acme"]), market.net, market.clock
    )
    theirs = other.agreement()
    statuses = []
    for n in range(100):
        status, headers, body = direct(market, market.consumer, agreement, LONG, n)
        statuses.append(status)
        if status != 403:
            break
    assert status == 429
    assert 3 < len(statuses) < 100
    assert body["error"]["code"] == "question-budget"
    seconds = int(headers["retry-after"])
    assert 1 <= seconds <= WORK_SAVED / WORK_PER_SECOND
    assert f"{seconds} s" in body["error"]["next"]
    # nothing was planned for it, and nobody else pays
    assert market.ask(agreement, TOTAL)[0] != 200
    assert other.answer(theirs, TOTAL)["answer"]["cells"]
    still.at += seconds
    assert market.answer(agreement, TOTAL)["answer"]["cells"]


def test_explaining_costs_no_less_than_asking(market: Market, still: Clock) -> None:
    """Refused, both take the same steps; of an answer that is charged the walk costs a quarter."""
    agreement, node = market.agreement(), market.provider.node
    took = []
    real = node.work.end

    def end(source: str, most: float, steps: float) -> None:
        took.append(steps)
        real(source, most, steps)

    node.work.end = end  # type: ignore[method-assign]
    for sql in (TOTAL, LONG):
        market.ask(agreement, sql, explain=True)
        market.ask(agreement, sql)
    explained, answered, *refused = took
    assert refused[0] == refused[1] > working.PER_CHARACTER * len(LONG)
    with node.db.reading() as session:
        walk = working.PER_CELL * store.protected_table(session, "deliveries").index.seen
    assert explained - answered == walk * 3 // 4


def test_the_work_is_the_same_whatever_the_figures_are(market: Market, still: Clock) -> None:
    """A clock is not asked, nor is a sum: the same steps each time."""
    agreement, node = market.agreement(), market.provider.node
    found = set()
    for n in range(3):
        assert node.work.begin(market.consumer.did, 0) == 0
        before, _ = node.work._sources[market.consumer.did]
        direct(market, market.consumer, agreement, LONG, n)
        units, _ = node.work._sources[market.consumer.did]
        found.add(round(before - units))
    assert len(found) == 1


def test_the_asker_waits_a_little_by_itself(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Told a few seconds it waits them and is answered; told more it says so at once."""
    clock, waited = Clock(), []

    def sleep(seconds: float) -> None:
        waited.append(seconds)
        clock.at += seconds

    node = market.provider.node
    monkeypatch.setattr(node.work, "_clock", clock)
    agreement = market.agreement()
    monkeypatch.setattr("connector.areas.questions.exchange.time.sleep", sleep)
    node.work.end(market.consumer.did, 0, WORK_SAVED + WORK_PER_SECOND)
    assert market.answer(agreement, TOTAL)["answer"]["cells"]
    assert waited == [2, 3]  # what is owed, with the calls before; then what is set aside
    node.work.end(market.consumer.did, 0, WORK_SAVED)
    waited.clear()
    status, told = market.ask(agreement, f"{TOTAL} WHERE year = 1993")
    assert (status, waited) == (502, [])
    assert "s until there is enough" in told["error"]["message"]


def test_work_begun_together_is_not_spent_twice() -> None:
    """Six pieces at once set aside what each may take; what was not needed comes back."""
    clock = Clock()
    budget = Budget(rate=10, burst=100, clock=clock)
    assert [budget.begin("a", 40) for _ in range(3)] == [0, 0, 2.0]
    assert budget.begin("b", 40) == 0
    budget.end("a", 40, 5)
    assert budget.begin("a", 40) == 0
    budget.end("a", 40, 90)  # took more than was set aside: it is owed
    budget.end("a", 40, 40)
    assert budget.begin("a", 40) == pytest.approx(7.5)
    clock.at += 7.5
    assert budget.begin("a", 40) == 0


def test_no_wait_is_longer_than_a_full_budget_takes() -> None:
    """A piece that may take more than is ever saved up begins with a full budget."""
    clock = Clock()
    budget = Budget(rate=10, burst=100, clock=clock)
    assert budget.begin("a", 1000) == 0
    assert budget.begin("a", 1000) == 10
    clock.at += 10
    assert budget.begin("a", 1000) == 0


def test_what_is_kept_has_a_size() -> None:
    """The ones unused for longest go; one that is larger than the bound never stays."""
    kept: Kept[str] = Kept(10)
    kept.put("a", "A", 4)
    kept.put("b", "B", 4)
    assert kept.get("a") == "A"
    kept.put("c", "C", 4)
    assert (kept.get("a"), kept.get("b"), kept.get("c")) == ("A", None, "C")
    kept.put("a", "A2", 11)
    assert kept.get("a") is None
    kept.put("d", "D", 6)
    assert (kept.get("c"), kept.get("d")) == ("C", "D")
