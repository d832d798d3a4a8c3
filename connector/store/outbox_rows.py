"""What waits to be sent."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import BigInteger, Index, Integer, LargeBinary
from sqlmodel import Field, SQLModel

if TYPE_CHECKING:
    from collections.abc import Mapping

WAITING: Final = "waiting"
DELIVERED: Final = "delivered"
PARKED: Final = "parked"
OVERTAKEN: Final = "overtaken"  # the reason of what was settled by something else than its answer
SENT: Final = (  # the columns that a message begins with
    "peer",
    "process",
    "kind",
    "method",
    "url",
    "message_id",
    "headers",
    "body",
    "sealed",
    "state",
    "attempts",
    "next_ms",
    "created_ms",
    "reason",
)
NUMBER: Final = BigInteger().with_variant(Integer(), "sqlite")  # where Integer has 64 bits


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A message to another party. Its bytes and its id stay the same over every attempt.

    Attributes:
        peer: the DID that the token is for.
        url: where it goes.
        body: the bytes, exactly.
        kind: which handler hears of the outcome.
        process: messages of one (peer, process) are delivered in their order.
        message_id: the message's own id.
        headers: more headers; the token is added afresh at each attempt.
        method: the HTTP method.
        hold_ms: milliseconds to wait before the first attempt.
        sealed: name of the secret that holds the bytes to be sent, where they open something;
            `body` is then what may be shown of them.
    """

    peer: str
    url: str
    body: bytes
    kind: str
    process: str = ""
    message_id: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "POST"
    hold_ms: int = 0
    sealed: str = ""


class OutboxRow(SQLModel, table=True):
    """One message and how far its delivery is."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_lane", "state", "peer", "process", "id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=NUMBER)
    peer: str
    process: str = ""
    kind: str
    method: str = "POST"
    url: str
    message_id: str = Field(default="", index=True)
    headers: str = "{}"
    body: bytes = Field(sa_type=LargeBinary)
    sealed: str = ""  # name of the secret that is sent instead
    state: str = WAITING
    attempts: int = 0
    next_ms: int = Field(default=0, sa_type=BigInteger)  # not before
    created_ms: int = Field(sa_type=BigInteger)
    ended_ms: int | None = Field(default=None, sa_type=BigInteger)
    last_status: int | None = None
    reason: str = ""

    @staticmethod
    def values(outgoing: Outgoing, now_ms: int) -> dict[str, Any]:
        """Give the columns of a message that was never tried."""
        return {
            "peer": outgoing.peer,
            "process": outgoing.process,
            "kind": outgoing.kind,
            "method": outgoing.method,
            "url": outgoing.url,
            "message_id": outgoing.message_id,
            "headers": json.dumps(dict(outgoing.headers)),
            "body": outgoing.body,
            "sealed": outgoing.sealed,
            "state": WAITING,
            "attempts": 0,
            "next_ms": now_ms + outgoing.hold_ms if outgoing.hold_ms else 0,
            "created_ms": now_ms,
            "reason": "",
        }


@dataclass(slots=True, eq=False)
class Queued:
    """A message as its delivery sees it; the columns of `OutboxRow`, in their order."""

    id: int
    peer: str
    process: str
    kind: str
    method: str
    url: str
    message_id: str
    headers: str
    body: bytes
    sealed: str
    state: str
    attempts: int
    next_ms: int
    created_ms: int
    ended_ms: int | None
    last_status: int | None
    reason: str

    def header_map(self) -> dict[str, str]:
        """Give the headers that were stored."""
        found: dict[str, str] = json.loads(self.headers)
        return found
