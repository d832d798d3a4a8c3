"""What two owners do with one negotiation and the transfers of its agreement.

A story is drawn from the seed. It steers both parties through their owners' APIs, waits no longer
than it must, and says in which states its processes must end; None where the network decides whose
word came first. That both sides agree is checked afterwards, over all of them.
"""

from __future__ import annotations

import random
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from tests.soak.parties import AwayError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tests.soak.parties import Firm

PRODUCTS: Final = {"deliveries": "Voile-Question", "bulk": "HttpData-PULL"}
PATIENCE: Final = 300.0  # seconds until something that must happen has happened
ENDED: Final = frozenset({"FINALIZED", "TERMINATED", "COMPLETED"})


@dataclass
class Book:
    """What the stories did: processes that were begun, and how they must end. Threads share it.

    Attributes:
        expected: our pid -> the states it may end in; empty: any in which both sides agree.
        unheard: begun or not, nobody knows: the process died before it answered.
    """

    expected: dict[str, frozenset[str]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    starter: dict[str, str] = field(default_factory=dict)
    unheard: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    told: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begun(self, firm: Firm, kind: str, pid: str) -> None:
        with self._lock:
            self.expected[pid] = frozenset()
            self.kinds[pid] = kind
            self.starter[pid] = firm.name

    def lost(self, firm: Firm, kind: str) -> None:
        with self._lock:
            self.unheard[firm.name, kind] += 1

    def ends(self, pid: str, *states: str) -> None:
        with self._lock:
            self.expected[pid] = frozenset(states)

    def finished(self) -> None:
        with self._lock:
            self.told += 1

    def count(self, kind: str) -> int:
        with self._lock:
            return sum(found == kind for found in self.kinds.values())


class Story:
    """One negotiation with its transfers, told by one thread."""

    def __init__(self, number: int, seed: int, book: Book, firms: tuple[Firm, Firm]) -> None:
        self.draw = random.Random(f"{seed}/story/{number}")
        self.book = book
        here, there = firms if number % 2 == 0 else firms[::-1]
        self.consumer, self.provider = here, there
        self.dataset = self.draw.choice(list(PRODUCTS))

    def tell(self) -> None:
        """Live through the story."""
        pid = self._begin(
            "negotiation", "/v1/negotiations", provider=self.provider.did, dataset=self.dataset
        )
        ending = self.draw.choices(
            (self._through, self._consumer_ends, self._provider_ends, self._both_end),
            (76, 8, 8, 8),
        )[0]
        ending(pid)

    # negotiations

    def _through(self, pid: str) -> None:
        self.book.ends(pid, "FINALIZED")
        found = self._wait("negotiations", pid, lambda one: one["state"] in ENDED)
        if found["state"] == "FINALIZED":
            self._transfer(found["agreement"])

    def _consumer_ends(self, pid: str) -> None:
        time.sleep(self.draw.uniform(0, 0.3))
        self._do(self.consumer, f"/v1/negotiations/{pid}/terminate")

    def _provider_ends(self, pid: str) -> None:
        theirs = self._wait("negotiations", pid, lambda one: one["providerPid"])["providerPid"]
        time.sleep(self.draw.uniform(0, 0.1))
        self._do(self.provider, f"/v1/negotiations/{theirs}/terminate")

    def _both_end(self, pid: str) -> None:
        theirs = self._wait("negotiations", pid, lambda one: one["providerPid"])["providerPid"]
        self._at_once(
            lambda: self._do(self.consumer, f"/v1/negotiations/{pid}/terminate"),
            lambda: self._do(self.provider, f"/v1/negotiations/{theirs}/terminate"),
        )

    # transfers

    def _transfer(self, agreement: str) -> None:
        pid = self._open(agreement)
        found = self._wait("transfers", pid, lambda one: one["state"] in ENDED | {"STARTED"})
        if found["state"] != "STARTED":
            self.book.ends(pid, "STARTED")  # nobody has ended it: the end will be a finding
            return
        pids = found["consumerPid"], found["providerPid"]
        verbs = (
            self._leave, self._complete, self._pause, self._hold, self._hold_against_pause,
            self._end_together, self._hold_against_end, self._pause_against_end,
            self._cross_at_random, self._again,
        )  # fmt: skip
        self.draw.choice(verbs)(pids)

    def _leave(self, pids: tuple[str, str]) -> None:
        self.book.ends(pids[0], "STARTED")

    def _complete(self, pids: tuple[str, str]) -> None:
        firm, pid = self.draw.choice(((self.consumer, pids[0]), (self.provider, pids[1])))
        self._steer(firm, pid, "complete")
        self.book.ends(pids[0], "COMPLETED")
        if self.draw.random() < 0.5:
            found = self._wait("transfers", pids[0], lambda one: one["state"] in ENDED)
            self.book.ends(self._open(found["agreement"]), "STARTED")

    def _pause(self, pids: tuple[str, str]) -> None:
        self._steer(self.consumer, pids[0], "suspend")
        self._landed(self.consumer, pids[0])
        self._steer(self.consumer, pids[0], "resume")
        self.book.ends(pids[0], "STARTED")

    def _hold(self, pids: tuple[str, str]) -> None:
        self._steer(self.provider, pids[1], "suspend")
        self._landed(self.provider, pids[1])
        self._steer(self.provider, pids[1], "resume")
        self.book.ends(pids[0], "STARTED")

    def _hold_against_pause(self, pids: tuple[str, str]) -> None:
        self._cross(pids, "suspend", "suspend")
        self._landed(self.provider, pids[1])
        self._cross(pids, "resume", "resume")

    def _end_together(self, pids: tuple[str, str]) -> None:
        self._cross(pids, "terminate", "terminate")
        self.book.ends(pids[0], "TERMINATED")

    def _hold_against_end(self, pids: tuple[str, str]) -> None:
        self._cross(pids, self.draw.choice(("complete", "terminate")), "suspend")

    def _pause_against_end(self, pids: tuple[str, str]) -> None:
        self._cross(pids, "suspend", self.draw.choice(("complete", "terminate")))

    def _cross_at_random(self, pids: tuple[str, str]) -> None:
        verbs = ("suspend", "resume", "suspend", "resume", "complete", "terminate")
        for _ in range(self.draw.randint(2, 5)):
            self._cross(pids, self.draw.choice(verbs), self.draw.choice(verbs))
            time.sleep(self.draw.uniform(0, 0.2))

    def _again(self, pids: tuple[str, str]) -> None:
        self._steer(self.consumer, pids[0], "terminate")
        self.book.ends(pids[0], "TERMINATED")
        found = self._wait("transfers", pids[0], lambda one: one["state"] in ENDED)
        second = self._open(found["agreement"])
        self.book.ends(second, "STARTED")

    # small things

    def _cross(self, pids: tuple[str, str], consumers: str, providers: str) -> None:
        """Both owners act at the same moment."""
        self._at_once(
            lambda: self._steer(self.consumer, pids[0], consumers),
            lambda: self._steer(self.provider, pids[1], providers),
        )

    def _at_once(self, *acts: Callable[[], object]) -> None:
        start = threading.Barrier(len(acts))

        def act(one: Callable[[], object]) -> None:
            start.wait()
            one()

        threads = [threading.Thread(target=act, args=(one,)) for one in acts]
        _run(threads)

    def _steer(self, firm: Firm, pid: str, verb: str) -> None:
        self._do(firm, f"/v1/transfers/{pid}/{verb}")

    def _do(self, firm: Firm, path: str) -> None:
        """Act as an owner; that it may not be done any more (409) is an answer, too."""
        for _ in _tries():
            try:
                status, body = firm.ask("POST", path, {})
            except AwayError:
                time.sleep(0.1)
                continue
            if status in (200, 409):
                return
            assert status >= 500, f"{firm.name} {path}: {status} {body}"
            time.sleep(0.1)
        raise AssertionError(f"{firm.name} {path}: no answer")

    def _begin(self, kind: str, path: str, **wanted: str) -> str:
        """Begin a process; what fails on the network is tried again."""
        for _ in _tries():
            try:
                status, body = self.consumer.ask("POST", path, wanted)
            except AwayError:
                self.book.lost(self.consumer, kind)
                time.sleep(0.1)
                continue
            if status == 201:
                self.book.begun(self.consumer, kind, body["pid"])
                return str(body["pid"])
            assert status >= 500, f"{self.consumer.name} {path}: {status} {body}"
            time.sleep(self.draw.uniform(0.02, 0.1))
        raise AssertionError(f"{self.consumer.name} {path}: cannot begin")

    def _open(self, agreement: str) -> str:
        form = PRODUCTS[self.dataset]
        return self._begin("transfer", "/v1/transfers", agreement=agreement, format=form)

    def _wait(self, kind: str, pid: str, done: Callable[[Any], object]) -> Any:
        return self._until(self.consumer, f"/v1/{kind}/{pid}", done)

    def _landed(self, firm: Firm, pid: str) -> None:
        """Wait until nothing of ours is under way."""
        self._until(firm, f"/v1/transfers/{pid}", lambda one: not one["inFlight"])

    def _until(self, firm: Firm, path: str, done: Callable[[Any], object]) -> Any:
        deadline, pause = time.monotonic() + PATIENCE, 0.04
        while True:
            found = firm.get(path)
            if done(found):
                return found
            if time.monotonic() > deadline:
                raise AssertionError(f"{firm.name} {path} stays {found}")
            time.sleep(pause)
            pause = min(pause * 1.3, 0.5)


def _tries() -> Iterator[None]:
    """Go on for as long as there is patience, at least once: a restart may take a while."""
    deadline = time.monotonic() + PATIENCE
    yield
    while True:
        if time.monotonic() > deadline:
            return
        yield


def tell_all(
    count: int, seed: int, book: Book, firms: tuple[Firm, Firm], *, tellers: int
) -> list[str]:
    """Tell ``count`` stories, several at a time.

    Returns:
        What went wrong, one line each.
    """
    numbers, lock, wrong = iter(range(count)), threading.Lock(), []

    def teller() -> None:
        while True:
            with lock:
                number = next(numbers, None)
            if number is None:
                return
            try:
                Story(number, seed, book, firms).tell()
            except Exception as error:  # noqa: BLE001 -- it is a finding, and the others go on
                with lock:
                    wrong.append(f"story {number}: {type(error).__name__}: {error}")
            book.finished()

    _run([threading.Thread(target=teller, name=f"teller-{n}") for n in range(tellers)])
    return wrong


def _run(threads: Iterable[threading.Thread]) -> None:
    begun = list(threads)
    for thread in begun:
        thread.start()
    for thread in begun:
        thread.join()
