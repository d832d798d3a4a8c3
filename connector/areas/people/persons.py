"""Finding persons: by id, by name, by link; and whether one may still act."""

from __future__ import annotations

import hashlib
import unicodedata
from typing import TYPE_CHECKING, cast

from sqlalchemy import or_, select
from sqlmodel import col

from connector.areas.people import problems
from connector.areas.people.rows import InvitationRow, PersonRow
from connector.process.actor import Actor
from connector.process.errors import Conflict, Forbidden, NotFound
from connector.process.ports import unix_ms
from contracts.evidence import Entry

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from typing import Any

    from sqlmodel import Session

    from connector.party.node import Node
    from connector.process.actor import Role
    from connector.store.transaction import Transaction


def fold(name: str) -> str:
    """Give a name as names are compared."""
    return " ".join(unicodedata.normalize("NFKC", name[:500]).casefold().split())


def roles_of(row: PersonRow) -> tuple[Role, ...]:
    """Give what a person may do."""
    return cast("tuple[Role, ...]", tuple(row.roles.split(",")))


def check_before(row: PersonRow, before: Collection[Role] | None) -> None:
    """See that a person has the roles that somebody saw; None asks nothing.

    Raises:
        Conflict: it has others by now.
    """
    if before is not None and {*before} != {*roles_of(row)}:
        raise Conflict(problems.ROLES_CHANGED, name=row.name, roles=", ".join(roles_of(row)))


def is_active(row: PersonRow | None, now_ms: int) -> bool:
    """Say whether there is such a person and neither it nor its grant has ended."""
    return row is not None and not row.ended_ms and not 0 < row.grant_ends_ms <= now_ms


def of_name(session: Session, name: str, now_ms: int) -> PersonRow | None:
    """Give who may act under a name."""
    ends = col(PersonRow.grant_ends_ms)
    query = select(PersonRow).where(
        col(PersonRow.folded) == fold(name),
        col(PersonRow.ended_ms) == 0,
        or_(ends == 0, ends > now_ms),
    )
    return session.execute(query).scalars().first()


def of_either(session: Session, said: str, now_ms: int) -> PersonRow:
    """Give who is meant, by id or by name.

    Raises:
        NotFound: nobody of those who may act.
    """
    row = session.get(PersonRow, said)
    if row is None or not is_active(row, now_ms):
        row = of_name(session, said, now_ms)
    if row is None:
        raise NotFound(problems.PERSON_UNKNOWN, name=said[:100])
    return row


def link_digest(token: str) -> str:
    """Give the digest under which the database knows a link."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def of_link(session: Session, token: str, now_ms: int) -> tuple[InvitationRow, PersonRow] | None:
    """Give a link that opens something and whose it is."""
    link = session.get(InvitationRow, link_digest(token))
    if link is None or link.used_ms or link.expires_ms <= now_ms:
        return None
    row = session.get(PersonRow, link.person)
    return (link, row) if row is not None and is_active(row, now_ms) else None


def acting_now(session: Session, person: str, now_ms: int) -> Actor | None:
    """Give a person as it may act now, by its id; None if it may not."""
    row = session.get(PersonRow, person)
    if row is None or not is_active(row, now_ms):
        return None
    return Actor("person", row.id, frozenset(roles_of(row)))


def key_holds(session: Session, key: Actor, now_ms: int) -> Actor | None:
    """Give a key of a person as it may act now: with roles that both have."""
    person = acting_now(session, key.person, now_ms)
    return person and Actor("key", key.name, key.roles & person.roles, key.person)


def check_acts(node: Node, who: Actor) -> None:
    """See that a person who asked for something may still act when its turn comes.

    Args:
        node: this node.
        who: the person, or a key, whosever it is.

    Raises:
        Forbidden: the person, or its grant, has ended meanwhile.
    """
    if not who.behind:
        return
    with node.db.reading() as session:
        if acting_now(session, who.behind, unix_ms(node.clock.now())) is None:
            raise Forbidden(problems.PERSON_OVER, who=who)


def record(
    tx: Transaction,
    node: Node,
    state: str,
    said: Mapping[str, Any],
    *,
    by: str = "",
) -> None:
    """Put on record what became of a person, by its id: no leaf has a name.

    Args:
        tx: the transaction.
        node: this node.
        state: what became of it.
        said: what else the leaf says.
        by: id of the person who did it, where that is not whoever acts in this thread.
    """
    tx.append(
        Entry(
            kind="CONFIGURATION",
            role=node.settings.role,
            to_state=state,
            query=said or None,
            actor=str(Actor("person", by)) if by else "",
        )
    )
