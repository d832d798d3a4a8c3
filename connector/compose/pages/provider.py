"""What a provider's own catalogue shows us: asked for when the page is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode

from connector.areas.dsp import CATALOG, catalogue_of, title_in
from connector.compose.pages import provider_words
from connector.compose.pages.away import Away
from connector.compose.pages.catalogue import href_of
from connector.console.page import Page
from connector.console.terms import name_of
from connector.process.errors import VoileError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.console.page import Visit
    from connector.party.node import Node

PER_PAGE: Final = 50


def view(node: Node, visit: Visit) -> Mapping[str, Any]:
    """Give a page of its datasets; one that cannot be reached says so."""
    provider = visit.path["provider"].strip()[:2048]
    text = visit.asked("text").strip()[:200]
    here = f"/catalogue/{quote(provider, safe='')}"
    with node.db.reading() as session:
        name = name_of(node, session, provider, visit.language)
    made: dict[str, Any] = {
        "did": provider,
        "name": name,
        "base": here,
        "text": text,
        "failed": None,
        "lines": [],
        "lost": [],
        "claims": "",
        "cut": None,
        "next": "",
        "first": "",
    }
    try:
        with node.services[Away].place():
            found = catalogue_of(node, provider).to_json(visit.language)
    except VoileError as error:
        return made | {"failed": error}
    lines = [_line(provider, one, visit) for one in found.get("dataset", ())]
    lines = [one for one in lines if text.lower() in f"{one['title']} {one['id']}".lower()]
    page = visit.asked("page", "1")
    at = (int(page) - 1) * PER_PAGE if page.isascii() and page.isdigit() and len(page) < 6 else 0
    at = max(at, 0)
    kept = {"text": text} if text else {}
    onward = urlencode({**kept, "page": at // PER_PAGE + 2})
    return made | {
        "lines": lines[at : at + PER_PAGE],
        "claims": found["claimsToBe"] or "",
        "lost": found["unreadable"][:PER_PAGE],
        "cut": found["cut"],
        "next": f"{here}?{onward}" if len(lines) > at + PER_PAGE else "",
        "first": f"{here}?{urlencode(kept)}" if at else "",
    }


def _line(provider: str, one: Mapping[str, Any], visit: Visit) -> dict[str, Any]:
    offers = one.get("hasPolicy")
    return {
        "href": href_of(provider, str(one["@id"])),
        "id": str(one["@id"]),
        "title": title_in(one, visit) or str(one["@id"]),
        "offers": len(offers) if isinstance(offers, list) else 0,
    }


PROVIDER: Final = Page(
    name="asking.provider",
    path="/catalogue/{provider}",
    title=provider_words.TITLE,
    may=CATALOG.may,
    view=view,
    template="compose/provider.html",
    words=provider_words,
)
