"""The list of what we asked, newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from connector.areas.dsp import find_agreement, page_words
from connector.areas.questions import asked_page
from connector.client.question_words import STATES
from connector.compose.asking_operations import ASK, LIST
from connector.compose.pages import questions_words as w
from connector.compose.pages.answer import KINDS
from connector.compose.pages.contracts_at_hand import Descriptions
from connector.compose.pages.shared import PER_PAGE, name_of, number_in, question_page
from connector.compose.pages.workbench import MODES
from connector.console import words as c
from connector.console.page import Page
from connector.console.tables import Column, Time, table_file
from crypto.words import verbatim

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlmodel import Session

    from connector.areas.questions import Asked, AskedState
    from connector.console.page import Visit
    from connector.party.node import Node

_EVER: Final = 2**53
_LONG: Final = 120  # characters of a question in the list
_OURS: Final[tuple[AskedState, ...]] = ("asked", "answered", "refused", "ended")


def _view(node: Node, visit: Visit) -> Mapping[str, Any]:
    none: AskedState = ""
    state = next((one for one in _OURS if one == visit.asked("state")), none)
    until = number_in(visit.asked("until"), _EVER)
    before = visit.asked("before")[:2048]
    rows = asked_page(node, limit=PER_PAGE + 1, until=until, before=before, state=state)
    with node.db.reading() as session:
        shown = [_row(node, session, row, visit) for row in rows[:PER_PAGE]]
    kept = {"state": state} if state else {}
    further = ""
    if len(rows) > PER_PAGE:
        last = rows[PER_PAGE - 1]
        further = "?" + urlencode({**kept, "until": last.asked_ms, "before": last.attempt})
    return {
        "rows": shown,
        "state": state,
        "states": [("", c.ALL), *((one, STATES[one]) for one in _OURS)],
        "next": f"/questions{further}" if further else "",
        "first": f"/questions?{urlencode(kept)}" if until != _EVER else "",
        "may_ask": bool(ASK.may & visit.visitor.roles),
    }


def _row(node: Node, session: Session, row: Asked, visit: Visit) -> dict[str, Any]:
    """Give a line; what cannot be read of it is left out."""
    providers = _providers(row)
    did, agreement = next(iter(providers.items()), ("", ""))
    record = find_agreement(session, agreement, counterparty=did) if did else None
    product = record.dataset_id if record is not None else ""
    alone = len(providers) == 1
    titles = node.services[Descriptions]
    return {
        "id": row.question,
        "href": question_page(row.question),
        "sql": row.sql if len(row.sql) <= _LONG else row.sql[:_LONG] + "…",
        "text": row.sql,
        "did": did if alone else "",
        "name": name_of(node, session, did, visit.language) if alone else "",
        "count": len(providers),
        "product": titles.title(did, product)[visit.language] if product else "",
        "mode": MODES.get(row.mode) or verbatim(row.mode),
        "asked": row.asked_ms,
        "kind": KINDS.get(row.state, "off"),
        "said": STATES.get(row.state) or verbatim(row.state),
    }


def _providers(row: Asked) -> Mapping[str, str]:
    try:
        return dict(row.by_provider)
    except (ValueError, TypeError):
        return {}


QUESTIONS: Final = Page(
    name="asking.list",
    path="/questions",
    title=w.TITLE,
    may=LIST.may,
    view=_view,
    template="compose/questions.html",
    words=w,
    rail=("agree", 5),
)
QUESTIONS_FILE: Final = table_file(
    QUESTIONS,
    rows="rows",
    columns=(
        Column(w.ASKED, lambda one: Time(one["asked"])),
        Column(w.QUESTION, lambda one: one["text"]),
        Column(w.PROVIDER, lambda one: one["name"] or w.SEVERAL.of(count=one["count"])),
        Column(page_words.DID, lambda one: one["did"]),
        Column(w.PRODUCT, lambda one: one["product"]),
        Column(w.MODE, lambda one: one["mode"]),
        Column(c.STATE, lambda one: one["said"]),
        Column(c.ID, lambda one: one["id"]),
    ),
    places=frozenset({"until", "before"}),
)
