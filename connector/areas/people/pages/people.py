"""The page of all people: who they are, and inviting another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from connector.areas.people import managing
from connector.areas.people.operations import INVITE, LIST
from connector.areas.people.pages import words
from connector.areas.people.records import NewPerson
from connector.console import words as shared
from connector.console.page import Form, Page
from connector.console.tables import Column, Time, table_file
from connector.party.operation import Call
from connector.process.ports import unix_ms
from crypto.errors import MalformedError
from crypto.instants import last_day, read_interval
from crypto.records import read
from crypto.words import verbatim

if TYPE_CHECKING:
    from connector.areas.people.records import Person
    from connector.console.page import Visit
    from connector.party.node import Node
    from connector.process.actor import Role
    from crypto.words import Words

ROLE_WORDS: Final[dict[Role, Words]] = {
    "steward": shared.STEWARD,
    "cdo": shared.CDO,
    "security": shared.SECURITY,
    "certifier": shared.CERTIFIER,
    "auditor": shared.AUDITOR,
}
_STATES: Final = {
    "invited": ("wait", words.INVITED),
    "active": ("good", words.ACTIVE),
    "ended": ("off", words.ENDED),
}


def choices(node: Node) -> list[tuple[Role, Words]]:
    """Give the roles of this kind of node with their words."""
    return [(role, ROLE_WORDS[role]) for role in managing.roles_here(node)]


def line(person: Person) -> dict[str, Any]:
    """Give what the pages show of a person."""
    locked = person.locked_until is not None
    kind, state = ("bad", words.LOCKED) if locked else _STATES[person.state]
    return {
        "person": person,
        "roles": [ROLE_WORDS[role] for role in person.roles],
        "kind": kind,
        "state": state,
        "factor": words.HAS if person.second_factor else words.HAS_NONE,
    }


def number(text: str) -> object:
    """Read a number of a form; what is none stays a text, and its record refuses it."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text


def _view(node: Node, _visit: Visit) -> dict[str, Any]:
    found = managing.listed(node)
    return {
        "people": [line(one) for one in found.people],
        "heed": verbatim(found.heed.zh, found.heed.en) if found.heed is not None else "",
        "choices": choices(node),
        "languages": [("zh", words.CHINESE), ("en", words.ENGLISH)],
        "own_language": node.settings.language,
    }


def _read(visit: Visit) -> Call:
    body: dict[str, Any] = {
        "name": visit.sent("name"),
        "roles": list(visit.given.get("roles", ())),
        "language": visit.sent("language"),
        "days": number(visit.sent("days", "7")),
    }
    if day := visit.sent("until"):
        body["until"] = _end_of(day)
    return Call(actor=visit.visitor.actor, body=read(NewPerson, body))


def _end_of(day: str) -> object:
    try:
        _, over = read_interval(f"{day}Z")
    except MalformedError:
        return day
    return unix_ms(over)


def _until(end_ms: int) -> object:
    return (last_day(end_ms) if end_ms else None) or Time(end_ms)


PEOPLE: Final = Page(
    name="people.list",
    path="/people",
    title=words.PEOPLE,
    may=LIST.may,
    view=_view,
    template="people/people.html",
    words=words,
    rail=("connector", 8),
    railed_for=frozenset({"security", "certifier"}),
    forms=(
        Form(
            name="invite",
            operation=INVITE,
            run=lambda node, call: managing.invite(node, call.body, call.actor),
            read=_read,
            then=lambda _visit, _made: "/people",
            done=words.INVITED_DONE,
            shown_once="link",
        ),
    ),
)
PEOPLE_FILE: Final = table_file(
    PEOPLE,
    rows="people",
    columns=(
        Column(words.NAME, lambda one: one["person"].name),
        Column(words.ROLES, lambda one: one["roles"]),
        Column(words.STATE, lambda one: one["state"]),
        Column(words.FACTOR, lambda one: one["factor"]),
        Column(words.SINCE, lambda one: Time(one["person"].created)),
        Column(words.UNTIL, lambda one: _until(one["person"].until or 0)),
        Column(shared.ID, lambda one: one["person"].id),
    ),
)
