"""What travels over HTTP in a session: bodies in and out, and the aggregator as one calls it."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from connector.areas.cohort import problems
from connector.areas.questions import ATTEMPTS, asked_pause
from connector.evidence import statements
from connector.process import problems_peers
from connector.process.errors import (
    BadRequest,
    Conflict,
    MalformedError,
    NotFound,
    PeerRefused,
    Refused,
    RemoteError,
)
from crypto import strict_json
from crypto.canonical import canonical
from crypto.paillier.frame import MEDIA_TYPE
from crypto.words import verbatim
from policies.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from connector.party.node import Node
    from connector.process.ports import Response
    from crypto.problem import Problem

JSON: Final = "application/json"
CONTRIBUTION_HEADER: Final = "Voile-Contribution"
MAX_BATCH_BYTES: Final = 8 << 20
MAX_QUESTION_BYTES: Final = 4 << 20
CALL_SECONDS: Final = 30.0
TABLES: Final = 2  # how members and aggregator make cohort tables: named by what joinings say


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a session is, as its aggregator tells the parties in it."""

    state: str
    cleared: str  # signed, or empty
    outcome: str  # signed, or empty

    def to_json(self) -> dict[str, Any]:
        """Return the body of an answer."""
        return {"state": self.state, "cleared": self.cleared, "outcome": self.outcome}


def members_of(body: Mapping[str, Any], *names: str) -> list[Any]:
    """Take exactly these members of a body.

    Raises:
        BadRequest: one is missing or another is there.
    """
    if set(body) != set(names):
        wrong = min(set(body) ^ set(names))
        raise BadRequest(
            replace(problems.MEMBERS_EXACTLY, code="cohort.body"),
            field=wrong[:60],
            names=", ".join(names),
        )
    return [body[name] for name in names]


def post(
    node: Node,
    did: str,
    url: str,
    body: Mapping[str, Any],
    *,
    kind: str,
    seconds: float = CALL_SECONDS,
    marks: Callable[[Mapping[str, Any]], Iterable[str]] = statements.none,
) -> dict[str, Any]:
    """Post JSON to a party and give the object it answers.

    Args:
        node: this node.
        did: the party.
        url: of its route.
        body: what is sent.
        kind: of the call, for the count of what goes where.
        seconds: until it has answered.
        marks: gives, for what it answers (nothing if it refuses), the marks of what it may promise.

    Raises:
        Refused: it refused with reasons.
        PeerRefused: it answered otherwise.
        Unreachable: no answer.
    """
    for left in reversed(range(ATTEMPTS)):
        response = node.peers.call(
            did,
            "POST",
            url,
            body=canonical(body),
            headers={"Content-Type": JSON},
            timeout=seconds,
            max_bytes=MAX_QUESTION_BYTES,
            kind=kind,
        )
        pause = asked_pause(response)
        if not (left and pause):
            break
        time.sleep(pause)
    if not statements.carries(response.headers):
        return answered(did, response)
    try:
        found = answered(did, response)
    except Refused:
        statements.keep(node, did, response.headers, marks({}))
        raise
    statements.keep(node, did, response.headers, marks(found))
    return found


