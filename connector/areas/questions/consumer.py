"""Asking a masked question: saved before it leaves, verified before it is believed.

1. The agreement is ours as consumer, in force and signed by both sides, and both sides are
   certified; a transfer is STARTED, or is opened now.
2. The question and its leaf are committed. From here on the same id means this question.
3. It is sent. What happens after a crash or a lost answer: asking again with the same id sends the
   same question, and the provider gives the same answer without charging it again.
4. The answer is verified, stored as it came, and its leaf written; or the refusal is.
"""

from __future__ import annotations

import json
import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from connector.areas.dsp import fresh_urn
from connector.areas.questions.exchange import (
    known_answer,
    object_of,
    older_peer,
    peer_refused,
    save,
    send,
    take,
)
from connector.areas.questions.messages import READ_VERSIONS, Question
from connector.areas.questions.opening import agreement_of, mode_of, started_endpoint
from connector.identity.fitness import check_fit_now
from connector.process.errors import PeerRefused, Refused, VoileError
from policies.phrases import render

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connector.party.node import Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What an asker gets.

    Attributes:
        question_id: Asking again with it gives the same answer.
        payload: The verified answer.
        jws: As it was signed.
        repeated: Whether it was given before and not charged again.
        usage: What is used of the agreement's count.
        mode: How it was answered.
        why: Code of why this mode.
        seconds: From asking to the verified answer.
    """

    question_id: str
    payload: dict[str, Any]
    jws: str
    repeated: bool
    usage: dict[str, Any]
    mode: str
    why: str
    seconds: float

    def to_json(self) -> dict[str, Any]:
        """Return it as the management API gives it."""
        return {
            "questionId": self.question_id,
            "mode": self.mode,
            "why": {"code": self.why, "zh": render(self.why, "zh"), "en": render(self.why, "en")},
            "seconds": f"{self.seconds:.3f}",
            "repeated": self.repeated,
            "usage": self.usage,
            "answer": self.payload,
            "signature": self.jws,
        }


def ask(
    node: Node,
    *,
    agreement_id: str,
    sql: str,
    purpose: str,
    mode: str | None = None,
    question_id: str | None = None,
) -> Outcome:
    """Ask one provider a masked question.

    Args:
        node: This node, the consumer.
        agreement_id: Our agreement with the provider.
        sql: The question.
        purpose: IRI or short name.
        mode: Insist on a mode; None for the cheapest that fits.
        question_id: To ask again; None draws a fresh one.

    Returns:
        The verified answer.

    Raises:
        Refused: By the contract, or because one of the two sides is not certified; all reasons.
        Conflict: The id was used for another question.
        Unreachable: No answer came; asking again with the same id is safe.
        VerificationError: The answer does not hold.
    """
    begun = time.perf_counter()
    agreement = agreement_of(node, agreement_id)
    choice = mode_of(agreement, mode)
    question = Question(
        id=question_id or fresh_urn(node.entropy),
        agreement=agreement.id,
        sql=sql,
        purpose=purpose,
        mode=choice.mode,
        answers=READ_VERSIONS,
    )
    done = known_answer(node, agreement, question)
    if done is None:
        check_fit_now(node, agreement.counterparty)
        endpoint = started_endpoint(node, agreement)
        save(node, agreement, question)
        with _asked(node, question):
            done = take(node, agreement, question, send(node, agreement, endpoint, question))
    payload, row, repeated = done
    return Outcome(
        question_id=question.id,
        payload=payload,
        jws=row.jws,
        repeated=repeated,
        usage=json.loads(row.usage),
        mode=choice.mode,
        why=choice.why,
        seconds=time.perf_counter() - begun,
    )


@contextmanager
def _asked(node: Node, question: Question) -> Iterator[None]:
    """From here on the provider may have charged: whatever goes wrong names the id to ask again."""
    again = f"ask again with --question-id {question.id}: it is not charged twice"
    try:
        yield
    except VoileError as error:
        error.params.setdefault("questionId", question.id)
        refused = isinstance(error, PeerRefused) and 400 <= error.peer_status < 500
        if not (refused or isinstance(error, Refused)):
            error.next_step = "; ".join(filter(None, (error.next_step, again)))
        raise
    except Exception as error:  # a bug of ours: the answer waits at the provider
        node.log.exception("answer-not-taken", process=question.id)
        raise VoileError(
            "an error inside the connector after the question had been sent; it was logged",
            code="question-unfinished",
            next_step=again,
            questionId=question.id,
        ) from error


def explain(
    node: Node,
    *,
    agreement_id: str,
    sql: str,
    purpose: str,
    mode: str | None = None,
    question_id: str | None = None,
) -> dict[str, Any]:
    """Ask whether a question would be answered, and why. Nothing is charged.

    It goes the way of `ask` step by step, and the provider decides it as it would decide that.

    Returns:
        ``allowed``, ``reasons``, ``mode``, ``why``, ``usage`` and what the provider tells besides.

    Raises:
        Conflict: The id was used for another question.
    """
    agreement = agreement_of(node, agreement_id)
    try:
        choice = mode_of(agreement, mode)
        question = Question(
            id=question_id or fresh_urn(node.entropy),
            agreement=agreement.id,
            sql=sql,
            purpose=purpose,
            mode=choice.mode,
            answers=READ_VERSIONS,
        )
        told = {"mode": choice.mode, "why": {"code": choice.why, **_words(choice.why)}}
        done = known_answer(node, agreement, question)
        if done is not None:  # `ask` gives it from here
            usage = json.loads(done[1].usage)
            return {"allowed": True, "reasons": [], "repeated": True, "usage": usage, **told}
        check_fit_now(node, agreement.counterparty)
        endpoint = started_endpoint(node, agreement)
    except Refused as error:
        return {"allowed": False, "reasons": [reason.to_json() for reason in error.reasons]}
    response = send(node, agreement, endpoint, replace(question, explain=True))
    if (older := older_peer(agreement, response)) is not None:
        return {"allowed": False, "reasons": [reason.to_json() for reason in older.reasons]}
    found = object_of(response).get("explain")
    if response.status != 200 or not isinstance(found, dict):
        raise peer_refused(response)
    return {**found, **told}


def _words(code: str) -> dict[str, str]:
    return {"zh": render(code, "zh"), "en": render(code, "en")}
