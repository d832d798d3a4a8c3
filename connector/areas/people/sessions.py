"""Sessions: a random token in a cookie, its digest here; over when idle, after half a day, at once.

A token is drawn at each sign-in, so none that somebody else chose ever opens anything.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from sqlalchemy import bindparam, delete, or_, select, update
from sqlmodel import col

from connector.areas.people.factors import required
from connector.areas.people.rows import PersonRow, PersonSessionRow
from connector.console.page import Visitor
from connector.process.actor import Actor
from connector.process.ports import unix_ms
from connector.store.prepared import Prepared
from crypto.b64 import b64url

if TYPE_CHECKING:
    from sqlmodel import Session

    from connector.process.actor import Role
    from connector.process.ports import Entropy
    from connector.store.transaction import Transaction

TOKEN_BYTES: Final = 32
ID_BYTES: Final = 16
IDLE_MS: Final = 30 * 60_000
LONGEST_MS: Final = 12 * 60 * 60_000
MOST_LISTED: Final = 100
SEEN_MS: Final = 60_000  # how often it is written that a session is used

_FIND: Final = Prepared(
    select(
        col(PersonSessionRow.id),
        col(PersonSessionRow.created_ms),
        col(PersonSessionRow.seen_ms),
        col(PersonSessionRow.factor),
        col(PersonRow.id),
        col(PersonRow.name),
        col(PersonRow.language),
        col(PersonRow.roles),
        col(PersonRow.grant_ends_ms),
    )
    .join(PersonRow, col(PersonRow.id) == col(PersonSessionRow.person))
    .where(col(PersonSessionRow.digest) == bindparam("digest"), col(PersonRow.ended_ms) == 0)
)


@dataclass(frozen=True, slots=True)
class Seen:
    """A visitor, and whether it is time to write that the session is used."""

    visitor: Visitor
    stale: bool


def digest_of(token: str) -> str:
    """Give the digest under which the database knows a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def csrf_of(token: str) -> str:
    """Give what a session's forms carry: follows from its token, and tells nothing of it."""
    made = hmac.new(token.encode("utf-8", "surrogatepass"), b"csrf", hashlib.sha256)
    return b64url(made.digest())


def begin(tx: Transaction, person: PersonRow, entropy: Entropy, *, factor: bool) -> str:
    """Begin a session; sessions that are over go.

    Args:
        tx: the transaction.
        person: whose.
        entropy: the source of tokens.
        factor: whether a code came.

    Returns:
        Its token, which is nowhere else.
    """
    token, now = b64url(entropy(TOKEN_BYTES)), unix_ms(tx.now)
    over = or_(
        col(PersonSessionRow.seen_ms) < now - IDLE_MS,
        col(PersonSessionRow.created_ms) < now - LONGEST_MS,
    )
    tx.session.execute(delete(PersonSessionRow).where(over))
    row = PersonSessionRow(
        digest=digest_of(token),
        id=b64url(entropy(ID_BYTES)),
        person=person.id,
        created_ms=now,
        seen_ms=now,
        factor=factor,
    )
    tx.session.add(row)
    tx.session.flush()
    return token


def find(session: Session, token: str, now_ms: int) -> Seen | None:
    """Say whose session it is; None if it is over."""
    found: Any = _FIND.first(session, digest=digest_of(token))
    if found is None:
        return None
    name, created, seen, factor, person, called, language, said, ends = found
    roles = frozenset(cast("tuple[Role, ...]", tuple(said.split(","))))
    if now_ms - seen > IDLE_MS or now_ms - created > LONGEST_MS or 0 < ends <= now_ms:
        return None
    if required(roles) and not factor:
        return None
    visitor = Visitor(
        actor=Actor("person", person, roles),
        name=called,
        language=language,
        session=name,
        grant_ends=ends or None,
    )
    return Seen(visitor, now_ms - seen > SEEN_MS)


@dataclass(frozen=True, slots=True)
class Open:
    """A session that is not over, without what opens it; times in milliseconds since 1970."""

    id: str
    begun_ms: int
    seen_ms: int


def listed(session: Session, person: str, now_ms: int) -> tuple[Open, ...]:
    """Give the sessions of a person that are not over, the newest first."""
    begun, seen = col(PersonSessionRow.created_ms), col(PersonSessionRow.seen_ms)
    query = (
        select(col(PersonSessionRow.id), begun, seen)
        .where(
            col(PersonSessionRow.person) == person,
            seen >= now_ms - IDLE_MS,
            begun >= now_ms - LONGEST_MS,
        )
        .order_by(begun.desc(), col(PersonSessionRow.id))
        .limit(MOST_LISTED)
    )
    return tuple(Open(*row) for row in session.execute(query).all())


def end_one(tx: Transaction, person: str, session_id: str) -> bool:
    """End one session of a person by its id; say whether there was such a one."""
    found = (col(PersonSessionRow.person) == person, col(PersonSessionRow.id) == session_id)
    done: Any = tx.session.execute(delete(PersonSessionRow).where(*found))
    return bool(done.rowcount)


def touch(tx: Transaction, session_id: str) -> None:
    """Write that a session is used now."""
    tx.session.execute(
        update(PersonSessionRow)
        .where(col(PersonSessionRow.id) == session_id)
        .values(seen_ms=unix_ms(tx.now))
    )


def end(tx: Transaction, token: str) -> None:
    """End one session."""
    found = col(PersonSessionRow.digest) == digest_of(token)
    tx.session.execute(delete(PersonSessionRow).where(found))


def end_all(tx: Transaction, person: str) -> int:
    """End all sessions of a person; give how many there were."""
    of_person = col(PersonSessionRow.person) == person
    done: Any = tx.session.execute(delete(PersonSessionRow).where(of_person))
    return int(done.rowcount)
