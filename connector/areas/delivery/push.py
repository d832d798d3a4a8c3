"""Sending files: a worker that pushes what is due, with patience, and survives the process.

A push is due once its transfer is started. It is done when the destination has answered 2xx: leaf,
completion and row commit together. If the process dies before that, the file goes out again from
its first byte: at least once. A destination that does not take it is tried with growing pauses,
then the transfer is terminated with a code.
"""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from sqlmodel import col, select

from connector.areas.delivery import problems
from connector.areas.delivery.addresses import Endpoint
from connector.areas.delivery.live import COMPLETE, Cut, Deliveries, Live, entry
from connector.areas.delivery.may_flow import look, stopping
from connector.areas.delivery.plane import destination_name
from connector.areas.delivery.rows import DONE, FAILED, WAITING, PushRow
from connector.areas.dsp import Dsp, ProcessRow, Why, find_process, refuse_process, want
from connector.areas.products import path_of
from connector.outbox.outcome import delay_ms
from connector.process.actor import Actor
from connector.process.errors import EgressRefused, PeerRefused, StoreError, TooMany, VoileError
from connector.process.job import Every, Pool
from connector.process.ports import unix_ms
from contracts import transfer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from connector.areas.dsp import ProcessRecord
    from connector.party.node import Node
    from connector.store.transaction import Transaction

PIECE: Final = 1 << 18
AT_ONCE: Final = 4
SCAN: Final = 64  # waiting files looked at in one pass
LOOK_SECONDS: Final = 1.0
IDLE_LOOK_SECONDS: Final = 30.0  # while nothing waits; whatever moves wakes it
MAX_ATTEMPTS: Final = 8  # about two minutes of a destination that does not take it
IDLE_SECONDS: Final = 60.0
ACTOR: Final = Actor("job", "push")
_GIVEN_UP: Final = "delivery.failed"
_REFUSED: Final = "delivery.destination-refused"