def answered(did: str, response: Response) -> dict[str, Any]:
    """Give the object that a party answered.

    Raises:
        Refused: it refused with reasons.
        NotFound, Conflict, PeerRefused: by its status.
        RemoteError: what it answered is no JSON.
    """
    try:
        value = strict_json.loads(response.body, max_bytes=MAX_BATCH_BYTES) if response.body else {}
    except MalformedError as unreadable:  # the peer's fault, not that of whoever asked us
        raise RemoteError(
            problems_peers.ANSWER_UNREADABLE, party=did, status=response.status, why=unreadable
        ) from unreadable
    found = value if isinstance(value, dict) else {}
    if response.status == 200:
        return found
    told = found.get("error")
    error = told if isinstance(told, dict) else {}
    code = str(error.get("code") or "peer-refused")[:100]
    step = str(error.get("next") or "")[:500]
    said: Problem | str = str(error.get("message") or "")[:500]  # its own words, where it has any
    facts: dict[str, Any] = {}
    if not said:
        said = replace(problems_peers.PARTY_ANSWERED, code=code, next=verbatim(step))
        facts = {"party": did, "status": response.status, "reason": ""}
    if response.status == 403:  # with reasons: by contract or cohort; without: it does not hold
        listed = error.get("reasons")
        texts = [r for r in listed if isinstance(r, dict)] if isinstance(listed, list) else []
        if texts:
            reasons = tuple(Reason.from_json(item) for item in texts)
            raise Refused(said, code=code, next_step=step, reasons=reasons, **facts, member=did)
    if response.status == 404:
        raise NotFound(said, code=code, next_step=step, **facts)
    if response.status == 409:
        raise Conflict(said, code=code, next_step=step, **facts)
    body = response.body[:2000]
    refused = PeerRefused(said, peer_status=response.status, body=body, code=code, **facts)
    raise refused.advise(verbatim(step)) if step else refused


class Aggregator:
    """The aggregator of a session, called by a party in it."""

    def __init__(self, node: Node, did: str, session: str) -> None:
        self._node = node
        self.did = did
        self._session = session

    def _url(self, step: str = "") -> str:
        base = self._node.peers.endpoint(self.did, "VoileHub")
        return f"{base}/aggregations/{self._session}{step}"

    def _post(self, step: str, body: Mapping[str, Any], kind: str, signed: str = "") -> Progress:
        """Post a step; keep what is promised of what we have signed, and of how it ended."""
        marks = partial(_outcome_too, signed)
        return _progress(
            post(self._node, self.did, self._url(step), body, kind=f"cohort-{kind}", marks=marks)
        )

    def open(self, session_jws: str, acceptances: Mapping[str, str], proof: list[str]) -> Progress:
        """Open the session (consumer)."""
        body = {"session": session_jws, "acceptances": dict(acceptances), "proof": proof}
        return self._post("", body, "open", session_jws)

    def indicate(self, indicators: str) -> Progress:
        """Send our indicators (provider)."""
        return self._post("/indicators", {"indicators": indicators}, "indicators", indicators)

    def contribute(self, batch: bytes, contribution: str) -> Progress:
        """Send our batch (provider)."""
        response = self._node.peers.call(
            self.did,
            "POST",
            self._url("/batch"),
            body=batch,
            headers={"Content-Type": MEDIA_TYPE, CONTRIBUTION_HEADER: contribution},
            timeout=CALL_SECONDS,
            kind="cohort-batch",
        )
        return self._told(response, contribution)

    def end(self, reason: str, about: str = "") -> Progress:
        """Ask for the end of the session, unless it was released."""
        return self._post("/end", {"reason": reason, "about": about}, "end")

    def progress(self) -> Progress:
        """Ask how far it is."""
        response = self._node.peers.call(
            self.did, "GET", self._url(), timeout=CALL_SECONDS, kind="cohort-progress"
        )
        return self._told(response)

    def _told(self, response: Response, signed: str = "") -> Progress:
        found = answered(self.did, response)
        statements.keep(self._node, self.did, response.headers, _outcome_too(signed, found))
        return _progress(found)

    def product(self) -> bytes:
        """Fetch the product (consumer)."""
        response = self._node.peers.call(
            self.did,
            "GET",
            self._url("/product"),
            timeout=CALL_SECONDS,
            max_bytes=MAX_BATCH_BYTES,
            kind="cohort-product",
        )
        if response.status != 200:
            answered(self.did, response)
        return response.body


def _outcome_too(signed: str, found: Mapping[str, Any]) -> list[str]:
    """Give the marks of what we have signed, and of the outcome that we are told."""
    return statements.marks(signed, found.get("outcome"))


def _progress(body: Mapping[str, Any]) -> Progress:
    texts = [body.get(name) for name in ("state", "cleared", "outcome")]
    state, cleared, outcome = (text if isinstance(text, str) else "" for text in texts)
    return Progress(state, cleared, outcome)
