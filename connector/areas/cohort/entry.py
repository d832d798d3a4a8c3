"""What the owner asks several providers: the entry that `voile ask` and the management API use."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlmodel import col, select

from connector.areas.cohort.asking import Driving
from connector.areas.cohort.draft import DECIDES, body_of
from connector.areas.cohort.evidence import MODE
from connector.areas.cohort.live import LiveSessions
from connector.areas.cohort.opening import (
    SESSION_BYTES,
    asked_of,
    common_aggregator,
    open_session,
    providers_of,
    tables_of,
)
from connector.areas.cohort.planning import asked, plan, widths
from connector.areas.cohort.readying import ready
from connector.areas.cohort.rows import CohortAskRow
from connector.areas.cohort.wire import post
from connector.areas.dsp import fresh_urn
from connector.identity.fitness import check_fit_now
from connector.process.actor import act_as, actor
from connector.process.errors import Conflict, Refused, VoileError
from connector.process.lists import each
from contracts import problems_questions
from contracts.cohort import states
from crypto.b64 import b64url
from crypto.paillier.keys import DEFAULT_BITS
from policies.errors import QueryError
from policies.phrases import render

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from connector.party.node import Node

WHY = "plan.several"


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortOutcome:
    """What an asker gets; the same shape as a masked outcome.

    Attributes:
        question_id: Asking again with it gives the same answer.
        answer: Released and withheld cells with all they depend on.
        signatures: The signed statements behind it, for auditors.
        repeated: Whether it was given before.
        usage: Per provider, what is used of the agreement's count.
        seconds: From asking to the verified answer.
    """

    question_id: str
    answer: dict[str, Any]
    signatures: dict[str, Any]
    repeated: bool
    usage: dict[str, Any]
    seconds: float

    def to_json(self) -> dict[str, Any]:
        """Return it as the management API gives it."""
        return {
            "questionId": self.question_id,
            "mode": MODE,
            "why": {"code": WHY, "zh": render(WHY, "zh"), "en": render(WHY, "en")},
            "seconds": f"{self.seconds:.3f}",
            "repeated": self.repeated,
            "usage": self.usage,
            "answer": self.answer,
            "signature": self.signatures,
        }


def ask_cohort(
    node: Node,
    *,
    agreement_ids: Sequence[str],
    sql: str,
    purpose: str,
    mode: str | None = None,
    question_id: str | None = None,
    key_bits: int = DEFAULT_BITS,
    progress: Callable[[str], None] = lambda _step: None,
) -> CohortOutcome:
    """Ask for a total over several providers.

    Args:
        node: This node, the consumer.
        agreement_ids: One agreement per provider.
        sql: The question.
        purpose: IRI or short name.
        mode: Insist on a mode; only `homomorphic` fits several providers.
        question_id: To ask again; None draws a fresh one.
        key_bits: Length of the fresh key.
        progress: Told what is going on.

    Returns:
        The verified answer.

    Raises:
        Refused: By a contract or the rules of the cohort, with all reasons; nothing is charged.
        Conflict: The id was used for another question.
        RemoteError: Somebody cannot be reached; asking again with the same id is safe.
        VerificationError: Somebody's word does not hold.
    """
    begun = time.perf_counter()
    wanted = question_id or fresh_urn(node.entropy)
    known = _known(node, wanted, asked_of(agreement_ids, sql, purpose))
    if known is not None and known.state == states.ANSWERED:
        return _outcome(known, repeated=True, seconds=time.perf_counter() - begun)
    try:
        session_id = (
            known.session
            if known is not None
            else open_session(
                node,
                agreement_ids=agreement_ids,
                sql=sql,
                purpose=purpose,
                mode=mode,
                question_id=wanted,
                key_bits=key_bits,
                report=progress,
            )
        )
        row = Driving(node, session_id, progress).drive()
    except VoileError as error:
        error.params["questionId"] = wanted
        raise
    return _outcome(row, repeated=False, seconds=time.perf_counter() - begun)


def explain_cohort(
    node: Node,
    *,
    agreement_ids: Sequence[str],
    sql: str,
    purpose: str,
    mode: str | None = None,
    question_id: str | None = None,
) -> dict[str, Any]:
    """Say whether a total would be answered, and why; nothing is charged.

    Each provider decides it as it would decide the session; which cells are released they decide
    together, when it is asked.

    Returns:
        ``allowed``, ``reasons``, ``mode``, ``why``, the plan, and each provider's own word.

    Raises:
        Conflict: The id was used for another question.
    """
    wanted = question_id or fresh_urn(node.entropy)
    known = _known(node, wanted, asked_of(agreement_ids, sql, purpose))
    told = {"mode": MODE, "why": {"code": WHY, "zh": render(WHY, "zh"), "en": render(WHY, "en")}}
    if known is not None and known.state == states.ANSWERED:  # `ask` gives it from here
        usage = _outcome(known, repeated=True, seconds=0.0).usage
        return {"allowed": True, "reasons": [], "repeated": True, "usage": usage, **told}
    try:
        providers = providers_of(node, agreement_ids, mode)
        aggregator = common_aggregator(providers)
        check_fit_now(node, aggregator, *providers)
        ready(node, providers)
        made = plan(tables_of(node, providers), sql)
    except (Refused, QueryError) as error:
        return {"allowed": False, "reasons": [reason.to_json() for reason in error.reasons]}
    salt = b64url(node.entropy(SESSION_BYTES))
    question = asked(made, sql=sql, purpose=purpose, question_id=wanted, salt=salt)

    def one(did: str) -> dict[str, Any]:
        body = body_of(
            providers[did].id, question, widths(made), roster=list(providers), aggregator=aggregator
        )
        url = f"{node.peers.endpoint(did)}/cohorts/explain"
        return post(node, did, url, body, kind="cohort-explain")

    with ThreadPoolExecutor(len(providers), initializer=act_as, initargs=(actor(),)) as pool:
        words = dict(zip(providers, pool.map(one, providers), strict=True))
    reasons = [reason for answer in words.values() for reason in answer.get("reasons", [])]
    allowed = all(answer.get("allowed") is True for answer in words.values())
    return {
        "allowed": allowed,
        **({"decides": DECIDES} if allowed else {}),
        "reasons": reasons,
        **told,
        "outputs": [output.name for output in made.bound.outputs],
        "dimensions": list(made.bound.mentioned),
        "cells": len(made.cells),
        "aggregator": aggregator,
        "providers": words,
        "usage": {did: answer.get("usage") for did, answer in words.items()},
    }


def asked_totals(node: Node, *, limit: int = 200) -> list[dict[str, Any]]:
    """Return our totals, newest first."""
    query = select(CohortAskRow).order_by(col(CohortAskRow.asked_ms).desc()).limit(limit)
    with node.db.reading() as db:
        rows = db.exec(query).all()
    return each(rows, _shown, _named)


def _shown(row: CohortAskRow) -> dict[str, Any]:
    return {
        **_named(row),
        "agreements": json.loads(row.agreements),
        "mode": "homomorphic",
        "reasons": json.loads(row.reasons),
        "asked": row.asked_ms,
        "ended": row.ended_ms or None,
    }


def _named(row: CohortAskRow) -> dict[str, Any]:
    return {"questionId": row.question, "session": row.session, "state": row.state.lower()}


def resume(node: Node) -> int:
    """Bring sessions that a stop or a crash left behind to their end; say how many."""
    with node.db.reading() as db:
        asked = db.exec(
            select(CohortAskRow.session).where(CohortAskRow.state == states.ASKED)
        ).all()
    live = node.services[LiveSessions]
    left = [session_id for session_id in asked if session_id not in live]
    for session_id in left:
        try:
            Driving(node, session_id).drive()
        except VoileError as error:
            node.log.info("cohort-ended", session=session_id, code=error.code)
    return len(left)


def _known(node: Node, question_id: str, asked: str) -> CohortAskRow | None:
    """Find the session that answers, or may yet answer, a question id; an ended one does not."""
    with node.db.reading() as db:
        rows = db.exec(select(CohortAskRow).where(CohortAskRow.question == question_id)).all()
    if any(row.asked != asked for row in rows):
        raise Conflict(problems_questions.ID_REUSED, question=question_id[:200])
    live = [row for row in rows if row.state != states.ENDED]
    return max(live, key=lambda row: row.asked_ms, default=None)


def _outcome(row: CohortAskRow, *, repeated: bool, seconds: float) -> CohortOutcome:
    accepted = json.loads(row.acceptances)
    return CohortOutcome(
        question_id=row.question,
        answer=json.loads(row.answer),
        signatures={
            "session": row.session_jws,
            "acceptances": {did: told["acceptance"] for did, told in accepted.items()},
            "cleared": row.cleared_jws,
            "contributions": json.loads(row.contributions),
            "outcome": row.outcome_jws,
        },
        repeated=repeated,
        usage={did: told["usage"] for did, told in accepted.items()},
        seconds=seconds,
    )
