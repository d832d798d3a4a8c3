"""The requests of a node: what they hold, who may decide them, what leaves say of them."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from connector.areas.people import problems_approvals as problems
from connector.areas.people.approval_rows import AGREED, EXPIRED, PENDING, ApprovalRow
from connector.party.area import Areas
from connector.party.credentials import key_now
from connector.party.operation import Call
from connector.process.actor import Actor, read_actor
from connector.process.errors import Conflict, NotFound
from connector.process.ports import unix_ms
from contracts.evidence import Entry
from crypto.canonical import canonical
from crypto.records import read, write
from crypto.strict_json import loads

if TYPE_CHECKING:
    from sqlmodel import Session

    from connector.areas.people.approval_force import Enrolled
    from connector.party.gate import Weighed
    from connector.party.node import Node
    from connector.party.operation import Operation
    from connector.party.routes import Run
    from connector.process.actor import Role
    from connector.store.transaction import Transaction

OPEN_MS: Final = 7 * 86_400_000  # how long a request can be agreed to, and one that is be done
MOST_OPEN: Final = 500  # requests that wait at once
MOST_OWN: Final = 50  # of them of one person, or of one key of nobody
NO_ROLES: Final[frozenset[Role]] = frozenset()


class Approvals:
    """A service of each node: who is enrolled, and which requests this process is doing now."""

    def __init__(self, enrolled: Enrolled) -> None:
        """Begin with none.

        Args:
            enrolled: gives active persons by id, with their roles.
        """
        self.enrolled = enrolled
        self.doing: set[str] = set()
        self.turn = threading.Lock()


class Asked(NamedTuple):
    """What a request is about."""

    operation: Operation
    run: Run
    call: Call


def asked_text(call: Call) -> str:
    """Write what is asked, in the one way."""
    sent = {"path": dict(call.path), "body": _written(call.body), "query": _written(call.query)}
    return canonical(sent).decode()


def asked_of(node: Node, row: ApprovalRow) -> Asked:
    """Read what a request is about; its call has the actor as it was said, without roles.

    Raises:
        Conflict: this version of the program has no such operation.
    """
    bound = node.services[Areas].bound(row.operation)
    if bound is None:
        raise Conflict(problems.GONE, operation=row.operation, name=row.id)
    operation, run = bound
    sent: Any = loads(row.asked.encode(), max_bytes=len(row.asked.encode()) + 1)
    call = Call(
        actor=read_actor(row.requester),
        path=sent["path"],
        body=read(operation.body, sent["body"]),
        query=read(operation.query, sent["query"]),
        reason=row.reason,
    )
    return Asked(operation, run, call)


def weighed_now(node: Node, asked: Asked, *, glance: bool = False) -> Weighed | None:
    """Weigh what is asked as the world is now; None where the declaration says all.

    Args:
        node: this node.
        asked: what is asked.
        glance: whether it is only looked at: see `Call.glance`.
    """
    weigh = node.services[Areas].weigh(asked.operation)
    return None if weigh is None else weigh(node, replace(asked.call, glance=glance))


def found(session: Session, approval_id: str) -> ApprovalRow:
    """Give a request.

    Raises:
        NotFound: there is none of this id.
    """
    row = session.get(ApprovalRow, approval_id)
    if row is None:
        raise NotFound(problems.MISSING, name=approval_id[:100])
    return row


def state_of(row: ApprovalRow, now_ms: int) -> str:
    """Say how a request stands now."""
    over = row.state in {PENDING, AGREED} and row.expires_ms <= now_ms
    return EXPIRED if over else row.state


def check_pending(tx: Transaction, row: ApprovalRow) -> None:
    """See that a request waits for somebody to agree.

    Raises:
        Conflict: it does not any more.
    """
    state = state_of(row, unix_ms(tx.now))
    if state != PENDING:
        raise Conflict(problems.OVER, name=row.id, state=state)


def acts_now(session: Session, enrolled: Enrolled, who: Actor) -> Actor | None:
    """Give somebody as who it may act now; None if it may not act at all.

    A key of a person may no more than the person, and nothing once the person was ended.
    """
    persons = enrolled(session)
    if who.kind == "person":
        roles = persons.get(who.name)
        return None if roles is None else Actor("person", who.name, roles)
    if who.kind != "key":
        return None
    key = key_now(session, who.name)
    if key is None or not key.person:
        return key
    roles = persons.get(key.person)
    return None if roles is None else Actor("key", key.name, key.roles & roles, key.person)


def is_of(row: ApprovalRow, who: Actor) -> bool:
    """Whether somebody asked for it: the same key, or the same person behind it."""
    return row.requester == str(who) or bool(row.person and row.person == who.behind)


def gets_secret(row: ApprovalRow, who: Actor) -> bool:
    """Whether a secret goes to somebody: the key or person who asked, or the person of that key.

    No other key of the person: one that may do little would draw one that may do more.
    """
    return row.requester == str(who) or (who.kind == "person" and row.person == who.name)


def salted(salt: str, asked: str) -> str:
    """Give the digest that leaves name."""
    return "sha-256:" + hashlib.sha256(bytes.fromhex(salt) + asked.encode()).hexdigest()


def leaf(tx: Transaction, node: Node, row: ApprovalRow, state: str, **more: Any) -> None:
    """Put on record what happened to a request: by number, operation and digest, no names."""
    told = {"operation": row.operation, "digest": salted(row.salt, row.asked)} | more
    tx.append(
        Entry(
            kind="CONFIGURATION",
            role=node.settings.role,
            process=row.id,
            to_state=f"APPROVAL_{state}",
            query=told,
        )
    )


def _written(record: Any) -> Any:
    return {} if record is None else write(record)
