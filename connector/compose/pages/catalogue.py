"""The shared catalogue as a firm sees it: searched, narrowed, page by page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode

from flask import redirect

from catalog.asked import Asked
from catalog.grading import DOMAIN_WORDS
from catalog.search import FACETS
from connector.areas.membership import SEARCH, find_offered
from connector.compose.page_operations import PAGE as PRODUCT_PAGE
from connector.compose.pages import catalogue_words as w
from connector.compose.pages.away import Away
from connector.console import words as c
from connector.console.page import Page
from connector.process.errors import VoileError
from crypto.records import read
from crypto.words import Words, verbatim
from policies.modes import PROFILE_MODES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Response

    from connector.console.page import Visit
    from connector.party.node import Node
    from crypto.words import Language, Spoken

PER_PAGE: Final = 20  # what the hub gives at once
MOST_VALUES: Final = 50  # of one facet in its menu
MODES: Final = {mode.name: verbatim(mode.zh, mode.en) for mode in PROFILE_MODES}
LABELS: Final = {"provider": w.PROVIDER, "domain": w.DOMAIN, "level": w.LEVEL, "mode": w.MODE}


def view(node: Node, visit: Visit) -> Mapping[str, Any] | Response:
    """Give a page of hits; one that the hub does not give says why and keeps what was asked."""
    provider = visit.asked("from").strip()[:2048]
    if provider:
        return redirect(f"/catalogue/{quote(provider, safe='')}", 303)  # type: ignore[return-value]
    chosen: dict[str, str] = {
        name: visit.asked(name)[:2048] for name in FACETS if visit.asked(name)
    }
    text = visit.asked("text").strip()[:200]
    made: dict[str, Any] = {
        "hub": node.settings.hub_did is not None,
        "text": text,
        "filtered": bool(text or chosen),
        "opens": bool(PRODUCT_PAGE.may & visit.visitor.roles),
        "failed": None,
        "hits": [],
        "found": None,
        "dropped": 0,
        "next": "",
        "first": "",
        "menus": [
            (name, LABELS[name], chosen.get(name, ""), _kept(chosen, name)) for name in FACETS
        ],
        "chips": _chips({**({"text": text} if text else {}), **chosen}),
    }
    if not made["hub"]:
        return made
    try:
        with node.services[Away].place():
            found = find_offered(node, _asked(text, visit.asked("page", "1"), chosen))
    except VoileError as error:
        return made | {"failed": error}
    kept = {**({"text": text} if text else {}), **chosen}
    onward, page = found["page"] < found["pages"], found["page"]
    return made | {
        "found": found,
        "hits": [_hit(node, one, visit.language) for one in found["hits"]],
        "dropped": len(found["dropped"]),
        "menus": [_menu(name, found["facets"][name], chosen, visit.language) for name in FACETS],
        "next": f"/catalogue?{urlencode({**kept, 'page': page + 1})}" if onward else "",
        "first": f"/catalogue?{urlencode(kept)}" if page > 1 else "",
    }


def _chips(kept: Mapping[str, str]) -> list[tuple[Words, object, str]]:
    """Give each filter that is set, with the address of the page without it."""
    chips = []
    for name, value in kept.items():
        left = urlencode({one: text for one, text in kept.items() if one != name})
        address = f"/catalogue?{left}" if left else "/catalogue"
        chips.append((LABELS.get(name, w.ASK), _said(name, value), address))
    return chips


def href_of(provider: str, dataset: str) -> str:
    """Give the path of the page of a product."""
    return f"/catalogue/{quote(provider, safe='')}/{quote(dataset, safe='')}"


def both(one: Any, language: Language) -> str:
    """Give a text in the language of the page, or in the other one."""
    other = "en" if language == "zh" else "zh"
    return str(one[language] or one[other])


def _asked(text: str, page: str, chosen: Mapping[str, str]) -> Asked:
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1
    facets = {name: [value] for name, value in chosen.items()}
    return read(Asked, {"text": text, "size": PER_PAGE, "page": number, **facets})


def _hit(node: Node, one: Mapping[str, Any], language: Language) -> dict[str, Any]:
    return {
        "href": href_of(one["provider"], one["dataset"]),
        "provider": one["provider"],
        "name": both(one["providerName"], language),
        "ours": one["provider"] == node.settings.did,
        "dataset": one["dataset"],
        "title": both(one["title"], language) or one["dataset"],
        "summary": both(one["summary"], language)[:300],
        "domain": DOMAIN_WORDS.get(one["domain"], verbatim(one["domain"])),
        "level": one["level"],
        "modes": tuple(MODES[mode] for mode in one["modes"] if mode in MODES),
        "issued": one["issued"] * 1000,
    }


def _kept(chosen: Mapping[str, str], name: str) -> list[tuple[str, object]]:
    value = chosen.get(name)
    return [("", c.ALL), *([(value, _said(name, value))] if value else [])]


def _said(name: str, value: str) -> object:
    known: Mapping[str, Words] = {"domain": DOMAIN_WORDS, "mode": MODES}.get(name, {})
    return known.get(value, value)


def _menu(
    name: str, counts: list[dict[str, Any]], chosen: Mapping[str, str], language: Language
) -> tuple[str, Words, str, list[tuple[str, object]]]:
    """Give a facet as a menu: its field, label, what is chosen, and its values with counts."""
    options: list[tuple[str, object]] = [("", c.ALL)]
    for one in counts[:MOST_VALUES]:
        named = both(one["name"], language) if "name" in one else ""
        shown: object = named or _said(name, one["value"])
        options.append((one["value"], w.COUNTED.of(value=shown, count=one["count"])))
    value = chosen.get(name, "")
    if value and value not in {one["value"] for one in counts[:MOST_VALUES]}:
        options.append((value, _said(name, value)))
    return name, LABELS[name], value, options


def spoken_mode(name: str) -> Spoken:
    """Name a mode."""
    return MODES.get(name, verbatim(name))


CATALOGUE: Final = Page(
    name="asking.catalogue",
    path="/catalogue",
    title=w.TITLE,
    may=SEARCH.may,
    view=view,
    template="compose/catalogue.html",
    words=w,
    rail=("consume", 1),
    railed_for=frozenset({"steward", "cdo"}),
)
