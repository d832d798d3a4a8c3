"""Keeping people: inviting, listing, changing roles, making another link, ending."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, select
from sqlmodel import col

from connector.areas.people import problems, records, sessions, tries
from connector.areas.people.approval_force import check_enough, force_of
from connector.areas.people.approval_persons import enrolled
from connector.areas.people.factors import Codes, required
from connector.areas.people.persons import (
    check_before,
    fold,
    is_active,
    link_digest,
    of_either,
    of_name,
    record,
    roles_of,
)
from connector.areas.people.rows import InvitationRow, PersonRow
from connector.party.credentials import FIRST, check_covers, revoke_of
from connector.process.actor import ROLES, Actor, roles_at
from connector.process.errors import BadRequest, Conflict
from connector.process.ports import unix_ms
from crypto.b64 import b64url
from crypto.instants import last_day
from crypto.record_errors import wrong
from crypto.words import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlmodel import Session

    from connector.party.node import Node
    from connector.process.actor import Role
    from connector.store.transaction import Transaction

DAY_MS: Final = 24 * 60 * 60_000
ID_BYTES: Final = 16
TOKEN_BYTES: Final = 32
# it stands in paths and on terminals; `\w` has the letters and digits of every script
_NAME: Final = re.compile(r"[^\W_][\w .·'’@+-]{0,99}")


def roles_here(node: Node) -> tuple[Role, ...]:
    """Give the roles that people have at this kind of node."""
    return roles_at(node.settings.role)


def link_of(node: Node, token: str) -> str:
    """Give the address of a link; its path alone where the node has no console."""
    return f"{node.settings.console_address}/invitation/{token}"


def invite(node: Node, asked: records.NewPerson, by: Actor) -> records.InvitedPerson:
    """Invite a person.

    Raises:
        MalformedError: the name or the roles do not fit here, or the end has passed.
        BadRequest: an end beside other roles than the auditor's.
        Forbidden: who invites has not all of these roles.
        Conflict: somebody of that name may act already.
    """
    name = " ".join(asked.name.split())
    if not _NAME.fullmatch(name):
        raise wrong("/name", asked.name, problems.NAMES)
    _check_roles(node, asked.roles)
    check_covers(by, asked.roles)
    if asked.until is not None:
        if asked.roles != ("auditor",):
            raise BadRequest(problems.GRANT_ROLES)
        if asked.until <= unix_ms(node.clock.now()):
            raise wrong("/until", _end_said(asked.until), problems.LATER)
    with node.db.transaction() as tx:
        now = unix_ms(tx.now)
        if of_name(tx.session, name, now):
            raise Conflict(problems.NAME_TAKEN, name=name)
        row = PersonRow(
            id=b64url(node.entropy(ID_BYTES)),
            name=name,
            folded=fold(name),
            language=asked.language or node.settings.language,
            roles=_kept(asked.roles),
            created_ms=now,
            grant_ends_ms=asked.until or 0,
        )
        tx.session.add(row)
        tx.session.flush()
        made = _link(tx, node, row, asked.days)
        ends = {"until": row.grant_ends_ms} if row.grant_ends_ms else {}
        record(tx, node, "PERSON_INVITED", {**_who(row), **ends})
        return _answer(node, tx, row, made)


def renew(node: Node, said: str, asked: records.NewLink, by: Actor) -> records.InvitedPerson:
    """Make another link; whatever the person signed in with ends.

    Raises:
        NotFound: nobody of those who may act.
        Forbidden: the person has roles that who does it has not: the link makes one it.
    """
    with node.db.transaction() as tx:
        row = of_either(tx.session, said, unix_ms(tx.now))
        check_covers(by, roles_of(row))
        _forget(tx, node, row)
        made = _link(tx, node, row, asked.days)
        record(tx, node, "PERSON_RENEWED", _who(row))
        return _answer(node, tx, row, made)


def change_roles(node: Node, said: str, asked: records.NewRoles, by: Actor) -> records.Person:
    """Change what a person may do; keys that it drew with other roles are revoked.

    Raises:
        NotFound: nobody of those who may act.
        MalformedError: the roles do not fit here.
        Forbidden: who changes them has not all that are added.
        BadRequest: the person has a grant with an end, which is an auditor's alone.
        Conflict: the person has other roles than were seen; or the new roles need a second factor,
            and it has none; or too few are left who may agree.
    """
    _check_roles(node, asked.roles)
    with node.db.transaction() as tx:
        row = of_either(tx.session, said, unix_ms(tx.now))
        check_before(row, asked.before)
        check_covers(by, set(asked.roles) - set(roles_of(row)))
        if row.grant_ends_ms and asked.roles != ("auditor",):
            raise BadRequest(problems.GRANT_ROLES)
        if row.password and required(asked.roles) and not row.factor_ms:
            lacking = ", ".join(asked.roles)
            raise Conflict(problems.FACTOR_LACKS, name=row.name, roles=lacking)
        before, row.roles = row.roles, _kept(asked.roles)
        tx.session.add(row)
        sessions.end_all(tx, row.id)
        check_enough(tx.session, enrolled)
        record(tx, node, "PERSON_ROLES", {**_who(row), "before": before.split(",")})
        revoke_of(tx, node, row.id, keep=asked.roles)
        return _shown(tx.session, node, row)


def end(node: Node, said: str) -> records.Person:
    """End a person, and the keys that it drew.

    Raises:
        NotFound: nobody of those who may act.
        Conflict: too few are left who may agree, where four eyes are in force.
    """
    with node.db.transaction() as tx:
        row = of_either(tx.session, said, unix_ms(tx.now))
        row.ended_ms = unix_ms(tx.now)
        _forget(tx, node, row)
        check_enough(tx.session, enrolled)
        record(tx, node, "PERSON_ENDED", _who(row))
        revoke_of(tx, node, row.id)
        return _shown(tx.session, node, row)


def listed(node: Node) -> records.People:
    """Give all people, the oldest first."""
    query = select(PersonRow).order_by(col(PersonRow.created_ms), col(PersonRow.id))
    with node.db.reading() as session:
        rows = session.execute(query).scalars().all()
        heed = force_of(session, enrolled).heed
        return records.People(
            people=tuple(_shown(session, node, row) for row in rows),
            heed=None
            if heed is None
            else records.Both(**{one: heed.said(one) for one in LANGUAGES}),
        )


def _end_said(end_ms: int) -> str:
    """Say an end as people gave it: the day that it is the end of, or the moment."""
    at = datetime.fromtimestamp(end_ms / 1000, UTC)
    return last_day(end_ms) or f"{at:%Y-%m-%dT%H:%M:%SZ}"


def _check_roles(node: Node, roles: Collection[Role]) -> None:
    here = roles_here(node)
    if other := [role for role in roles if role not in here]:
        raise wrong("/roles", other[0], problems.ROLES_HERE.of(roles=", ".join(here)))


def _kept(roles: Collection[Role]) -> str:
    return ",".join(role for role in ROLES if role in roles)


def _who(row: PersonRow) -> Mapping[str, Any]:
    return {"person": row.id, "roles": row.roles.split(",")}


def _forget(tx: Transaction, node: Node, row: PersonRow) -> None:
    """Destroy what a person signed in with, and end its sessions and links."""
    row.password, row.factor_ms, row.factor_step = "", 0, 0
    tx.session.add(row)
    Codes(node).drop(tx, row.id)
    sessions.end_all(tx, row.id)
    tx.session.execute(delete(InvitationRow).where(col(InvitationRow.person) == row.id))
    tries.forget(tx, tries.digest_of(node.secrets.kek, row.folded))
    tx.session.flush()


def _link(tx: Transaction, node: Node, row: PersonRow, days: int) -> tuple[str, int]:
    token, now = b64url(node.entropy(TOKEN_BYTES)), unix_ms(tx.now)
    expires = now + days * DAY_MS
    made = InvitationRow(
        digest=link_digest(token), person=row.id, created_ms=now, expires_ms=expires
    )
    tx.session.add(made)
    tx.session.flush()
    return link_of(node, token), expires


def _answer(
    node: Node, tx: Transaction, row: PersonRow, made: tuple[str, int]
) -> records.InvitedPerson:
    link, expires = made
    person = _shown(tx.session, node, row)
    return records.InvitedPerson(person=person, link=link, expires=expires)


def _shown(session: Session, node: Node, row: PersonRow) -> records.Person:
    now = unix_ms(node.clock.now())
    active = is_active(row, now)
    language: Any = row.language
    links = select(col(InvitationRow.expires_ms)).where(
        col(InvitationRow.person) == row.id,
        col(InvitationRow.used_ms) == 0,
        col(InvitationRow.expires_ms) > now,
    )
    counted = tries.digest_of(node.secrets.kek, row.folded)
    return records.Person(
        id=row.id,
        name=row.name,
        language=language,
        roles=roles_of(row),
        state="ended" if not active else "active" if row.password else "invited",
        second_factor=bool(row.factor_ms),
        created=row.created_ms,
        enrolled=row.enrolled_ms or None,
        ended=row.ended_ms or (None if active else row.grant_ends_ms),
        until=row.grant_ends_ms or None,
        link_ends=session.execute(links).scalar() if active else None,
        locked_until=tries.locked_until(session, counted, now) if active else None,
    )


def invite_first(node: Node) -> records.InvitedPerson:
    """Invite whoever makes a home, with every role of its kind of node."""
    asked = records.NewPerson(name=FIRST, roles=roles_here(node))
    return invite(node, asked, Actor("command", "init", frozenset(asked.roles)))
