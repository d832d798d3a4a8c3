"""Fetches for requests that have proved nothing yet: few at a time, and failures are remembered.

A token names a DID, and the key that proves it lies on a host that its sender has chosen. That host
may hang, so whoever sends tokens could hold every thread that answers. Therefore:

- requests of members and of strangers have places of their own, fewer than there are threads; who
  finds none is told to come again, at once;
- one fetch per host is under way at a time; who comes in its first second waits for the rest of
  that, who comes later does not;
- a failure is remembered ten times as long as it took, for the DID; of strangers for the host also,
  if nothing answered there. What a host answers of one DID says nothing of its other firms.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from connector.identity import problems
from connector.process.errors import TooMany, Unreachable, VoileError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from crypto.did import DidDocument

JOIN_SECONDS: Final = 1.0  # of a fetch, in which others wait for it
TIMES: Final = 10  # a failure is remembered so many times as long as it took
FLOOR: Final = {True: 1.0, False: 10.0}  # seconds, at least: of members, of strangers
CEILING: Final = 60.0
MOST_REMEMBERED: Final = 5000
SILENT: Final = frozenset({"peer-unreachable", "peer-unresolved"})  # no answer, or no such host


@dataclass(frozen=True, slots=True)
class _Failure:
    error: VoileError
    until: float


class Unproven:
    """Lets requests without proof fetch documents. Threads share it.

    Args:
        threads: how many answer requests; half of them may wait here for documents of members, a
            quarter for those of strangers.
        clock: seconds that only go forward.
    """

    def __init__(self, threads: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._places = {True: max(1, threads // 2), False: max(1, threads // 4)}
        self._clock = clock
        self._changed = threading.Condition()
        self._inside = {True: 0, False: 0}
        self._hosts: dict[tuple[bool, str], float] = {}  # since when something is being fetched
        self._failed: OrderedDict[tuple[bool, str], _Failure] = OrderedDict()

    def __call__(
        self,
        did: str,
        host: str,
        *,
        member: bool,
        held: Callable[[], DidDocument | None],
        fetch: Callable[[], DidDocument],
    ) -> DidDocument:
        """Give a document for a request without proof.

        Args:
            did: whose.
            host: where it lies.
            member: whether the hub or the settings know the DID.
            held: gives the document if somebody has fetched it meanwhile.
            fetch: fetches and keeps it.

        Raises:
            TooMany: too many such requests are under way.
            VoileError: what fetching it raised, now or a short time ago.
        """
        with self._inside_of(did, host, member=member):
            found = held()
            if found is not None:
                return found
            begun = self._clock()
            try:
                return fetch()
            except VoileError as error:
                self._remember(did, host, error, self._clock() - begun, member=member)
                raise

    @contextmanager
    def _inside_of(self, did: str, host: str, *, member: bool) -> Iterator[None]:
        """Take a place, then the turn at the host."""
        with self._changed:
            self._check(did, host, member=member)
            if self._inside[member] >= self._places[member]:
                raise _busy()
            self._inside[member] += 1
        mine = False
        try:
            self._take_turn(did, host, member=member)
            mine = True
            yield
        finally:
            with self._changed:
                self._inside[member] -= 1
                if mine:
                    self._hosts.pop((member, host), None)
                self._changed.notify_all()

    def _take_turn(self, did: str, host: str, *, member: bool) -> None:
        turn = (member, host)
        with self._changed:
            left = self._hosts.get(turn, self._clock()) + JOIN_SECONDS - self._clock()
            if not self._changed.wait_for(lambda: turn not in self._hosts, max(0.0, left)):
                raise _busy()
            self._check(did, host, member=member)
            self._hosts[turn] = self._clock()

    def _check(self, did: str, host: str, *, member: bool) -> None:
        for key in ((member, did),) if member else ((False, did), (False, f"//{host}")):
            failure = self._failed.get(key)
            if failure is not None and self._clock() < failure.until:
                raise failure.error.kept()

    def _remember(
        self, did: str, host: str, error: VoileError, took: float, *, member: bool
    ) -> None:
        until = self._clock() + min(CEILING, max(FLOOR[member], TIMES * took))
        with self._changed:
            silent = isinstance(error, Unreachable) and error.code in SILENT
            for key in (did, f"//{host}") if silent and not member else (did,):
                self._failed.pop((member, key), None)
                self._failed[member, key] = _Failure(error.kept(), until)
            while len(self._failed) > MOST_REMEMBERED:
                self._failed.popitem(last=False)


def _busy() -> TooMany:
    return TooMany(problems.DOOR_BUSY, seconds=2)
