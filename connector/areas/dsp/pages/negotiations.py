"""The list of negotiations, those that changed last first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode

from connector.areas.dsp import store
from connector.areas.dsp.context import TABLES, Dsp
from connector.areas.dsp.explain import standing_of
from connector.areas.dsp.offered import offered
from connector.areas.dsp.operations import CDO, READERS
from connector.areas.dsp.pages import negotiations_words, words
from connector.console import words as c
from connector.console.page import Page
from connector.console.paging import after_of, mark
from connector.console.terms import name_of
from connector.process.lists import UNREADABLE
from contracts import negotiation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlmodel import Session

    from connector.areas.dsp.processes import ProcessRecord
    from connector.console.page import Visit, Visitor
    from connector.party.node import Node
    from crypto.words import Spoken

PER_PAGE: Final = 50
MOST_COUNTED: Final = 1000
_SHOWN: Final = {"open": True, "over": False}
_SHOWN_WORDS: Final = (("open", negotiations_words.OPEN), ("over", negotiations_words.ENDED))


def _view(node: Node, visit: Visit) -> Mapping[str, Any]:
    show, role = visit.asked("show"), visit.asked("role")
    role = role if role in words.SIDES else ""
    before = after_of(visit.asked("after"))
    with node.db.reading() as session:
        rows = store.page(
            session, role=role, open_=_SHOWN.get(show), before=before, limit=PER_PAGE + 1
        )
        lines = [_line(node, session, row, visit) for row in rows[:PER_PAGE]]
    kept = {name: value for name, value in (("show", show), ("role", role)) if value}
    more = len(rows) > PER_PAGE
    last = rows[PER_PAGE - 1] if more else None
    further = {**kept, "after": mark(last.changed_ms, last.pid)} if last else {}
    return {
        "lines": lines,
        "show": show if show in _SHOWN else "",
        "shows": [
            ("", c.ALL),
            ("open", negotiations_words.OPEN),
            ("over", negotiations_words.ENDED),
        ],
        "role": role,
        "roles": [("", negotiations_words.BOTH), *words.SIDES.items()],
        "filtered": bool(kept),
        "next": f"/negotiations?{urlencode(further)}" if more else "",
        "first": f"/negotiations?{urlencode(kept)}" if before else "",
        "finds": any(page.path == "/catalogue" for page in node_pages(node)),
    }


def node_pages(node: Node) -> tuple[Page, ...]:
    """Give the pages of this node."""
    from connector.party.area import Areas

    return node.services[Areas].pages


def _line(node: Node, session: Session, row: ProcessRecord, visit: Visit) -> dict[str, Any]:
    kind, said = words.state_said(row.state)
    return {
        "href": f"/negotiations/{quote(row.pid, safe='')}",
        "name": name_of(node, session, row.counterparty, visit.language),
        "did": row.counterparty,
        "dataset": row.dataset,
        "title": title_of(node, session, row, visit),
        "part": words.SIDES[row.role],
        "kind": kind,
        "said": said,
        "turn": turn_of(row),
        "note": _note(row),
        "changed": row.changed_ms,
    }


def title_of(node: Node, session: Session, row: ProcessRecord, visit: Visit) -> str:
    """Name a dataset of ours; empty where we do not know what it is called."""
    if row.role != "provider":
        return ""
    dataset = node.services[Dsp].shelf.dataset(session, row.dataset)
    return title_in(dataset, visit) if dataset is not None else ""


def title_in(dataset: Mapping[str, Any], visit: Visit) -> str:
    """Give the title that a dataset has in the language of the page, or in another one."""
    titles = dataset.get("dct:title")
    found = {
        one.get("@language"): str(one.get("@value", ""))
        for one in (titles if isinstance(titles, list) else ())
        if isinstance(one, dict)
    }
    return found.get(visit.language) or next(iter(found.values()), "")


def turn_of(row: ProcessRecord) -> Spoken:
    """Say whose turn it is: the other side's, too, while it has not answered."""
    if row.state in TABLES["negotiation"].final:
        return words.NOBODY
    return words.US if standing_of(row) == "ours" else words.THEM


def _note(row: ProcessRecord) -> Spoken | None:
    """Say of an offer that waits for us whether it is what we asked for."""
    if row.role != "consumer" or row.state != negotiation.OFFERED or row.flying_event:
        return None
    try:
        found = offered(row)
    except UNREADABLE:
        return negotiations_words.UNREADABLE
    if found is None:
        return None
    w = negotiations_words
    return w.OTHER_TERMS if found["differs"] else w.SAME_TERMS


def waiting(node: Node, visitor: Visitor) -> int:
    """Count the offers that wait for a decision of the visitor; up to a bound."""
    if not CDO & visitor.roles:
        return 0
    with node.db.reading() as session:
        return store.waiting(session, MOST_COUNTED)


NEGOTIATIONS: Final = Page(
    name="dsp.negotiations",
    path="/negotiations",
    title=negotiations_words.TITLE,
    may=READERS,
    view=_view,
    template="dsp/negotiations.html",
    words=negotiations_words,
)
