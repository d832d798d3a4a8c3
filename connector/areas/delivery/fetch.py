"""Fetching a file as the consumer: open a transfer, stream it to disk, verify, complete.

What opens the file stays inside the connector. A connection that breaks is taken up again with a
`Range`; a suspension is waited out for a while; what has come is kept for a later fetch.
"""

from __future__ import annotations

import base64
import json
import re
import time
from typing import TYPE_CHECKING, Final

from catalog.file_product import PULL
from connector.areas.delivery import problems
from connector.areas.delivery.addresses import Endpoint
from connector.areas.delivery.evidence import delivery_entry
from connector.areas.delivery.plane import address_name
from connector.areas.dsp import Dsp, open_transfer, own_process, steer, want
from connector.identity.fitness import check_fit_now
from connector.process import problems_peers
from connector.process.errors import PeerRefused, Refused, RemoteError, Unreachable, VoileError
from connector.process.refusing import refusal
from contracts import transfer
from crypto.strict_json import loads
from policies.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from connector.areas.delivery.part import Part
    from connector.areas.dsp import ProcessRecord
    from connector.party.node import Node
    from connector.process.ports import Streamed

WAIT_SECONDS: Final = 60.0
POLL_SECONDS: Final = 0.05
IDLE_SECONDS: Final = 60.0
LOOK_SECONDS: Final = 0.25
MAX_IDLE_ATTEMPTS: Final = 5  # in a row in which not a byte came
_PARTIAL: Final = 206
_RANGE: Final = re.compile(r"bytes ([0-9]{1,15})-[0-9]{1,15}/([0-9]{1,15}|\*)")
_LENGTH: Final = re.compile(r"[0-9]{1,15}")
_DIGEST: Final = re.compile(r"sha-256=:([A-Za-z0-9+/]{43}=):")


