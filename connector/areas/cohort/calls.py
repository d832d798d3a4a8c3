"""A session's calls to its providers: all at once, again while nobody answers, refusals kept."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar, cast

from connector.areas.cohort import problems_tables
from connector.areas.cohort.wire import post
from connector.evidence import statements
from connector.process.errors import PeerRefused, Refused, RemoteError, VoileError
from connector.process.job import at_once

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from connector.party.node import Node
    from contracts.cohort.session import Session

T = TypeVar("T")
ATTEMPTS: Final = 6  # over six seconds: a process that is started again meanwhile is not missed
PAUSE_SECONDS: Final = 0.1
_NOT_UNDERSTOOD: Final = frozenset({"cohort.body", "cohort.malformed"})


@dataclass(frozen=True, slots=True)
class Told(Generic[T]):
    """What every provider said to one call.

    Attributes:
        answers: per provider that answered.
        errors: per provider that did not, or refused.
    """

    answers: dict[str, T] = field(default_factory=dict)
    errors: dict[str, VoileError] = field(default_factory=dict)

    @property
    def refusals(self) -> dict[str, Refused]:
        """The refusals with reasons among the errors."""
        return {did: e for did, e in self.errors.items() if isinstance(e, Refused)}

    def all(self) -> dict[str, T]:
        """Give all answers.

        Raises:
            VoileError: the first error, refusals before others.
        """
        for error in (*self.refusals.values(), *self.errors.values()):
            raise error
        return self.answers


class Calls:
    """Calls to the providers of one session."""

    def __init__(self, node: Node, session: Session) -> None:
        self._node = node
        self._session = session

    def each(self, call: Callable[[str], T]) -> Told[T]:
        """Call every provider at the same time, and wait for all of them."""
        roster = self._session.roster

        def one(did: str) -> tuple[T, None] | tuple[None, VoileError]:
            try:
                return call(did), None
            except VoileError as error:
                error.params.setdefault("member", did)
                return None, error

        told: Told[T] = Told()
        for did, (answer, error) in zip(roster, at_once(one, roster), strict=True):
            if error is not None:
                told.errors[did] = error
            else:
                told.answers[did] = cast("T", answer)
        return told

    def to(
        self,
        did: str,
        step: str,
        body: Mapping[str, Any],
        *,
        attempts: int = ATTEMPTS,
        marks: Callable[[Mapping[str, Any]], Iterable[str]] = statements.none,
    ) -> dict[str, Any]:
        """Post one step of the session to a provider; keep what it promises, of these marks."""
        url = f"{self._node.peers.endpoint(did)}/cohorts/{self._session.session}{step}"
        kind = f"cohort{step.replace('/', '-') or '-question'}"
        return again(
            lambda: post(self._node, did, url, body, kind=kind, marks=marks), attempts=attempts
        )


def named_if_older(did: str, call: Callable[[], T]) -> T:
    """Make a call that opens a session; who does not understand it is too old, and is named.

    Raises:
        PeerRefused: the other side's connector knows sessions of an older version only.
        VoileError: as the call raises.
    """
    try:
        return call()
    except PeerRefused as error:
        if error.code not in _NOT_UNDERSTOOD:
            raise
        older = PeerRefused(
            replace(problems_tables.CONNECTOR_OLDER, code="cohort.peer.old"),
            peer_status=error.peer_status,
            member=did,
            what=problems_tables.VERIFIABLE_TOTALS,
        )
        raise older.advise(problems_tables.HAVE_IT_UPDATED) from error


def again(call: Callable[[], T], *, attempts: int = ATTEMPTS) -> T:
    """Make a call that may be repeated; again while nobody answers, or with 5xx.

    Raises:
        RemoteError: it was the last attempt.
    """
    for attempt in range(1, attempts):
        try:
            return call()
        except RemoteError as error:
            if isinstance(error, PeerRefused) and error.peer_status < 500:
                raise
            time.sleep(PAUSE_SECONDS * 2**attempt)
    return call()
