"""A node with people, and what a person does with it: a phone that shows codes, a browser's token."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pyotp
from argon2 import PasswordHasher
from sqlmodel import select

from connector.areas.people import People
from connector.store.rows import LogEntryRow
from tests.areas import OWN, PEOPLE

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.console.page import Visitor
    from connector.party.node import Node
    from tests.simulators import Party, StandingClock

PASSWORD = "Nine purple kettles"
OTHER = "Eleven amber ladders"
AREAS = (OWN, PEOPLE)


@dataclass
class Firm:
    """A node with people."""

    party: Party
    clock: StandingClock
    phones: dict[str, pyotp.TOTP] = field(default_factory=dict)

    @classmethod
    def make(
        cls, party: Callable[..., Party], clock: StandingClock, role: str = "participant"
    ) -> Firm:
        made = cls(party("acme", areas=AREAS, role=role), clock)
        made.hash_quickly()
        return made

    def hash_quickly(self) -> None:
        """Have argon2 take little: tests hash by the hundred, and what it costs is looked at once."""
        quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        self.people.hashing._made = quick
        self.people.hashing.dummy = quick.hash("what nobody knows")

    @property
    def node(self) -> Node:
        return self.party.node

    @property
    def people(self) -> People:
        return self.node.services[People]

    def restart(self) -> None:
        self.party = self.party.restart(AREAS)
        self.hash_quickly()

    def invite(self, name: str, *roles: str, **more: Any) -> dict[str, Any]:
        """Invite by the first key; give the answer."""
        body = {"name": name, "roles": list(roles), **more}
        status, found = self.party.manage("POST", "/v1/people", body)
        assert status == 201, found
        return found

    def link(self, name: str, *roles: str, **more: Any) -> str:
        """Invite; give the token of the link."""
        return str(self.invite(name, *roles, **more)["link"].rsplit("/", 1)[1])

    def enrol(self, link: str, name: str, *, factor: bool = False, password: str = PASSWORD) -> str:
        """Use a link, with a phone where one is wanted; give the session's token."""
        code = ""
        if factor:
            self.phones[name] = pyotp.TOTP(self.people.begin_enrolment(link).secret)
            code = self.code(name)
        return self.people.enrol(link, password, code)

    def join(self, name: str, *roles: str, factor: bool = False) -> str:
        """Invite and enrol; give the session's token."""
        return self.enrol(self.link(name, *roles), name, factor=factor)

    def code(self, name: str, steps: int = 0) -> str:
        """What a phone shows now, or some steps of half a minute away."""
        return self.phones[name].at(self.clock.now() + timedelta(seconds=30 * steps))

    def sign_in(self, name: str, password: str = PASSWORD, code: str = "", source: str = "") -> str:
        """Sign in from an address that nobody else uses, unless one is named."""
        source = source or f"127.0.{len(self.party.net.sent)}.{self.clock.now().timestamp()}"
        return self.people.sign_in(name, password, code, source=source)

    def visitor(self, token: str) -> Visitor:
        found = self.people.visitor(token)
        assert found is not None
        return found

    def leaves(self, *states: str) -> list[dict[str, Any]]:
        """Leaves of some states, all without any, as they stand in the log."""
        with self.node.db.reading() as session:
            rows = session.exec(select(LogEntryRow).order_by(LogEntryRow.index)).all()  # type: ignore[arg-type]
        found = [json.loads(row.entry) for row in rows]
        return [leaf for leaf in found if not states or leaf.get("to") in states]
