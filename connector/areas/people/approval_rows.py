"""Requests that wait for a second person, and who agreed: rows."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

PENDING: Final = "pending"
AGREED: Final = "agreed"  # by all who must; not done yet
RUNNING: Final = "running"  # it was begun; after a stop in between nobody knows how far it came
DONE: Final = "done"
FAILED: Final = "failed"
DECLINED: Final = "declined"
WITHDRAWN: Final = "withdrawn"
EXPIRED: Final = "expired"  # never written: one that waits to be agreed to, or done, too long
WAITING: Final = (PENDING, AGREED, RUNNING)


class ApprovalRow(SQLModel, table=True):
    """One request. What was asked stands in it as it came, and is never changed."""

    __tablename__ = "approval"
    __table_args__ = (
        Index("ix_approval_state_requested_ms", "state", "requested_ms"),
        Index("ix_approval_requested_ms_id", "requested_ms", "id"),
    )

    id: str = Field(primary_key=True)
    operation: str
    asked: str  # canonical JSON: path, body, query
    digest: str = Field(index=True)  # of operation, what was asked, by whom, and `seen`
    salt: str  # of the digest in leaves: what is asked is easily guessed
    seen: str  # what it rests on beside that; see `Weighed`
    requester: str  # KIND:ID
    person: str = Field(index=True)  # who stands behind it; empty: a key of nobody
    reason: str
    needs: int  # persons who must agree: 1, or 2 where nobody stands behind it
    state: str
    requested_ms: int = Field(sa_type=BigInteger)
    expires_ms: int = Field(sa_type=BigInteger)
    ended_ms: int = Field(default=0, sa_type=BigInteger)
    outcome: str = Field(default="")  # JSON: `result`, or `error` with its words in both languages


class ApprovalVoteRow(SQLModel, table=True):
    """One person's word on a request: it stands, and there is one of each person."""

    __tablename__ = "approval_vote"

    request: str = Field(primary_key=True)
    person: str = Field(primary_key=True)
    actor: str  # KIND:ID, the person or a key of the person
    agreed: bool
    reason: str  # of who declined
    voted_ms: int = Field(sa_type=BigInteger)
