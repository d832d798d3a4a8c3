"""The operator's first page: what waits, who is in, whether all have the newest status."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select
from sqlmodel import col

from connector.areas.hub.counted import counted
from connector.areas.hub.operations import READERS
from connector.areas.hub.pages import home_words as w
from connector.areas.hub.pages import words
from connector.areas.hub.pages.applications import waiting
from connector.areas.hub.pages.catalogue_words import hidden_said
from connector.areas.hub.pages.rows import firm_of, shown
from connector.areas.hub.rows import ParticipantRow
from connector.areas.hub.status import summary
from connector.console.page import Page
from connector.process.ports import unix

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlmodel import Session

    from connector.console.page import Visit
    from connector.party.node import Node
    from crypto.words import Language

SOON_SECONDS: Final = 30 * 86_400


def _view(node: Node, visit: Visit) -> Mapping[str, Any]:
    now = unix(node.clock.now())
    with node.db.reading() as session:
        offers = counted(session, node.settings.did, space=node.settings.space, now=now)
        status = summary(session, node)
        counts = _counts(session, now)
        soon = _soon(session, now, visit.language)
    push = status["lastPush"]
    lacking = [one for one in push["connectors"] if one["state"] != "acknowledged"] if push else []
    return {
        "waiting": waiting(node, visit.visitor),
        "counts": counts,
        "firms": sum(count for _, _, count in counts),
        "soon": soon,
        "offers": offers,
        "hidden": hidden_said(offers),
        "status": status,
        "push": push,
        "lacking": shown(lacking),
        "lack": len(lacking),
        "did": node.settings.did,
    }


def _counts(session: Session, now: int) -> list[tuple[str, Any, int]]:
    """Count firms by standing: how it looks, its words, how many."""
    ran_out = col(ParticipantRow.expires) <= now
    rows = session.execute(
        select(col(ParticipantRow.status), ran_out, func.count()).group_by(
            col(ParticipantRow.status), ran_out
        )
    )
    found: dict[str, int] = {}
    for status, over, count in rows:
        name = "expired" if over and status == "certified" else status
        found[name] = found.get(name, 0) + count
    return [(*words.STANDINGS[name], found[name]) for name in words.STANDINGS if name in found]


def _soon(session: Session, now: int, language: Language) -> list[Any]:
    rows = session.execute(
        select(ParticipantRow)
        .where(
            col(ParticipantRow.status) == "certified",
            col(ParticipantRow.expires) > now,
            col(ParticipantRow.expires) <= now + SOON_SECONDS,
        )
        .order_by(col(ParticipantRow.expires))
        .limit(10)
    ).scalars()
    return [firm_of(row, None, language, now) for row in rows]


HOME: Final = Page(
    name="hub.home",
    path="/",
    title=w.TITLE,
    may=READERS,
    view=_view,
    template="hub/home.html",
    words=w,
    rail=("", 0),
)