class Pusher:
    """Pushes the files of one node."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._lock = threading.Lock()
        self._busy: set[str] = set()
        self._pause = LOOK_SECONDS
        self._wake = node.services[Deliveries].moved
        self._pool = Pool("push", AT_ONCE, node.log, by=ACTOR)
        self._job = Every(
            "pusher", lambda: self._pause, self._hand_out, node.log,
            due=self._wake, at_once=True, patience=5,
        )  # fmt: skip

    def start(self) -> None:
        """Start pushing."""
        self._pool.start()
        self._job.start()

    def stop(self) -> None:
        """Stop; the deliveries under way are cut by their own worker, and go out again later."""
        self._job.stop()
        self._pool.stop()

    def push_due(self) -> int:
        """Push what is due in this thread, for nodes whose worker was not started."""
        due = self._due()
        for pid in due:
            self._push(pid)
        return len(due)

    def _hand_out(self) -> None:
        for pid in self._due():
            with self._lock:
                if pid in self._busy or len(self._busy) >= AT_ONCE:
                    continue
                self._busy.add(pid)
            self._pool.submit(partial(self._run, pid))

    def _run(self, pid: str) -> None:
        try:
            self._push(pid)
        except Exception:  # a bug of ours: the row is due again, other pushes go on
            self._node.log.exception("push-crashed", process=pid)
        finally:
            with self._lock:
                self._busy.discard(pid)

    def _due(self) -> list[str]:
        """Give the transfers whose file may go out now, the longest waiting first."""
        query = (
            select(PushRow.transfer, PushRow.next_ms)
            .join(ProcessRow, col(ProcessRow.pid) == col(PushRow.transfer))
            .where(
                PushRow.state == WAITING,
                ProcessRow.state == transfer.STARTED,
                ProcessRow.flying_event == "",
                ProcessRow.wanted == "",
            )
            .order_by(col(PushRow.next_ms))
            .limit(SCAN)
        )
        with self._node.db.reading() as session:
            rows = session.exec(query).all()
        now = unix_ms(self._node.clock.now())
        self._pause = LOOK_SECONDS if rows else IDLE_LOOK_SECONDS
        return [pid for pid, next_ms in rows if next_ms <= now]

    def _push(self, pid: str) -> None:
        node = self._node
        with node.db.reading() as session:
            verdict = look(node, session, pid)
        if verdict.code or verdict.file is None or verdict.row is None:
            self._put_off(pid, verdict.code)
            return
        file, deliveries = verdict.file, node.services[Deliveries]
        live = Live(
            transfer=pid,
            peer=verdict.row.counterparty,
            way="push",
            file=file,
            start=0,
            length=file.version.size,
        )
        try:
            deliveries.begin(live)
        except TooMany as error:
            self._put_off(pid, error.code)
            return
        try:
            self._send(live, path_of(node, file))
        except Cut:
            pass  # what it was cut for stands in it
        except VoileError as error:
            live.failed = _REFUSED if isinstance(error, EgressRefused) else error.code
        finally:
            written = False
            try:
                self._conclude(live)
                written = True
            finally:  # a full disk must not leave it counted as under way
                deliveries.end(live, written=written)
                self._wake.set()

    def _send(self, live: Live, path: Path) -> None:
        """Send the file.

        Raises:
            Cut: It was stopped.
            VoileError: The destination did not take it.
        """
        sealed = self._node.secrets.get(destination_name(live.transfer))
        to = Endpoint(**json.loads(sealed))
        headers: dict[str, str] = {"Content-Type": live.file.version.media}
        if to.authorization:
            headers["Authorization"] = to.authorization
        with self._node.egress.stream(
            "POST",
            to.url,
            body=_pieces(live, path),
            length=live.length,
            headers=headers,
            idle=IDLE_SECONDS,
        ) as answer:
            if not 200 <= answer.status < 300:
                raise PeerRefused(
                    replace(problems.DESTINATION_ANSWERED, code=f"http.{answer.status}"),
                    peer_status=answer.status,
                )

    def _put_off(self, pid: str, code: str) -> None:
        """Look again in a second at what may not go out now."""
        with self._node.db.transaction() as tx:
            push = tx.session.get(PushRow, pid)
            assert push is not None, "a push is never deleted"
            push.reason, push.next_ms = code, unix_ms(tx.now) + 1000
            tx.session.add(push)

    def _conclude(self, live: Live) -> None:
        """Write down what an attempt came to; a stopped one waits for the next Start.

        One that arrived as its transfer was being suspended goes out again: at least once.
        """
        dsp = self._node.services[Dsp]
        with self._node.db.transaction() as tx:
            push = tx.session.get(PushRow, live.transfer)
            row = find_process(tx.session, live.transfer)
            assert push is not None, "a push is never deleted"
            assert row is not None, "nor is its transfer"
            tx.append(entry(self._node, tx, live, live.outcome))
            push.reason = live.failed or live.cut
            if live.failed:
                self._failed(dsp, tx, push, row, live.failed)
            elif live.outcome == COMPLETE and row.state == transfer.STARTED and not stopping(row):
                push.state = DONE
                want(dsp, tx, row, transfer.COMPLETION)
            tx.session.add(push)

    def _failed(
        self, dsp: Dsp, tx: Transaction, push: PushRow, row: ProcessRecord, code: str
    ) -> None:
        push.attempts += 1
        push.next_ms = unix_ms(tx.now) + delay_ms(push.attempts + 2)
        self._node.log.info("push-failed", process=row.pid, reason=code)
        if push.attempts < MAX_ATTEMPTS and code != _REFUSED:
            return
        push.state = FAILED
        if row.state not in transfer.TABLE.final:
            why = Why(code=code if code == _REFUSED else _GIVEN_UP, reason=({"code": code},))
            refuse_process(dsp, tx, row, why)


def _pieces(live: Live, path: Path) -> Iterator[bytes]:
    """Read the file piece by piece, as long as the delivery may go on."""
    try:
        with path.open("rb") as file:
            while True:
                live.check()
                piece = file.read(PIECE)
                if not piece:
                    break
                yield piece
                live.sent += len(piece)
    except FileNotFoundError as error:
        raise StoreError(problems.FILE_GONE) from error
    if live.sent != live.length:
        raise StoreError(problems.COPY_DAMAGED)
