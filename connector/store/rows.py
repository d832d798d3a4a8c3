"""Rows of the store itself: secrets, facts about the node, and the evidence log.

Rows are not domain values: they validate nothing. Times are whole milliseconds since 1970, UTC.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Index, LargeBinary
from sqlmodel import Field, SQLModel


class SecretRow(SQLModel, table=True):
    """A secret, sealed under the key that lies outside the data folder."""

    __tablename__ = "secret"

    name: str = Field(primary_key=True)
    sealed: bytes = Field(sa_type=LargeBinary)
    created_ms: int = Field(sa_type=BigInteger)


class FactRow(SQLModel, table=True):
    """A single fact about this node, such as the hash of its management token."""

    __tablename__ = "fact"

    name: str = Field(primary_key=True)
    value: str


_SEARCHED: Final = ("kind", "counterparty", "agreement", "process")


class LogEntryRow(SQLModel, table=True):
    """One leaf: the exact bytes that were hashed, and what they are searched by.

    Each index goes on with time and place, in which order a search is read, newest first.
    """

    __tablename__ = "log_entry"
    __table_args__ = (
        Index("ix_log_entry_time", "time_ms", "index"),
        *(Index(f"ix_log_entry_{name}", name, "time_ms", "index") for name in _SEARCHED),
    )

    index: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    entry_id: str = Field(unique=True)
    time_ms: int = Field(sa_type=BigInteger)
    kind: str
    role: str = ""
    counterparty: str = ""
    agreement: str = ""
    process: str = ""
    entry: bytes = Field(sa_type=LargeBinary)
    leaf_hash: bytes = Field(sa_type=LargeBinary)


class LogTermRow(SQLModel, table=True):
    """A leaf under something else that it is found by: see `contracts.leaf_terms`."""

    __tablename__ = "log_term"
    __table_args__ = ({"sqlite_with_rowid": False},)

    term: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    time_ms: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    index: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )


class LogNodeRow(SQLModel, table=True):
    """The hash of one complete subtree."""

    __tablename__ = "log_node"

    level: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    index: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    hash: bytes = Field(sa_type=LargeBinary)


class LogHeadRow(SQLModel, table=True):
    """The committed size and root: one row, number 1."""

    __tablename__ = "log_head"

    id: int = Field(default=1, primary_key=True)
    size: int = Field(sa_type=BigInteger)
    root: bytes = Field(sa_type=LargeBinary)


class LogDetailRow(SQLModel, table=True):
    """What a leaf commits to and does not show: salt and detail, sealed under the data key."""

    __tablename__ = "log_detail"

    entry_id: str = Field(primary_key=True)
    blob: str = Field(unique=True)
    sealed: bytes = Field(sa_type=LargeBinary)


class CheckpointRow(SQLModel, table=True):
    """A signed head of our own log, stored before anybody saw it."""

    __tablename__ = "checkpoint"

    size: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    root: bytes = Field(sa_type=LargeBinary)
    note: bytes = Field(sa_type=LargeBinary)
    time_ms: int = Field(sa_type=BigInteger)


class AckRow(SQLModel, table=True):
    """Another's promise that a leaf of its log tells of a message; one for each message."""

    __tablename__ = "ack"

    did: str = Field(primary_key=True)
    corr: str = Field(primary_key=True)  # mark of the message
    log: str  # thumbprint of the key of the other's log
    index: int = Field(sa_type=BigInteger)
    leaf_hash: str  # hexadecimal
    accepted: str  # hash of the other's newest leaf HEAD_ACCEPTED before it; empty: none
    jws: str
    jwk: str  # JSON: the key under which it holds, for bundles of after its end
    kept_ms: int = Field(sa_type=BigInteger)


class GivenAckRow(SQLModel, table=True):
    """Which leaf we promised for a message: a repeat is promised it again without a search."""

    __tablename__ = "ack_given"

    did: str = Field(primary_key=True)
    process: str = Field(primary_key=True)  # as in the leaf
    message: str = Field(primary_key=True)  # its id
    kind: str = Field(primary_key=True)  # of the leaf
    index: int = Field(sa_type=BigInteger)


class OwedAckRow(SQLModel, table=True):
    """A promise of ours of an answer that we got, which has not left yet: see `replies`."""

    __tablename__ = "ack_owed"

    did: str = Field(primary_key=True)
    corr: str = Field(primary_key=True)  # mark of the answer
    kind: str  # of the leaf, at both
    message: str  # id of the question, or of the session
    ack: str  # as in a header
    made_ms: int = Field(sa_type=BigInteger)


class PeerCheckpointRow(SQLModel, table=True):
    """A signed head of another's log that we saw. Two roots for one size are a split view."""

    __tablename__ = "peer_checkpoint"

    did: str = Field(primary_key=True)
    size: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    root: str = Field(primary_key=True)  # hexadecimal
    origin: str
    note: bytes = Field(sa_type=LargeBinary)
    time_ms: int = Field(sa_type=BigInteger)
