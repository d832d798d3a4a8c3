"""What became of a message of ours: acknowledged, refused, or a state to be compared.

Spec: voile design dsp.md §1; security.md §4.4. Any 2xx acknowledges. 5xx and silence are the
outbox' business: it sends the same message again. A refused opening ends the process; 400 and 409
mean that the states may differ: we ask for the peer's and bring ourselves in line, else the message
comes again. After a 409 it does so soon, and what we send to that peer from then on is held back a
little: some save their step only after the exchange (dsp.md §7). That it does not know us, or the
process, is believed when it has said so a few times: a token that a proxy sent twice is refused in
the same words. A process that it has answered for before may only be saved late: it is doubted for
a minute that it is not there. An error to our own termination is ignored. The rest is parked and
explained.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from connector.areas.dsp import ended, evidence, inbound, processes, store
from connector.areas.dsp import in_flight as flights
from connector.areas.dsp import lost_updates as lapses
from connector.areas.dsp.context import TABLES
from connector.areas.dsp.peer_queries import CHECKPOINT_KIND, SIGNATURES_KIND, STATE_KIND, ask_state
from connector.areas.dsp.signature_recovery import StrippedSignatures
from connector.evidence import promises
from connector.outbox.outcome import STRANGER_STATUS
from connector.process.errors import VoileError
from connector.process.ports import unix_ms
from contracts import machine
from contracts import messages as m
from contracts.errors import RemoteProtocolError
from contracts.machine import HELD, NONE, TERMINATION
from contracts.messages.table import BY_TYPE
from crypto.strict_json import loads

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.areas.dsp.context import Dsp
    from connector.areas.dsp.processes import ProcessRecord
    from connector.outbox import Handler, Verdict
    from connector.process.ports import Response
    from connector.store.outbox_rows import Queued
    from connector.store.transaction import Transaction

MAX_REFUSALS: Final = 8  # attempts that met 400 before the message is parked
MAX_NOT_READY: Final = 12  # and 409: about a minute, as the first ones follow each other fast
_DOUBTS: Final = 3  # times, after the outbox' own one, until it is believed that it knows us not
_UNKNOWN: Final = 404
_MOST_DOUBTED: Final = 10_000  # messages
_DIFFERS: Final = frozenset({400, flights.NOT_READY})
_PATIENCE: Final = 3  # attempts that met 409 before we ask for the state


def handlers(dsp: Dsp) -> dict[str, Handler]:
    """Make what hears of every message that we send, by its outbox kind."""
    messages = Messages(dsp)
    return {
        **{name: messages for name in BY_TYPE if name.endswith("Message")},
        STATE_KIND: States(dsp),
        CHECKPOINT_KIND: Checkpoints(dsp),
        SIGNATURES_KIND: StrippedSignatures(dsp),
        ended.KIND: ended.Ends(dsp),
    }


_STATES: Final[Mapping[str, type[m.ContractNegotiation | m.TransferProcess]]] = {
    "negotiation": m.ContractNegotiation,
    "transfer": m.TransferProcess,
}


class Messages:
    """Outcomes of protocol messages."""

    def __init__(self, dsp: Dsp) -> None:
        self._dsp = dsp
        # by message: how often it was refused so, and since when; a restart doubts anew
        self._doubts: dict[int, tuple[int, int]] = {}

    def acknowledged(self, tx: Transaction, row: Queued, response: Response) -> None:
        """The peer took it: our state changes now."""
        self._taken(tx, row, response)
        promises.keep(self._dsp.node, tx, row.peer, response.headers, promises.expected(tx))

    def _taken(self, tx: Transaction, row: Queued, response: Response) -> None:
        self._doubts.pop(row.id, None)
        process = _in_flight(tx, row)
        if process is None:  # a message of the peer's has settled it meanwhile
            settled = processes.get(tx.session, row.process)
            if settled is not None:
                evidence.confirmed(self._dsp, tx, settled, row)
            self._forget(tx, row)
            lapses.look_again(self._dsp, tx, row)
            return
        if process.peer_pid is None and not self._learn_pid(tx, process, response):
            process.trouble = "the peer took our opening message with an answer that cannot be read"
            return  # the peer's next message will bring its pid
        transition = machine.acknowledge(TABLES[process.kind], store.process_of(process))
        inbound.apply(self._dsp, tx, process, transition, None, settled=row)
        lapses.look_later(self._dsp, tx, process)
        inbound.go_on(self._dsp, tx, process)

    def refused(self, tx: Transaction, row: Queued, response: Response) -> Verdict | None:
        """The peer did not take it."""
        process = _in_flight(tx, row)
        began = process is not None and process.state != NONE
        patience = lapses.AGAIN_MS if began and response.status == _UNKNOWN else 0
        doubted = response.status in STRANGER_STATUS and self._doubt(tx, row, patience)
        if process is None and doubted:
            return "retry"
        if process is None:
            self._forget(tx, row)
            if response.status == flights.NOT_READY:
                lapses.look_again(self._dsp, tx, row)
            return "done"
        event, state = process.flying_event, store.process_of(process)
        table = TABLES[process.kind]
        code, reasons = _read_error(response)
        process.trouble = f"{response.status} {code}".strip()
        if doubted:  # our token was taken for another's, or the peer has not its state at hand
            return "retry"
        if event == TERMINATION:
            transition = machine.acknowledge(table, state)
        elif process.state == NONE:
            process.ended_by, process.ended_code = process.counterparty, code or "refused"
            process.ended_reason = json.dumps(reasons, ensure_ascii=False)
            transition = machine.refused_opening(table, state)
        else:
            if response.status not in _DIFFERS:
                return "park"
            if code == f"{table.name}.{HELD}" and process.state == process.flying_source:
                process.paused_by = "consumer,provider"  # no message could tell us: ours came first
            return self._differs(tx, row, process, response)
        trouble = process.trouble
        inbound.apply(self._dsp, tx, process, transition, None, settled=row, taken=False)
        process.trouble = trouble
        inbound.go_on(self._dsp, tx, process)
        return "done"

    def _doubt(self, tx: Transaction, row: Queued, patience_ms: int) -> bool:
        """Count that a peer says once more to know us not, or the process; tell if that is doubted.

        Attempts that nobody answered say nothing: a message may have had many before the first 404.
        """
        if len(self._doubts) >= _MOST_DOUBTED:
            self._doubts.clear()
        now = unix_ms(tx.now)
        times, since = self._doubts.pop(row.id, (0, now))
        times += 1
        if times < _DOUBTS or now - since < patience_ms:
            self._doubts[row.id] = (times, since)
            return True
        return False

    def _forget(self, tx: Transaction, row: Queued) -> None:
        """Drop the bytes of a message that opens something: it is not sent again."""
        if row.sealed:
            self._dsp.node.secrets.delete(tx, row.sealed)

    def _differs(
        self, tx: Transaction, row: Queued, process: ProcessRecord, response: Response
    ) -> Verdict:
        """A refusal by state: ours to wait for, where the peer has not saved its own step yet."""
        if response.status == flights.NOT_READY:
            self._dsp.node.outbox.pace.slow(row.peer)
            if row.attempts < _PATIENCE:
                return "soon"
            ask_state(self._dsp, tx, process)
            return "soon" if row.attempts < MAX_NOT_READY else "park"
        ask_state(self._dsp, tx, process)
        return "retry" if row.attempts < MAX_REFUSALS else "park"

    def _learn_pid(self, tx: Transaction, process: ProcessRecord, response: Response) -> bool:
        try:
            answer = m.parse(response.body, _STATES[process.kind], answer=True)
        except RemoteProtocolError as error:
            self._dsp.node.log.warning("answer-unreadable", code=error.code, error=error.message)
            return False
        ours, theirs = answer.consumer_pid, answer.provider_pid
        if process.role == "provider":
            ours, theirs = theirs, ours
        if ours != process.pid or store.is_taken(tx.session, process, theirs):
            return False
        process.peer_pid = theirs
        return True


class States:
    """Outcomes of questions for the peer's state."""

    def __init__(self, dsp: Dsp) -> None:
        self._dsp = dsp

    def acknowledged(self, tx: Transaction, row: Queued, response: Response) -> None:
        """Compare; apply only what explains the difference."""
        process = processes.get(tx.session, row.message_id)
        if process is None:
            return
        try:
            answer = m.parse(response.body, _STATES[process.kind], answer=True)
        except RemoteProtocolError as error:
            _said(tx, process, f"state unreadable: {error.message}")
            return
        _said(tx, process, answer.state)
        if lapses.say_again(self._dsp, tx, process, answer.state):
            return
        before = store.process_of(process)
        lane = (process.counterparty, process.pid)
        refused = flights.refused(tx, process) and not self._dsp.node.outbox.under_way(lane)
        transition = machine.reconcile(TABLES[process.kind], before, answer.state, refused=refused)
        if before.in_flight is None and transition.process == before:
            return  # nothing was amiss
        told = f"the peer says it is in {answer.state}"
        process.trouble = f"{process.trouble}; {told}" if process.trouble else told
        if transition.process == before:
            return
        if transition.process.state == machine.TERMINATED:
            process.ended_by = process.ended_by or process.counterparty
        inbound.apply(self._dsp, tx, process, transition, None)
        inbound.go_on(self._dsp, tx, process)

    def refused(self, tx: Transaction, row: Queued, response: Response) -> Verdict | None:
        """It does not know the process, or does not tell: no objection to anything we said."""
        process = processes.get(tx.session, row.message_id)
        if process is not None:
            _said(tx, process, f"answered {response.status}")
        return "done"


