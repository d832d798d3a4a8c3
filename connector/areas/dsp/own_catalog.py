"""Our catalogue, as far as the caller may see it: filtered by policy, in pages, gzipped if asked.

Spec: DSP 2025-1 §5; voile design dsp.md §3, §5. An offer that the policy hides from a caller is not
there for it; a dataset without a visible offer is not there either.
"""

from __future__ import annotations

import gzip
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from flask import Response, request

from connector.areas.dsp import problems_messages, wire
from connector.process.errors import NotFound
from contracts import messages as m
from contracts.errors import UnsupportedFilterError
from contracts.messages import Page, requested_page
from contracts.messages.paging import MAX_PAGE
from policies.odrl import parse_policy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlmodel import Session

    from connector.areas.dsp.catalog_cache import Listing
    from connector.areas.dsp.context import Dsp

GZIP_FROM_BYTES: Final = 1024


def answer(dsp: Dsp, listing: Listing, peer: str, message: m.CatalogRequestMessage) -> Response:
    """Answer a catalogue request with one page and links to its neighbours."""
    page = _page(message)
    with dsp.node.db.reading() as session:
        found = islice(listing.visible(session, peer), page.offset, page.offset + page.limit + 1)
        here = list(found)
    more = len(here) > page.limit
    head = m.encode(
        m.Catalog(
            id=f"{dsp.base}/catalog",
            participant_id=dsp.node.settings.did,
            service=(service(dsp),),
        )
    )
    body = [head]
    if here:
        body = [head[:-1], b',"dataset":[', b",".join(here[: page.limit]), b"]}"]
    response = _compressed(Response(b"".join(body), mimetype="application/json"))
    links = _links(dsp, page, more=more)
    if links:
        response.headers["Link"] = ", ".join(links)
    return response


def one(dsp: Dsp, peer: str, dataset_id: str) -> Response:
    """Answer with one dataset, or as if there were none."""
    with dsp.node.db.reading() as session:
        found = dsp.shelf.dataset(session, dataset_id)
        shown = seen_by(dsp, session, peer, found) if found is not None else None
    if shown is None:
        raise NotFound(problems_messages.DATASET_HIDDEN)
    known = {"@id", "@type", "hasPolicy", "distribution"}
    return wire.reply(
        m.Dataset(
            id=shown["@id"],
            has_policy=tuple(shown["hasPolicy"]),
            distribution=tuple(shown["distribution"]),
            extra={key: value for key, value in shown.items() if key not in known},
        )
    )


def service(dsp: Dsp) -> dict[str, Any]:
    """Describe our data service."""
    return {
        "@id": dsp.base,
        "@type": "DataService",
        "endpointURL": dsp.base,
    }


def seen_by(
    dsp: Dsp, session: Session, peer: str, dataset: Mapping[str, Any]
) -> dict[str, Any] | None:
    """Give the dataset with the offers that this peer may see; None if there is none."""
    offers = [
        offer
        for offer in dataset["hasPolicy"]
        if not dsp.gate.reasons(
            session,
            "catalogue",
            policy=parse_policy(offer, kind="Offer"),
            peer=peer,
            dataset=dataset["@id"],
        )
    ]
    return {**dataset, "hasPolicy": offers} if offers else None


def _page(message: m.CatalogRequestMessage) -> Page:
    """A continuation carries its page in the link; the body is the same as the first time."""
    page = requested_page(message)
    given = {key: request.args.get(key) for key in ("offset", "limit")}
    if all(value is None for value in given.values()):
        return page
    numbers = [
        int(text) if (text := value or "").isascii() and text.isdigit() and len(text) < 10 else -1
        for value in given.values()
    ]
    if numbers[0] < 0 or not 0 < numbers[1] <= MAX_PAGE:
        raise UnsupportedFilterError(problems_messages.LINK_UNKNOWN)
    return Page(offset=numbers[0], limit=numbers[1])


def _links(dsp: Dsp, page: Page, *, more: bool) -> list[str]:
    def link(offset: int, relation: str) -> str:
        url = f"{dsp.base}/catalog/request?offset={offset}&limit={page.limit}"
        return f'<{url}>; rel="{relation}"'

    found = []
    if more:
        found.append(link(page.offset + page.limit, "next"))
    if page.offset > 0:
        found.append(link(max(0, page.offset - page.limit), "previous"))
    return found


def _compressed(response: Response) -> Response:
    data = response.get_data()
    if len(data) >= GZIP_FROM_BYTES and request.accept_encodings["gzip"] > 0:
        response.set_data(gzip.compress(data, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    return response
