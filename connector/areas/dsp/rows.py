"""Rows of the protocol: processes, agreements, signatures, messages answered, messages refused.

A process is a negotiation or a transfer, in either role: one table, since one machine serves all.
Times are whole milliseconds since 1970, UTC. JSON stands as text, as it was received.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from connector.store.outbox_rows import NUMBER

_EMPTY: Final = {"server_default": ""}  # of columns that a later version added: for rows before
_NEVER: Final = {"server_default": "0"}


class ProcessRow(SQLModel, table=True):
    """One negotiation or transfer. `pid` is ours, random; `peer_pid` the other side's."""

    __tablename__ = "dsp_process"
    __table_args__ = (
        UniqueConstraint("counterparty", "kind", "role", "peer_pid"),
        Index("ix_dsp_process_kind_state", "kind", "state"),
    )

    pid: str = Field(primary_key=True)
    kind: str  # "negotiation" or "transfer"
    role: str
    counterparty: str = Field(index=True)
    peer_pid: str | None = None
    callback: str  # base URL of the peer's endpoints
    opened_digest: str = ""  # of the peer's creating message without its @id

    state: str = ""
    paused_by: str = ""  # roles, comma-separated
    flying_event: str = ""
    flying_source: str = ""
    flying_target: str = ""
    flying_message: str = ""  # @id of our message in flight
    wanted: str = ""  # JSON: what we send as soon as nothing is in flight

    dataset: str = ""
    offer: str = ""  # JSON: the last offer that was on the table
    agreement: str = Field(default="", index=True)  # the agreement's @id
    format: str = ""
    data_address: str = ""  # JSON

    ended_by: str = ""  # DID of who ended it before its time
    ended_code: str = ""
    ended_reason: str = ""  # JSON array
    trouble: str = ""  # what the peer last objected to, for `voile explain`
    created_ms: int = Field(sa_type=BigInteger)
    changed_ms: int = Field(sa_type=BigInteger, index=True)
    asked: str = Field(
        default="", sa_column_kwargs=_EMPTY
    )  # JSON: the offer that we had asked for, once the peer offered another
    peer_said: str = Field(
        default="", sa_column_kwargs=_EMPTY
    )  # the state the peer named when it was asked, or what it answered
    peer_said_ms: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs=_NEVER)


class AgreementRow(SQLModel, table=True):
    """An agreement, from the moment it was made or received. `negotiation` is our own pid."""

    __tablename__ = "dsp_agreement"
    __table_args__ = (
        UniqueConstraint("counterparty", "role", "agreement"),
        # a provider chooses the id: of all parties, one at a time may have it
        Index("ix_dsp_agreement_agreement_namesakes", "agreement", "namesakes", unique=True),
        Index("ix_dsp_agreement_agreed_ms_negotiation", "agreed_ms", "negotiation"),
        Index("ix_dsp_agreement_dataset", "dataset", "role", "agreed_ms"),
        Index("ix_dsp_agreement_standing", "role", "finalized_ms", "ended_ms"),
    )

    negotiation: str = Field(primary_key=True)
    agreement: str  # its @id
    role: str
    counterparty: str
    dataset: str
    body: str  # JSON, as it was parsed and evaluated
    consumer_pid: str
    provider_pid: str
    signatures: str = "none"
    agreed_ms: int = Field(sa_type=BigInteger)
    finalized_ms: int | None = Field(default=None, sa_type=BigInteger)
    ended_ms: int | None = Field(default=None, sa_type=BigInteger)
    ended_by: str = Field(
        default="", sa_column_kwargs=_EMPTY
    )  # DID of whose owner ended it; empty: the provider's, as it once was
    ended_why: str = Field(default="", sa_column_kwargs=_EMPTY)  # JSON: code and reason
    namesakes: int = Field(
        default=0, sa_column_kwargs=_NEVER
    )  # how many with this id were here before it: of homes of earlier versions, and what they lost


class SignatureRow(SQLModel, table=True):
    """One stage of an agreement's chain, with what is needed to check it after a key rotation."""

    __tablename__ = "dsp_signature"

    negotiation: str = Field(primary_key=True)
    stage: str = Field(primary_key=True)
    signer: str
    jws: str
    jwk: str  # JSON
    did_document: str = ""  # digest of the signer's DID document at that time
    signed_ms: int = Field(sa_type=BigInteger)


class ReceivedRow(SQLModel, table=True):
    """A message that was taken, with its answer: a repeat gets the same one."""

    __tablename__ = "dsp_received"

    peer: str = Field(primary_key=True)
    message: str = Field(primary_key=True)  # its @id
    type: str
    process: str
    status: int
    answer: str
    received_ms: int = Field(sa_type=BigInteger, index=True)


class ObjectionRow(SQLModel, table=True):
    """A message of a known process that we refused its counterparty; a process keeps the newest."""

    __tablename__ = "dsp_objection"

    id: int | None = Field(default=None, primary_key=True, sa_type=NUMBER)
    process: str = Field(index=True)
    type: str
    message: str = ""  # its @id
    state: str  # ours, when it came
    status: int
    code: str
    reason: str
    at_ms: int = Field(sa_type=BigInteger)
