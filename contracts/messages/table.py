"""Every message and answer of DSP 2025-1: its class, its keys, its rules. One table, no code.

The attribute of a key is its snake_case name. `@context` and `@type` stand outside the table.

Spec: DSP 2025-1 §5 (catalog), §7 (negotiation), §9 (transfer); voile design dsp.md §3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from contracts.messages import types
from contracts.messages.shapes import (
    Key,
    Shape,
    anything,
    array,
    identifier,
    name,
    one_of,
    optional,
    pid,
    required,
)
from contracts.messages.terms import (
    AGREEMENT,
    CATALOG_KEYS,
    DATA_ADDRESS,
    DATASET_KEYS,
    MESSAGE_OFFER,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

NEGOTIATION_STATES: Final = (
    *("REQUESTED", "OFFERED", "ACCEPTED", "AGREED", "VERIFIED", "FINALIZED", "TERMINATED"),
)
TRANSFER_STATES: Final = ("REQUESTED", "STARTED", "COMPLETED", "SUSPENDED", "TERMINATED")

_PIDS: Final = (required("providerPid", pid), required("consumerPid", pid))
_OPTIONAL_PIDS: Final = (optional("providerPid", pid), optional("consumerPid", pid))
_WHY: Final = (optional("code", name), optional("reason", array(anything, at_least=1)))
_MESSAGE_ID: Final = optional("@id", identifier)


def _message(*keys: Key, exactly_one: tuple[str, ...] = ()) -> Shape:
    return Shape((_MESSAGE_ID, *keys), exactly_one=exactly_one)


SHAPES: Final[Mapping[type[types.Message], Shape]] = {
    types.CatalogRequestMessage: _message(optional("filter", array(anything))),
    types.DatasetRequestMessage: _message(required("dataset", name)),
    types.Catalog: Shape(
        (required("@id", name), required("participantId", name), *CATALOG_KEYS),
        forbidden=("hasPolicy",),
    ),
    types.Dataset: Shape((required("@id", name), *DATASET_KEYS)),
    types.CatalogError: _message(optional("code", name), optional("reason", array(anything))),
    types.ContractRequestMessage: _message(
        required("consumerPid", pid),
        required("offer", MESSAGE_OFFER),
        optional("callbackAddress", name),
        optional("providerPid", pid),
        exactly_one=("callbackAddress", "providerPid"),
    ),
    types.ContractOfferMessage: _message(
        required("providerPid", pid),
        required("offer", MESSAGE_OFFER),
        optional("callbackAddress", name),
        optional("consumerPid", pid),
        exactly_one=("callbackAddress", "consumerPid"),
    ),
    types.ContractAgreementMessage: _message(*_PIDS, required("agreement", AGREEMENT)),
    types.ContractAgreementVerificationMessage: _message(*_PIDS),
    types.ContractNegotiationEventMessage: _message(
        *_PIDS, required("eventType", one_of("ACCEPTED", "FINALIZED"))
    ),
    types.ContractNegotiationTerminationMessage: _message(*_PIDS, *_WHY),
    types.ContractNegotiation: _message(*_PIDS, required("state", one_of(*NEGOTIATION_STATES))),
    types.ContractNegotiationError: _message(*_OPTIONAL_PIDS, *_WHY),
    types.TransferRequestMessage: _message(
        required("consumerPid", pid),
        required("agreementId", identifier),
        required("format", name),
        required("callbackAddress", name),
        optional("dataAddress", DATA_ADDRESS),
    ),
    types.TransferStartMessage: _message(*_PIDS, optional("dataAddress", DATA_ADDRESS)),
    types.TransferCompletionMessage: _message(*_PIDS),
    types.TransferSuspensionMessage: _message(*_PIDS, *_WHY),
    types.TransferTerminationMessage: _message(*_PIDS, *_WHY),
    types.TransferProcess: _message(*_PIDS, required("state", one_of(*TRANSFER_STATES))),
    types.TransferError: _message(*_OPTIONAL_PIDS, *_WHY),
}

BY_TYPE: Final[Mapping[str, type[types.Message]]] = {cls.__name__: cls for cls in SHAPES}
