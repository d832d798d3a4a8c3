"""Whether a file may flow under an agreement: asked before a delivery begins, and while it runs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from connector.areas.dsp import STOPS, find_agreement, find_process, holding
from connector.areas.dsp import decide_use as decide
from connector.areas.products import published_file
from connector.identity.fitness import unfit
from contracts import transfer
from policies.profile import USE

if TYPE_CHECKING:
    from sqlmodel import Session

    from catalog.file_product import Format
    from connector.areas.dsp import AgreementRecord, ProcessRecord
    from connector.areas.products import PublishedFile
    from connector.party.node import Node
    from policies.reasons import Reason


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found; without a code the file may flow.

    Attributes:
        code: Why not.
        file: What flows.
        row: The transfer.
    """

    code: str
    file: PublishedFile | None = None
    row: ProcessRecord | None = None


def formats(
    session: Session, agreement: AgreementRecord, file: PublishedFile
) -> tuple[Format, ...]:
    """Give the formats that an agreement lets through, as the product is on offer now."""
    negotiation = find_process(session, agreement.negotiation)
    offer = json.loads(negotiation.offer) if negotiation is not None and negotiation.offer else {}
    return file.product.formats_of(str(offer.get("@id", "")))


def policy_reasons(node: Node, session: Session, agreement: AgreementRecord) -> tuple[Reason, ...]:
    """Say why the agreement's terms do not let a file through now; no reasons: they do."""
    return decide(
        node,
        session,
        "transfer",
        policy=agreement.policy,
        peer=agreement.counterparty,
        dataset=agreement.dataset_id,
        action=USE,
    ).reasons


def look(node: Node, session: Session, pid: str) -> Verdict:
    """Say whether the file of one of our transfers may flow now, as its provider.

    A Start of ours that is still in flight is enough: what it opens is known only to who has
    received it. What we have decided to stop flows no more, acknowledged or not.
    """
    row = find_process(session, pid)
    if row is None or row.kind != "transfer" or row.role != "provider":
        return Verdict("transfer.unknown")
    if stopping(row):
        return Verdict("transfer.stopping", row=row)
    if row.state != transfer.STARTED and row.flying_event != transfer.START:
        return Verdict(f"transfer.{row.state.lower() or 'opening'}", row=row)
    agreement = find_agreement(session, row.agreement, counterparty=row.counterparty)
    if agreement is None or not agreement.in_force:
        return Verdict("agreement.ended", row=row)
    if holding(session, agreement) is not None:
        return Verdict("transfer.held", row=row)
    if unfit(node, session, row.counterparty):
        return Verdict("peer.uncertified", row=row)
    file = published_file(session, agreement.dataset_id)
    if file is None:
        return Verdict("product.withdrawn", row=row)
    if row.format not in formats(session, agreement, file):
        return Verdict("transfer.format-withdrawn", file, row)
    reasons = policy_reasons(node, session, agreement)
    return Verdict(reasons[0].code if reasons else "", file, row)


def stopping(row: ProcessRecord) -> bool:
    """Whether we have decided to stop a transfer, whatever the peer has heard of it yet."""
    wanted = json.loads(row.wanted)["event"] if row.wanted else ""
    return bool({row.flying_event, wanted} & set(STOPS))
