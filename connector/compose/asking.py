"""What the owner asks: one agreement makes a masked question, several a total over providers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlmodel import col, select

from connector.areas.cohort import ask_cohort, explain_cohort
from connector.areas.questions import AskedQuestionRow, ask_masked, explain_masked
from connector.process.errors import BadRequest
from connector.process.lists import each
from policies.profile import MODES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.party.node import Node

_FIELDS: Final = frozenset({"agreements", "sql", "purpose", "mode", "questionId", "explain"})
MAX_AGREEMENTS: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A question of the owner's."""

    agreements: tuple[str, ...]
    sql: str
    purpose: str
    mode: str | None
    question_id: str | None
    explain: bool


def read_ask(body: Mapping[str, Any]) -> Ask:
    """Read the body of ``POST /v1/questions``.

    Raises:
        BadRequest: A field is missing, wrong or not known; the message names it.
    """
    unknown = sorted(set(body) - _FIELDS)
    if unknown:
        raise _bad(unknown[0], "no such field")
    given = body.get("agreements")
    if not isinstance(given, list) or not 1 <= len(given) <= MAX_AGREEMENTS:
        raise _bad("agreements", f"a list of 1 to {MAX_AGREEMENTS} agreement ids")
    if not all(isinstance(item, str) and item for item in given) or len(set(given)) != len(given):
        raise _bad("agreements", "distinct texts")
    for name in ("sql", "purpose"):
        if not isinstance(body.get(name), str) or not body[name]:
            raise _bad(name, "a text")
    for name in ("mode", "questionId"):
        if not isinstance(body.get(name), str | None):
            raise _bad(name, "a text")
    if body.get("mode") not in (None, *MODES):
        raise _bad("mode", " or ".join(MODES))
    if not isinstance(body.get("explain", False), bool):
        raise _bad("explain", "true or false")
    return Ask(
        agreements=tuple(given),
        sql=body["sql"],
        purpose=body["purpose"],
        mode=body.get("mode"),
        question_id=body.get("questionId"),
        explain=body.get("explain", False),
    )


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


def _bad(name: str, expected: str) -> BadRequest:
    return BadRequest(
        f"`{name}`: expected {expected}",
        code="ask-malformed",
        next_step="correct the field; docs/api.md shows the body",
        field=name,
    )
