"""Calls to the pinned hub, and its refusals as errors of ours."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from connector.process.errors import (
    BadRequest,
    MalformedError,
    PeerRefused,
    RemoteError,
    Unreachable,
    VoileError,
)
from crypto.strict_json import loads

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from connector.party.node import Node

SMALL: Final = 5 << 20  # bytes of an answer; a status document is at most 4 MiB


def hub_of(node: Node) -> str:
    """Give the DID of the pinned hub.

    Raises:
        BadRequest: this connector works point to point, without a hub.
    """
    if node.settings.hub_did is None:
        raise BadRequest(
            "this connector has no hub",
            code="hub-missing",
            next_step="set `hub` in voile.toml to the DID of the operator's hub, and start again",
        )
    return node.settings.hub_did


def address(node: Node, path: str) -> str:
    """Give a URL at the hub; resolves the hub's document, so never inside a transaction."""
    base = node.peers.endpoint(hub_of(node), "VoileHub")
    return f"{base}/{path}" if path else base


def call_hub(
    node: Node,
    method: str,
    path: str,
    *,
    value: object | None = None,
    params: Mapping[str, Sequence[str]] | None = None,
    max_bytes: int = SMALL,
    kind: str = "",
) -> dict[str, Any]:
    """Call the hub and read its JSON answer.

    Raises:
        PeerRefused: it refused; the message is its own.
        RemoteError: it cannot be reached, failed, or answers nonsense.
    """
    query = f"?{urlencode(params, doseq=True)}" if params else ""
    response = node.peers.call(
        hub_of(node),
        method,
        address(node, path) + query,
        body=None if value is None else json.dumps(value, ensure_ascii=False).encode(),
        headers={} if value is None else {"Content-Type": "application/json"},
        max_bytes=max_bytes,
        kind=kind or f"hub.{path.split('/', 1)[0]}",
    )
    if response.status >= 500:
        raise Unreachable(
            f"the hub answered {response.status}", code="hub-failed", next_step="try again later"
        )
    if response.status >= 300:
        raise refusal(response.status, response.body)
    with answered():
        found = loads(response.body, max_bytes=max_bytes)
    return found if isinstance(found, dict) else {}


@contextmanager
def answered() -> Iterator[None]:
    """Read an answer of the hub: what is malformed in it is the hub's fault, not the asker's."""
    try:
        yield
    except MalformedError as error:
        raise RemoteError(
            f"the hub's answer is malformed: {error.message}",
            code="hub-malformed",
            next_step="ask the operator whether the hub is up to date",
        ) from error


def refusal(status: int, body: bytes) -> PeerRefused:
    """Make our error of a refusal of the hub, with its own words where it gave any."""
    code, message, following = "peer-refused", f"the hub answered {status}", ""
    try:
        error = loads(body)["error"]
        code, message = str(error["code"]), f"the hub refused: {error['message']}"
        following = str(error.get("next", ""))
    except (VoileError, KeyError, TypeError):
        pass  # the status says enough
    found = PeerRefused(message, peer_status=status, body=body, code=code)
    if status == 401:
        following = "see `voile membership`: the hub answers certified connectors only"
    found.next_step = following or found.next_step
    return found