class Fetch:
    """One fetch: from an agreement to a whole file, or one error."""

    def __init__(self, node: Node, agreement: str, part: Part) -> None:
        self._node = node
        self._dsp = node.services[Dsp]
        self._agreement = agreement
        self._part = part
        self._expected = ""  # digest that the provider promises
        self.pid = ""
        self.total = 0  # bytes of the whole; 0 while unknown
        self._provider = ""
        self._look_at = 0.0  # of time.monotonic, when standings are looked at again

    def run(self, progress: Callable[[], None]) -> dict[str, object]:
        """Fetch the file.

        Args:
            progress: Told after every piece and while it waits; what it raises stops the fetch.

        Raises:
            Refused: The provider does not let it through, or one of the two sides is not certified.
            RemoteError: It cannot be reached, or what came is not what it promised.
        """
        self.pid = open_transfer(self._dsp, self._agreement, PULL)

        def go_on() -> None:
            progress()
            self._check_fit()

        try:
            self._fetch(go_on)
            self._check_fit(now=True)  # what was taken from a party without standing is not whole
            if self._expected not in ("", self._part.digest):
                self._part.begin("")
                raise PeerRefused(problems.DIGESTS_DIFFER, peer_status=200)
            self._part.finish()
        except VoileError as error:
            self._note("failed", error.code)
            raise
        self._note("complete", "")
        return {
            "transfer": self.pid,
            "out": str(self._part.out),
            "bytes": self._part.size,
            "digest": self._part.digest,
            "verified": bool(self._expected),
        }

    def _fetch(self, progress: Callable[[], None]) -> None:
        idle, renewed, used = 0, False, ""
        while True:
            row = self._started(progress, unlike=used)
            if row is None:  # started, with a token that did not open the file: its hour is over
                if renewed:
                    raise self._refused(401, b"")
                renewed, used = True, ""
                self._renew()
                continue
            endpoint = self._endpoint(row)
            before = self._part.size
            try:
                status = self._once(endpoint, progress)
            except Unreachable:
                status = 0
            if status == 200:
                return
            idle = 0 if self._part.size > before else idle + 1
            if idle >= MAX_IDLE_ATTEMPTS:
                raise Unreachable(problems.BROKEN)
            used = endpoint.authorization if status == 401 else ""
            time.sleep(0 if status == 401 else min(2.0, 0.1 * 2**idle))

    def _once(self, endpoint: Endpoint, progress: Callable[[], None]) -> int:
        """Ask once. Give 200 when the file is whole, 401 where the token opens nothing, else 0."""
        headers = {"Authorization": endpoint.authorization} if endpoint.authorization else {}
        if self._part.size and self._part.tag:  # else nobody could say that it is the same file
            headers |= {"Range": f"bytes={self._part.size}-", "If-Range": self._part.tag}
        with self._node.egress.stream(
            "GET", endpoint.url, headers=headers, idle=IDLE_SECONDS
        ) as answer:
            if answer.status == 401:
                return 401
            if answer.status == 416:  # nothing is missing, or another version is shorter
                self._part.begin("")
                return 0
            if answer.status not in (200, _PARTIAL):
                raise self._refused(answer.status, _body(answer))
            self._head(answer)
            for piece in answer.pieces:
                self._part.write(piece)
                progress()
        return 200 if self._part.size >= self.total else 0  # a part may be shorter than asked for

    def _head(self, answer: Streamed) -> None:
        """Read what the answer says of the whole; begin anew unless it goes on where we are."""
        headers = answer.headers
        match = _RANGE.fullmatch(headers.get("content-range", ""))
        goes_on = (
            answer.status == _PARTIAL and match is not None and int(match[1]) == self._part.size
        )
        if answer.status == _PARTIAL and not goes_on:
            raise PeerRefused(problems.OTHER_PART, peer_status=answer.status)
        if not goes_on:
            tag = headers.get("etag", "")
            self._part.begin("" if tag.startswith("W/") else tag)
        length = headers.get("content-length", "")
        self.total = self._part.size + int(length) if _LENGTH.fullmatch(length) else 0
        if match is not None and goes_on and match[2] != "*":
            self.total = int(match[2])
        digest = _DIGEST.search(headers.get("repr-digest", ""))
        self._expected = "sha-256:" + base64.b64decode(digest[1]).hex() if digest else ""

    def _started(self, progress: Callable[[], None], *, unlike: str) -> ProcessRecord | None:
        """Wait until the transfer is started, with a token other than the one that failed.

        Returns:
            The transfer; None where it is started and its token stays the one that failed.

        Raises:
            Refused: It has ended, or stays suspended.
        """
        until = time.monotonic() + WAIT_SECONDS
        grace = time.monotonic() + 1.0  # in which a suspension on its way may still arrive
        while True:
            progress()
            with self._node.db.reading() as session:
                row = own_process(session, "transfer", self.pid)
            self._provider = row.counterparty
            if row.state == transfer.STARTED and not row.flying_event:
                self._check_fit(now=True)
                if not unlike or self._endpoint(row).authorization != unlike:
                    return row
                if time.monotonic() > grace:
                    return None
            if row.state in transfer.TABLE.final or time.monotonic() > until:
                raise _not_started(row)
            time.sleep(POLL_SECONDS)

    def _check_fit(self, *, now: bool = False) -> None:
        """Go on only while both sides are certified; looked at a few times a second, or now.

        Raises:
            Refused: One of them is not.
        """
        if not self._provider or not (now or time.monotonic() >= self._look_at):
            return
        self._look_at = time.monotonic() + LOOK_SECONDS
        check_fit_now(self._node, self._provider)

    def _renew(self) -> None:
        """Open another transfer: its Start brings a fresh token."""
        steer(self._dsp, self.pid, "complete")
        self.pid = open_transfer(self._dsp, self._agreement, PULL)

    def _endpoint(self, row: ProcessRecord) -> Endpoint:
        return Endpoint(**json.loads(self._node.secrets.get(address_name(row.pid))))

    def _note(self, outcome: str, why: str) -> None:
        """Leave the leaf; a whole file completes its transfer in the same transaction."""
        with self._node.db.transaction() as tx:
            row = own_process(tx.session, "transfer", self.pid)
            query = {
                "delivery": "pull",
                "outcome": outcome,
                "product": row.dataset,
                "bytes": self._part.size,
                **({"version": self._part.digest} if outcome == "complete" else {"why": why}),
                **({"promised": self._expected} if self._expected else {}),
            }
            tx.append(delivery_entry(self._node, tx, row, query))
            if outcome == "complete" and row.state == transfer.STARTED:
                want(self._dsp, tx, row, transfer.COMPLETION)

    def _refused(self, status: int, body: bytes) -> VoileError:
        try:
            said = loads(body, max_bytes=65_536)["error"]["code"]
        except (VoileError, KeyError, TypeError):
            said = ""
        if status == 403 and isinstance(said, str) and said:
            return refusal(
                Reason(code="delivery.refused", given=said[:100], next="next.ask-provider")
            )
        return PeerRefused(
            problems_peers.DELIVERY_ANSWERED, peer_status=status, body=body, status=status
        )


def _body(answer: Streamed) -> bytes:
    found = b""
    for piece in answer.pieces:
        found += piece
        if len(found) > 65_536:
            break
    return found[:65_536]


def _not_started(row: ProcessRecord) -> Refused | RemoteError:
    told: list[Mapping[str, object]] = [
        item for item in json.loads(row.ended_reason or "[]") if isinstance(item, dict)
    ]
    reasons = [Reason.from_json(item) for item in told]
    given = row.ended_code or row.state or "OPENING"
    first = Reason(code="delivery.not-started", given=given, next="next.ask-provider")
    return refusal(first, *(reason for reason in reasons if reason.code))
