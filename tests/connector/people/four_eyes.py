"""People at a node without a console: rows of persons, calls as a session would make them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlmodel import col, select

from connector.areas.people.approval_rows import ApprovalRow
from connector.areas.people.rows import PersonRow
from connector.party.area import Areas
from connector.party.credentials import add
from connector.party.gate import Held
from connector.party.operation import Call
from connector.party.performing import perform
from connector.process.actor import ROLES, Actor, acting
from connector.store.rows import LogEntryRow
from crypto.records import read, write

if TYPE_CHECKING:
    from tests.simulators import Party


@dataclass
class Person:
    """One person at a node."""

    at: Party
    id: str

    @property
    def actor(self) -> Actor:
        """As its session acts now."""
        with self.at.node.db.reading() as session:
            row = session.get(PersonRow, self.id)
            assert row is not None
            return Actor("person", self.id, frozenset(row.roles.split(",")))  # type: ignore[arg-type]

    def does(self, what: str, path: dict[str, str] | None = None, /, **sent: Any) -> Any:
        """Do an operation as a page does it."""
        return does(self.at, self.actor, what, path, **sent)

    def key(self, name: str, *roles: str) -> str:
        """Draw a key in the person's name past the gate; give its token."""
        who = self.actor
        with acting(who):
            return add(self.at.node, name, roles or sorted(who.roles), by=who)[1]  # type: ignore[arg-type]

    def ends(self, **changed: Any) -> None:
        """Change the person's row."""
        with self.at.node.db.transaction() as tx:
            row = tx.session.get(PersonRow, self.id)
            for key, value in (changed or {"ended_ms": 1}).items():
                setattr(row, key, value)
            tx.session.add(row)


def person(at: Party, name: str, *roles: str, known_as: str = "") -> Person:
    """Have somebody enrolled."""
    made = known_as or f"{name}-0123456789abcdef"
    with at.node.db.transaction() as tx:
        tx.session.add(
            PersonRow(
                id=made,
                name=name,
                folded=name,
                language="en",
                roles=",".join(role for role in ROLES if role in roles),
                password="argon2id",  # of nobody who signs in here
                created_ms=1,
                enrolled_ms=1,
            )
        )
    return Person(at, made)


def does(
    at: Party, who: Actor, what: str, path: dict[str, str] | None = None, /, **sent: Any
) -> Any:
    """Do an operation through the one place that does any."""
    bound = at.node.services[Areas].bound(what)
    assert bound is not None, what
    operation, run = bound
    query = sent if operation.method == "GET" else {}
    body = {} if operation.method == "GET" else sent
    call = Call(
        actor=who,
        path=path or {},
        body=read(operation.body, body),
        query=read(operation.query, query),
    )
    with at.apps.management.test_request_context(), acting(who):
        made = perform(at.node, operation, run, call)
    return made if isinstance(made, Held | dict) else write(made)  # type: ignore[arg-type]


def row_of(at: Party, request: str) -> ApprovalRow:
    """Read a request as the database has it."""
    with at.node.db.reading() as session:
        row = session.get(ApprovalRow, request)
        assert row is not None
        return row


def leaves(at: Party) -> list[dict[str, Any]]:
    """Read all leaves."""
    with at.node.db.reading() as session:
        rows = session.exec(select(LogEntryRow).order_by(col(LogEntryRow.index))).all()
    return [json.loads(row.entry) for row in rows]


def keys(at: Party) -> list[str]:
    """Names of the management keys that open something."""
    found = at.manage("GET", "/v1/management-keys")[1]["keys"]
    return [one["name"] for one in found if "revoked" not in one]
