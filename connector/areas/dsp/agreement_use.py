"""How an agreement stands: held by its provider's owner, made before, its newest transfer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam
from sqlmodel import col, or_, select

from connector.areas.dsp import processes
from connector.areas.dsp.context import QUESTION_FORMAT
from connector.areas.dsp.rows import AgreementRow, ProcessRow
from connector.areas.dsp.store import OF_AGREEMENT, STOPS
from connector.process.refusing import refusal
from connector.store.prepared import FIRST, Prepared
from contracts import transfer
from contracts.machine import TERMINATED, TERMINATION
from policies.reasons import Reason

if TYPE_CHECKING:
    from sqlmodel import Session

    from connector.areas.dsp.agreements import AgreementRecord
    from connector.areas.dsp.processes import ProcessRecord

_HOLDING: Final = Prepared(
    processes.chosen(
        *OF_AGREEMENT,
        col(ProcessRow.role) == "provider",
        or_(
            col(ProcessRow.paused_by) != "",
            *(col(ProcessRow.flying_event) == stop for stop in STOPS),
            col(ProcessRow.wanted) != "",
        ),
    )
)
_NEWEST: Final = Prepared(
    processes.chosen(*OF_AGREEMENT, col(ProcessRow.role) == bindparam("role"))
    .order_by(col(ProcessRow.created_ms).desc(), col(ProcessRow.changed_ms).desc())
    .limit(FIRST)
)


def holding(session: Session, found: AgreementRecord) -> ProcessRecord | None:
    """Find a transfer by which we, the provider, keep an agreement from being used now.

    One that our owner has suspended holds until the owner lifts it, even if the consumer ends it
    meanwhile; one that we are completing or ending holds until that has landed. A request that we
    are turning down holds nothing: another may come when its time has.
    """
    place = {"agreement": found.id, "counterparty": found.counterparty}
    return next(filter(_holds, processes.find(session, _HOLDING, **place)), None)


def _holds(row: ProcessRecord) -> bool:
    wanted = json.loads(row.wanted)["event"] if row.wanted else ""
    if row.state not in transfer.TABLE.final:
        stops = {row.flying_event, wanted} & set(STOPS)
        if row.format != QUESTION_FORMAT:
            stops.discard(transfer.COMPLETION)  # a file that has arrived stops no other
        if stops - ({TERMINATION} if row.state == transfer.REQUESTED else set()):
            return True
    return "provider" in row.paused_by.split(",") and row.flying_event != transfer.START


def passes(row: ProcessRecord) -> bool:
    """Whether a transfer holds its agreement only until our completion of it has landed.

    The consumer may have taken it already, and ask for the next one before we have its answer.
    """
    stopped = "provider" in row.paused_by.split(",") or row.wanted
    return row.flying_event == transfer.COMPLETION and not stopped


def bound_by(
    session: Session, *, counterparty: str, dataset: str, offer_id: str, besides: str
) -> AgreementRow | None:
    """Find what we have agreed already with a consumer on one of our offers, and not ended.

    An agreement on its way to FINALIZED binds us too, or several could be made side by side. So
    does one that the consumer has ended: else it could end and ask again, and never be counted out.

    Args:
        session: Any session.
        counterparty: The consumer.
        dataset: The dataset.
        offer_id: `@id` of the offer.
        besides: Our pid of the negotiation that asks.
    """
    processes.flush(session)
    rows = session.exec(
        select(AgreementRow, ProcessRow.offer)
        .join(ProcessRow, col(ProcessRow.pid) == col(AgreementRow.negotiation))
        .where(
            AgreementRow.role == "provider",
            AgreementRow.counterparty == counterparty,
            AgreementRow.dataset == dataset,
            or_(
                col(AgreementRow.ended_ms).is_(None),
                AgreementRow.ended_by == AgreementRow.counterparty,
            ),
            AgreementRow.negotiation != besides,
            ProcessRow.state != TERMINATED,
        )
        .order_by(col(AgreementRow.agreed_ms))
    ).all()
    return next((made for made, offer in rows if json.loads(offer)["@id"] == offer_id), None)


def newest_transfer(session: Session, found: AgreementRecord) -> ProcessRecord | None:
    """Find the transfer of an agreement that was opened last, ended or not."""
    place = {"agreement": found.id, "counterparty": found.counterparty, "role": found.role}
    return next(iter(processes.find(session, _NEWEST, **place)), None)


def check_usable(agreement: AgreementRecord, *, signed: bool = True) -> None:
    """See that something may be done under an agreement: the one order of these refusals.

    Args:
        agreement: The agreement.
        signed: Whether both sides must have signed it.

    Raises:
        Refused: It is not concluded yet, has ended, or is not signed by both sides.
    """
    if agreement.finalized_at is None:
        raise refusal(Reason(code="agreement.not-final", next="next.wait-final"))
    if agreement.ended_at is not None:
        raise refusal(Reason(code="agreement.ended", next="next.negotiate"))
    lacking = not_mutual(agreement) if signed else None
    if lacking is not None:
        raise refusal(lacking)


def not_mutual(agreement: AgreementRecord) -> Reason | None:
    """Say that one of the two sides has not signed an agreement; None if both have."""
    if agreement.signatures == "mutual":
        return None
    return Reason(
        code="agreement.not-mutual",
        expected="mutual",
        given=agreement.signatures,
        next="next.sign-both",
    )
