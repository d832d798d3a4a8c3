"""Two connectors and a network that does its worst, driven by Hypothesis; spec: security.md §8.

Both owners act as they like while requests are dropped, doubled, replayed, held back and answered
with 503, answers are lost and either process starts anew. After every step what must never be, is
not; at the end the network is mended, and both sides and their logs say the same.
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)
from sqlmodel import select

from connector.areas.dsp.rows import AgreementRow, ProcessRow
from connector.process.errors import Unreachable
from connector.process.ports import Response
from connector.store.rows import LogEntryRow
from tests.connector.dsp.area import AREAS
from tests.simulators import Net, Party, SeededEntropy, StandingClock

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

DATASET: Final = "urn:dataset:0"
NAMES: Final = ("acme", "bolt")
FINAL: Final = frozenset({"FINALIZED", "TERMINATED", "COMPLETED"})
REFUSED: Final = frozenset({"transfer.held", "agreement.ended"})
VERBS: Final = ("suspend", "resume", "complete", "terminate")


class Unreliable(Net):
    """A network that does to the next requests what it was told."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.passed: list[Callable[[], Response]] = []  # to be sent once more, as they were
        self.held: list[Callable[[], Response]] = []  # not arrived yet

    def request(
        self,
        method: str,
        url: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        **_limits: float,
    ) -> Response:
        def send() -> Response:
            return Net.request(self, method, url, body=body, headers=headers)

        fault = self.faults.pop(0) if self.faults and method == "POST" else "none"
        if fault == "drop":
            raise Unreachable("dropped", code="peer-unreachable")
        if fault == "hold":
            self.held.append(send)
            raise Unreachable("held back", code="peer-unreachable")
        if fault == "refuse":
            return Response(status=503, headers={}, body=b"later")
        answer = send()
        if method == "POST":
            self.passed.append(send)
        if fault == "lose":
            raise Unreachable("answer lost", code="peer-unreachable")
        if fault == "double":
            send()
        if fault == "second":
            return send()
        return answer


