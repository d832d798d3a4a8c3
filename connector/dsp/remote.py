"""A peer's endpoints and catalogue, asked for as a consumer. No transaction is open here.

Spec: voile design dsp.md §5. Where a peer's endpoints are, its DID document and its version
document say; pages are followed at the same origin only, and their number is capped.
"""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import quote

from connector.dsp.names import fresh_urn
from connector.errors import NotFound, PeerRefused, RemoteError, VoileError
from connector.identity.peers import origin
from contracts import messages as m
from contracts import versions
from contracts.errors import RemoteProtocolError
from contracts.messages.catalogs import (
    CatalogRead,
    DatasetRead,
    Unreadable,
    read_catalog,
    read_dataset,
)
from crypto.strict_json import loads

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.node import Node
    from connector.ports import Response

R = TypeVar("R")

WELL_KNOWN: Final = "/.well-known/dspace-version"
MAX_PAGES: Final = 50
MAX_DECODED_BYTES: Final = 8 << 20
_NEXT = re.compile(r'<([^<>]+)>\s*;\s*rel="?next"?')


def base_of(node: Node, did: str) -> str:
    """Find the base URL of a peer's 2025-1 endpoints.

    Raises:
        VerificationError: Its DID document names no data service.
        RemoteError: It cannot be reached, or speaks no 2025-1.
    """
    if (known := node.peers.known_base(did)) is not None:
        return known
    endpoint = node.peers.endpoint(did, "DataService")
    root = endpoint.removesuffix(WELL_KNOWN)
    response = node.peers.call(did, "GET", root + WELL_KNOWN, kind="VersionDocument")
    _check_ok(did, response)
    try:
        base = versions.base_url(response.body, root=root)
    except RemoteProtocolError as error:
        raise _unreadable(did, error) from error
    node.peers.keep_base(did, base)
    return base


def catalog(node: Node, did: str) -> CatalogRead:
    """Fetch a peer's whole catalogue, page after page; an unreadable part hides no other."""
    base = base_of(node, did)
    body = m.encode(m.CatalogRequestMessage(id=fresh_urn(node.entropy)))
    url: str | None = f"{base}/catalog/request"
    first: m.Catalog | None = None
    datasets: list[Any] = []
    unreadable: list[Unreadable] = []
    for _ in range(MAX_PAGES):
        if url is None:
            break
        response = node.peers.call(did, "POST", url, body=body, kind="CatalogRequestMessage")
        _check_ok(did, response)
        page = _read(did, response, read_catalog)
        first = first or page.catalog
        datasets.extend(page.catalog.dataset)
        unreadable.extend(page.unreadable)
        url = _next(response, url)
    assert first is not None
    whole = m.Catalog(
        id=first.id,
        participant_id=first.participant_id,
        service=first.service,
        dataset=tuple(datasets),
        extra=first.extra,
    )
    return CatalogRead(whole, tuple(unreadable))


def dataset(node: Node, did: str, dataset_id: str) -> DatasetRead:
    """Fetch one dataset of a peer; an offer that cannot be read hides no other.

    Raises:
        NotFound: The peer shows us none of that name.
    """
    url = f"{base_of(node, did)}/catalog/datasets/{quote(dataset_id, safe=':')}"
    response = node.peers.call(did, "GET", url, kind="DatasetRequestMessage")
    if response.status == 404:
        raise NotFound(
            f"`{did}` offers us no dataset `{dataset_id[:200]}`",
            code="dataset-missing",
            next_step=f"see what it offers: voile catalog {did}",
        )
    _check_ok(did, response)
    return _read(did, response, read_dataset)


def _check_ok(did: str, response: Response) -> None:
    if not 200 <= response.status < 300:
        raise PeerRefused(
            f"`{did}` answered {response.status}{_reason(response)}",
            peer_status=response.status,
            body=response.body,
        )


def _reason(response: Response) -> str:
    """Give the first reason of a peer's error body, for our owner; empty where there is none."""
    try:
        body = loads(_decoded(response))
    except VoileError:
        return ""  # the status says enough
    reasons = body.get("reason") if isinstance(body, dict) else None
    first = reasons[0] if isinstance(reasons, list) and reasons else ""
    return f": {first[:300]}" if isinstance(first, str) and first.isprintable() and first else ""


def _read(did: str, response: Response, reader: Callable[[bytes], R]) -> R:
    try:
        return reader(_decoded(response))
    except RemoteProtocolError as error:
        raise _unreadable(did, error) from error


def _unreadable(did: str, error: RemoteProtocolError) -> RemoteError:
    return RemoteError(
        f"the answer of `{did}` cannot be read: {error.message}",
        code="peer-unreadable",
        next_step="tell the peer's operator; what was expected is in the message",
    )


def _decoded(response: Response) -> bytes:
    """Undo gzip, which a peer may use unasked; the decoded size is capped."""
    if response.headers.get("content-encoding", "identity").lower() != "gzip":
        return response.body
    inflate = zlib.decompressobj(wbits=31)
    try:
        data = inflate.decompress(response.body, MAX_DECODED_BYTES)
    except zlib.error as error:
        raise RemoteError("the answer is no gzip", code="peer-unreadable") from error
    if inflate.unconsumed_tail:
        raise RemoteError(
            f"the answer decodes to more than {MAX_DECODED_BYTES} bytes", code="peer-too-large"
        )
    return data


def _next(response: Response, url: str) -> str | None:
    found = _NEXT.search(response.headers.get("link", ""))
    if found is None:
        return None
    if origin(found[1]) != origin(url):
        raise RemoteError(
            "the next page of the catalogue is said to be at another origin",
            code="peer-foreign-link",
            next_step="tell the peer's operator",
        )
    return found[1]
