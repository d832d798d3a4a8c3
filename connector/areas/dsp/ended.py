"""Ending an agreement, from either side, whether or not there is a transfer of it.

DSP has no message for it: what it can say is that transfers are over, so those that are open are
terminated. A Voile on the other side is told by a message of ours; a plain peer is not, and the
agreement is over here only: nothing is asked, opened or answered under it any more.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from sqlalchemy import select
from sqlmodel import col

from connector.areas.dsp import agreements, giving_up, naming, outbound, problems, processes, store
from connector.areas.dsp import owner_decisions as ending
from connector.areas.dsp.outbound import Why
from connector.process.errors import Conflict, NotFound
from connector.store.outbox_rows import OutboxRow, Outgoing
from contracts.machine import TERMINATION
from contracts.versions import PATH
from crypto.record_errors import wrong

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connector.areas.dsp.agreements import AgreementRecord
    from connector.areas.dsp.context import Dsp
    from connector.identity.auth import Caller
    from connector.outbox import Verdict
    from connector.process.ports import Response
    from connector.store.outbox_rows import Queued
    from connector.store.transaction import Transaction

KIND: Final = "AgreementEnd"
CODE: Final = "agreement.ended"  # where the owner gives none
MAX_BODY: Final = 65_536
DOUBTS: Final = 8  # attempts, about a minute
MAX_REASON: Final = MAX_BODY // 2


def end(dsp: Dsp, agreement_id: str, *, code: str = "", reason: Sequence[Any] = ()) -> bool:
    """End an agreement as our owner wants; once ended, a repeat changes nothing.

    Args:
        dsp: The protocol.
        agreement_id: Its name, see `connector.areas.dsp.naming`.
        code: Why, as a stable code.
        reason: Why, in words for the other side.

    Returns:
        Whether the other side can be told: it is a Voile.

    Raises:
        NotFound: We have no such agreement.
        Conflict: It is not concluded yet, or there are several under this id.
    """
    why = Why(code=code or CODE, reason=tuple(reason))
    with dsp.node.db.transaction() as tx:
        found = naming.named(tx.session, agreement_id)
        if found is None:
            raise NotFound(problems.AGREEMENT_MISSING, agreement=agreement_id[:200])
        if found.finalized_at is None:
            raise Conflict(problems.NOT_FINAL, agreement=agreement_id[:200], pid=found.negotiation)
        voile = found.signatures == "mutual"
        us = dsp.node.settings.did
        if ending.end(tx, found, by=us, who="owner", why=why):
            _stop_transfers(dsp, tx, found, why)
            if voile:
                _tell(tx, found, why)
        elif voile and found.ended_by == us and not _told(tx, found):
            # it ended with a transfer that our owner terminated, which the protocol's own message
            # says to nobody
            _tell(tx, found, why)
        return voile


def check_why(code: str, reason: Sequence[Any]) -> None:
    """Refuse what the other side would not take, before anything ends here.

    Raises:
        MalformedError: A code that is no line, or reasons beyond what a message carries.
    """
    if not code.isprintable():
        raise wrong("/code", code, problems.ONE_LINE)
    if len(json.dumps(list(reason))) > MAX_REASON:
        raise wrong("/reason", reason, problems.REASONS.of(most=MAX_REASON))


def heard(dsp: Dsp, caller: Caller, agreement_id: str, why: Why) -> AgreementRecord:
    """Take the other side's word that it has ended an agreement; a repeat changes nothing.

    Raises:
        NotFound: The caller has no such agreement with us.
    """
    with dsp.node.db.transaction() as tx:
        caller.consume(tx)
        found = agreements.find(tx.session, agreement_id, counterparty=caller.did)
        if found is None or found.finalized_at is None:
            raise NotFound(problems.NO_AGREEMENT)
        ending.end(tx, found, by=caller.did, who="peer", why=why)
        return found


def _stop_transfers(dsp: Dsp, tx: Transaction, found: AgreementRecord, why: Why) -> None:
    """Terminate what is open of it, as DSP has it: the peer hears of it in its own terms."""
    for row in store.open_transfers(tx.session, found):
        row.ended_by, row.ended_code = dsp.node.settings.did, why.code
        row.ended_reason = json.dumps(list(why.reason), ensure_ascii=False)
        if not giving_up.give_up(dsp, tx, row):
            outbound.want(dsp, tx, row, TERMINATION, why)


def _told(tx: Transaction, found: AgreementRecord) -> bool:
    """Whether a word of ours is on its way, or has arrived lately."""
    query = select(col(OutboxRow.id)).where(
        col(OutboxRow.kind) == KIND, col(OutboxRow.process) == f"{found.negotiation}#end"
    )
    return tx.session.execute(query.limit(1)).first() is not None


def _tell(tx: Transaction, found: AgreementRecord, why: Why) -> None:
    row = processes.get(tx.session, found.negotiation)
    assert row is not None, "an agreement has its negotiation"
    root = row.callback.rstrip("/").removesuffix(PATH)
    name = quote(found.id, safe=":")
    tx.send(
        Outgoing(
            peer=found.counterparty,
            url=f"{root}/voile/v1/agreements/{name}/end",
            body=json.dumps(
                {"code": why.code, "reason": list(why.reason)}, ensure_ascii=False
            ).encode(),
            kind=KIND,
            process=f"{found.negotiation}#end",
            message_id=found.negotiation,
            headers={"Content-Type": "application/json"},
        )
    )


class Ends:
    """Outcomes of our word that an agreement has ended."""

    def __init__(self, dsp: Dsp) -> None:
        self._dsp = dsp

    def acknowledged(self, tx: Transaction, row: Queued, response: Response) -> None:
        """The other side has it."""

    def refused(self, _tx: Transaction, row: Queued, response: Response) -> Verdict | None:
        """It does not know the agreement, or is an older Voile: over here it is all the same.

        A 404 is doubted for a while, as its own state may follow ours; and a party that we are not
        certified for now may be told later.
        """
        if response.status in {401, 403, 409}:
            return "retry"
        if response.status == 404 and row.attempts < DOUBTS:
            return "retry"
        self._dsp.node.log.info(
            "agreement-end-untold", peer=row.peer, process=row.process, status=response.status
        )
        return "done"
