"""What must stand before a question leaves: the agreement, and a transfer that is STARTED."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Final

from connector.areas.dsp import (
    TURNED_DOWN,
    Dsp,
    check_usable,
    named_agreement,
    newest_transfer,
    not_as_consumer,
    open_transfer,
    own_process,
    started_transfer,
)
from connector.areas.questions import problems
from connector.areas.questions.enforcement import refusal
from connector.identity.fitness import check_fit
from connector.process.errors import Unreachable
from contracts import transfer
from policies.reasons import Reason

if TYPE_CHECKING:
    from connector.areas.dsp import AgreementRecord, ProcessRecord
    from connector.party.node import Node


WAIT_SECONDS: Final = 20.0  # for a transfer to start


POLL_SECONDS: Final = 0.02
_AGREEMENT_ENDED: Final = "agreement.ended"
_HELD: Final = "transfer.held"


def agreement_of(node: Node, agreement_id: str) -> AgreementRecord:
    """Find an agreement under which we may ask, by its id or our pid of its negotiation.

    Raises:
        NotFound: We have no such agreement as consumer.
        Conflict: We have several with this id.
        Refused: It is not in force, or not signed by both sides.
    """
    with node.db.reading() as session:
        agreement = named_agreement(session, agreement_id, role="consumer")
    if agreement is None or agreement.role != "consumer":
        raise not_as_consumer(agreement_id)
    check_usable(agreement)
    return agreement


def started_endpoint(node: Node, agreement: AgreementRecord) -> str:
    """Return where questions of an agreement go; open a transfer if none is STARTED.

    Raises:
        Refused: The provider ended the transfer, or it is suspended.
        Unreachable: It did not start in time.
    """
    row = _started(node, agreement)
    if row is None:
        _check_not_ended(node, agreement)
        pid = open_transfer(node.services[Dsp], agreement.negotiation)
        row = _wait_started(node, pid)
    address = json.loads(row.data_address) if row.data_address else {}
    endpoint = address.get("endpoint")
    if isinstance(endpoint, str) and endpoint:
        return endpoint
    return node.peers.endpoint(agreement.counterparty) + "/questions"


def _started(node: Node, agreement: AgreementRecord) -> ProcessRecord | None:
    with node.db.reading() as session:
        return started_transfer(
            session, agreement.id, counterparty=agreement.counterparty, role="consumer"
        )


def _check_not_ended(node: Node, agreement: AgreementRecord) -> None:
    """A transfer that the provider ended is not opened again by itself.

    One that it turned down is: its time may have come.

    Raises:
        Refused: The provider ended the last one, or the agreement.
    """
    with node.db.reading() as session:
        last = newest_transfer(session, agreement)
    if last is None or last.state not in transfer.TABLE.final:
        return
    if last.ended_by != agreement.counterparty or last.ended_code == TURNED_DOWN:
        return
    if last.peer_pid is None and last.ended_code != _AGREEMENT_ENDED:
        return  # it never began
    words = [word for word in json.loads(last.ended_reason or "[]") if isinstance(word, str)]
    said = "; ".join(words) or last.ended_code or last.state
    found = Reason(code="transfer.ended-by-provider", given=said, next="next.ask-provider")
    more = _known(last) if last.ended_code == _AGREEMENT_ENDED else ()
    raise refusal(found, *more)


def _known(row: ProcessRecord) -> tuple[Reason, ...]:
    """Say in our words what the provider gave as a code."""
    if row.ended_code == _AGREEMENT_ENDED:
        return (Reason(code=_AGREEMENT_ENDED, next="next.negotiate"),)
    if row.ended_code == _HELD or "provider" in row.paused_by.split(","):
        return (Reason(code=_HELD, given=row.peer_pid or "", next="next.ask-provider"),)
    return ()


def _wait_started(node: Node, pid: str) -> ProcessRecord:
    until = time.monotonic() + WAIT_SECONDS
    while True:
        with node.db.reading() as session:
            row = own_process(session, "transfer", pid)
            check_fit(node, session, row.counterparty)  # nothing will come from who is not
        if row.state == transfer.STARTED:
            return row
        if row.state in (transfer.SUSPENDED, transfer.TERMINATED, transfer.COMPLETED):
            told = json.loads(row.ended_reason) if row.ended_reason else []
            reasons = [Reason.from_json(r) for r in told if isinstance(r, dict)]
            first = Reason(code="transfer.not-started", given=row.state, next="next.start-transfer")
            raise refusal(first, *_known(row), *(reason for reason in reasons if reason.code))
        if time.monotonic() > until:
            raise Unreachable(problems.TRANSFER_SLOW, pid=pid, seconds=f"{WAIT_SECONDS:.0f}")
        time.sleep(POLL_SECONDS)
