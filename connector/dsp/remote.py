"""A peer's endpoints and catalogue, asked for as a consumer. No transaction is open here.

Spec: voile design dsp.md §5. Where a peer's endpoints are, its DID document and its version
document say; pages are followed at the same origin only, and a catalogue that was cut says so.
"""

from __future__ import annotations

import time
import zlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import quote

from connector.dsp.names import fresh_urn
from connector.errors import MalformedError, NotFound, PeerRefused, RemoteError, VoileError
from contracts import links, versions
from contracts import messages as m
from contracts.errors import RemoteProtocolError
from crypto.strict_json import loads
from crypto.url import Url, read_url, resolve

if TYPE_CHECKING:
    from connector.node import Node
    from connector.ports import Response

M = TypeVar("M", bound=m.Message)

WELL_KNOWN: Final = "/.well-known/dspace-version"
MAX_PAGES: Final = 1000
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much of a foreign catalogue is read.

    Attributes:
        pages: how many pages; a peer may make them as small as it likes.
        bytes: of all pages together.
        seconds: for all of them; the page under way is read to its end.
    """

    pages: int = MAX_PAGES
    bytes: int = 64 << 20
    seconds: float = 240.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A peer's catalogue as far as it was read.

    Attributes:
        provider: whom we asked, and who was authenticated.
        catalog: its first page with the datasets of all pages, each once.
        pages: how many pages were read.
        repeated: how many datasets came again under the same ``@id`` and were left out.
        cut: why it was not read to its end; empty if it was.
    """

    provider: str
    catalog: m.Catalog
    pages: int
    repeated: int
    cut: str

    def to_json(self) -> dict[str, Any]:
        """Give it as the owner's API shows it: the catalogue, and what is to be known of it."""
        shown = len(self.catalog.dataset)
        claimed = self.catalog.participant_id
        return {
            **m.to_object(self.catalog),
            "provider": self.provider,
            "claimsToBe": claimed if claimed != self.provider else None,
            "shown": shown,
            "pages": self.pages,
            "repeated": self.repeated,
            "cut": {"after": shown, "page": self.pages, "why": self.cut} if self.cut else None,
        }


def catalog(node: Node, did: str, limits: Limits | None = None) -> Fetched:
    """Fetch a peer's catalogue, page after page, to its end or to where it is cut.

    Raises:
        RemoteError: The first page cannot be had or read, or one is said to be at another origin.
    """
    limits = limits or Limits()
    until = time.monotonic() + limits.seconds
    body = m.encode(m.CatalogRequestMessage(id=fresh_urn(node.entropy)))
    url: Url | None = read_url(f"{base_of(node, did)}/catalog/request")
    first: m.Catalog | None = None
    datasets: dict[str, Any] = {}
    asked: set[Url] = set()
    size = came = 0
    cut = ""
    while url is not None and not cut:
        asked.add(url)
        try:
            response = node.peers.call(
                did, "POST", str(url), body=body, kind="CatalogRequestMessage"
            )
            _check_ok(did, response)
            page = _parse(did, response, m.Catalog)
        except RemoteError as error:
            if first is None:
                raise
            asked.discard(url)
            cut = f"the next page did not come: {error.message}"
            break
        first = first or page
        came += len(page.dataset)
        for one in page.dataset:
            datasets.setdefault(one["@id"], one)
        size += len(response.body)
        url, cut = _next(response, url)
        if url is None or cut:
            continue
        if url in asked:
            cut = "the link to the next page leads back to one that was read"
        elif len(asked) >= limits.pages:
            cut = f"more than {limits.pages} pages are not read"
        elif size >= limits.bytes:
            cut = f"more than {limits.bytes} bytes are not read"
        elif time.monotonic() >= until:
            cut = f"the pages took longer than {limits.seconds:.0f} s"
    assert first is not None
    return Fetched(
        provider=did,
        catalog=replace(first, dataset=tuple(datasets.values())),
        pages=len(asked),
        repeated=came - len(datasets),
        cut=cut,
    )


def dataset(node: Node, did: str, dataset_id: str) -> m.Dataset:
    """Fetch one dataset of a peer.

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
    return _parse(did, response, m.Dataset)


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


def _parse(did: str, response: Response, expected: type[M]) -> M:
    try:
        return m.parse(_decoded(response), expected, answer=True)
    except RemoteProtocolError as error:
        raise _unreadable(did, error) from error


def _unreadable(did: str, error: VoileError) -> RemoteError:
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


def _next(response: Response, url: Url) -> tuple[Url | None, str]:
    """Give where the next page is; and why it cannot be followed, if it is not to be read."""
    try:
        found = links.target(response.headers.get("link", ""), "next")
        if found is None:
            return None, ""
        place = resolve(url, found)
    except (RemoteProtocolError, MalformedError) as error:
        return None, f"the link to the next page cannot be read: {error.message}"
    if place.origin != url.origin:
        raise RemoteError(
            "the next page of the catalogue is said to be at another origin",
            code="peer-foreign-link",
            next_step="tell the peer's operator",
        )
    return replace(place, fragment=None), ""
