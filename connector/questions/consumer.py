"""Asking a masked question: saved before it leaves, verified before it is believed.

1. The agreement is ours as consumer, in force and signed by both sides; a transfer is STARTED, or
   is opened now.
2. The question and its leaf are committed. From here on the same id means this question.
3. It is sent. What happens after a crash or a lost answer: asking again with the same id sends the
   same question, and the provider gives the same answer without charging it again.
4. The answer is verified, stored as it came, and its leaf written; or the refusal is.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from connector.dsp import store as agreements
from connector.dsp.actions import open_transfer
from connector.dsp.area import dsp_of
from connector.dsp.names import fresh_urn
from connector.errors import Conflict, NotFound, PeerRefused, Refused, Unreachable
from connector.ports import unix_ms
from connector.questions.enforcement import refusal
from connector.questions.evidence import answer_leaf, question_leaf, refusal_leaf
from connector.questions.messages import MAX_ANSWER_BYTES, Question
from connector.questions.rows import AskedQuestionRow
from connector.questions.verification import verify_answer
from contracts import transfer
from crypto import strict_json
from crypto.b64 import unb64url
from crypto.canonical import canonical
from policies.evaluate import Request, World, compile_policy
from policies.explain import dry_run
from policies.phrases import render
from policies.planner import choose_mode
from policies.profile import PURPOSE, QUERY, QUERY_MODE, RECIPIENT, purpose_iri
from policies.reasons import Reason

if TYPE_CHECKING:
    from connector.dsp.rows import ProcessRow
    from connector.dsp.store import AgreementRecord
    from connector.node import Node
    from connector.ports import Response
    from policies.planner import Choice

WAIT_SECONDS: Final = 20.0  # for a transfer to start
POLL_SECONDS: Final = 0.02
ASK_SECONDS: Final = 60.0  # for an answer
ATTEMPTS: Final = 3


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
        Refused: By the contract, with all reasons.
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
    )
    done = _known(node, agreement, question)
    if done is None:
        endpoint = started_endpoint(node, agreement)
        _save(node, agreement, question)
        done = _take(node, agreement, question, _send(node, agreement, endpoint, question))
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


def explain(
    node: Node, *, agreement_id: str, sql: str, purpose: str, mode: str | None = None
) -> dict[str, Any]:
    """Ask whether a question would be answered, and why. Nothing is charged.

    Returns:
        ``allowed``, ``reasons``, ``mode``, ``why``, ``usage`` and what the provider tells besides.
    """
    agreement = agreement_of(node, agreement_id)
    try:
        choice = mode_of(agreement, mode)
        _try_here(node, agreement, purpose, choice)
        endpoint = started_endpoint(node, agreement)
    except Refused as error:
        return {"allowed": False, "reasons": [reason.to_json() for reason in error.reasons]}
    question = Question(
        id=fresh_urn(node.entropy),
        agreement=agreement.id,
        sql=sql,
        purpose=purpose,
        mode=choice.mode,
        explain=True,
    )
    response = _send(node, agreement, endpoint, question)
    body = _object(response)
    found = body.get("explain")
    if response.status != 200 or not isinstance(found, dict):
        raise _peer_refused(response)
    return {**found, "mode": choice.mode, "why": {"code": choice.why, **_words(choice.why)}}


def agreement_of(node: Node, agreement_id: str) -> AgreementRecord:
    """Find an agreement under which we may ask.

    Raises:
        NotFound: We have no such agreement as consumer.
        Refused: It is not in force, or not signed by both sides.
    """
    with node.db.reading() as session:
        agreement = agreements.agreement(session, agreement_id)
    if agreement is None or agreement.role != "consumer":
        raise NotFound(
            f"no agreement `{agreement_id[:200]}` of ours as consumer",
            code="agreement-missing",
            next_step="see `voile agreements`",
        )
    if agreement.finalized_at is None:
        raise refusal(Reason(code="agreement.not_final", next="next.wait_final"))
    if agreement.ended_at is not None:
        raise refusal(Reason(code="agreement.ended", next="next.negotiate"))
    if agreement.signatures != "mutual":
        raise refusal(
            Reason(
                code="agreement.not_mutual",
                expected="mutual",
                given=agreement.signatures,
                next="next.sign_both",
            )
        )
    return agreement


def mode_of(agreement: AgreementRecord, wanted: str | None) -> Choice:
    """Choose the mode for one agreement, or refuse."""
    choice = choose_mode([agreement.policy], wanted)
    if isinstance(choice, Reason):
        raise refusal(choice)
    return choice


def _try_here(node: Node, agreement: AgreementRecord, purpose: str, choice: Choice) -> None:
    """Try purpose and mode on our own copy of the agreement: some refusals need no call.

    Raises:
        Refused: It would be denied whatever the provider finds.
    """
    asked = {
        PURPOSE: frozenset({purpose_iri(purpose)}),
        QUERY_MODE: frozenset({str(choice.mode)}),
    }
    request = Request(
        stage="query",
        action=QUERY,
        assignee=node.settings.did,
        target=agreement.dataset_id,
        values=asked,
    )
    world = World(values={RECIPIENT: frozenset({node.settings.did})})
    tried = dry_run(compile_policy(agreement.policy), request, world, node.clock.now())
    if tried.outcome == "deny":
        missing = "policy.missing"  # what the provider will say is not what stands in the way
        reasons = [reason for reason in tried.decision.reasons if reason.code != missing]
        raise refusal(*(reasons or tried.decision.reasons))


def started_endpoint(node: Node, agreement: AgreementRecord) -> str:
    """Return where questions of an agreement go; open a transfer if none is STARTED.

    Raises:
        Refused: The provider ended the transfer, or it is suspended.
        Unreachable: It did not start in time.
    """
    row = _started(node, agreement)
    if row is None:
        pid = open_transfer(dsp_of(node), agreement.id)
        row = _wait_started(node, pid)
    address = json.loads(row.data_address) if row.data_address else {}
    endpoint = address.get("endpoint")
    if isinstance(endpoint, str) and endpoint:
        return endpoint
    return node.peers.endpoint(agreement.counterparty) + "/questions"


def _started(node: Node, agreement: AgreementRecord) -> ProcessRow | None:
    with node.db.reading() as session:
        return agreements.started_transfer(
            session, agreement.id, counterparty=agreement.counterparty, role="consumer"
        )


def _wait_started(node: Node, pid: str) -> ProcessRow:
    until = time.monotonic() + WAIT_SECONDS
    while True:
        with node.db.reading() as session:
            row = agreements.own(session, "transfer", pid)
        if row.state == transfer.STARTED:
            return row
        if row.state in (transfer.SUSPENDED, transfer.TERMINATED, transfer.COMPLETED):
            told = json.loads(row.ended_reason) if row.ended_reason else []
            reasons = [Reason.from_json(r) for r in told if isinstance(r, dict)]
            first = Reason(code="transfer.not_started", given=row.state, next="next.start_transfer")
            raise refusal(first, *(reason for reason in reasons if reason.code))
        if time.monotonic() > until:
            raise Unreachable(
                f"the transfer `{pid}` did not start within {WAIT_SECONDS:.0f} s",
                code="transfer-slow",
                next_step=f"see `voile explain {pid}`, then ask again",
            )
        time.sleep(POLL_SECONDS)


def _known(
    node: Node, agreement: AgreementRecord, question: Question
) -> tuple[dict[str, Any], AskedQuestionRow, bool] | None:
    """Return the stored answer of a question asked before under this id."""
    with node.db.reading() as session:
        row = session.get(AskedQuestionRow, question.id)
    if row is None:
        return None
    _check_same(row, agreement, question)
    if row.state != "answered":
        return None
    payload = strict_json.loads(_payload_bytes(row.jws), max_bytes=MAX_ANSWER_BYTES)
    return payload, row, True


def _check_same(row: AskedQuestionRow, agreement: AgreementRecord, question: Question) -> None:
    known = Question(
        id=row.question, agreement=row.agreement, sql=row.sql, purpose=row.purpose, mode=row.mode
    )
    if known != question or row.counterparty != agreement.counterparty:
        raise Conflict(
            f"the question id `{question.id}` was used for another question",
            code="question-id-reused",
            next_step="leave --question-id out to ask something new",
        )


def _save(node: Node, agreement: AgreementRecord, question: Question) -> None:
    """Commit the question and its leaf before it leaves."""
    with node.db.transaction() as tx:
        row = tx.session.get(AskedQuestionRow, question.id)
        if row is not None:
            _check_same(row, agreement, question)
            return
        tx.session.add(
            AskedQuestionRow(
                question=question.id,
                counterparty=agreement.counterparty,
                agreement=agreement.id,
                sql=question.sql,
                purpose=question.purpose,
                mode=question.mode,
                asked_ms=unix_ms(tx.now),
            )
        )
        tx.append(question_leaf(node, tx, agreement, question, direction="out"))


def _send(node: Node, agreement: AgreementRecord, endpoint: str, question: Question) -> Response:
    """Send the question; the same bytes again while no answer comes."""
    body = canonical(question.to_json())
    for attempt in range(1, ATTEMPTS + 1):
        try:
            response = node.peers.call(
                agreement.counterparty,
                "POST",
                endpoint,
                body=body,
                headers={"Content-Type": "application/json"},
                timeout=ASK_SECONDS,
                max_bytes=2 * MAX_ANSWER_BYTES,
                kind="question",
            )
            if response.status < 500:
                return response
        except Unreachable:
            if attempt == ATTEMPTS:
                break
        time.sleep(POLL_SECONDS * 4**attempt)
    raise Unreachable(
        f"no answer from `{agreement.counterparty}`",
        code="question-unanswered",
        next_step=f"ask again with --question-id {question.id}: it is not charged twice",
        questionId=question.id,
    )


def _take(
    node: Node, agreement: AgreementRecord, question: Question, response: Response
) -> tuple[dict[str, Any], AskedQuestionRow, bool]:
    """Verify and keep what came back."""
    body = _object(response)
    if response.status == 403:
        raise _keep_refusal(node, agreement, question, body)
    signed, usage = body.get("answer"), body.get("usage")
    if response.status != 200 or not isinstance(signed, str) or not isinstance(usage, dict):
        raise _peer_refused(response)
    provider = node.peers.document(agreement.counterparty)
    payload = verify_answer(
        signed,
        expected_question=question,
        expected_agreement=agreement,
        expected_consumer=node.settings.did,
        provider=provider,
        earlier=lambda question_id: _earlier(node, agreement, question_id),
        now=node.clock.now(),
    )
    with node.db.transaction() as tx:
        row = tx.session.get(AskedQuestionRow, question.id)
        assert row is not None, "it was saved before it left"
        if row.state != "answered":
            row.state, row.jws, row.ended_ms = "answered", signed, unix_ms(tx.now)
            row.usage = json.dumps(usage)
            tx.session.add(row)
            tx.append(
                answer_leaf(
                    node,
                    tx,
                    agreement,
                    payload,
                    signed,
                    direction="in",
                    question_id=question.id,
                )
            )
    return payload, row, body.get("repeated") is True


def _earlier(node: Node, agreement: AgreementRecord, question_id: str) -> str | None:
    with node.db.reading() as session:
        row = session.get(AskedQuestionRow, question_id)
    if row is None or (row.agreement, row.counterparty) != (agreement.id, agreement.counterparty):
        return None
    return row.sql


def _keep_refusal(
    node: Node, agreement: AgreementRecord, question: Question, body: dict[str, Any]
) -> Refused:
    error = body.get("error")
    told = error if isinstance(error, dict) else {}
    listed = told.get("reasons")
    found = [r for r in listed if isinstance(r, dict)] if isinstance(listed, list) else []
    reasons = tuple(Reason.from_json(r) for r in found) or (Reason(code="answer.unexplained"),)
    with node.db.transaction() as tx:
        row = tx.session.get(AskedQuestionRow, question.id)
        assert row is not None, "it was saved before it left"
        row.state, row.ended_ms = "refused", unix_ms(tx.now)
        row.reasons = json.dumps([reason.to_json() for reason in reasons])
        tx.session.add(row)
        tx.append(refusal_leaf(node, tx, agreement, question, reasons, direction="in"))
    return Refused(
        str(told.get("message") or "the provider refused the question")[:500],
        code=reasons[0].code,
        next_step=str(told.get("next") or "")[:500],
        reasons=reasons,
        questionId=question.id,
    )


def _peer_refused(response: Response) -> PeerRefused:
    return PeerRefused(
        f"the provider answered {response.status}",
        peer_status=response.status,
        body=response.body[:2000],
        code="question-not-taken",
    )


def _object(response: Response) -> dict[str, Any]:
    if not response.body:
        return {}
    value = strict_json.loads(response.body, max_bytes=2 * MAX_ANSWER_BYTES)
    return value if isinstance(value, dict) else {}


def _payload_bytes(signed: str) -> bytes:
    return unb64url(signed.split(".")[1])


def _words(code: str) -> dict[str, str]:
    return {"zh": render(code, "zh"), "en": render(code, "en")}
