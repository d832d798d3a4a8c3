"""What the kit writes, as it was seen on the wire: no `constraint`, no `reason`, nanoseconds."""

from __future__ import annotations

import json
import time
import uuid
from datetime import UTC, datetime
from typing import Any, Final

KIT: Final = "TCK_PARTICIPANT"
CONNECTOR: Final = "CONNECTOR_UNDER_TEST"  # `…connector.agent.id`
FORMAT: Final = "HttpData-PULL"
CONTEXT: Final = ("https://w3id.org/dspace/2025/1/context.jsonld",)


def message(type_: str, **keys: Any) -> dict[str, Any]:
    """Make a message; every one has an `@id` of its own, and None leaves a key out."""
    head = {"@context": list(CONTEXT), "@id": str(uuid.uuid4()), "@type": type_}
    return head | {key: value for key, value in keys.items() if value is not None}


def offer(offer_id: str, target: str, **parties: str) -> dict[str, Any]:
    """Make an offer as it stands in a message."""
    return {
        "@id": offer_id,
        "@type": "Offer",
        "permission": [{"action": "use"}],
        "target": target,
        **parties,
    }


def agreement(target: str) -> dict[str, Any]:
    """Make an agreement of the kit as provider."""
    nanoseconds = time.time_ns() % 1_000_000_000
    second = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return {
        "@id": str(uuid.uuid4()),
        "@type": "Agreement",
        "assignee": CONNECTOR,
        "assigner": KIT,
        "permission": [{"action": "use"}],
        "target": target,
        "timestamp": f"{second}.{nanoseconds:09d}Z",
    }


def data_address() -> dict[str, Any]:
    """Make the address of a first start."""
    return {
        "@type": "DataAddress",
        "endpoint": "http://example.com",
        "endpointType": "https://w3id.org/idsa/v4.1/HTTP",
    }


def encode(value: dict[str, Any]) -> bytes:
    """Write a message."""
    return json.dumps(value).encode()
