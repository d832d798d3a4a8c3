"""Management keys: who may call the owner's own API, and as what.

A key is a random token, shown once; the database holds its digest. Its id in leaves is a digest of
that digest, so a leaf names nobody. The first key lies in a file of the data folder, has every
role, and is the one that the commands of this machine show.
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, cast

from sqlalchemy import BigInteger, bindparam, select
from sqlmodel import Field, SQLModel, col

from connector.party import problems
from connector.party.area import Areas
from connector.process.actor import ROLES, Actor, Role
from connector.process.errors import Conflict, Forbidden, NotFound
from connector.process.ports import unix_ms
from connector.store.prepared import Prepared
from contracts.evidence import Entry
from crypto.b64 import b64url
from crypto.record_errors import wrong
from crypto.words import verbatim

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from sqlmodel import Session

    from connector.party.node import Node
    from connector.process.ports import Entropy
    from connector.store.transaction import Transaction

TOKEN_BYTES: Final = 32
FIRST: Final = "owner"
_ID_CHARACTERS: Final = 16
_NAME: Final = re.compile(r"\w[\w.-]{0,99}")  # it stands in paths and on terminals


class ManagementKeyRow(SQLModel, table=True):
    """One management key; a revoked one stays, so that leaves of its time can be read."""

    __tablename__ = "management_key"

    id: str = Field(primary_key=True)
    name: str = Field(index=True)
    digest: str = Field(unique=True)
    roles: str  # in the order of `ROLES`, separated by commas
    created_ms: int = Field(sa_type=BigInteger)
    revoked_ms: int = Field(default=0, sa_type=BigInteger)  # 0 while it opens something
    person: str = Field(default="")  # id of the person whose it is; empty: nobody's


_FIND: Final = Prepared(
    select(
        col(ManagementKeyRow.id), col(ManagementKeyRow.roles), col(ManagementKeyRow.person)
    ).where(
        col(ManagementKeyRow.digest) == bindparam("digest"), col(ManagementKeyRow.revoked_ms) == 0
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A key as its owner sees it."""

    id: str
    name: str
    roles: tuple[Role, ...]
    created: int
    revoked: int | None = None
    person: str | None = None


