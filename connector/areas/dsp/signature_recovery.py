"""Signatures that a proxy stripped from the headers, fetched from the peer, then business goes on.

Spec: voile design evidence.md §2. What was fetched is checked like what came in a header; a bad one
ends the negotiation. A peer that gives none is treated as one that does not sign.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from connector.areas.dsp import inbound, processes, reactions, signing
from connector.areas.dsp.context import TABLES
from connector.areas.dsp.outbound import Why
from connector.process.errors import VoileError
from contracts import negotiation
from contracts.signatures import STAGES
from crypto.strict_json import loads

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.areas.dsp.context import Dsp
    from connector.areas.dsp.processes import ProcessRecord
    from connector.outbox import Verdict
    from connector.process.ports import Response
    from connector.store.outbox_rows import Queued
    from connector.store.transaction import Transaction

# what we were about to react to when we asked
_PENDING: Final[Mapping[tuple[str, str], str]] = {
    ("consumer", negotiation.AGREED): negotiation.AGREEMENT,
    ("provider", negotiation.VERIFIED): negotiation.VERIFICATION,
}


class StrippedSignatures:
    """Outcomes of questions for a peer's signatures."""

    def __init__(self, dsp: Dsp) -> None:
        self._dsp = dsp

    def acknowledged(self, tx: Transaction, row: Queued, response: Response) -> None:
        """Check what the peer has signed, keep it, and go on."""
        process = processes.get(tx.session, row.message_id)
        if process is None:
            return
        document = self._dsp.node.peers.at_hand(process.counterparty)
        try:
            given = _stages(response)
            kept = signing.stages(tx, process.pid)
            for stage in STAGES:
                jws = given.get(stage)
                if jws is not None and stage not in kept:
                    signing.check(tx, process, stage, jws, document)
        except VoileError as error:
            process.trouble = error.message
            if process.state not in TABLES[process.kind].final:
                reactions.refuse(self._dsp, tx, process, Why(code=error.code))
            return
        self._go_on(tx, process)

    def refused(self, tx: Transaction, row: Queued, response: Response) -> Verdict | None:
        """It shows none: go on as with a peer that does not sign."""
        process = processes.get(tx.session, row.message_id)
        if process is not None:
            self._dsp.node.log.info(
                "signatures-untold", peer=row.peer, process=process.pid, status=response.status
            )
            self._go_on(tx, process)
        return "done"

    def _go_on(self, tx: Transaction, process: ProcessRecord) -> None:
        event = _PENDING.get((process.role, process.state))
        if event is not None and not process.flying_event:
            self._dsp.react(self._dsp, tx, process, event)
        inbound.go_on(self._dsp, tx, process)


def _stages(response: Response) -> dict[str, str]:
    """Read the signatures by stage; what has another shape is no signature."""
    body: Any = loads(response.body, max_bytes=65_536)
    stages = body.get("stages") if isinstance(body, dict) else None
    return {
        stage: item["jws"]
        for stage, item in (stages.items() if isinstance(stages, dict) else ())
        if isinstance(item, dict) and isinstance(item.get("jws"), str)
    }
