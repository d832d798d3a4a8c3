"""Rows of private questions: what was asked of us, what we answered and charged, what we asked.

Times are whole milliseconds since 1970, UTC. Question texts and answers are the parties' business:
they stand here and sealed in the log's detail, never in a leaf.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Index, UniqueConstraint
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
    __table_args__ = (
        UniqueConstraint("counterparty", "agreement", "meaning"),
        Index("ix_question_answer_agreement_answered_ms", "agreement", "answered_ms"),
    )

    counterparty: str = Field(primary_key=True)
    question: str = Field(primary_key=True)
    agreement: str
    meaning: str  # digest of what was asked, on which data version, under which conditions
    jws: str
    answered_ms: int = Field(sa_type=BigInteger)


class AskedQuestionRow(SQLModel, table=True):
    """A question of ours in any mode, saved before it leaves; one row for each attempt at it."""

    __tablename__ = "question_asked"
    __table_args__ = (
        Index("ix_question_asked_mode_asked_ms", "mode", "asked_ms"),
        Index("ix_question_asked_state_mode_asked_ms", "state", "mode", "asked_ms"),
        Index("ix_question_asked_agreements_asked_ms", "agreements", "asked_ms"),
    )

    attempt: str = Field(primary_key=True)  # the question's id, or that of a total's session
    question: str = Field(index=True)
    mode: str
    state: str = Field(default="asked")  # asked, answered, refused, ended
    agreements: str  # JSON: DID -> agreement id
    sql: str
    purpose: str
    why: str = ""  # code of why this mode
    jws: str = ""  # the answer as it came, if one party signed it
    answer: str = ""  # JSON, if it is made of what several signed
    usage: str = ""  # JSON: what was used of the agreements' counts then
    reasons: str = ""  # JSON array, of a refusal
    asked_ms: int = Field(sa_type=BigInteger)
    ended_ms: int = Field(default=0, sa_type=BigInteger)
