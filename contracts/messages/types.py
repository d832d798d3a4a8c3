"""The messages and answers of DSP 2025-1 as frozen values; names are the specification's.

Parts that are policies, data addresses or datasets stay the JSON objects they were: they
are signed, compared and stored as received, and read by the rooms that understand them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NewType

Pid = NewType("Pid", str)
Json = Mapping[str, Any]
EventType = Literal["ACCEPTED", "FINALIZED"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Anything with an `@type`; `extra` holds the keys we store and do not interpret."""

    id: str | None = None
    extra: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessMessage(Message):
    """A message about one negotiation or transfer, named by the pids of both sides."""

    consumer_pid: Pid
    provider_pid: Pid


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorMessage(Message):
    """An answer that refuses, with a stable code and reasons."""

    code: str | None = None
    reason: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedProcessMessage(ProcessMessage):
    """A message about one process that says why, with a stable code and reasons."""

    code: str | None = None
    reason: tuple[Any, ...] = ()


# --- catalogue ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogRequestMessage(Message):
    """Asks for the catalogue; `filter` may be absent, empty or plain paging."""

    filter: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetRequestMessage(Message):
    """Asks for one dataset; the HTTPS binding uses a GET instead."""

    dataset: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog(Message):
    """What one participant offers to the one who asked."""

    participant_id: str
    dataset: tuple[Json, ...] = ()
    service: tuple[Json, ...] = ()
    catalog: tuple[Json, ...] = ()
    distribution: tuple[Json, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset(Message):
    """One dataset with its offers and distributions."""

    has_policy: tuple[Json, ...]
    distribution: tuple[Json, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogError(ErrorMessage):
    """A catalogue request that was refused."""


# --- negotiation ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractRequestMessage(Message):
    """C opens a negotiation (with a callback) or answers an offer (with the provider's pid)."""

    consumer_pid: Pid
    offer: Json
    provider_pid: Pid | None = None
    callback_address: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractOfferMessage(Message):
    """P opens a negotiation (with a callback) or makes a counter-offer (with C's pid)."""

    provider_pid: Pid
    offer: Json
    consumer_pid: Pid | None = None
    callback_address: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractAgreementMessage(ProcessMessage):
    """P agrees."""

    agreement: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractAgreementVerificationMessage(ProcessMessage):
    """C has verified the agreement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractNegotiationEventMessage(ProcessMessage):
    """C has ACCEPTED an offer, or P has FINALIZED the negotiation."""

    event_type: EventType


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractNegotiationTerminationMessage(CodedProcessMessage):
    """Either side ends the negotiation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractNegotiation(ProcessMessage):
    """The state of a negotiation, as answered."""

    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractNegotiationError(ErrorMessage):
    """A negotiation message that was refused; EDC leaves the pids out."""

    consumer_pid: Pid | None = None
    provider_pid: Pid | None = None


# --- transfer -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferRequestMessage(Message):
    """C asks for a transfer under an agreement; `data_address` only for push."""

    consumer_pid: Pid
    agreement_id: str
    format: str
    callback_address: str
    data_address: Json | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferStartMessage(ProcessMessage):
    """Starts or resumes; P gives the `data_address` for pull."""

    data_address: Json | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferCompletionMessage(ProcessMessage):
    """Either side says the transfer is complete."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferSuspensionMessage(CodedProcessMessage):
    """Either side pauses the transfer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferTerminationMessage(CodedProcessMessage):
    """Either side ends the transfer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferProcess(ProcessMessage):
    """The state of a transfer, as answered."""

    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferError(ErrorMessage):
    """A transfer message that was refused; EDC leaves the pids out."""

    consumer_pid: Pid | None = None
    provider_pid: Pid | None = None