def digest_of(token: str) -> str:
    """Give the digest under which the database knows a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def holder(session: Session, token: str) -> Actor | None:
    """Give who shows a token; None if it opens nothing."""
    found = _FIND.first(session, digest=digest_of(token))
    if found is None:
        return None
    return Actor("key", found[0], _roles(found[1]), found[2])


def key_now(session: Session, key_id: str) -> Actor | None:
    """Give a key as it may act now, by its id; None if it opens nothing any more."""
    found = _live(session, key_id, at="id")
    return Actor("key", key_id, _roles(found[0].roles), found[0].person) if found else None


def _roles(kept: str) -> frozenset[Role]:
    return frozenset(cast("tuple[Role, ...]", tuple(kept.split(","))))


def make_first(tx: Transaction, path: Path, entropy: Entropy) -> None:
    """Draw the first key anew: its digest into the database, then the token into a 0600 file.

    The file takes the place of an older one when the digest is committed; if the machine stops in
    between, `voile token renew` draws another.
    """
    token = b64url(entropy(TOKEN_BYTES))
    fresh = path.with_suffix(".new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(token + "\n")
        file.flush()
        os.fsync(file.fileno())
    for row in _live(tx.session, FIRST):
        row.revoked_ms = unix_ms(tx.now)
        tx.session.add(row)
    tx.session.flush()
    _put(tx, FIRST, token, ROLES)

    def put_in_place() -> None:
        fresh.replace(path)

    tx.after_commit(put_in_place)


def renew_first(node: Node, by: Actor | None = None) -> None:
    """Draw the first key anew and put that on record; the old one opens nothing any more.

    Raises:
        Forbidden: who asks for it has not all roles.
    """
    if by is not None:
        check_covers(by, ROLES)
    with node.db.transaction() as tx:
        make_first(tx, node.settings.token_file, node.entropy)
        tx.append(Entry(kind="CONFIGURATION", role=node.settings.role, to_state="TOKEN_RENEWED"))


def add(node: Node, name: str, roles: Collection[Role], *, by: Actor) -> tuple[Listed, str]:
    """Draw a further key; nobody gives away a role that is not its own.

    Returns:
        The key, and its token, which is nowhere else.

    Raises:
        Forbidden: who draws it has not all of its roles.
        Conflict: a key of that name opens something.
    """
    if not _NAME.fullmatch(name):
        raise wrong("/name", name, problems.KEY_NAME)
    check_covers(by, roles)
    token = b64url(node.entropy(TOKEN_BYTES))
    with node.db.transaction() as tx:
        if _live(tx.session, name):
            raise Conflict(problems.KEY_EXISTS, name=name)
        row = _put(tx, name, token, [role for role in ROLES if role in roles], by.behind)
        _record(tx, node, row, "KEY_ADDED")
        return _listed(row), token


def revoke_of(tx: Transaction, node: Node, person: str) -> None:
    """Take back all keys that a person drew, each on record."""
    drawn = (col(ManagementKeyRow.person) == person, col(ManagementKeyRow.revoked_ms) == 0)
    order = (col(ManagementKeyRow.created_ms), col(ManagementKeyRow.id))
    for row in tx.session.execute(
        select(ManagementKeyRow).where(*drawn).order_by(*order)
    ).scalars():
        row.revoked_ms = unix_ms(tx.now)
        tx.session.add(row)
        tx.session.flush()
        _record(tx, node, row, "KEY_REVOKED")


def revoke(node: Node, name: str, *, by: Actor) -> Listed:
    """Take a key back: from now on it opens nothing.

    Args:
        node: this node.
        name: of the key, or its id.
        by: whoever does so; of keys with more roles it takes back none.

    Raises:
        NotFound: no key of that name opens anything.
        Forbidden: it has roles that who revokes it has not.
        Conflict: it is the first key.
    """
    if name == FIRST:
        raise Conflict(problems.KEY_FIRST, name=FIRST)
    with node.db.transaction() as tx:
        found = _live(tx.session, name) or _live(tx.session, name, at="id")
        if not found or found[0].name == FIRST:
            raise NotFound(problems.KEY_MISSING, name=name[:100])
        (row,) = found
        check_covers(by, row.roles.split(","))
        row.revoked_ms = unix_ms(tx.now)
        tx.session.add(row)
        tx.session.flush()
        _record(tx, node, row, "KEY_REVOKED")
        return _listed(row)


def listed(session: Session) -> list[Listed]:
    """Give all keys, the oldest first."""
    query = select(ManagementKeyRow).order_by(
        col(ManagementKeyRow.created_ms), col(ManagementKeyRow.id)
    )
    return [_listed(row) for row in session.execute(query).scalars()]


def check_acts(node: Node, who: Actor) -> None:
    """See that whoever asked for something may still act when its turn comes.

    Raises:
        Forbidden: its key was revoked meanwhile, or the person has ended.
    """
    for area in node.services[Areas].areas:
        if who.kind in area.acts:
            area.acts[who.kind](node, who)
    if who.kind != "key":
        return
    with node.db.reading() as session:
        if _live(session, who.name, at="id"):
            return
    raise Forbidden(problems.KEY_REVOKED, who=who)


def check_covers(by: Actor, roles: Collection[str]) -> None:
    """See that somebody has roles that it gives or takes.

    Raises:
        Forbidden: it has not all of them.
    """
    if lacking := sorted(set(roles) - by.roles):
        raise Forbidden(
            problems.KEY_ROLES,
            who=by,
            lacking=verbatim("、".join(lacking), " and ".join(lacking)),
            roles=", ".join(lacking),
        )


def _live(
    session: Session, name: str, *, at: Literal["name", "id"] = "name"
) -> list[ManagementKeyRow]:
    named = col(ManagementKeyRow.name) if at == "name" else col(ManagementKeyRow.id)
    query = select(ManagementKeyRow).where(named == name, col(ManagementKeyRow.revoked_ms) == 0)
    return list(session.execute(query).scalars())


def _put(
    tx: Transaction, name: str, token: str, roles: Collection[Role], person: str = ""
) -> ManagementKeyRow:
    digest = digest_of(token)
    row = ManagementKeyRow(
        id=hashlib.sha256(digest.encode()).hexdigest()[:_ID_CHARACTERS],
        name=name,
        digest=digest,
        roles=",".join(roles),
        created_ms=unix_ms(tx.now),
        person=person,
    )
    tx.session.add(row)
    tx.session.flush()
    return row


def _record(tx: Transaction, node: Node, row: ManagementKeyRow, state: str) -> None:
    tx.append(
        Entry(
            kind="CONFIGURATION",
            role=node.settings.role,
            to_state=state,
            query={"key": row.id, "roles": row.roles.split(",")},
        )
    )


def _listed(row: ManagementKeyRow) -> Listed:
    return Listed(
        id=row.id,
        name=row.name,
        roles=cast("tuple[Role, ...]", tuple(row.roles.split(","))),
        created=row.created_ms,
        revoked=row.revoked_ms or None,
        person=row.person or None,
    )
