"""Rows of private questions: what was asked of us, what we answered and charged, what we asked.

Times are whole milliseconds since 1970, UTC. Question texts and answers are the parties' business:
they stand here and sealed in the log's detail, never in a leaf.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, UniqueConstraint
from sqlmodel import Field, SQLModel


class ChargeRow(SQLModel, table=True):
    """One answer of an agreement's count: reserved while it is being made, then committed."""

    __tablename__ = "question_charge"

    counterparty: str = Field(primary_key=True)
    agreement: str = Field(primary_key=True)
    key: str = Field(primary_key=True)  # question id, or session id of a cohort
    committed: bool = False
    expires_ms: int = Field(default=0, sa_type=BigInteger)  # of a reservation
    since_ms: int = Field(sa_type=BigInteger)


class ReceivedQuestionRow(SQLModel, table=True):
    """A question that we answered; a repeat under the same id gets the same answer."""

    __tablename__ = "question_received"

    counterparty: str = Field(primary_key=True)
    question: str = Field(primary_key=True)  # the asker's id
    content: str  # digest of everything the asker said
    answer: str  # id of the question whose answer this is: its own, or one that means the same


class GivenAnswerRow(SQLModel, table=True):
    """An answer, signed, kept verbatim; one per meaning and agreement."""

    __tablename__ = "question_answer"
    __table_args__ = (UniqueConstraint("counterparty", "agreement", "meaning"),)

    counterparty: str = Field(primary_key=True)
    question: str = Field(primary_key=True)
    agreement: str = Field(index=True)
    meaning: str  # digest of what was asked, on which data version, under which conditions
    jws: str
    answered_ms: int = Field(sa_type=BigInteger)


class AskedQuestionRow(SQLModel, table=True):
    """A question of ours, saved before it leaves."""

    __tablename__ = "question_asked"

    question: str = Field(primary_key=True)
    counterparty: str = Field(index=True)
    agreement: str
    sql: str
    purpose: str
    mode: str
    state: str = "asked"  # asked, answered, refused
    jws: str = ""  # the answer as it came
    usage: str = ""  # JSON: what was used of the agreement's count then
    reasons: str = ""  # JSON array, of a refusal
    asked_ms: int = Field(sa_type=BigInteger, index=True)
    ended_ms: int = Field(default=0, sa_type=BigInteger)
