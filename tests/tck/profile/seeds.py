"""The agreements that the kit takes for granted: concluded before it came, in either role."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from sqlmodel import select

from connector.areas.dsp import evidence, processes
from connector.areas.dsp.names import fresh_urn
from connector.areas.dsp.rows import AgreementRow
from connector.process.ports import unix_ms
from contracts.agreements import agreement_of, message_offer
from contracts.evidence import Entry
from contracts.negotiation import FINALIZED
from tests.tck.profile.identity import KIT
from tests.tck.profile.shelf import USE, offer_id
from tests.tck.profile.table import seeds

if TYPE_CHECKING:
    from connector.areas.dsp.context import Dsp
    from connector.store.transaction import Transaction
    from contracts.machine import Role

_ROLES: Final[tuple[tuple[str, Role], ...]] = (("ATP", "provider"), ("ATPC", "consumer"))


def sow(dsp: Dsp) -> int:
    """Make the agreements that are missing; those of an earlier run stay as they are.

    Returns:
        How many were made.
    """
    made = 0
    with dsp.node.db.transaction() as tx:
        for prefix, role in _ROLES:
            for name in seeds(prefix):
                if not _is_there(tx, name):
                    _conclude(dsp, tx, name, role)
                    made += 1
    return made


def _is_there(tx: Transaction, name: str) -> bool:
    query = select(AgreementRow).where(
        AgreementRow.agreement == name, AgreementRow.counterparty == KIT.id
    )
    return tx.session.exec(query).first() is not None


def _conclude(dsp: Dsp, tx: Transaction, name: str, role: Role) -> None:
    us, now = dsp.node.settings.did, unix_ms(tx.now)
    dataset = f"{name}:dataset"
    offer = message_offer({"@id": offer_id(dataset), "permission": list(USE)}, dataset_id=dataset)
    body = agreement_of(
        offer,
        agreement_id=name,
        assigner=us if role == "provider" else KIT.id,
        assignee=KIT.id if role == "provider" else us,
        now=tx.now,
    )
    pid, peer_pid = fresh_urn(dsp.node.entropy), f"urn:seed:{name}"
    consumer, provider = (pid, peer_pid) if role == "consumer" else (peer_pid, pid)
    processes.add(
        tx.session,
        processes.ProcessRecord(
            pid=pid,
            kind="negotiation",
            role=role,
            counterparty=KIT.id,
            peer_pid=peer_pid,
            callback="",
            state=FINALIZED,
            dataset=dataset,
            offer=json.dumps(offer),
            agreement=name,
            created_ms=now,
            changed_ms=now,
        ),
    )
    tx.session.add(
        AgreementRow(
            negotiation=pid,
            agreement=name,
            role=role,
            counterparty=KIT.id,
            dataset=dataset,
            body=json.dumps(body),
            consumer_pid=consumer,
            provider_pid=provider,
            agreed_ms=now,
            finalized_ms=now,
        )
    )
    tx.session.flush()
    evidence.draw_process_key(dsp, tx, pid)
    tx.append(
        Entry(
            kind="AGREEMENT",
            role=role,
            counterparty=KIT.id,
            consumer_pid=consumer,
            provider_pid=provider,
            agreement=name,
            process=pid,
            to_state=FINALIZED,
            detail={"seed": "of a test profile: nobody negotiated it"},
        )
    )
