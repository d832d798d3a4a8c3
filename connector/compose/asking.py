"""What the owner asks: one agreement makes a masked question, several a total over providers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlmodel import col, select

from connector.areas.cohort import ask_cohort, explain_cohort
from connector.areas.questions import AskedQuestionRow, ask_masked, explain_masked
from connector.process.lists import each

if TYPE_CHECKING:
    from connector.compose.asking_operations import Ask
    from connector.party.node import Node


def ask_any(node: Node, wanted: Ask) -> dict[str, Any]:
    """Ask in the mode that fits, and return the outcome as JSON.

    Raises:
        Refused: With all reasons.
    """
    if len(wanted.agreements) == 1:
        return ask_masked(
            node,
            agreement_id=wanted.agreements[0],
            sql=wanted.sql,
            purpose=wanted.purpose,
            mode=wanted.mode,
            question_id=wanted.question_id,
        ).to_json()
    return ask_cohort(
        node,
        agreement_ids=wanted.agreements,
        sql=wanted.sql,
        purpose=wanted.purpose,
        mode=wanted.mode,
        question_id=wanted.question_id,
    ).to_json()


def explain_any(node: Node, wanted: Ask) -> dict[str, Any]:
    """Say whether a question would be answered, and why; nothing is charged."""
    if len(wanted.agreements) == 1:
        found = explain_masked(
            node,
            agreement_id=wanted.agreements[0],
            sql=wanted.sql,
            purpose=wanted.purpose,
            mode=wanted.mode,
            question_id=wanted.question_id,
        )
        return {"explain": found}
    return {
        "explain": explain_cohort(
            node,
            agreement_ids=wanted.agreements,
            sql=wanted.sql,
            purpose=wanted.purpose,
            mode=wanted.mode,
            question_id=wanted.question_id,
        )
    }


def listed(node: Node, *, limit: int = 200) -> list[dict[str, Any]]:
    """Return our own questions to single providers, newest first."""
    query = select(AskedQuestionRow).order_by(col(AskedQuestionRow.asked_ms).desc()).limit(limit)
    with node.db.reading() as session:
        rows = session.exec(query).all()
    return each(rows, _shown, _named)


def _shown(row: AskedQuestionRow) -> dict[str, Any]:
    return {
        **_named(row),
        "sql": row.sql,
        "purpose": row.purpose,
        "mode": row.mode,
        "reasons": json.loads(row.reasons) if row.reasons else [],
        "asked": row.asked_ms,
        "ended": row.ended_ms or None,
    }


def _named(row: AskedQuestionRow) -> dict[str, Any]:
    return {
        "questionId": row.question,
        "provider": row.counterparty,
        "agreement": row.agreement,
        "state": row.state,
    }
