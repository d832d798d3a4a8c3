"""Rows of plain delivery: what opens a file, and what is to be sent.

Times are whole milliseconds since 1970, UTC. `transfer` is our own pid.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

WAITING: Final = "waiting"  # until the transfer is started, or until the next attempt
DONE: Final = "done"
FAILED: Final = "failed"


class GrantRow(SQLModel, table=True):
    """What opens a file: a token that the newest Start carried. The token itself is nowhere."""

    __tablename__ = "delivery_grant"

    transfer: str = Field(primary_key=True)
    path: str = Field(unique=True)  # last part of the URL, random
    token: str  # SHA-256 in hexadecimal; empty while none opens it
    expires_ms: int = Field(sa_type=BigInteger)


class PushRow(SQLModel, table=True):
    """A file that goes to where the consumer said; where that is lies sealed among the secrets."""

    __tablename__ = "delivery_push"

    transfer: str = Field(primary_key=True)
    state: str = WAITING
    attempts: int = 0
    next_ms: int = Field(default=0, sa_type=BigInteger)  # not before
    reason: str = ""  # why the last attempt failed, as a code
