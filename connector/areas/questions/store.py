"""Rows of masked questions as plain records: what is read and written at every question.

Their statements go to the driver (`connector.store.prepared`): what the object mapper takes for one
row is many times what the database takes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import bindparam, insert, select, update
from sqlmodel import col

from connector.areas.questions.rows import AskedQuestionRow, GivenAnswerRow, ReceivedQuestionRow
from connector.process.ports import unix_ms
from connector.store.core import table_of
from connector.store.prepared import Prepared

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlmodel import Session

    from connector.areas.questions.messages import Question
    from connector.store.transaction import Transaction
    from policies.reasons import Reason

_RECEIVED: Final = Prepared(
    select(col(ReceivedQuestionRow.content), col(ReceivedQuestionRow.answer)).where(
        col(ReceivedQuestionRow.counterparty) == bindparam("peer"),
        col(ReceivedQuestionRow.question) == bindparam("question"),
    )
)
_RECEIVE: Final = Prepared(
    insert(table_of(ReceivedQuestionRow)), ("counterparty", "question", "content", "answer")
)
_ANSWERED_AS: Final = Prepared(
    update(table_of(ReceivedQuestionRow))
    .where(
        col(ReceivedQuestionRow.counterparty) == bindparam("peer"),
        col(ReceivedQuestionRow.question) == bindparam("of"),
    )
    .values(answer=bindparam("by"))
)
_ANSWER: Final = select(col(GivenAnswerRow.question), col(GivenAnswerRow.jws)).where(
    col(GivenAnswerRow.counterparty) == bindparam("peer")
)
_ANSWER_OF: Final = Prepared(_ANSWER.where(col(GivenAnswerRow.question) == bindparam("question")))
_ANSWER_TO: Final = Prepared(
    _ANSWER.where(
        col(GivenAnswerRow.agreement) == bindparam("agreement"),
        col(GivenAnswerRow.meaning) == bindparam("meaning"),
    )
)
_GIVE: Final = Prepared(
    insert(table_of(GivenAnswerRow)),
    ("counterparty", "question", "agreement", "meaning", "jws", "answered_ms"),
)
_ASKED: Final = Prepared(
    select(
        *(
            col(getattr(AskedQuestionRow, name))
            for name in (
                "question", "counterparty", "agreement", "sql", "purpose", "mode", "state", "jws",
                "usage",
            )
        )
    ).where(col(AskedQuestionRow.question) == bindparam("question"))
)  # fmt: skip
_ASK: Final = Prepared(
    insert(table_of(AskedQuestionRow)),
    (
        "question", "counterparty", "agreement", "sql", "purpose", "mode", "state", "jws", "usage",
        "reasons", "asked_ms", "ended_ms",
    ),
)  # fmt: skip
_END: Final = (
    update(table_of(AskedQuestionRow))
    .where(col(AskedQuestionRow.question) == bindparam("of"))
    .values(state=bindparam("ended_as"), ended_ms=bindparam("now"))
)
_ANSWERED: Final = Prepared(_END.values(jws=bindparam("signed"), usage=bindparam("used")))
_REFUSED: Final = Prepared(_END.values(reasons=bindparam("why")))


class Received(NamedTuple):
    """What an id of an asker stands for: digest of the content, and whose answer it got, if any."""

    content: str
    answer: str


class Given(NamedTuple):
    """An answer that we gave: to which question, and as it was signed."""

    question: str
    jws: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of ours: asked, answered or refused."""

    question: str
    counterparty: str
    agreement: str
    sql: str
    purpose: str
    mode: str
    state: str
    jws: str  # the answer as it came
    usage: str  # JSON


def received(session: Session, peer: str, question: str) -> Received | None:
    """Return what an asker's id stands for."""
    found = _RECEIVED.first(session, peer=peer, question=question)
    return None if found is None else Received(*found)


def remember(tx: Transaction, peer: str, question: Question, *, answer: str, known: bool) -> None:
    """Keep what an id stands for, and whose answer it got; none while it is refused.

    Args:
        tx: The transaction.
        peer: Who asks.
        question: What it asks.
        answer: Id of the question whose answer it got.
        known: Whether the id is kept already.
    """
    if known:
        _ANSWERED_AS.run(tx.session, peer=peer, of=question.id, by=answer)
        return
    _RECEIVE.run(
        tx.session,
        counterparty=peer,
        question=question.id,
        content=question.content,
        answer=answer,
    )


def answer_of(session: Session, peer: str, question: str) -> Given | None:
    """Return the answer that was made for a question."""
    found = _ANSWER_OF.first(session, peer=peer, question=question)
    return None if found is None else Given(*found)


def answer_to(session: Session, peer: str, agreement: str, meaning: str) -> Given | None:
    """Return the answer to what means the same, under the same agreement."""
    found = _ANSWER_TO.first(session, peer=peer, agreement=agreement, meaning=meaning)
    return None if found is None else Given(*found)


def give(tx: Transaction, peer: str, question: Question, *, meaning: str, jws: str) -> None:
    """Keep an answer verbatim."""
    _GIVE.run(
        tx.session,
        counterparty=peer,
        question=question.id,
        agreement=question.agreement,
        meaning=meaning,
        jws=jws,
        answered_ms=unix_ms(tx.now),
    )


def asked(session: Session, question: str) -> Asked | None:
    """Return a question of ours."""
    found = _ASKED.first(session, question=question)
    return None if found is None else Asked(*found)


def ask(tx: Transaction, peer: str, question: Question) -> None:
    """Keep a question of ours before it leaves."""
    _ASK.run(
        tx.session,
        question=question.id,
        counterparty=peer,
        agreement=question.agreement,
        sql=question.sql,
        purpose=question.purpose,
        mode=question.mode,
        state="asked",
        jws="",
        usage="",
        reasons="",
        asked_ms=unix_ms(tx.now),
        ended_ms=0,
    )


def answered(tx: Transaction, row: Asked, jws: str, usage: Mapping[str, Any]) -> Asked:
    """Keep the answer that a question of ours got; what a refusal said before stays."""
    found = replace(row, state="answered", jws=jws, usage=json.dumps(usage))
    _ANSWERED.run(
        tx.session,
        of=row.question,
        ended_as=found.state,
        signed=jws,
        used=found.usage,
        now=unix_ms(tx.now),
    )
    return found


def refused(tx: Transaction, question: str, reasons: Sequence[Reason]) -> None:
    """Keep that a question of ours was refused, and why."""
    told = json.dumps([reason.to_json() for reason in reasons])
    _REFUSED.run(tx.session, of=question, ended_as="refused", why=told, now=unix_ms(tx.now))
