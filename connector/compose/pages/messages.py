"""Messages to other parties: what waits, what was given up and can be sent again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from sqlalchemy import select
from sqlmodel import col

from connector.areas.dsp import page_words
from connector.compose.pages import connector_words as w
from connector.compose.pages.shared import PER_PAGE, names_of, number_in
from connector.console import words as c
from connector.console.page import Form, Page
from connector.party.management import OPERATIONS
from connector.party.operation import Call
from connector.party.operations import RETRY
from connector.store.outbox_rows import DELIVERED, PARKED, WAITING, OutboxRow
from crypto.words import verbatim

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.console.page import Visit
    from connector.party.node import Node
    from crypto.words import Words

STATES: Final[Mapping[str, tuple[str, Words]]] = {
    WAITING: ("wait", w.WAITING),
    PARKED: ("bad", w.PARKED),
    DELIVERED: ("good", w.DELIVERED),
}
KINDS: Final[Mapping[str, Words]] = {
    "membership.description": w.DESCRIPTION,
    "hub.status": w.STATUS_DOCUMENT,
    "log.acks": w.PROMISES,
    "log.checkpoint": w.CHECKPOINT,
}
_SHOWN: Final = (WAITING, PARKED)


def _view(node: Node, visit: Visit) -> Mapping[str, Any]:
    state = visit.asked("state") if visit.asked("state") in STATES else ""
    before = number_in(visit.asked("before"), 0)
    query = select(OutboxRow).order_by(col(OutboxRow.id).desc()).limit(PER_PAGE + 1)
    if state:
        query = query.where(col(OutboxRow.state) == state)
    if before:
        query = query.where(col(OutboxRow.id) < before)
    with node.db.reading() as session:
        rows = session.execute(query).scalars().all()
        listed = rows[:PER_PAGE]
        names = names_of(node, session, (row.peer for row in listed), visit.language)
        shown = [_row(row) | {"name": names[row.peer]} for row in listed]
    kept = {"state": state} if state else {}
    more = len(rows) > PER_PAGE
    further = urlencode({**kept, "before": shown[-1]["id"]}) if more else ""
    return {
        "rows": shown,
        "state": state,
        "states": [("", c.ALL), *((name, said) for name, (_, said) in STATES.items())],
        "next": f"/connector/messages?{further}" if more else "",
        "first": f"/connector/messages?{urlencode(kept)}" if before else "",
    }


def _row(row: OutboxRow) -> dict[str, Any]:
    look, said = STATES.get(row.state, ("off", verbatim(row.state)))
    delivered = row.state == DELIVERED
    status = f" ({row.last_status})" if row.last_status and not delivered else ""
    return {
        "id": row.id,
        "created": row.created_ms,
        "peer": row.peer,
        "kind": KINDS.get(row.kind) or page_words.message_said(row.kind),
        "state": row.state,
        "look": look,
        "said": said,
        "attempts": row.attempts,
        "reason": (row.reason + status)[:400],
    }


def counted(node: Node) -> list[tuple[str, Words, int]]:
    """Count the messages that wait and those that were given up."""
    counts = node.outbox.counts()
    return [(*STATES[state], counts.get(state, 0)) for state in _SHOWN]


def _read(visit: Visit) -> Call:
    return Call(actor=visit.visitor.actor, path={"row_id": visit.sent("id")})


MESSAGES: Final = Page(
    name="firm.messages",
    path="/connector/messages",
    title=w.MESSAGES,
    may=frozenset({"steward", "cdo", "security"}),
    view=_view,
    template="compose/messages.html",
    words=w,
    forms=(
        Form(
            name="retry",
            operation=RETRY,
            run=OPERATIONS[RETRY],
            read=_read,
            then=lambda _visit, _made: "/connector/messages",
            done=w.RETRIED,
        ),
    ),
)
