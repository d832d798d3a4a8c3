"""A link is used once: it sets the password, and the second factor that a code proves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.areas.people import passwords, problems, sessions, tries
from connector.areas.people.approval_force import come_into_force
from connector.areas.people.approvals import Approvals
from connector.areas.people.factors import required
from connector.areas.people.persons import of_link, record, roles_of
from connector.areas.people.values import Factor, Invited
from connector.process.errors import BadRequest, NotFound
from connector.process.ports import unix_ms
from crypto.canonical import digest

if TYPE_CHECKING:
    from typing import Any

    from connector.areas.people.factors import Codes
    from connector.areas.people.passwords import Hashing
    from connector.areas.people.rows import InvitationRow, PersonRow
    from connector.party.node import Node


class Enrolment:
    """Links of one node's people."""

    def __init__(self, node: Node, hashing: Hashing, codes: Codes) -> None:
        self._node = node
        self._hashing = hashing
        self._codes = codes

    def invitation(self, token: str) -> Invited | None:
        """Say what a link is for; as `People.invitation`."""
        found = self._find(token)
        if found is None:
            return None
        link, row = found
        language: Any = row.language
        return Invited(
            person=row.id,
            name=row.name,
            language=language,
            roles=frozenset(roles_of(row)),
            factor=required(roles_of(row)),
            again=bool(row.enrolled_ms),
            expires_ms=link.expires_ms,
        )

    def begin(self, token: str, visit: str) -> Factor:
        """Draw a second factor for a link; as `People.begin_enrolment`."""
        link, row = self._open(token)
        return self._codes.draw(row.id, row.name, _bound(link, visit))

    def use(self, token: str, password: str, code: str, visit: str) -> str:
        """Use a link; as `People.enrol`."""
        node, now = self._node, self._node.clock.now()
        link, row = self._open(token)
        passwords.check(password, row.name)
        secret, step = "", 0
        if code.strip():
            secret = self._codes.coming(row.id, _bound(link, visit))
            step = self._codes.step_of(secret, code, now)
            if not step:
                raise BadRequest(problems.CODE_WRONG)
        elif required(roles_of(row)):
            raise BadRequest(problems.CODE_LACKS)
        encoded = self._hashing.hash(password)
        with node.db.transaction() as tx:
            found = of_link(tx.session, token, unix_ms(tx.now))
            if found is None:  # somebody else was quicker
                raise NotFound(problems.LINK_OVER)
            link, row = found
            if required(roles_of(row)) and not step:  # its roles are others since
                raise BadRequest(problems.CODE_LACKS)
            moment = unix_ms(tx.now)
            link.used_ms, row.enrolled_ms, row.password = moment, moment, encoded
            row.factor_ms, row.factor_step = (moment, step) if step else (0, 0)
            self._codes.drop(tx, row.id)
            if step:
                self._codes.take(tx, row.id, secret)
            tx.session.add_all((link, row))
            tries.forget(tx, tries.digest_of(node.secrets.kek, row.folded))
            sessions.end_all(tx, row.id)
            said = {"person": row.id, "secondFactor": bool(step)}
            record(tx, node, "PERSON_ENROLLED", said, by=row.id)
            if Approvals in node.services:  # with the second person who may agree
                come_into_force(tx, node, node.services[Approvals].enrolled)
            return sessions.begin(tx, row, node.entropy, factor=bool(step))

    def _find(self, token: str) -> tuple[InvitationRow, PersonRow] | None:
        with self._node.db.reading() as session:
            return of_link(session, token, unix_ms(self._node.clock.now()))

    def _open(self, token: str) -> tuple[InvitationRow, PersonRow]:
        found = self._find(token)
        if found is None:
            raise NotFound(problems.LINK_OVER)
        return found


def _bound(link: InvitationRow, visit: str) -> str:
    """Bind what is drawn to a link and to the browser in which it was opened."""
    return digest([link.digest, visit])
