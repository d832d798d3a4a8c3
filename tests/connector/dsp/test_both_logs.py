"""Whatever two owners do and the network loses: both sides stand alike, and so do their logs.

What `tests/soak` does with processes and threads, here in one thread and the same in every run: a
story is drawn from its number, and each request may be lost, answered and its answer lost, carried
twice, kept for later, or answered while the other side and both owners go on.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import pytest
from sqlmodel import col, select

from connector.areas.questions.plane import QuestionPlane
from connector.process.errors import Unreachable
from connector.process.ports import Response
from connector.store.rows import LogEntryRow

if TYPE_CHECKING:
    from tests.connector.dsp.conftest import Pair
    from tests.simulators import Party

STORIES: Final = (*range(12), 103)  # 11 and 103 found what is told in `test_crossings`
STEPS: Final = 24
DATASET: Final = "urn:dataset:0"
CIRCLES: Final = ("suspend", "resume", "resume")
ENDS: Final = (*CIRCLES, *CIRCLES, "complete", "terminate")
FATES: Final = {
    "pass": 8, "drop": 3, "lose": 3, "twice": 1, "late": 2, "mask": 1, "meanwhile": 3,
}  # fmt: skip


class Weather:
    """A network between the two that does to each message what the story's draw says."""

    def __init__(self, pair: Pair, story: int) -> None:
        self.pair = pair
        self.draw = random.Random(story)
        self.fair = True
        self.kind, self.pids = "", ("", "")
        self.verbs: tuple[str, ...] = ()
        self._plain = pair.net.request
        self._late: list[tuple[str, str, dict[str, Any]]] = []
        self._deep = False
        for party in (pair.consumer, pair.provider):
            object.__setattr__(party.node.peers, "_transport", self)

    def request(self, method: str, url: str, **more: Any) -> Response:
        if self.fair or method == "GET" or self._deep:
            return self._plain(method, url, **more)
        fate = self.draw.choices(list(FATES), list(FATES.values()))[0]
        if fate == "drop":
            raise Unreachable("the request got lost", code="peer-unreachable")
        answer = self._plain(method, url, **more)
        if fate == "lose":
            raise Unreachable("the answer got lost", code="peer-unreachable")
        if fate == "late":
            self._late.append((method, url, more))
        elif fate == "twice":
            answer = self._plain(method, url, **more)
        elif fate == "mask":
            return Response(status=503, headers={}, body=b"")
        elif fate == "meanwhile":
            self._deep = True
            self._step(self._sender(url))
            self._deep = False
        return answer

    def _sender(self, url: str) -> Party:
        pair = self.pair
        return pair.consumer if url.startswith(pair.provider.url) else pair.provider

    def tell(self, kind: str, pid: str, verbs: tuple[str, ...]) -> None:
        """Let a few things happen to a process, then let all land."""
        ours = self.pair.consumer.manage("GET", f"/v1/{kind}/{pid}")[1]
        self.kind, self.pids, self.verbs = kind, (pid, ours["providerPid"]), verbs
        self.fair = False
        for _ in range(STEPS):
            self._step()
        self.fair = True
        for _ in range(12):
            self.pair.clock.advance(70)
            self.pair.settle()

    def _step(self, busy: Party | None = None) -> None:
        """Let one thing happen; who waits for an answer sends nothing else meanwhile."""
        pair, draw = self.pair, self.draw
        who = draw.randrange(2)
        party = (pair.consumer, pair.provider)[who]
        what = draw.random()
        if what < 0.35 and self.verbs:
            party.manage("POST", f"/v1/{self.kind}/{self.pids[who]}/{draw.choice(self.verbs)}", {})
        elif what < 0.45 and self._late:
            method, url, more = self._late.pop(draw.randrange(len(self._late)))
            self._plain(method, url, **more)
        elif party is not busy:
            pair.clock.advance(draw.choice((0, 0, 0.3, 2)))
            party.deliver(1)


@pytest.fixture(scope="module")
def two(shared: tuple[Pair, Any]) -> Pair:
    """Two parties for all stories."""
    pair, _ = shared
    pair.net.fault = None
    return pair


def _marks(party: Party, since: int) -> Counter[tuple[str, str]]:
    """Count the marks of messages in a log; which way one went is left out."""
    with party.node.db.reading() as session:
        query = select(LogEntryRow.entry).where(col(LogEntryRow.index) >= since)
        leaves = [json.loads(entry) for entry in session.exec(query)]
    return Counter((leaf["msg"]["type"], leaf["corr"]) for leaf in leaves if leaf.get("corr"))


def _size(party: Party) -> int:
    with party.node.db.reading() as session:
        return len(session.exec(select(LogEntryRow.index)).all())


def _agree(pair: Pair, kind: str, pid: str) -> dict[str, Any]:
    ours, theirs = pair.both(pid, kind)
    assert ours["inFlight"] == theirs["inFlight"] == ours["wanted"] == theirs["wanted"] == ""
    assert ours["state"] == theirs["state"]
    for party in (pair.consumer, pair.provider):
        stuck = party.manage("GET", "/v1/outbox?state=parked&limit=1000")[1]["messages"]
        assert [one for one in stuck if one["process"] in (pid, ours["providerPid"])] == []
    return ours


@pytest.mark.sweep
@pytest.mark.parametrize("story", STORIES)
def test_both_sides_and_both_logs_agree(two: Pair, story: int, monkeypatch: pytest.MonkeyPatch):
    """Each message that one log marks as taken is marked in the other's, as often."""
    if story % 2:
        monkeypatch.setattr(QuestionPlane, "renews", lambda *_: True)  # as plain delivery does
    sizes = _size(two.consumer), _size(two.provider)
    weather = Weather(two, story)
    pid = two.negotiate(DATASET)
    two.consumer.deliver(1)
    if story % 4 < 2:
        weather.tell("negotiations", pid, ("terminate",) if story % 8 < 2 else ())
    else:
        two.settle()
    ours = _agree(two, "negotiations", pid)
    if ours["state"] == "FINALIZED":
        _, body = two.consumer.manage("POST", "/v1/transfers", {"agreement": ours["agreement"]})
        two.consumer.deliver(1)
        weather.tell("transfers", body["pid"], CIRCLES if story % 3 else ENDS)
        _agree(two, "transfers", body["pid"])
    assert _marks(two.consumer, sizes[0]) == _marks(two.provider, sizes[1])
