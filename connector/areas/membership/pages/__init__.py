"""A firm's page about its membership: applying, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select
from sqlmodel import col

from connector.areas.membership import certification, problems
from connector.areas.membership.api import OPERATIONS
from connector.areas.membership.operations import APPLY, ASKING_THE_HUB, SHOW
from connector.areas.membership.pages import words
from connector.areas.membership.records import Form as Stated
from connector.areas.membership.records import Look
from connector.areas.membership.rows import AnnouncementRow
from connector.console.page import Form, Page
from connector.console.standing_words import PARTS, STANDINGS
from connector.party.operation import Call
from connector.process.ports import unix
from crypto.records import read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.console.page import Visit
    from connector.party.node import Node
    from crypto.words import Words

PATH: Final = "/membership"
MOST_SHOWN: Final = 50  # products that the operator's catalogue does not list
_UNKNOWN: Final = ("off", words.OTHER)


def _view(node: Node, visit: Visit) -> Mapping[str, Any]:
    found = certification.shown(node)
    with node.db.reading() as session:
        query = (
            select(AnnouncementRow)
            .where(col(AnnouncementRow.state) != "listed")
            .order_by(col(AnnouncementRow.dataset_id))
            .limit(MOST_SHOWN)
        )
        stands = certification.application_of(session)
        told = [_line(row) for row in session.execute(query).scalars()]
    expires, now = found.get("expires", 0), unix(node.clock.now())
    over = found["standing"] == "certified" and 0 < expires <= now
    return {
        "hub": found["hub"] or "",
        "state": words.STATES.get(found["state"], _UNKNOWN),
        "standing": STANDINGS.get("expired" if over else found["standing"], _UNKNOWN),
        "reason": found["reason"],
        "serial": found["statusDocument"]["serial"],
        "good_until": found["statusDocument"]["expires"] * 1000,
        "since": found.get("since", 0) * 1000,
        "expires": expires * 1000,
        "renew_soon": found.get("renewSoon", False),
        "application": visit.shown("seen", stands, problems.APPLIED_MEANWHILE),
        "applied": found["state"] != "none",
        "stated": found.get("participant") or {},
        "parts": [PARTS[one] for one in _parts(found)],
        "choices": [(one, said, one in _parts(found)) for one, said in PARTS.items()],
        "told": told,
    }


def _parts(found: Mapping[str, Any]) -> list[str]:
    stated = found.get("participant") or {}
    return [one for one in stated.get("roles", ()) if one in PARTS]


def _line(row: AnnouncementRow) -> tuple[str, str, Words, str]:
    kind, said = words.TELLINGS.get(row.state, _UNKNOWN)
    return row.dataset_id, kind, said, row.reason


def _apply(visit: Visit) -> Call:
    body: dict[str, Any] = {
        name: visit.sent(name).strip() for name in ("nameZh", "nameEn", "legalId")
    }
    body["roles"] = list(visit.given.get("roles", ()))
    if group := visit.sent("legalGroup").strip():
        body["legalGroup"] = group
    body["seen"] = visit.sent("seen", "-")  # a page that says nothing of it has seen nothing
    return Call(actor=visit.visitor.actor, body=read(Stated, body))


def _look(visit: Visit) -> Call:
    return Call(actor=visit.visitor.actor, query=Look(refresh="1"))


MEMBERSHIP: Final = Page(
    name="membership.own",
    path=PATH,
    title=words.TITLE,
    may=ASKING_THE_HUB,
    view=_view,
    template="membership/membership.html",
    words=words,
    rail=("connector", 2),
    railed_for=frozenset({"security"}),  # others are led there by their first page
    forms=(
        Form(
            name="apply",
            operation=APPLY,
            run=OPERATIONS[APPLY],
            read=_apply,
            then=lambda _visit, _made: PATH,
            done=words.APPLIED,
        ),
        Form(
            name="look",
            operation=SHOW,
            run=OPERATIONS[SHOW],
            read=_look,
            then=lambda _visit, _made: PATH,
            done=words.LOOKED,
        ),
    ),
)
PAGES: Final = (MEMBERSHIP,)
