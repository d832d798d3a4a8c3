"""The chain of signatures beside the messages: made once, kept, checked before a state changes.

Spec: voile design evidence.md §2. The payload is rebuilt from the agreement as stored, which is the
agreement as it was parsed and evaluated.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, insert, select, update
from sqlmodel import col

from connector.areas.dsp.rows import AgreementRow, SignatureRow
from connector.process.ports import unix, unix_ms
from connector.store.core import table_of
from connector.store.prepared import Prepared
from contracts import negotiation
from contracts.evidence import Entry
from contracts.signatures import STAGES, jws_digest, sign_stage, verify_stage
from crypto.canonical import digest
from crypto.keys import PublicKey

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.areas.dsp.context import Dsp
    from connector.areas.dsp.processes import ProcessRecord
    from connector.store.transaction import Transaction
    from contracts.signatures import Signatures, Stage
    from crypto.did import DidDocument

HEADER: Final = "Voile-Signature"
_STAGES: Final = Prepared(
    select(col(SignatureRow.stage), col(SignatureRow.jws)).where(
        col(SignatureRow.negotiation) == bindparam("negotiation")
    )
)
_KEEP: Final = Prepared(
    insert(table_of(SignatureRow)),
    ("negotiation", "stage", "signer", "jws", "jwk", "did_document", "signed_ms"),
)
_AGREED: Final = Prepared(
    select(
        col(AgreementRow.agreement),
        col(AgreementRow.body),
        col(AgreementRow.consumer_pid),
        col(AgreementRow.provider_pid),
    ).where(col(AgreementRow.negotiation) == bindparam("negotiation"))
)
_AMOUNT: Final = Prepared(
    update(table_of(AgreementRow))
    .where(col(AgreementRow.negotiation) == bindparam("at"))
    .values(signatures=bindparam("amount"))
)
STAGE_OF: Final[Mapping[str, Stage]] = {
    negotiation.AGREEMENT: "AGREED",
    negotiation.VERIFICATION: "VERIFIED",
    negotiation.FINALIZED_EVENT: "FINALIZED",
}


def agreement_row(tx: Transaction, row: ProcessRecord) -> AgreementRow:
    """Give the agreement of a negotiation that has one."""
    found = tx.session.get(AgreementRow, row.pid)
    assert found is not None, "a stage is signed only after its agreement was stored"
    return found


@dataclass(frozen=True, slots=True)
class _Agreed:
    """What is signed of an agreement, as it was stored."""

    id: str
    body: dict[str, Any]
    consumer_pid: str
    provider_pid: str


def _agreed(tx: Transaction, row: ProcessRecord) -> _Agreed:
    known: _Agreed | None = tx.memo.get(("agreed", row.pid))
    if known is None:
        found = _AGREED.first(tx.session, negotiation=row.pid)
        assert found is not None, "a stage is signed only after its agreement was stored"
        known = _Agreed(found[0], json.loads(found[1]), found[2], found[3])
        tx.memo["agreed", row.pid] = known
    return known


def agreement_body(tx: Transaction, row: ProcessRecord) -> dict[str, Any]:
    """Give the agreement's body."""
    return _agreed(tx, row).body


def stages(tx: Transaction, negotiation_pid: str) -> dict[str, str]:
    """Give the signatures kept so far, by stage."""
    known: dict[str, str] | None = tx.memo.get(("stages", negotiation_pid))
    if known is None:
        rows = _STAGES.rows(tx.session, negotiation=negotiation_pid)
        known = tx.memo["stages", negotiation_pid] = dict(rows)
    return known


def forget(tx: Transaction) -> None:
    """Read again what this transaction knew of agreements and signatures: rows were deleted."""
    tx.memo.clear()


def _previous(kept: Mapping[str, str], stage: Stage) -> str | None:
    place = STAGES.index(stage)
    before = kept.get(STAGES[place - 1]) if place else None
    return jws_digest(before) if before is not None else None


def sign(dsp: Dsp, tx: Transaction, row: ProcessRecord, stage: Stage) -> str:
    """Sign a stage with our agreements key, or give the signature that was made before."""
    kept = stages(tx, row.pid)
    if stage in kept:
        return kept[stage]
    agreement = _agreed(tx, row)
    keys = dsp.node.keys.now()
    jws = sign_stage(
        agreement.body,
        consumer_pid=agreement.consumer_pid,
        provider_pid=agreement.provider_pid,
        stage=stage,
        prev=_previous(kept, stage),
        key=keys.agreements,
        kid=keys.agreements_kid,
        now=unix(tx.now),
    )
    document = dsp.node.peers.at_hand(dsp.node.settings.did)
    signer, jwk = dsp.node.settings.did, keys.agreements.public.jwk()
    _store(tx, row, agreement, stage, signer, jws, jwk, document)
    return jws


def check(
    tx: Transaction, row: ProcessRecord, stage: Stage, jws: str, document: DidDocument
) -> None:
    """Verify the peer's signature of a stage and keep it.

    Raises:
        MalformedError: It is not such a signature.
        VerificationError: It does not hold; the caller must change nothing.
    """
    kept = stages(tx, row.pid)
    if kept.get(stage) == jws:
        return
    agreement = _agreed(tx, row)

    def find_key(_did: str, kid: str) -> PublicKey:
        return document.key(kid, relationship="assertionMethod", former=True)

    verified = verify_stage(
        jws,
        agreement=agreement.body,
        consumer_pid=agreement.consumer_pid,
        provider_pid=agreement.provider_pid,
        stage=stage,
        prev=_previous(kept, stage),
        find_key=find_key,
        now=unix(tx.now),
    )
    document.check_time(PublicKey.from_jwk(verified.jwk), verified.iat)
    _store(tx, row, agreement, stage, verified.signer, jws, verified.jwk, document)


def amount(tx: Transaction, negotiation_pid: str) -> Signatures:
    """Say what the kept chain amounts to; every stage in it was made or verified by us."""
    kept = stages(tx, negotiation_pid)
    if len(kept) == len(STAGES):
        return "mutual"
    return "own" if kept else "none"


def _store(
    tx: Transaction,
    row: ProcessRecord,
    agreement: _Agreed,
    stage: Stage,
    signer: str,
    jws: str,
    jwk: Mapping[str, str],
    document: DidDocument,
) -> None:
    before = amount(tx, row.pid)
    stages(tx, row.pid)[stage] = jws
    _KEEP.run(
        tx.session,
        negotiation=row.pid,
        stage=stage,
        signer=signer,
        jws=jws,
        jwk=json.dumps(dict(jwk)),
        did_document=document.digest,
        signed_ms=unix_ms(tx.now),
    )
    if (now := amount(tx, row.pid)) != before:
        _AMOUNT.run(tx.session, at=row.pid, amount=now)
    tx.append(
        Entry(
            kind="AGREEMENT",
            role=row.role,
            counterparty=row.counterparty,
            consumer_pid=agreement.consumer_pid,
            provider_pid=agreement.provider_pid,
            agreement=agreement.id,
            to_state=stage,
            sig=(jws_digest(jws),),
            detail={
                "stage": stage,
                "signer": signer,
                "jws": jws,
                "agreement": digest(agreement.body),
            },
        )
    )
