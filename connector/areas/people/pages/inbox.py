"""The inbox: what waits for me, what I asked for, and one request with what a decision needs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from sqlmodel import col, select

from catalog.grading import DOMAIN_WORDS
from connector.areas.people.approval_ahead import agreeing_leads_to
from connector.areas.people.approval_api import OPERATIONS
from connector.areas.people.approval_operations import AGREE, DECLINE, FETCH, WITHDRAW
from connector.areas.people.approval_records import Approval, Box, Declining
from connector.areas.people.approval_shown import four_eyes, listed, shown, waiting_for
from connector.areas.people.managing import roles_here
from connector.areas.people.pages import inbox_words as words
from connector.areas.people.rows import PersonRow
from connector.console.page import Form, Page
from connector.console.role_words import ROLE_WORDS, roles_said
from connector.party.operation import EVERYBODY, Call
from crypto.records import read
from crypto.words import verbatim

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from connector.console.page import Visit, Visitor
    from connector.party.node import Node
    from crypto.words import Spoken, Words

PATH: Final = "/inbox"
BOXES: Final = (("to-me", words.TO_ME), ("by-me", words.BY_ME), ("all", words.ALL))
STATES: Final = (("pending", words.PENDING), ("done", words.OVER))
SECRETS: Final = ("token", "link")  # fields of answers that are shown once
KINDS: Final = {"pending": "wait", "agreed": "wait", "running": "wait", "done": "good"}


def _list(node: Node, visit: Visit) -> dict[str, Any]:
    asked = read(
        Box,
        {
            "box": _one_of(BOXES, visit.asked("box")),
            "state": _one_of(STATES, visit.asked("state")),
            "before": visit.asked("before"),
        },
    )
    found = listed(node, visit.visitor.actor, asked)
    names = _names(node, (one.person for one in found.approvals))
    chosen = {"box": asked.box, "state": asked.state}
    now = four_eyes(node)
    why, heed = now.why, now.heed
    return {
        "boxes": BOXES,
        "states": STATES,
        "box": asked.box,
        "state": asked.state,
        "rows": [_row(one, names) for one in found.approvals],
        "nothing": words.NOTHING_TO_ME if chosen == _FIRST else words.NOTHING,
        "why": verbatim(why.zh, why.en) if why is not None else "",
        "heed": verbatim(heed.zh, heed.en) if heed is not None else "",
        "following": _url(chosen | {"before": found.next}) if found.next else "",
        "first": _url(chosen) if asked.before else "",
    }


def _show(node: Node, visit: Visit) -> dict[str, Any]:
    found = shown(node, visit.path["approval_id"], visit.visitor.actor)
    names = _names(node, [found.approval.person, *(one.person for one in found.votes)])
    error = (found.outcome or {}).get("error")
    decides = found.approval.decidable and not found.moved
    ahead = agreeing_leads_to(node, found.approval.id) if decides else None
    return {
        "one": _row(found.approval, names),
        "reason": found.approval.reason or "",
        "needs": found.approval.needs,
        "roles": roles_said(_here(node, found.approval.roles)),
        "pending": found.approval.state == "pending",
        "mine": found.approval.mine,
        "decidable": found.approval.decidable,
        "agreeing": words.AGREEING[ahead] if ahead else None,
        "fetchable": found.approval.fetchable and not found.moved,
        "withdrawable": found.approval.mine and found.approval.state in {"pending", "agreed"},
        "sent": [
            {
                "field": one.field,
                "means": words.ITS_ROLES if one.field == "roles" else verbatim(one.zh, one.en),
                "value": _text(one.field, one.value),
            }
            for one in found.sent
        ],
        "changes": [verbatim(one.zh, one.en) for one in found.changes],
        "moved": found.moved,
        "votes": [
            {
                "name": names.get(one.person, ""),
                "id": one.person,
                "agreed": one.agreed,
                "voted": one.voted,
                "reason": one.reason or "",
            }
            for one in found.votes
        ],
        "failed": _failed(error) if error else None,
    }


def _row(one: Approval, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": one.id,
        "href": f"{PATH}/{one.id}",
        "operation": one.operation,
        "does": verbatim(one.zh, one.en),
        "name": names.get(one.person or "", "") or (words.KEY_OF_NOBODY if not one.person else ""),
        "requester": one.requester,
        "requested": one.requested,
        "expires": one.expires,
        "said": getattr(words, f"S_{one.state.upper()}"),
        "kind": KINDS.get(one.state, "off"),
        "declined": one.state == "declined",
    }


def _failed(error: Mapping[str, Any]) -> dict[str, Any]:
    """Read a kept error: what it says, what to do, its code."""
    zh, en = error["zh"], error["en"]
    return {
        "said": verbatim(zh.get("message", ""), en.get("message", "")),
        "next": verbatim(zh.get("next", ""), en.get("next", "")),
        "code": str(error.get("code", "")),
    }


def _text(field: str, value: Any) -> Spoken:
    """Say what was sent; roles and domains by their names, a list a line each."""
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        if field in {"roles", "before"} and value and ROLE_WORDS.keys() >= set(value):
            return roles_said(frozenset(value))
        return verbatim("\n".join(value))
    if field == "domain" and value in DOMAIN_WORDS:
        return DOMAIN_WORDS[value]
    return verbatim(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _here(node: Node, roles: Iterable[str]) -> frozenset[str]:
    """Give those of some roles that persons have here."""
    return frozenset(roles) & frozenset(roles_here(node))


def _names(node: Node, persons: Iterable[str | None]) -> dict[str, str]:
    """Give the names of persons: on pages alone, no leaf has them."""
    wanted = sorted({one for one in persons if one})
    query = select(PersonRow.id, PersonRow.name).where(col(PersonRow.id).in_(wanted))
    with node.db.reading() as session:
        return dict(session.exec(query).all())


def _one_of(choices: tuple[tuple[str, Words], ...], given: str) -> str:
    """Take what the URL asks for, the first where it asks for none that there is."""
    return next((name for name, _ in choices if name == given), choices[0][0])


def _url(asked: Mapping[str, Any]) -> str:
    return f"{PATH}?{urlencode(asked)}"


def _call(visit: Visit) -> Call:
    return Call(actor=visit.visitor.actor, path=dict(visit.path))


def _declining(visit: Visit) -> Call:
    body = read(Declining, {"reason": visit.sent("reason").strip()})
    return Call(actor=visit.visitor.actor, path=dict(visit.path), body=body)


def _fetched(node: Node, call: Call) -> dict[str, str]:
    made = OPERATIONS[FETCH](node, call)
    result = getattr(made, "result", None)
    given = result if isinstance(result, dict) else {}
    return {"secret": next((str(given[name]) for name in SECRETS if name in given), "")}


def _back(visit: Visit, _made: Any) -> str:
    return f"{PATH}/{visit.path['approval_id']}"


def _waiting(node: Node, visitor: Visitor) -> int:
    return waiting_for(node, visitor.actor)


_FIRST: Final = {"box": "to-me", "state": "pending"}
INBOX: Final = Page(
    name="people.inbox",
    path=PATH,
    title=words.INBOX,
    may=EVERYBODY,
    view=_list,
    template="people/inbox.html",
    words=words,
    waiting=_waiting,
)
REQUEST: Final = Page(
    name="people.request",
    path=f"{PATH}/{{approval_id}}",
    title=words.REQUEST,
    may=EVERYBODY,
    view=_show,
    template="people/request.html",
    words=words,
    forms=(
        Form(
            name="agree",
            operation=AGREE,
            run=OPERATIONS[AGREE],
            read=_call,
            then=_back,
            done=words.AGREED_DONE,
        ),
        Form(
            name="decline",
            operation=DECLINE,
            run=OPERATIONS[DECLINE],
            read=_declining,
            then=_back,
            done=words.DECLINED_DONE,
        ),
        Form(
            name="withdraw",
            operation=WITHDRAW,
            run=OPERATIONS[WITHDRAW],
            read=_call,
            then=_back,
            done=words.WITHDRAWN_DONE,
        ),
        Form(
            name="fetch",
            operation=FETCH,
            run=_fetched,
            read=_call,
            then=_back,
            done=words.FETCHED_DONE,
            shown_once="secret",
        ),
    ),
)
