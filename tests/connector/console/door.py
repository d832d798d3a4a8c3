# ruff: noqa: ARG002 -- a small one needs less than a real one is told
"""A small door with persons in memory, and a node with pages of its own to try the console on."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from jinja2 import ChoiceLoader, DictLoader

from connector.console.page import Form, Page, Visitor
from connector.party.area import Area
from connector.party.operation import Call, Operation
from connector.process.actor import ROLES, Actor, actor
from connector.process.errors import BadRequest, Conflict, Forbidden, NotFound
from crypto.words import Words

if TYPE_CHECKING:
    from flask import Flask

    from connector.console.page import Visit
    from connector.party.node import Node
    from tests.simulators import Party

PASSWORD: Final = "correct horse"


@dataclass
class Invited:
    name: str = "Li"
    language: Any = "en"
    roles: Any = frozenset({"steward"})
    factor: bool = True
    again: bool = False
    expires_ms: int = 1_800_000_000_000


@dataclass
class Factor:
    secret: str = "JBSWY3DPEHPK3PXP"

    def picture(self) -> str:
        return "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E"


@dataclass
class Session:
    id: str
    begun_ms: int = 1_800_000_000_000
    seen_ms: int = 1_800_000_000_000


@dataclass
class Door:
    """Everybody is named for a role; invitations are good once."""

    open: dict[str, Visitor] = field(default_factory=dict)
    links: set[str] = field(default_factory=lambda: {"good"})
    count: int = 0

    def begin(self, role: Any, language: Any = "en") -> str:
        self.count += 1
        token = f"token-{role}-{self.count}"
        who = Actor("person", f"p-{role}", frozenset({role}))
        self.open[token] = Visitor(
            actor=who, name=f"Ms {role}", language=language, session=f"s{self.count}"
        )
        return token

    def invitation(self, token: str) -> Invited | None:
        return Invited() if token in self.links else None

    def begin_enrolment(self, token: str, visit: str = "") -> Factor:
        return Factor()

    def enrol(self, token: str, password: str, code: str = "", visit: str = "") -> str:
        self.links.remove(token)
        return self.begin("steward")

    def sign_in(
        self, name: str, password: str, code: str = "", *, source: str, mark: str = ""
    ) -> str:
        if name not in ROLES or password != PASSWORD:
            raise Forbidden("not let in", code="sign-in")
        return self.begin(name)

    def mark(self, token: str) -> str:
        return f"mark-{token[:4]}"

    def visitor(self, token: str) -> Visitor | None:
        return self.open.get(token)

    def csrf(self, token: str) -> str:
        return hashlib.sha256(f"form {token}".encode()).hexdigest()

    def csrf_holds(self, token: str, given: str) -> bool:
        return hmac.compare_digest(self.csrf(token).encode(), given.encode())

    def sign_out(self, token: str) -> None:
        self.open.pop(token, None)

    def sign_out_everywhere(self, person: str) -> None:
        self.open = {t: v for t, v in self.open.items() if v.actor.name != person}

    def sessions(self, person: str) -> list[Session]:
        return [Session(who.session) for who in self.open.values() if who.actor.name == person]

    def end_session(self, person: str, session: str) -> None:
        for token, who in list(self.open.items()):
            if (who.actor.name, who.session) == (person, session):
                del self.open[token]
                return
        raise NotFound("no such session", code="session-missing")

    def set_language(self, person: str, language: Any) -> None:
        for token, who in self.open.items():
            if who.actor.name == person:
                self.open[token] = replace(who, language=language)

    def change_password(
        self, visitor: Visitor, old: str, new: str, code: str = "", *, source: str, mark: str = ""
    ) -> str:
        if old != PASSWORD:
            raise Forbidden("not let in", code="sign-in")
        return self.begin(next(iter(visitor.roles)))

    def begin_factor(self, visitor: Visitor) -> Factor:
        return Factor()

    def renew_factor(
        self,
        visitor: Visitor,
        password: str,
        code: str,
        *,
        old_code: str = "",
        source: str,
        mark: str = "",
    ) -> str:
        return self.begin(next(iter(visitor.roles)))


@dataclass(frozen=True, kw_only=True)
class Note:
    text: str


ADD: Final = Operation(
    name="notes.add", method="POST", path="/v1/notes", words=Words("写", "write"),
    may=frozenset({"steward"}), body=Note, reply=Note,
)  # fmt: skip


class ListWords:
    EMPTY = Words("没有笔记", "no notes yet")
    TEXT = Words("内容", "Text")
    COUNT = Words("{count} 条", "{count} notes")


TEMPLATE: Final = """{% extends "console/base.html" %}
{% import "console/parts.html" as p with context %}
{% block main %}
<p>{{ w.count(count=kept|length) }}</p>
{% for text in kept %}<p class="note" title="{{ text }}">{{ text }}</p>{% else %}{{ p.empty(w.empty) }}{% endfor %}
{% call p.form("add") %}{{ p.field("text", w.text) }}{{ p.submit(c.save) }}{% endcall %}
{% endblock %}"""


@dataclass
class Notes:
    kept: list[tuple[str, str]] = field(default_factory=list)


def _add(node: Node, call: Call) -> Note:
    text = call.body.text
    if text == "full":
        raise Conflict("there is no room", code="notes-full")
    if text == "crash":
        raise RuntimeError("secret of ours")
    node.services[Notes].kept.append((str(actor()), text))
    return Note(text=text)


def _read(visit: Visit) -> Call:
    if not visit.sent("text"):
        raise BadRequest("write something", code="notes-empty")
    return Call(actor=visit.visitor.actor, body=Note(text=visit.sent("text")))


def _view(node: Node, visit: Visit) -> dict[str, Any]:
    if visit.asked("crash"):
        raise RuntimeError("secret of ours")
    kept = node.services[Notes].kept
    return {"kept": [text for _, text in kept]}


LIST: Final = Page(
    name="notes.list", path="/notes", title=Words("笔记", "Notes"),
    may=frozenset({"steward", "auditor"}), view=_view, template="notes/list.html",
    words=ListWords, rail=("provide", 1),
    forms=(Form(name="add", operation=ADD, run=_add, read=_read, then=lambda _v, _m: "/notes",
                done=Words("已写：{text}", "written: {text}"), shown_once="text"),),
)  # fmt: skip


def area(door: Door, *pages: Page) -> Area:
    """An area with people and a page."""
    return Area(
        name="notes",
        services=lambda _node: (Notes(),),
        operations={ADD: _add},
        pages=pages or (LIST,),
        door=lambda _node: door,
    )


def opened(party: Party) -> Flask:
    """The console of a party, with the template of the page above."""
    assert party.apps.console is not None
    app = party.apps.console()
    environment = app.extensions["voile_house"].renderer.environment
    environment.loader = ChoiceLoader(
        [DictLoader({"notes/list.html": TEMPLATE}), environment.loader]
    )
    return app
