"""One application: what the firm says, what was checked, and the decision."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select
from sqlmodel import col

from catalog.certification import VALID_DAYS
from connector.areas.hub import applications, problems
from connector.areas.hub.api import OPERATIONS
from connector.areas.hub.numbers import Numbers
from connector.areas.hub.operations import APPROVE, READERS, REJECT
from connector.areas.hub.pages import application_words, words
from connector.areas.hub.pages.rows import line_of, stated_in
from connector.areas.hub.rows import ApplicationRow, ParticipantRow
from connector.console.forms import call_of
from connector.console.page import Form, Page
from connector.process.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlmodel import Session

    from catalog.participants import Participant
    from connector.console.page import Visit
    from connector.party.node import Node
    from connector.party.operation import Call
    from crypto.words import Spoken


def _view(node: Node, visit: Visit) -> Mapping[str, Any]:
    with node.db.reading() as session:
        row = session.execute(
            select(ApplicationRow).where(col(ApplicationRow.id) == visit.path["id"][:64])
        ).scalar_one_or_none()
        if row is None:
            raise NotFound(problems.NO_APPLICATION, id=visit.path["id"][:64])
        firm = session.get(ParticipantRow, row.did)
        stated = stated_in(row)
        standing = words.STANDINGS[firm.status if firm else ""]
        return {
            "line": line_of(row, visit.language),
            "did": row.did,
            "seen": row.digest,
            "open": row.state == applications.PENDING,
            "decided": row.decided_ms,
            "reason": row.reason,
            "stated": stated,
            "parts": words.parts_said(",".join(stated.roles)) if stated else (),
            "standing": standing,
            "checks": _checks(node, session, row, stated, known=firm is not None) if stated else (),
            "alike": applications.alike(session, stated) if stated else (),
            "keys": _keys(row) if stated else (),
            "days": VALID_DAYS,
        }


def _keys(row: ApplicationRow) -> list[tuple[object, str]]:
    held = sorted(json.loads(row.thumbprints).items())
    return [(words.KEYS.get(use, use), thumbprint) for use, thumbprint in held]


def _checks(
    node: Node, session: Session, row: ApplicationRow, stated: Participant, *, known: bool
) -> list[tuple[Spoken, str, Spoken]]:
    """Give what was looked at: the check, how its result looks, and the result."""
    w, number = application_words, node.services[Numbers].look_at(stated.legal_id)
    kind, said = words.VERDICTS[number.verdict]
    if not known:
        keys = ("info", w.FIRST_KEYS)
    elif applications.other_keys(session, row):
        keys = ("wait", w.OTHER_KEYS)
    else:
        keys = ("good", w.SAME_KEYS)
    return [
        (w.PROOF, "good", w.PROVED),  # nothing is taken in without
        (w.DIGITS.of(kind=words.KINDS[number.kind]), kind, said),
        (w.KEYS, *keys),
    ]


def _approval(visit: Visit) -> Call:
    return call_of(APPROVE, visit, numbers=("days",), optional=("legalGroup",))


def _rejection(visit: Visit) -> Call:
    return call_of(REJECT, visit)


APPLICATION: Final = Page(
    name="hub.application",
    path="/applications/{id}",
    title=application_words.TITLE,
    may=READERS,
    view=_view,
    template="hub/application.html",
    words=application_words,
    forms=(
        Form(
            name="approve",
            operation=APPROVE,
            run=OPERATIONS[APPROVE],
            read=_approval,
            then=lambda _visit, _made: "/applications",
            done=application_words.APPROVED_NOW,
        ),
        Form(
            name="reject",
            operation=REJECT,
            run=OPERATIONS[REJECT],
            read=_rejection,
            then=lambda _visit, _made: "/applications",
            done=application_words.REJECTED_NOW,
        ),
    ),
)
