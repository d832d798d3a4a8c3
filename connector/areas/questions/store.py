"""Rows of answered questions as plain records: what is read and written at every question.

Their statements go to the driver (`connector.store.prepared`): what the object mapper takes for one
row is many times what the database takes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import bindparam, insert, select, update
from sqlmodel import col

from connector.areas.questions.rows import GivenAnswerRow, ReceivedQuestionRow
from connector.process.ports import unix_ms
from connector.store.core import table_of
from connector.store.prepared import Prepared

if TYPE_CHECKING:
    from sqlmodel import Session

    from connector.areas.questions.messages import Question
    from connector.store.transaction import Transaction

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


class Received(NamedTuple):
    """What an id of an asker stands for: digest of the content, and whose answer it got, if any."""

    content: str
    answer: str


class Given(NamedTuple):
    """An answer that we gave: to which question, and as it was signed."""

    question: str
    jws: str


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
