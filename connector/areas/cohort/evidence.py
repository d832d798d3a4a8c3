"""Leaves of a cohort: what each side did, tied together by the agreement's process key.

Consumer and provider write the same `corr` for what passed between them: the question, the
acceptance or refusal, the contribution. The aggregator has no such key; its leaves name digests of
what was signed, which stand in the others' leaves too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from connector.identity.fitness import under
from contracts.cohort.signing import digest_of
from contracts.evidence import Entry, correlation
from policies.profile import HOMOMORPHIC

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from connector.areas.dsp import AgreementRecord
    from connector.party.node import Node
    from connector.store.transaction import Transaction

Direction = Literal["in", "out"]


def between(
    node: Node,
    tx: Transaction,
    agreement: AgreementRecord,
    *,
    kind: str,
    message: str,
    session: str,
    direction: Direction,
    signed: Sequence[str],
    states: tuple[str, str] = ("", ""),
    policy: Mapping[str, Any] | None = None,
    query: Mapping[str, Any] | None = None,
    detail: Mapping[str, Any] | None = None,
) -> Entry:
    """Make the leaf of a message between consumer and provider; both sides write the same `corr`.

    Args:
        node: this node.
        tx: the transaction that writes it.
        agreement: of the two.
        kind: of the leaf.
        message: type of the message.
        session: id of the session.
        direction: seen from here.
        signed: the statements it carried, as signed.
        states: from and to.
        policy: digest, decision, rules or reasons.
        query: what an auditor may see of the question.
        detail: what is sealed.
    """
    return Entry(
        kind=kind,
        role=agreement.role,
        counterparty=agreement.counterparty,
        consumer_pid=agreement.consumer_pid,
        provider_pid=agreement.provider_pid,
        agreement=agreement.id,
        process=session,
        from_state=states[0],
        to_state=states[1],
        msg={"direction": direction, "type": message, "id": session},
        corr=mark_of(node, agreement, message, session, signed, tx=tx),
        sig=[digest_of(text) for text in signed],
        policy=under(node, tx.session, policy),
        query={"mode": HOMOMORPHIC, **(query or {})},
        detail=detail,
    )


def mark_of(
    node: Node,
    agreement: AgreementRecord,
    message: str,
    session: str,
    signed: Sequence[str],
    *,
    tx: Transaction | None = None,
) -> str:
    """Give the mark of a message between consumer and provider, which both leaves have."""
    return correlation(
        node.secrets.get(agreement.process_key_name, tx=tx),
        consumer_pid=agreement.consumer_pid,
        provider_pid=agreement.provider_pid,
        message_type=message,
        message_id=session,
        body={"signed": [digest_of(text) for text in signed]},
    )


def alone(
    node: Node,
    tx: Transaction,
    *,
    role: str,
    counterparty: str,
    session: str,
    states: tuple[str, str],
    signed: Sequence[str] = (),
    agreement: str = "",
    kind: str = "COHORT",
    query: Mapping[str, Any] | None = None,
    detail: Mapping[str, Any] | None = None,
) -> Entry:
    """Make the leaf of a step that is not a message between consumer and provider."""
    return Entry(
        kind=kind,
        role=role,
        counterparty=counterparty,
        agreement=agreement,
        process=session,
        from_state=states[0],
        to_state=states[1],
        sig=[digest_of(text) for text in signed],
        policy=under(node, tx.session),
        query={"mode": HOMOMORPHIC, **(query or {})},
        detail=detail,
    )
