"""The list of negotiations, those that changed last first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode

from connector.areas.dsp import store
from connector.areas.dsp.context import TABLES
from connector.areas.dsp.explain import standing_of
from connector.areas.dsp.offered import offered
from connector.areas.dsp.operations import CDO, READERS
from connector.areas.dsp.pages import negotiations_words, words
from connector.areas.dsp.pages.titles import titles_of
from connector.console import words as c
from connector.console.page import Page
from connector.console.paging import after_of, mark
from connector.console.tables import Column, Time, table_file
from connector.console.terms import names_of
from connector.identity.naming import LONGEST, parties_named
from connector.process.lists import UNREADABLE
from contracts import negotiation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.areas.dsp.processes import ProcessRecord
    from connector.console.page import Visit, Visitor
    from connector.party.node import Node
    from crypto.words import Spoken

PER_PAGE: Final = 50
MOST_COUNTED: Final = 1000
_FINAL: Final = negotiation.TABLE.final
_SHOWN: Final = {"open": frozenset(negotiation.TABLE.states) - _FINAL, "over": _FINAL}


def _view(node: Node, visit: Visit) -> Mapping[str, Any]:
    show, role, party = visit.asked("show"), visit.asked("role"), visit.asked("party").strip()
    show, role = show if show in _SHOWN else "", role if role in words.SIDES else ""
    before = after_of(visit.asked("after"))
    with node.db.reading() as session:
        rows = store.page(
            session,
            "negotiation",
            role=role,
            states=_SHOWN.get(show),
            parties=parties_named(session, party),
            before=before,
            limit=PER_PAGE + 1,
        )
        shown = rows[:PER_PAGE]
        titles = titles_of(node, session, ((row.role, row.dataset) for row in shown), visit)
        names = names_of(node, session, (row.counterparty for row in shown), visit.language)
        lines = [
            _line(row)
            | {"name": names[row.counterparty], "title": titles.get((row.role, row.dataset), "")}
            for row in shown
        ]
    given = {"show": show, "party": party[:LONGEST], "role": role}
    kept = {name: value for name, value in given.items() if value}
    more = len(rows) > PER_PAGE
    last = rows[PER_PAGE - 1] if more else None
    further = {**kept, "after": mark(last.changed_ms, last.pid)} if last else {}
    return {
        "lines": lines,
        "show": show,
        "shows": [
            ("", c.ALL),
            ("open", negotiations_words.OPEN),
            ("over", negotiations_words.ENDED),
        ],
        "party": given["party"],
        "role": role,
        "tabs": words.tabs("/negotiations", kept, role),
        "filtered": bool(kept),
        "next": f"/negotiations?{urlencode(further)}" if more else "",
        "first": f"/negotiations?{urlencode(kept)}" if before else "",
        "finds": any(page.path == "/catalogue" for page in node_pages(node)),
    }


def node_pages(node: Node) -> tuple[Page, ...]:
    """Give the pages of this node."""
    from connector.party.area import Areas

    return node.services[Areas].pages


def _line(row: ProcessRecord) -> dict[str, Any]:
    kind, said = words.state_said(row.state)
    return {
        "href": f"/negotiations/{quote(row.pid, safe='')}",
        "pid": row.pid,
        "did": row.counterparty,
        "dataset": row.dataset,
        "part": words.SIDES[row.role],
        "kind": kind,
        "said": said,
        "turn": turn_of(row),
        "note": _note(row),
        "changed": row.changed_ms,
    }


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
    beside=words.LISTS,
)
NEGOTIATIONS_FILE: Final = table_file(
    NEGOTIATIONS,
    rows="lines",
    columns=(
        Column(words.DATASET, lambda one: one["dataset"]),
        Column(words.PRODUCT, lambda one: one["title"]),
        Column(words.OTHER_SIDE, lambda one: one["name"]),
        Column(words.DID, lambda one: one["did"]),
        Column(words.OUR_PART, lambda one: one["part"]),
        Column(c.STATE, lambda one: one["said"]),
        Column(words.TURN, lambda one: one["turn"]),
        Column(words.CHANGED, lambda one: Time(one["changed"])),
        Column(c.ID, lambda one: one["pid"]),
    ),
)
