"""The chain of signatures beside the messages: made once, kept, checked before a state changes.

Spec: voile design evidence.md §2. The payload is rebuilt from the agreement as stored, which is the
agreement as it was parsed and evaluated.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, insert, select
from sqlmodel import col

from connector.dsp.rows import AgreementRow, SignatureRow
from connector.ports import unix, unix_ms
from contracts import negotiation
from contracts.evidence import Entry
from contracts.signatures import STAGES, jws_digest, sign_stage, verify_stage
from crypto.canonical import digest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.dsp.context import Dsp
    from connector.dsp.rows import ProcessRow
    from connector.store.database import Transaction
    from contracts.signatures import Signatures, Stage
    from crypto.did import DidDocument
    from crypto.keys import PublicKey

HEADER: Final = "Voile-Signature"
_STAGES: Final = select(col(SignatureRow.stage), col(SignatureRow.jws)).where(
    col(SignatureRow.negotiation) == bindparam("negotiation")
)
_KEEP: Final = insert(SignatureRow.__table__)  # type: ignore[attr-defined]
STAGE_OF: Final[Mapping[str, Stage]] = {
    negotiation.AGREEMENT: "AGREED",
    negotiation.VERIFICATION: "VERIFIED",
    negotiation.FINALIZED_EVENT: "FINALIZED",
}


def agreement_row(tx: Transaction, row: ProcessRow) -> AgreementRow:
    """Give the agreement of a negotiation that has one."""
    found = tx.session.get(AgreementRow, row.pid)
    assert found is not None, "a stage is signed only after its agreement was stored"
    return found


def agreement_body(tx: Transaction, row: ProcessRow) -> dict[str, Any]:
    """Give the agreement's body."""
    body: dict[str, Any] = json.loads(agreement_row(tx, row).body)
    return body


def stages(tx: Transaction, negotiation_pid: str) -> dict[str, str]:
    """Give the signatures kept so far, by stage."""
    rows = tx.session.connection().execute(_STAGES, {"negotiation": negotiation_pid})
    return {row.stage: row.jws for row in rows}


def _previous(kept: Mapping[str, str], stage: Stage) -> str | None:
    place = STAGES.index(stage)
    before = kept.get(STAGES[place - 1]) if place else None
    return jws_digest(before) if before is not None else None


def sign(dsp: Dsp, tx: Transaction, row: ProcessRow, stage: Stage) -> str:
    """Sign a stage with our agreements key, or give the signature that was made before."""
    kept = stages(tx, row.pid)
    if stage in kept:
        return kept[stage]
    agreement = agreement_row(tx, row)
    keys = dsp.node.keys
    jws = sign_stage(
        json.loads(agreement.body),
        consumer_pid=agreement.consumer_pid,
        provider_pid=agreement.provider_pid,
        stage=stage,
        prev=_previous(kept, stage),
        key=keys.agreements,
        kid=keys.agreements_kid,
        now=unix(tx.now),
    )
    document = dsp.node.peers.at_hand(dsp.node.settings.did)
    _store(tx, row, stage, dsp.node.settings.did, jws, keys.agreements.public.jwk(), document)
    return jws


def check(tx: Transaction, row: ProcessRow, stage: Stage, jws: str, document: DidDocument) -> None:
    """Verify the peer's signature of a stage and keep it.

    Raises:
        MalformedError: It is not such a signature.
        VerificationError: It does not hold; the caller must change nothing.
    """
    kept = stages(tx, row.pid)
    if kept.get(stage) == jws:
        return
    agreement = agreement_row(tx, row)

    def find_key(_did: str, kid: str) -> PublicKey:
        return document.key(kid, relationship="assertionMethod")

    verified = verify_stage(
        jws,
        agreement=json.loads(agreement.body),
        consumer_pid=agreement.consumer_pid,
        provider_pid=agreement.provider_pid,
        stage=stage,
        prev=_previous(kept, stage),
        find_key=find_key,
        now=unix(tx.now),
    )
    _store(tx, row, stage, verified.signer, jws, verified.jwk, document)


def amount(tx: Transaction, negotiation_pid: str) -> Signatures:
    """Say what the kept chain amounts to; every stage in it was made or verified by us."""
    kept = stages(tx, negotiation_pid)
    if len(kept) == len(STAGES):
        return "mutual"
    return "own" if kept else "none"


def _store(
    tx: Transaction,
    row: ProcessRow,
    stage: Stage,
    signer: str,
    jws: str,
    jwk: Mapping[str, str],
    document: DidDocument,
) -> None:
    values = {
        "negotiation": row.pid,
        "stage": stage,
        "signer": signer,
        "jws": jws,
        "jwk": json.dumps(dict(jwk)),
        "did_document": digest(document.raw),
        "signed_ms": unix_ms(tx.now),
    }
    tx.session.connection().execute(_KEEP, values)
    agreement = agreement_row(tx, row)
    agreement.signatures = amount(tx, row.pid)
    tx.session.add(agreement)
    tx.append(
        Entry(
            kind="AGREEMENT",
            role=row.role,
            counterparty=row.counterparty,
            consumer_pid=agreement.consumer_pid,
            provider_pid=agreement.provider_pid,
            agreement=agreement.agreement,
            to_state=stage,
            sig=(jws_digest(jws),),
            detail={
                "stage": stage,
                "signer": signer,
                "jws": jws,
                "agreement": digest(json.loads(agreement.body)),
            },
        )
    )
