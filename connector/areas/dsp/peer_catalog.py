"""A peer's endpoints and catalogue, asked for as a consumer. No transaction is open here.

Spec: voile design dsp.md §5. Where a peer's endpoints are, its DID document and its version
document say; pages are followed at the same origin only, and a catalogue that was cut says so.
"""

from __future__ import annotations

import time
import zlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import quote

from connector.areas.dsp import problems, problems_pages
from connector.areas.dsp.fetched import Fetched, Limits
from connector.areas.dsp.names import fresh_urn
from connector.process import problems_peers
from connector.process.errors import MalformedError, NotFound, PeerRefused, RemoteError, VoileError
from contracts import links, versions
from contracts import messages as m
from contracts.errors import RemoteProtocolError
from contracts.messages.catalogs import DatasetRead, Unreadable, read_catalog, read_dataset
from crypto.strict_json import loads
from crypto.url import Url, read_url, resolve

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.party.node import Node
    from connector.process.ports import Response
    from crypto.words import Filled

R = TypeVar("R")

WELL_KNOWN: Final = "/.well-known/dspace-version"
MAX_DECODED_BYTES: Final = 8 << 20


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
        read_url(base)  # both of its halves are theirs
    except (RemoteProtocolError, MalformedError) as error:
        raise _unreadable(did, error) from error
    node.peers.keep_base(did, base)
    return base


def catalog(node: Node, did: str, limits: Limits | None = None) -> Fetched:
    """Fetch a peer's catalogue, page after page, to its end or to where it is cut.

    A part that cannot be read hides no other; it is listed with its id and why.

    Raises:
        RemoteError: The first page cannot be had or read.
    """
    limits = limits or Limits()
    until = time.monotonic() + limits.seconds
    body = m.encode(m.CatalogRequestMessage(id=fresh_urn(node.entropy)))
    url: Url | None = read_url(f"{base_of(node, did)}/catalog/request")
    first: m.Catalog | None = None
    datasets: dict[str, Any] = {}
    unreadable: list[Unreadable] = []
    asked: set[Url] = set()
    size = came = 0
    cut: Filled | None = None
    while url is not None and cut is None:
        asked.add(url)
        try:
            response = node.peers.call(
                did, "POST", str(url), body=body, kind="CatalogRequestMessage"
            )
            _check_ok(did, response)
            page = _read(did, response, read_catalog)
        except RemoteError as error:
            if first is None:
                raise
            asked.discard(url)
            cut = problems_pages.DID_NOT_COME.of(why=error)
            break
        first = first or page.catalog
        came += len(page.catalog.dataset)
        for one in page.catalog.dataset:
            datasets.setdefault(one["@id"], one)
        unreadable.extend(page.unreadable)
        size += len(response.body)
        url, cut = _next(response, url)
        if url is None or cut is not None:
            continue
        if url in asked:
            cut = problems_pages.LEADS_BACK.of()
        elif len(asked) >= limits.pages:
            cut = problems_pages.MANY_PAGES.of(most=limits.pages)
        elif size >= limits.bytes:
            cut = problems_pages.MANY_BYTES.of(most=limits.bytes)
        elif time.monotonic() >= until:
            cut = problems_pages.TOOK_LONG.of(seconds=f"{limits.seconds:.0f}")
    assert first is not None
    return Fetched(
        provider=did,
        catalog=replace(first, dataset=tuple(datasets.values())),
        unreadable=tuple(dict.fromkeys(unreadable)),
        pages=len(asked),
        repeated=came - len(datasets),
        cut=cut,
    )


def dataset(node: Node, did: str, dataset_id: str) -> DatasetRead:
    """Fetch one dataset of a peer; an offer that cannot be read hides no other.

    Raises:
        NotFound: The peer shows us none of that name.
    """
    url = f"{base_of(node, did)}/catalog/datasets/{quote(dataset_id, safe=':')}"
    response = node.peers.call(did, "GET", url, kind="DatasetRequestMessage")
    if response.status == 404:
        raise NotFound(problems.DATASET_MISSING, party=did, dataset=dataset_id[:200])
    _check_ok(did, response)
    return _read(did, response, read_dataset)


def _check_ok(did: str, response: Response) -> None:
    if not 200 <= response.status < 300:
        raise PeerRefused(
            problems_peers.PARTY_ANSWERED,
            peer_status=response.status,
            body=response.body,
            status=response.status,
            party=did,
            reason=_reason(response),
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


def _unreadable(did: str, error: VoileError) -> RemoteError:
    return RemoteError(problems_peers.UNREADABLE, party=did, why=error)


def _decoded(response: Response) -> bytes:
    """Undo gzip, which a peer may use unasked; the decoded size is capped."""
    if response.headers.get("content-encoding", "identity").lower() != "gzip":
        return response.body
    inflate = zlib.decompressobj(wbits=31)
    try:
        data = inflate.decompress(response.body, MAX_DECODED_BYTES)
    except zlib.error as error:
        raise RemoteError(problems_peers.NO_GZIP) from error
    if inflate.unconsumed_tail:
        raise RemoteError(problems_peers.TOO_LARGE, most=MAX_DECODED_BYTES)
    return data


def _next(response: Response, url: Url) -> tuple[Url | None, Filled | None]:
    """Give where the next page is; and why it cannot be followed, if it is not to be read."""
    try:
        found = links.target(response.headers.get("link", ""), "next")
        if found is None:
            return None, None
        place = resolve(url, found)
    except (RemoteProtocolError, MalformedError) as error:
        return None, problems_pages.LINK_UNREADABLE.of(why=error)
    if place.origin != url.origin:  # our token is for this peer only
        return None, problems_pages.OTHER_ORIGIN.of()
    return replace(place, fragment=None), None
