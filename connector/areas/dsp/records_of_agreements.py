"""What the owner's own API gives of agreements, and of why a process stands where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from connector.areas.dsp.records import (
    MANY,
    Document,
    Ended,
    Known,
    ListedTransfer,
    Long,
    Offer,
    Said,
    Side,
)

Standing = Literal[
    "not concluded", "not begun", "in force", "expired", "ended", "unreadable"
]  # `not begun` and `expired` by its own dates


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """An agreement and how it stands; `inForce` is true where `state` says so."""

    id: Long
    role: Side
    counterparty: Long
    dataset: Known
    signatures: Literal["none", "own", "mutual"]
    in_force: bool
    state: Standing
    finalized: str | None
    ended: str | None
    ended_by: Known
    ended_why: Document
    consumer_pid: Known
    provider_pid: Known
    unreadable: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreements:
    """All of them, the newest first."""

    agreements: Annotated[tuple[Agreement, ...], MANY]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A stage that one of the two has signed; `jws` is detached."""

    stage: Literal["AGREED", "VERIFIED", "FINALIZED"]
    signer: Long
    signed: str
    jws: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeAgreement(Agreement):
    """With its body, an ODRL agreement, its signed stages and its open transfers."""

    body: Document
    stages: tuple[Stage, ...]
    transfers: Annotated[tuple[ListedTransfer, ...], MANY]


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedAgreement(Agreement):
    """And whether the other side can be told."""

    told: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NotBelieved:
    """What a provider showed and was not taken, and why."""

    agreement: Known
    code: str
    why: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """Ids of agreements that were kept, of those that were known, and what was refused."""

    recovered: tuple[Known, ...]
    known: tuple[Known, ...]
    refused: tuple[NotBelieved, ...]


# --- why a process stands where it stands ---------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """Our message in flight; `outbox` is its number there, `lastStatus` null before any answer."""

    type: str
    outbox: int
    state: str
    attempts: int
    last_status: int | None
    reason: Said
    next_try_ms: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A message of the peer's that we refused."""

    type: str
    id: Known
    state: str
    status: int
    code: str
    reason: Said
    at_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What the peer said of its own state, when it was asked last."""

    said: Said
    asked_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """Whose turn it is, what was tried, what helps; `meaning` and `next` in the language asked."""

    pid: Long
    kind: Literal["negotiation", "transfer"]
    role: Side
    counterparty: Long
    state: str
    status: Literal[
        "ended", "retrying", "parked", "sending", "peer", "ours", "running", "paused", "held"
    ]
    meaning: str
    turn: Known
    may_arrive: tuple[str, ...]
    may_send: tuple[str, ...]
    message: Sent | None
    trouble: Said
    refused: tuple[Refused, ...]
    peer_state: Heard | None
    offer: Offer | None
    ended: Ended | None
    next: Said
    reach: Said