class TwoParties(RuleBasedStateMachine):
    """See the module."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self.net, self.clock = Unreliable(), StandingClock()
        self.parties = {
            name: Party.make(
                Path(self._folder.name), name, self.net, self.clock, areas=AREAS, pin=NAMES
            )
            for name in NAMES
        }
        self.lives = 0

    @initialize(transfer=st.booleans())
    def begin(self, transfer: bool) -> None:
        """They have a contract, or a running transfer, before the trouble starts."""
        self.negotiate("acme")
        self.both_deliver(12)
        self.open_transfer("acme", 0)
        self.both_deliver(12 if transfer else 0)

    # what the owners do

    @rule(name=st.sampled_from(NAMES))
    def negotiate(self, name: str) -> None:
        """An owner asks the other party for a contract."""
        faults, self.net.faults = self.net.faults, []
        status, body = self.parties[name].manage(
            "POST", "/v1/negotiations", {"provider": self._other(name).did, "dataset": DATASET}
        )
        self.net.faults = faults
        assert status == 201, body

    @rule(name=st.sampled_from(NAMES), which=st.integers(0, 5))
    def open_transfer(self, name: str, which: int) -> None:
        """A consumer opens a transfer of one of its agreements, where there is one in force."""
        _, body = self.parties[name].manage("GET", "/v1/agreements")
        usable = [a for a in body["agreements"] if a["role"] == "consumer" and a["inForce"]]
        if usable:
            agreement = usable[which % len(usable)]["id"]
            self.parties[name].manage("POST", "/v1/transfers", {"agreement": agreement})

    @rule(name=st.sampled_from(NAMES), which=st.integers(0, 5), verb=st.sampled_from(VERBS))
    def steer(self, name: str, which: int, verb: str) -> None:
        """An owner steers a transfer; whether that may be, the connector says."""
        pids = self._pids(name, "transfers")
        if pids:
            path = f"/v1/transfers/{pids[which % len(pids)]}/{verb}"
            status, body = self.parties[name].manage("POST", path, {})
            assert status in (200, 409), body

    @rule(name=st.sampled_from(NAMES), which=st.integers(0, 5))
    def terminate(self, name: str, which: int) -> None:
        """An owner ends a negotiation."""
        pids = self._pids(name, "negotiations")
        if pids:
            path = f"/v1/negotiations/{pids[which % len(pids)]}/terminate"
            status, body = self.parties[name].manage("POST", path, {})
            assert status in (200, 409), body

    # what the network and the machines do

    @rule(name=st.sampled_from(NAMES), rounds=st.integers(1, 3))
    def deliver(self, name: str, rounds: int) -> None:
        """One party delivers what is due."""
        self.parties[name].deliver(rounds)

    @rule(rounds=st.integers(1, 4))
    def both_deliver(self, rounds: int) -> None:
        """Both deliver, in turns."""
        for _ in range(rounds):
            for party in self.parties.values():
                party.deliver(1)

    @rule(fault=st.sampled_from(("drop", "lose", "refuse", "double", "second", "hold", "none")))
    def disturb(self, fault: str) -> None:
        """Something will happen to one of the next requests."""
        self.net.faults.append(fault)

    @precondition(lambda self: self.net.passed)
    @rule(which=st.integers(0, 20))
    def replay(self, which: int) -> None:
        """A request that was taken before comes again: its token is used up."""
        answer = self.net.passed[which % len(self.net.passed)]()
        assert answer.status in (401, 404, 503)

    @precondition(lambda self: self.net.held)
    @rule()
    def arrive(self) -> None:
        """A request that was held back arrives after all, and nobody hears the answer."""
        self.net.held.pop(0)()

    @rule(seconds=st.sampled_from((0.2, 1.0, 70.0)))
    def wait(self, seconds: float) -> None:
        """Time passes; tokens of requests held back stay good for minutes."""
        self.clock.advance(seconds)

    @rule(name=st.sampled_from(NAMES))
    def crash(self, name: str) -> None:
        """A process ends and starts again on what it had committed."""
        party = self.parties[name]
        party.node.close()
        self.lives += 1
        entropy = SeededEntropy(f"{name} {self.lives}")
        self.parties[name] = Party._open(
            party.node.settings, party.home, self.net, self.clock, entropy, AREAS
        )

    # what must always hold

    @invariant()
    def two_ends_are_the_same_end(self) -> None:
        """No process has ended in two ways, and no process is there twice."""
        rows = {name: self._processes(name) for name in NAMES}
        for name in NAMES:
            theirs = rows[self._name_of_other(name)]
            pairs = Counter((row.kind, row.role, row.peer_pid) for row in rows[name].values()
                            if row.peer_pid)  # fmt: skip
            assert all(count == 1 for count in pairs.values())
            for pid, row in rows[name].items():
                twin = theirs.get(row.peer_pid or "")
                if twin is not None and {row.state, twin.state} <= FINAL:
                    assert row.state == twin.state, (pid, row.state, twin.state)

    @invariant()
    def an_agreement_is_concluded_by_its_negotiation_only(self) -> None:
        """One agreement per negotiation, in force exactly when that is FINALIZED."""
        for party in self.parties.values():
            with party.node.db.reading() as session:
                for made in session.exec(select(AgreementRow)).all():
                    row = session.get(ProcessRow, made.negotiation)
                    assert row is not None
                    assert (made.finalized_ms is not None) == (row.state == "FINALIZED")

    @invariant()
    def no_message_is_marked_twice(self) -> None:
        """A log says of each message once that it was taken."""
        for name in NAMES:
            assert all(count == 1 for count in self._marks(name).values())

    def teardown(self) -> None:
        """Mend the network, let everything arrive: both sides and both logs say the same."""
        try:
            self.net.faults = []
            while self.net.held:
                self.arrive()
            for _ in range(40):
                for party in self.parties.values():
                    party.deliver()
                if not any(self._waiting(name) for name in NAMES):
                    break
                self.clock.advance(61)
            self.two_ends_are_the_same_end()
            self.no_message_is_marked_twice()
            self._equal()
        finally:
            for party in self.parties.values():
                party.close()
            self._folder.cleanup()

    def _equal(self) -> None:
        rows = {name: self._processes(name) for name in NAMES}
        for name in NAMES:
            counts = self.parties[name].node.outbox.counts()
            assert counts.get("waiting", 0) == counts.get("parked", 0) == 0, counts
            theirs = rows[self._name_of_other(name)]
            for pid, row in rows[name].items():
                assert (row.flying_event, row.wanted) == ("", ""), pid
                if row.peer_pid is None and row.ended_code in REFUSED:
                    continue  # an opening that the provider's owner had forbidden
                twin = theirs.get(row.peer_pid or "")
                assert twin is not None, (row.kind, row.state, row.trouble)
                assert (twin.state, twin.peer_pid) == (row.state, pid)
        assert self._marks("acme").keys() == self._marks("bolt").keys()

    # small things

    def _name_of_other(self, name: str) -> str:
        return NAMES[1 - NAMES.index(name)]

    def _other(self, name: str) -> Party:
        return self.parties[self._name_of_other(name)]

    def _pids(self, name: str, kind: str) -> list[str]:
        _, body = self.parties[name].manage("GET", f"/v1/{kind}")
        return sorted(one["pid"] for one in body[kind])

    def _processes(self, name: str) -> dict[str, ProcessRow]:
        with self.parties[name].node.db.reading() as session:
            return {row.pid: row for row in session.exec(select(ProcessRow)).all()}

    def _waiting(self, name: str) -> int:
        return self.parties[name].node.outbox.counts().get("waiting", 0)

    def _marks(self, name: str) -> Counter[str]:
        with self.parties[name].node.db.reading() as session:
            entries = session.exec(select(LogEntryRow.entry)).all()
        leaves: list[dict[str, Any]] = [json.loads(entry) for entry in entries]
        return Counter(leaf["corr"] for leaf in leaves if leaf.get("corr"))


TestTwoParties = TwoParties.TestCase
TestTwoParties.settings = settings(
    max_examples=6,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
