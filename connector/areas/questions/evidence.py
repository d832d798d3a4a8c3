"""Leaves of questions, answers and refusals: what an auditor may see, and what stays sealed.

The leaf holds digests, the mode, how many cells the question has and how many of them the table
withholds whatever the figures are, and which status document both sides' standing was read from.
The text of the question, its literals and the answer, as it was signed, are in the sealed detail
only; so is all that HAVING, LIMIT, an empty average or a contract's minGroupSize made of the cells.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

from connector.identity.fitness import under
from contracts.evidence import Entry, correlation, plan_mark
from contracts.signatures import jws_digest
from policies.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from connector.areas.dsp import AgreementRecord
    from connector.areas.questions.messages import Question
    from connector.party.node import Node
    from connector.store.transaction import Transaction

Direction = Literal["in", "out"]
_OF_THE_TABLE: Final = frozenset({"blocked", "merged", "withheld", "mixed"})  # whatever the figures


def question_mark(
    node: Node, tx: Transaction, agreement: AgreementRecord, question: Question
) -> str:
    """Return the mark of a question, which its leaf has on both sides."""
    return _corr(node, tx, agreement, "Question", question.id, question.to_json())


def question_leaf(
    node: Node,
    tx: Transaction,
    agreement: AgreementRecord,
    question: Question,
    *,
    direction: Direction,
    query: Mapping[str, Any] | None = None,
) -> Entry:
    """Return the leaf of a question that was asked of us, or that we ask."""
    return Entry(
        kind="QUESTION",
        **_where(agreement),
        process=question.id,
        msg={"direction": direction, "type": "Question", "id": question.id},
        corr=question_mark(node, tx, agreement, question),
        policy=under(node, tx.session),
        query={"mode": question.mode, **(query or {})},
        detail={"sql": question.sql, "purpose": question.purpose},
    )


def answer_leaf(
    node: Node,
    tx: Transaction,
    agreement: AgreementRecord,
    payload: Mapping[str, Any],
    jws: str,
    *,
    direction: Direction,
    policy: Mapping[str, Any] | None = None,
    question_id: str = "",
) -> Entry:
    """Return the leaf of an answer that we gave, or got.

    Args:
        node: This node.
        tx: The transaction that writes it.
        agreement: The agreement.
        payload: What was signed.
        jws: The signed answer.
        direction: ``out`` for the provider, ``in`` for the consumer.
        policy: Policy digest, decision and rules, at the provider.
        question_id: The question that it answers now, where that is not the one it was made for.
    """
    withheld = _withheld(payload["withheld"])
    cells = len(payload["cells"]) + len(payload["withheld"]) + payload["leftOut"]
    return Entry(
        kind="ANSWER",
        **_where(agreement),
        process=question_id or payload["questionId"],
        msg={"direction": direction, "type": "Answer", "id": payload["questionId"]},
        corr=_corr(node, tx, agreement, "Answer", payload["questionId"], {"jws": jws_digest(jws)}),
        sig=(jws_digest(jws),),
        policy=under(node, tx.session, policy),
        query={
            "mode": payload["mode"],
            "plan": plan_of(node, tx, agreement, payload["meaning"]),
            "product": payload["product"],
            "dataVersion": payload["dataVersion"]["digest"],
            "cells": cells,
            "withheld": {reason: withheld.count(reason) for reason in sorted(set(withheld))},
        },
        detail={"jws": jws},
    )


def refusal_leaf(
    node: Node,
    tx: Transaction,
    agreement: AgreementRecord,
    question: Question,
    reasons: Sequence[Reason | Mapping[str, Any]],
    *,
    direction: Direction,
) -> Entry:
    """Return the leaf of a refusal that we gave, or got."""
    found = [r.to_json() if isinstance(r, Reason) else dict(r) for r in reasons]
    return Entry(
        kind="REFUSAL",
        **_where(agreement),
        process=question.id,
        msg={"direction": direction, "type": "Refusal", "id": question.id},
        corr=_corr(node, tx, agreement, "Refusal", question.id, question.to_json()),
        policy=under(
            node,
            tx.session,
            {"decision": "deny", "reasons": [str(r.get("code", ""))[:80] for r in found][:16]},
        ),
        query={"mode": question.mode},
        detail={"sql": question.sql, "purpose": question.purpose, "reasons": found},
    )


def plan_of(node: Node, tx: Transaction, agreement: AgreementRecord, meaning: str) -> str:
    """Return what a leaf tells of a question's meaning: the same on both sides, and no digest.

    Args:
        node: This node.
        tx: The transaction that writes the leaf.
        agreement: That of the question.
        meaning: Digest of its meaning.
    """
    return plan_mark(node.secrets.get(agreement.process_key_name, tx=tx), meaning)


def _withheld(cells: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the reason of each cell that the table withholds from every output, figures or not.

    `empty` may be said of an average that has no value, `minGroupSize` depends on who carries the
    figures, `having` on the figures.
    """
    found = []
    for cell in cells:
        told = {cell["reason"], *cell.get("statuses", {}).values()}
        if told <= _OF_THE_TABLE:
            found.append(cell["reason"])
    return found


def _where(agreement: AgreementRecord) -> dict[str, Any]:
    return {
        "role": agreement.role,
        "counterparty": agreement.counterparty,
        "consumer_pid": agreement.consumer_pid,
        "provider_pid": agreement.provider_pid,
        "agreement": agreement.id,
    }


def _corr(
    node: Node,
    tx: Transaction,
    agreement: AgreementRecord,
    kind: str,
    message_id: str,
    body: Mapping[str, Any],
) -> str:
    return correlation(
        node.secrets.get(agreement.process_key_name, tx=tx),
        consumer_pid=agreement.consumer_pid,
        provider_pid=agreement.provider_pid,
        message_type=kind,
        message_id=message_id,
        body=body,
    )
