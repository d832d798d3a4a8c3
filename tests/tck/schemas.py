"""Checks of everything that the connector sends: own shapes always, the published schemas too."""

from __future__ import annotations

import functools
from typing import Any, Final

from jsonschema import Draft201909Validator

from tests.contracts import dsp_vectors
from tests.tck.bodies import CONTEXT

PIDS: Final = ("consumerPid", "providerPid")
# type -> keys that must be there
KEYS: Final[dict[str, tuple[str, ...]]] = {
    "Catalog": ("@id", "participantId", "service", "dataset"),
    "Dataset": ("@id", "hasPolicy", "distribution"),
    "CatalogError": (),
    "ContractRequestMessage": ("@id", "consumerPid", "offer"),
    "ContractOfferMessage": ("@id", "providerPid", "offer"),
    "ContractAgreementMessage": ("@id", *PIDS, "agreement"),
    "ContractAgreementVerificationMessage": ("@id", *PIDS),
    "ContractNegotiationEventMessage": ("@id", *PIDS, "eventType"),
    "ContractNegotiationTerminationMessage": ("@id", *PIDS),
    "ContractNegotiation": (*PIDS, "state"),
    "ContractNegotiationError": PIDS,
    "TransferRequestMessage": ("@id", "consumerPid", "agreementId", "format", "callbackAddress"),
    "TransferStartMessage": ("@id", *PIDS),
    "TransferCompletionMessage": ("@id", *PIDS),
    "TransferSuspensionMessage": ("@id", *PIDS),
    "TransferTerminationMessage": ("@id", *PIDS),
    "TransferProcess": (*PIDS, "state"),
    "TransferError": PIDS,
}


class WrongShapeError(AssertionError):
    """The connector has sent something that is not what the specification says."""


def published() -> bool:
    """Whether the published schemas lie beside the project."""
    return (dsp_vectors.VECTORS / "dsp").is_dir()


@functools.cache
def _validator(type_: str) -> Draft201909Validator:
    schema = dsp_vectors._mend(dsp_vectors.read(dsp_vectors.schema_names()[type_]))
    return Draft201909Validator(schema, registry=dsp_vectors._registry())


def check(value: Any, *types: str) -> dict[str, Any]:
    """Hold a message or an answer against its shape and, where it is there, its schema.

    Args:
        value: what was read.
        types: which types it may have.

    Raises:
        WrongShapeError: naming what is wrong.
    """
    if not isinstance(value, dict):
        raise WrongShapeError(f"expected {' or '.join(types)}, got {type(value).__name__}")
    type_ = value.get("@type")
    if type_ not in types:
        raise WrongShapeError(f"expected {' or '.join(types)}, got @type {type_!r}")
    context = value.get("@context")
    if not isinstance(context, list) or CONTEXT[0] not in context:
        raise WrongShapeError(f"{type_}: @context {context!r}")
    for key in KEYS[type_]:
        if not value.get(key):
            raise WrongShapeError(f"{type_}: `{key}` is missing or empty")
    if published():
        found = next(_validator(type_).iter_errors(value), None)
        if found is not None:
            raise WrongShapeError(f"{type_}: {found.json_path}: {found.message[:200]}")
    return value


def check_address(value: Any) -> None:
    """Hold the data address of a start, with which a pull begins, against its shape.

    Raises:
        WrongShapeError: naming what is wrong.
    """
    if not isinstance(value, dict) or value.get("@type") != "DataAddress":
        raise WrongShapeError(f"dataAddress: {value!r}")
    for key in ("endpoint", "endpointType"):
        if not isinstance(value.get(key), str) or not value[key]:
            raise WrongShapeError(f"dataAddress: `{key}` is missing or empty")
    properties = value.get("endpointProperties", [{"name": "-", "value": "-"}])
    for item in properties:
        if not isinstance(item.get("name"), str) or not isinstance(item.get("value"), str):
            raise WrongShapeError(f"dataAddress: property {item!r}")
