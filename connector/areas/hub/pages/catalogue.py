"""The shared catalogue as the operator sees it: searched, narrowed, page by page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from sqlalchemy import select
from sqlmodel import col

from catalog.asked import Asked
from catalog.description import read_kept
from catalog.grading import DOMAIN_WORDS
from catalog.search import FACETS
from connector.areas.hub import searching, visible
from connector.areas.hub.counted import counted
from connector.areas.hub.operations import READERS
from connector.areas.hub.pages import catalogue_words as w
from connector.areas.hub.pages.rows import name_of
from connector.areas.hub.rows import ParticipantRow
from connector.console import words as c
from connector.console.page import Page
from connector.process.lists import UNREADABLE
from connector.process.ports import unix
from crypto.records import read
from crypto.words import Words, verbatim
from policies.modes import PROFILE_MODES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlmodel import Session

    from connector.console.page import Visit
    from connector.party.node import Node
    from crypto.words import Language, Words

PER_PAGE: Final = 20
MOST_VALUES: Final = 50  # of one facet in its menu
MODES: Final = {mode.name: verbatim(mode.zh, mode.en) for mode in PROFILE_MODES}
LABELS: Final = {"provider": w.PROVIDER, "domain": w.DOMAIN, "level": w.LEVEL, "mode": w.MODE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A description in the list; `title` is empty where it cannot be read."""

    provider: str
    name: str
    dataset: str
    title: str
    summary: str
    domain: Words
    level: str
    modes: tuple[Words, ...]
    issued: int


def _view(node: Node, visit: Visit) -> Mapping[str, Any]:
    chosen: dict[str, str] = {name: visit.asked(name) for name in FACETS if visit.asked(name)}
    text, page = visit.asked("text").strip(), visit.asked("page", "1")
    asked = read(
        Asked,
        {
            "text": text,
            "size": PER_PAGE,
            "page": int(page) if page.isascii() and page.isdigit() and len(page) < 6 else page,
            **{name: [value] for name, value in chosen.items()},
        },
    )
    search = searching.Search.read(node.settings.did, asked)
    with node.db.reading() as session:
        found = searching.search(
            session, search, space=node.settings.space, now=unix(node.clock.now())
        )
        providers = {one["provider"] for one in found["hits"]} | set(
            list(found["facets"]["provider"])[:MOST_VALUES]
        )
        names = _names(session, providers, visit.language)
        lost = visible.unreadable(session)[:PER_PAGE]
        counts = counted(
            session, node.settings.did, space=node.settings.space, now=unix(node.clock.now())
        )
    kept = {**({"text": text} if text else {}), **chosen}
    onward = found["page"] < found["pages"]
    return {
        "hits": [_hit(one, names, visit.language) for one in found["hits"]],
        "found": found,
        "text": text,
        "menus": [_menu(name, found["facets"][name], chosen, names) for name in FACETS],
        "next": f"/shared?{urlencode({**kept, 'page': found['page'] + 1})}" if onward else "",
        "first": f"/shared?{urlencode(kept)}" if found["page"] > 1 else "",
        "filtered": bool(kept),
        "lost": lost,
        "hidden": w.hidden_said(counts),
    }


def _names(session: Session, dids: set[str], language: Language) -> Mapping[str, str]:
    rows = session.execute(
        select(
            col(ParticipantRow.did), col(ParticipantRow.name_zh), col(ParticipantRow.name_en)
        ).where(col(ParticipantRow.did).in_(dids))
    )
    return {did: name_of(zh, en, language) for did, zh, en in rows}


def _hit(one: Mapping[str, str], names: Mapping[str, str], language: Language) -> Hit:
    provider = one["provider"]
    try:
        said = read_kept(one["description"])
    except UNREADABLE:
        return Hit(
            provider=provider, name=names.get(provider, ""), dataset="", title="", summary="",
            domain=c.UNKNOWN, level="", modes=(), issued=0,
        )  # fmt: skip
    zh = language == "zh"
    return Hit(
        provider=provider,
        name=names.get(provider, ""),
        dataset=said.dataset_id,
        title=said.title.zh if zh else said.title.en,
        summary=said.summary.zh if zh else said.summary.en,
        domain=DOMAIN_WORDS[said.domain],
        level=said.level,
        modes=tuple(MODES[mode] for mode in said.modes if mode in MODES),
        issued=said.issued * 1000,
    )


def _menu(
    name: str, counts: Mapping[str, int], chosen: Mapping[str, str], names: Mapping[str, str]
) -> tuple[str, Words, str, list[tuple[str, object]]]:
    """Give a facet as a menu: its field, label, what is chosen, and its values with counts."""
    options: list[tuple[str, object]] = [("", c.ALL)]
    for value, count in list(counts.items())[:MOST_VALUES]:
        said = {"domain": DOMAIN_WORDS, "mode": MODES}.get(name, {}).get(value)
        shown: object = said or names.get(value) or value
        options.append((value, w.COUNTED.of(value=shown, count=count)))
    value = chosen.get(name, "")
    if value and value not in counts:
        options.append((value, value))
    return name, LABELS[name], value, options


CATALOGUE: Final = Page(
    name="hub.catalogue",
    path="/shared",
    title=w.TITLE,
    may=READERS,
    view=_view,
    template="hub/catalogue.html",
    words=w,
    rail=("operate", 3),
)
