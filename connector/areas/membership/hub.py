"""Calls to the pinned hub, and its refusals as errors of ours."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from connector.areas.membership import problems
from connector.process.errors import (
    BadRequest,
    MalformedError,
    PeerRefused,
    RemoteError,
    Unreachable,
    VoileError,
)
from crypto.problem import Problem
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
        raise BadRequest(problems.HUB_MISSING)
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
    headers: Mapping[str, str] | None = None,
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
        headers={
            **({} if value is None else {"Content-Type": "application/json"}),
            **(headers or {}),
        },
        max_bytes=max_bytes,
        kind=kind or f"hub.{path.split('/', 1)[0]}",
    )
    if response.status >= 500:
        raise Unreachable(problems.HUB_FAILED, status=response.status)
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
        raise RemoteError(problems.HUB_MALFORMED, why=error) from error


def refusal(status: int, body: bytes) -> PeerRefused:
    """Make our error of a refusal of the hub, with its own words where it gave any."""
    code, said, following = "peer-refused", "", ""
    try:
        error = loads(body)["error"]
        code, said = str(error["code"]), str(error["message"])
        following = str(error.get("next", ""))
        problem = Problem(code, problems.HUB_REFUSED)
    except (VoileError, KeyError, TypeError):  # the status says enough
        problem = Problem(code, problems.HUB_ANSWERED)
    found = PeerRefused(problem, peer_status=status, body=body, said=said)
    if status == 401:
        found.advise(problems.HUB_KNOWS_US_NOT)
    elif following:
        found.next_step = following
    return found
