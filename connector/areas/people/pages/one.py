"""The page of one person: its roles, another link, its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from connector.areas.people import managing, problems
from connector.areas.people.operations import END, LIST, RENEW, ROLES
from connector.areas.people.pages import words
from connector.areas.people.pages.people import choices, line, number
from connector.areas.people.records import NewLink, NewRoles
from connector.console.forms import check_confirmed
from connector.console.page import Form, Page
from connector.party.operation import Call
from connector.process.errors import NotFound
from crypto.records import read

if TYPE_CHECKING:
    from connector.console.page import Visit
    from connector.party.node import Node


def _view(node: Node, visit: Visit) -> dict[str, Any]:
    wanted = visit.path["person"]
    found = next((one for one in managing.listed(node).people if one.id == wanted), None)
    if found is None:
        raise NotFound(problems.PERSON_UNKNOWN, name=wanted[:100])
    stands = ",".join(found.roles)
    before = visit.shown("before", stands, problems.ROLES_CHANGED)
    return {**line(found), "choices": choices(node), "before": before}


def _call(visit: Visit, body: Any = None) -> Call:
    return Call(actor=visit.visitor.actor, path=visit.path, body=body)


def _roles(visit: Visit) -> Call:
    body = {
        "roles": list(visit.given.get("roles", ())),
        "before": visit.sent("before").split(","),  # a page that says nothing has seen nothing
    }
    return _call(visit, read(NewRoles, body))


def _end(visit: Visit) -> Call:
    check_confirmed(visit, "end_understood")
    return _call(visit)


def _here(visit: Visit, _made: object) -> str:
    return f"/people/{visit.path['person']}"


PERSON: Final = Page(
    name="people.person",
    path="/people/{person}",
    title=words.PERSON,
    may=LIST.may,
    view=_view,
    template="people/person.html",
    words=words,
    forms=(
        Form(
            name="roles",
            operation=ROLES,
            run=lambda node, call: managing.change_roles(
                node, call.path["person"], call.body, call.actor
            ),
            read=_roles,
            then=_here,
            done=words.ROLES_DONE,
        ),
        Form(
            name="renew",
            operation=RENEW,
            run=lambda node, call: managing.renew(node, call.path["person"], call.body, call.actor),
            read=lambda visit: _call(
                visit, read(NewLink, {"days": number(visit.sent("days", "7"))})
            ),
            then=_here,
            done=words.INVITED_DONE,
            shown_once="link",
        ),
        Form(
            name="end",
            operation=END,
            run=lambda node, call: managing.end(node, call.path["person"]),
            read=_end,
            then=lambda _visit, _made: "/people",
            done=words.END_DONE,
        ),
    ),
)
