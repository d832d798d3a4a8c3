"""The list of deliveries: transfers of files and of questions, those that changed last first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode

from connector.areas.delivery.attempts import BEGUN, attempts
from connector.areas.delivery.pages import deliveries_words as w
from connector.areas.delivery.pages import words
from connector.areas.dsp import (
    QUESTION_FORMAT,
    TRANSFERS,
    page_words,
    processes_page,
    titles_of,
)
from connector.console import words as c
from connector.console.page import Page
from connector.console.paging import after_of, mark
from connector.console.tables import Column, Time, table_file
from connector.console.terms import code_said, names_of
from connector.identity.naming import LONGEST, parties_named
from contracts import transfer
from crypto.words import NOTHING, verbatim

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlmodel import Session

    from connector.areas.delivery.attempts import Attempt
    from connector.areas.dsp import ProcessRecord
    from connector.console.page import Visit
    from connector.party.node import Node
    from crypto.words import Spoken, Words

PER_PAGE: Final = 50
MOST_TROUBLE: Final = 300  # characters of what a peer wrote
_LOOKED: Final = 8  # leaves of each in the list
_ROLES: Final = {"out": "provider", "in": "consumer"}
_TABS: Final = (("", words.ALL), ("out", words.OUT), ("in", words.IN))
# what the filter calls states: those of the protocol, and how they are called
STATES: Final[Mapping[str, tuple[frozenset[str], Words]]] = {
    "opening": (frozenset({"", transfer.REQUESTED}), w.OPENING),
    "running": (frozenset({transfer.STARTED}), w.RUNNING),
    "paused": (frozenset({transfer.SUSPENDED}), w.PAUSED),
    "completed": (frozenset({transfer.COMPLETED}), w.COMPLETED),
    "ended": (frozenset({transfer.TERMINATED}), w.ENDED),
}


def _view(node: Node, visit: Visit) -> Mapping[str, Any]:
    direction, state = visit.asked("direction"), visit.asked("state")
    mode, party = visit.asked("mode"), visit.asked("party").strip()
    given = {
        "direction": direction if direction in _ROLES else "",
        "state": state if state in STATES else "",
        "mode": mode if mode in words.MODES else "",
        "party": party[:LONGEST],
    }
    kept = {name: value for name, value in given.items() if value}
    before = after_of(visit.asked("after"))
    with node.db.reading() as session:
        rows = processes_page(
            session,
            "transfer",
            role=_ROLES.get(direction, ""),
            states=STATES[state][0] if state in STATES else None,
            format_=given["mode"],
            parties=parties_named(session, party),
            before=before,
            limit=PER_PAGE + 1,
        )
        shown = rows[:PER_PAGE]
        titles = titles_of(node, session, ((row.role, row.dataset) for row in shown), visit)
        names = names_of(node, session, (row.counterparty for row in shown), visit.language)
        lines = [
            _line(session, row)
            | {
                "name": names[row.counterparty],
                "title": titles.get((row.role, row.dataset), ""),
            }
            for row in shown
        ]
    more = len(rows) > PER_PAGE
    last = rows[PER_PAGE - 1] if more else None
    further = {**kept, "after": mark(last.changed_ms, last.pid)} if last else {}
    return {
        "lines": lines,
        "given_filters": given,
        "tabs": [_tab(kept, name, said) for name, said in _TABS],
        "states": [("", c.ALL), *((name, said) for name, (_, said) in STATES.items())],
        "modes": [("", c.ALL), *words.MODES.items()],
        "filtered": bool(kept),
        "next": href(further) if more else "",
        "first": href(kept) if before else "",
    }


def href(query: Mapping[str, str]) -> str:
    """Give the address of the list with these filters."""
    return f"/deliveries?{urlencode(query)}" if query else "/deliveries"


def _tab(kept: Mapping[str, str], name: str, said: Words) -> tuple[str, Words, bool]:
    other = {key: value for key, value in kept.items() if key != "direction"}
    query = {**other, **({"direction": name} if name else {})}
    return href(query), said, name == kept.get("direction", "")


def path_of(pid: str) -> str:
    """Give the path of the page of a delivery."""
    return f"/deliveries/{quote(pid, safe='')}"


def _line(session: Session, row: ProcessRecord) -> dict[str, Any]:
    kind, said = page_words.state_said(row.state)
    newest = next(attempts(session, row.pid, most=_LOOKED), None)
    return {
        "href": path_of(row.pid),
        "pid": row.pid,
        "dataset": row.dataset,
        "did": row.counterparty,
        "agreement": row.agreement,
        "direction": words.DIRECTIONS[row.role],
        "mode": words.mode_said(row.format),
        "amount": amount_of(row, newest),
        "bytes": newest.bytes if newest and newest.outcome != BEGUN else None,
        "size": newest.size or None if newest else None,
        "kind": kind,
        "said": said,
        "trouble": trouble_of(row, newest),
        "changed": row.changed_ms,
    }


def amount_of(row: ProcessRecord, newest: Attempt | None) -> Spoken:
    """Say how much flowed in the newest attempt."""
    if row.format == QUESTION_FORMAT:
        return words.IN_CONTRACT
    return attempt_amount(newest) if newest else words.NO_AMOUNT


def attempt_amount(one: Attempt) -> Spoken:
    """Say how much flowed in an attempt."""
    done = words.size_said(one.bytes)
    if one.outcome == BEGUN:
        return words.UNDER_WAY
    if one.size and one.size != one.bytes:
        return words.PART_OF.of(done=done, all=words.size_said(one.size))
    return verbatim(done)


def trouble_of(row: ProcessRecord, newest: Attempt | None) -> Spoken:
    """Say what keeps a delivery from its end: why it stopped, or what the other side objected."""
    if newest is not None and newest.why:
        return code_said(newest.why)
    if row.state == transfer.TERMINATED and row.ended_code:
        return code_said(row.ended_code)
    return verbatim(row.trouble[:MOST_TROUBLE]) if row.trouble else NOTHING


DELIVERIES: Final = Page(
    name="delivery.list",
    path="/deliveries",
    title=w.TITLE,
    may=TRANSFERS.may,
    view=_view,
    template="delivery/deliveries.html",
    words=w,
    beside=page_words.LISTS,
)
DELIVERIES_FILE: Final = table_file(
    DELIVERIES,
    rows="lines",
    columns=(
        Column(words.CHANGED, lambda one: Time(one["changed"])),
        Column(words.DIRECTION, lambda one: one["direction"]),
        Column(words.DATASET, lambda one: one["dataset"]),
        Column(words.PRODUCT, lambda one: one["title"]),
        Column(words.OTHER_SIDE, lambda one: one["name"]),
        Column(page_words.DID, lambda one: one["did"]),
        Column(words.MODE, lambda one: one["mode"]),
        Column(c.STATE, lambda one: one["said"]),
        Column(words.BYTES, lambda one: one["bytes"]),
        Column(words.SIZE, lambda one: one["size"]),
        Column(words.TROUBLE, lambda one: one["trouble"]),
        Column(page_words.CONTRACT, lambda one: one["agreement"]),
        Column(c.ID, lambda one: one["pid"]),
    ),
)