class Checkpoints:
    """Outcomes of the exchange of signed log heads when a negotiation is concluded."""

    def __init__(self, dsp: Dsp) -> None:
        self._dsp = dsp

    def acknowledged(self, tx: Transaction, row: Queued, response: Response) -> None:
        """Keep the peer's head as a leaf: from now on it cannot rewrite what we have seen."""
        try:
            self._dsp.node.checkpoints.accept_peer(tx, row.peer, response.body)
        except VoileError as error:
            self._dsp.node.log.warning("peer-checkpoint", peer=row.peer, code=error.code)

    def refused(self, _tx: Transaction, _row: Queued, _response: Response) -> Verdict | None:
        """A peer that shows no head: it does not hold up business."""
        return "done"


def _said(tx: Transaction, process: ProcessRecord, words: str) -> None:
    """Keep what the peer said when it was asked for its state, for `voile explain`."""
    process.peer_said, process.peer_said_ms = words, unix_ms(tx.now)


def _in_flight(tx: Transaction, row: Queued) -> ProcessRecord | None:
    process = processes.get(tx.session, row.process)
    return process if process is not None and process.flying_message == row.message_id else None


def _read_error(response: Response) -> tuple[str, list[Any]]:
    """Read code and reasons out of whatever the peer answered; never fails."""
    try:
        body = loads(response.body, max_bytes=65_536)
    except VoileError:
        return "", []
    if not isinstance(body, dict):
        return "", []
    code, reason = body.get("code"), body.get("reason")
    return (code if isinstance(code, str) else "")[:200], reason if isinstance(reason, list) else []
