"""People as others see them: one service of the node, `node.services[People]`."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from connector.areas.people import changing, sessions
from connector.areas.people.enrolling import Enrolment
from connector.areas.people.factors import Codes
from connector.areas.people.passwords import Hashing
from connector.areas.people.rows import PersonRow
from connector.areas.people.signing_in import Given, Proofs
from connector.process.errors import StoreError
from connector.process.ports import unix_ms

if TYPE_CHECKING:
    from connector.areas.people.values import Factor, Invited
    from connector.console.page import Visitor
    from connector.party.node import Node
    from crypto.words import Language


class People:
    """Who may use the console: invitations, passwords, second factors, sessions.

    A session's token stands in its cookie and nowhere else; the database has its digest.
    """

    def __init__(self, node: Node) -> None:
        self._node = node
        self.hashing = Hashing()
        self.codes = Codes(node)
        self.proofs = Proofs(node, self.hashing, self.codes)
        self.enrolment = Enrolment(node, self.hashing, self.codes)

    def invitation(self, token: str) -> Invited | None:
        """Say what a link is for; None if it was used, is over, or never was."""
        return self.enrolment.invitation(token)

    def begin_enrolment(self, token: str, visit: str = "") -> Factor:
        """Give the secret of the second factor to be; to one visit the same until it is used.

        Args:
            token: of the link.
            visit: secret of the browser's visit: whoever saw a link before its person knows none
                of what the person is shown.

        Raises:
            NotFound: the link opens nothing.
        """
        return self.enrolment.begin(token, visit)

    def enrol(self, token: str, password: str, code: str = "", visit: str = "") -> str:
        """Use a link: set the password, and the second factor if a code proves it.

        Returns:
            The token of a session.

        Raises:
            NotFound: the link opens nothing, or somebody else was quicker.
            BadRequest: the password breaks a rule; the code is wrong, or lacks where it must be.
        """
        return self.enrolment.use(token, password, code, visit)

    def sign_in(
        self, name: str, password: str, code: str = "", *, source: str, mark: str = ""
    ) -> str:
        """Let a person in.

        Args:
            name: as the person was invited.
            password: the password.
            code: six digits of the second factor; empty if the person has none.
            source: address that the request came from, for the rate.
            mark: what `mark` gave this browser before; empty if there is none.

        Returns:
            The token of a new session.

        Raises:
            Forbidden: not let in; the same words for an unknown name, a wrong password, a wrong or
                used code, and a name that is locked.
            TooMany: too many tries from this source, or all at once.
        """
        given = Given(name=name, password=password, code=code, source=source, mark=mark)
        return self.proofs.sign_in(given)

    def mark(self, token: str) -> str:
        """Give what a browser keeps of a session that began in it; empty if that is over."""
        visitor = self.visitor(token)
        with self._node.db.reading() as session:
            row = session.get(PersonRow, visitor.actor.name) if visitor is not None else None
            return self.proofs.mark(row) if row is not None else ""

    def visitor(self, token: str) -> Visitor | None:
        """Say whose session it is; None if it is over. One indexed read."""
        now = unix_ms(self._node.clock.now())
        with self._node.db.reading() as session:
            seen = sessions.find(session, token, now)
        if seen is None:
            return None
        if seen.stale:
            try:
                with self._node.db.transaction() as tx:
                    sessions.touch(tx, seen.visitor.session)
            except StoreError as error:  # what can be read is shown all the same
                self._node.log.warning("session-not-renewed", code=error.code)
        return seen.visitor

    def csrf(self, token: str) -> str:
        """Give what a form of this session carries: made from the token, stored nowhere."""
        return sessions.csrf_of(token)

    def csrf_holds(self, token: str, given: str) -> bool:
        """Say whether a form carries what it must."""
        held = given.encode("utf-8", "surrogatepass")
        return hmac.compare_digest(sessions.csrf_of(token).encode(), held)

    def sign_out(self, token: str) -> None:
        """End a session; one that is over stays over."""
        with self._node.db.transaction() as tx:
            sessions.end(tx, token)

    def sign_out_everywhere(self, person: str) -> None:
        """End all sessions of a person, by its id (`visitor.actor.name`), on record."""
        changing.sign_out_everywhere(self._node, person)

    def sessions(self, person: str) -> tuple[sessions.Open, ...]:
        """List the sessions of a person that are not over, by its id, the newest first."""
        now = unix_ms(self._node.clock.now())
        with self._node.db.reading() as session:
            return sessions.listed(session, person, now)

    def end_session(self, person: str, session: str) -> None:
        """End one session of a person by both ids, on record.

        Raises:
            NotFound: the person has no such session.
        """
        changing.end_session(self._node, person, session)

    def set_language(self, person: str, language: Language) -> None:
        """Have pages speak another language to a person, by its id."""
        changing.set_language(self._node, person, language)

    def change_password(
        self,
        visitor: Visitor,
        old: str,
        new: str,
        code: str = "",
        *,
        source: str,
        mark: str = "",
    ) -> str:
        """Set another password; all sessions of the person end.

        Returns:
            The token of a new session in the place of the present one.

        Raises:
            Forbidden: as of `sign_in`, of the old password and the code.
            BadRequest: the new one breaks a rule.
            TooMany: as of `sign_in`.
        """
        name = visitor.actor.name
        proof = Given(person=name, password=old, code=code, source=source, mark=mark)
        return changing.password(self._node, self.proofs, self.hashing, proof, new)

    def begin_factor(self, visitor: Visitor) -> Factor:
        """Give the secret of another second factor; the same until it is used."""
        return self.codes.draw(visitor.actor.name, visitor.name, visitor.session)

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
        """Put another second factor in the place of the present one; all sessions end.

        Args:
            visitor: who.
            password: the password.
            code: six digits of the new one.
            old_code: six digits of the present one, if there is one.
            source: as of `sign_in`.
            mark: as of `sign_in`.

        Returns:
            The token of a new session.

        Raises:
            Forbidden: as of `sign_in`.
            BadRequest: the new code is wrong.
            TooMany: as of `sign_in`.
        """
        person = visitor.actor.name
        proof = Given(person=person, password=password, code=old_code, source=source, mark=mark)
        secret = self.codes.coming(person, visitor.session)
        return changing.factor(self._node, self.proofs, self.codes, proof, secret, code)
