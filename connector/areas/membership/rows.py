"""Rows of membership: what the hub says of us, and what we told its shared catalogue."""

from __future__ import annotations

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel


class MembershipRow(SQLModel, table=True):
    """Our own application and certification: one row, number 1."""

    __tablename__ = "membership"

    id: int = Field(default=1, primary_key=True)
    application: str  # its id at the hub
    hub_url: str = ""  # of the hub's own routes
    state: str  # pending, approved, rejected
    standing: str = ""  # certified, suspended, revoked; empty before the first certification
    reason: str = ""
    participant: str  # JSON: as we applied
    credential: str = ""  # verified when it was stored
    since: int = Field(default=0, sa_type=BigInteger)  # unix seconds
    expires: int = Field(default=0, sa_type=BigInteger)  # unix seconds
    applied_ms: int = Field(sa_type=BigInteger)
    checked_ms: int = Field(default=0, sa_type=BigInteger)


class AnnouncementRow(SQLModel, table=True):
    """What the shared catalogue was last told of one dataset."""

    __tablename__ = "announcement"

    dataset_id: str = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    digest: str  # of the dataset that was described; empty: to be told anew
    state: str  # sent, listed, refused, withdrawing, withdrawn
    reason: str = ""
    outbox_id: int = Field(default=0, sa_type=BigInteger)
    changed_ms: int = Field(sa_type=BigInteger)
