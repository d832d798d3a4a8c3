"""A question to one provider on its way and back: sent, verified, stored with its leaf."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from connector.areas.questions import asked, keeping, problems
from connector.areas.questions.evidence import (
    answer_leaf,
    question_mark,
    refusal_leaf,
)
from connector.areas.questions.messages import MAX_ANSWER_BYTES, Question
from connector.areas.questions.mode import Told
from connector.areas.questions.verification import older_provider, verify_answer
from connector.evidence import promises, replies
from connector.process import problems_peers
from connector.process.errors import (
    MalformedError,
    PeerRefused,
    Refused,
    RemoteError,
    Unreachable,
)
from crypto import strict_json
from crypto.b64 import unb64url
from crypto.canonical import canonical
from policies.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from connector.areas.dsp import AgreementRecord
    from connector.party.node import Node
    from connector.process.ports import Response
    from connector.store.transaction import Transaction
    from contracts.evidence import Entry


ASK_SECONDS: Final = 60.0  # for an answer


ATTEMPTS: Final = 3


PAUSE_SECONDS: Final = 0.02


SOON_SECONDS: Final = (
    5  # of a provider whose budget for us is used up: so long we wait by ourselves
)


def send(node: Node, agreement: AgreementRecord, endpoint: str, question: Question) -> Response:
    """Send the question; the same bytes again while no answer comes."""
    body = canonical(question.to_wire())
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
            pause = asked_pause(response)
            if response.status < 500 and not (pause and attempt < ATTEMPTS):
                return response
        except Unreachable:
            pause = 0
            if attempt == ATTEMPTS:
                break
        time.sleep(pause or PAUSE_SECONDS * 4**attempt)
    raise Unreachable(problems.UNANSWERED, provider=agreement.counterparty)


def asked_pause(response: Response) -> int:
    """Read for how many seconds a provider asks us to wait, where it is soon; else 0."""
    text = response.headers.get("retry-after", "") if response.status == 429 else ""
    seconds = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
    return seconds if seconds <= SOON_SECONDS else 0


def take(
    node: Node,
    agreement: AgreementRecord,
    question: Question,
    response: Response,
    check: Callable[[Mapping[str, Any]], None],
) -> Told:
    """Verify and keep what came back.

    Whatever raises here leaves the question as it was: asked again under its id it gets the answer
    that the provider has stored, uncharged.

    Args:
        node: This node, the consumer.
        agreement: Under which it was asked.
        question: What was asked.
        response: What came back.
        check: Raises where the payload is not what the question's mode gives.

    Raises:
        Refused: By the provider, or it runs an older connector; or one of the two sides is not
            certified any more.
        VerificationError: The answer does not hold.
    """
    body = object_of(response)
    if response.status == 403:
        raise _keep_refusal(node, agreement, question, body, response)
    signed, usage = body.get("answer"), body.get("usage")
    if response.status != 200 or not isinstance(signed, str) or not isinstance(usage, dict):
        raise older_peer(agreement, response) or peer_refused(response)
    provider = node.peers.document(agreement.counterparty)
    repeated = body.get("repeated") is True
    payload = verify_answer(
        signed,
        expected_question=question,
        expected_agreement=agreement,
        expected_consumer=node.settings.did,
        provider=provider,
        repeated=repeated,
        earlier=lambda question_id: _earlier(node, agreement, question_id),
        now=node.clock.now(),
    )
    check(payload)

    def write(tx: Transaction) -> None:
        given = answer_leaf(
            node,
            tx,
            agreement,
            payload,
            signed,
            direction="in",
            question_id=question.id,
        )
        replies.append(node, tx, given)
        _keep_acks(node, tx, agreement, question, response, given)

    keeping.answered(
        node,
        question.id,
        parties=(agreement.counterparty,),
        usage=usage,
        write=write,
        jws=signed,
    )
    return Told(answer=payload, signature=signed, usage=usage, repeated=repeated)


def stored(signed: str) -> dict[str, Any]:
    """Read the payload of an answer that was verified before it was stored."""
    payload: dict[str, Any] = strict_json.loads(
        unb64url(signed.split(".")[1]), max_bytes=MAX_ANSWER_BYTES
    )
    return payload


def object_of(response: Response) -> dict[str, Any]:
    """Read the JSON object of a response, strictly; empty when it is another thing."""
    if not response.body:
        return {}
    try:
        value = strict_json.loads(response.body, max_bytes=2 * MAX_ANSWER_BYTES)
    except MalformedError as error:  # the provider's fault, not the asker's
        raise RemoteError(problems_peers.NO_JSON, status=response.status, why=error) from error
    return value if isinstance(value, dict) else {}


def peer_refused(response: Response) -> PeerRefused:
    """Make the error of a provider that answered neither with an answer nor with a refusal."""
    told = object_of(response).get("error")
    error = told if isinstance(told, dict) else {}
    words = f": {str(error['message'])[:500]}" if error.get("message") else ""
    found = PeerRefused(
        problems.NOT_TAKEN,
        words=words,
        peer_status=response.status,
        body=response.body[:2000],
    )
    if error.get("next") and response.status != 401:  # at a 401 only our own standing helps
        found.next_step = str(error["next"])[:500]
    return found


def older_peer(agreement: AgreementRecord, response: Response) -> Refused | None:
    """Name a provider whose connector does not know that there are versions of answers."""
    told = object_of(response).get("error")
    error = told if isinstance(told, dict) else {}
    params = error.get("params")
    named = isinstance(params, dict) and params.get("field") == "answers"
    if response.status == 400 and error.get("code") == "question-malformed" and named:
        return older_provider(agreement.counterparty)
    return None


def _earlier(node: Node, agreement: AgreementRecord, question_id: str) -> str | None:
    with node.db.reading() as session:
        row = asked.attempt(session, question_id)
    if row is None or row.by_provider != {agreement.counterparty: agreement.id}:
        return None
    return row.sql


def _keep_refusal(
    node: Node,
    agreement: AgreementRecord,
    question: Question,
    body: dict[str, Any],
    response: Response,
) -> Refused:
    error = body.get("error")
    told = error if isinstance(error, dict) else {}
    listed = told.get("reasons")
    found = [r for r in listed if isinstance(r, dict)] if isinstance(listed, list) else []
    reasons = tuple(Reason.from_json(r) for r in found) or (Reason(code="answer.unexplained"),)

    def write(tx: Transaction) -> None:
        said = refusal_leaf(node, tx, agreement, question, reasons, direction="in")
        tx.append(said)
        _keep_acks(node, tx, agreement, question, response, said)

    keeping.refused(node, question.id, asked.REFUSED, reasons, write)
    words, step = str(told.get("message") or "")[:500], str(told.get("next") or "")[:500]
    code = reasons[0].code
    return Refused(words, code=code, next_step=step, reasons=reasons, questionId=question.id)


def _keep_acks(
    node: Node,
    tx: Transaction,
    agreement: AgreementRecord,
    question: Question,
    response: Response,
    reply: Entry,
) -> None:
    """Keep what the provider promises of its leaves of the question and of its reply."""
    marks = (question_mark(node, tx, agreement, question), reply.corr)
    promises.keep(node, tx, agreement.counterparty, response.headers, marks)
