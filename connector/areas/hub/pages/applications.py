"""The list of applications, the oldest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select
from sqlmodel import col

from connector.areas.hub.operations import CERTIFIER, READERS
from connector.areas.hub.pages import applications_words, words
from connector.areas.hub.pages.rows import PER_PAGE, line_of
from connector.areas.hub.rows import ApplicationRow
from connector.console import words as c
from connector.console.page import Page
from connector.console.tables import Column, Time, table_file

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.console.page import Visit, Visitor
    from connector.party.node import Node

WAITING: Final = "pending"
ALL: Final = "all"
MOST_COUNTED: Final = 1000


def _view(node: Node, visit: Visit) -> Mapping[str, Any]:
    state = visit.asked("state", WAITING)
    after = visit.asked("after")
    query = select(ApplicationRow).order_by(col(ApplicationRow.number)).limit(PER_PAGE + 1)
    if state in words.STATES:
        query = query.where(col(ApplicationRow.state) == state)
    if after.isascii() and after.isdigit() and len(after) < 16:
        query = query.where(col(ApplicationRow.number) > int(after))
    with node.db.reading() as session:
        rows = session.execute(query).scalars().all()
        lines = [line_of(row, visit.language) for row in rows[:PER_PAGE]]
    further = f"/applications?state={state if state in words.STATES else ALL}"
    more = len(rows) > PER_PAGE
    return {
        "lines": lines,
        "state": state if state in words.STATES else ALL,
        "states": [*((name, said) for name, (_, said) in words.STATES.items()), (ALL, c.ALL)],
        "next": f"{further}&after={rows[PER_PAGE - 1].number}" if more else "",
        "first": further if after else "",
    }


def waiting(node: Node, visitor: Visitor) -> int:
    """Count the applications that wait for a decision of the visitor; up to a bound."""
    if not CERTIFIER & visitor.roles:
        return 0
    some = select(col(ApplicationRow.number)).where(col(ApplicationRow.state) == WAITING)
    with node.db.reading() as session:
        found = select(func.count()).select_from(some.limit(MOST_COUNTED).subquery())
        return int(session.execute(found).scalar_one())


APPLICATIONS: Final = Page(
    name="hub.applications",
    path="/applications",
    title=applications_words.TITLE,
    may=READERS,
    view=_view,
    template="hub/applications.html",
    words=applications_words,
    rail=("operate", 1),
    waiting=waiting,
)
APPLICATIONS_FILE: Final = table_file(
    APPLICATIONS,
    rows="lines",
    columns=(
        Column(words.FIRM, lambda one: one.name or applications_words.UNREADABLE),
        Column(words.DID, lambda one: one.did),
        Column(words.NUMBER, lambda one: one.number),
        Column(words.RECEIVED, lambda one: Time(one.received)),
        Column(c.STATE, lambda one: one.said),
    ),
)
