"""The page of the connector itself: identity, whether it runs, protections, keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select
from sqlmodel import col

from connector.compose.pages import connector_words as w
from connector.compose.pages.messages import counted
from connector.compose.pages.protections import protections
from connector.compose.pages.shared import own_standing
from connector.console.forms import check_confirmed
from connector.console.page import Form, Page
from connector.console.role_words import ROLE_WORDS
from connector.evidence.log import head
from connector.party.credentials import listed
from connector.party.management import OPERATIONS
from connector.party.operation import Call
from connector.party.operations import ADD_KEY, LIST_KEYS, REVOKE_KEY, NewKey
from connector.party.readiness import readiness
from connector.store.rows import SecretRow
from crypto.records import read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlmodel import Session

    from connector.console.page import Visit
    from connector.party.node import Node
    from crypto.words import Spoken, Words

_STANDINGS: Final[Mapping[str, tuple[str, Words]]] = {
    "certified": ("good", w.CERTIFIED),
    "suspended": ("wait", w.SUSPENDED),
    "revoked": ("bad", w.REVOKED),
    "pending": ("wait", w.PENDING),
    "unknown": ("off", w.NOT_KNOWN),
}
_HERE: Final = ("steward", "cdo", "security", "auditor")


def _view(node: Node, visit: Visit) -> Mapping[str, Any]:
    settings = node.settings
    with node.db.reading() as session:
        own, standing = node.status.standing(session, settings.did), own_standing(node, session)
        management = None
        if LIST_KEYS.may & visit.visitor.roles:
            management = [
                {
                    "name": one.name,
                    "roles": [ROLE_WORDS[role] for role in one.roles],
                    "created": one.created,
                    "revoked": one.revoked,
                }
                for one in listed(session)
            ]
        size, keys = head(session).size, _keys(node, session)
    certified = standing == "certified"
    return {
        "standing": _STANDINGS[standing],
        "hub": settings.hub_did or "",
        "expires": own.expires * 1000 if certified and own.expires < 2**40 else 0,
        "own_space": settings.space,
        "did": settings.did,
        "endpoint": settings.public_url,
        "ready": readiness(node)["ready"],
        "software": node.software,
        "log_size": size,
        "protections": protections(node),
        "keys": keys,
        "messages": counted(node),
        "management": management,
        "roles": [(role, ROLE_WORDS[role]) for role in _HERE if role in visit.visitor.roles],
    }


def _keys(node: Node, session: Session) -> list[tuple[Spoken, str, int, Spoken]]:
    """Give our keys: use, thumbprint, since when, and how each is replaced."""
    ring = node.keys.now()
    query = select(col(SecretRow.name), col(SecretRow.created_ms)).where(
        col(SecretRow.name).in_(("key/token", "key/agreements", "key/log"))
    )
    since = {str(row[0]): int(row[1]) for row in session.execute(query).all()}
    return [
        (
            w.USE_TOKEN,
            ring.token.public.thumbprint(),
            since.get("key/token", 0),
            w.COMING if "token" in ring.coming else w.NO_END,
        ),
        (
            w.USE_AGREEMENTS,
            ring.agreements.public.thumbprint(),
            since.get("key/agreements", 0),
            w.COMING if "agreements" in ring.coming else w.NO_END,
        ),
        (w.USE_LOG, ring.log.public.thumbprint(), since.get("key/log", 0), w.FOREVER),
    ]


def _new(visit: Visit) -> Call:
    body = {"name": visit.sent("name").strip(), "roles": list(visit.given.get("roles", ()))}
    return Call(actor=visit.visitor.actor, body=read(NewKey, body))


def _old(visit: Visit) -> Call:
    check_confirmed(visit, "revoke_understood", of=visit.sent("key"))
    return Call(actor=visit.visitor.actor, path={"name": visit.sent("key")})


CONNECTOR: Final = Page(
    name="firm.connector",
    path="/connector",
    title=w.TITLE,
    may=frozenset({"steward", "cdo", "security"}),
    view=_view,
    template="compose/connector.html",
    words=w,
    rail=("connector", 1),
    railed_for=frozenset({"security"}),  # others come to it from their first page
    forms=(
        Form(
            name="add",
            operation=ADD_KEY,
            run=OPERATIONS[ADD_KEY],
            read=_new,
            then=lambda _visit, _made: "/connector",
            done=w.ADDED,
            shown_once="token",
        ),
        Form(
            name="revoke",
            operation=REVOKE_KEY,
            run=OPERATIONS[REVOKE_KEY],
            read=_old,
            then=lambda _visit, _made: "/connector",
            done=w.REVOKED_NOW,
        ),
    ),
)
