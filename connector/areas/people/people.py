"""People as others see them: one service of the node, `node.services[People]`."""

from __future__ import annotations

from typing import TYPE_CHECKING

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

    def invitation(self, token: str) -> Invited | None:
        """Say what a link is for; None if it was used, is over, or never was."""
        raise NotImplementedError

    def begin_enrolment(self, token: str) -> Factor:
        """Give the secret of the second factor to be; the same until it is used.

        Raises:
            NotFound: the link opens nothing.
        """
        raise NotImplementedError

    def enrol(self, token: str, password: str, code: str = "") -> str:
        """Use a link: set the password, and the second factor if a code proves it.

        Returns:
            The token of a session.

        Raises:
            NotFound: the link opens nothing, or somebody else was quicker.
            BadRequest: the password breaks a rule; the code is wrong, or lacks where it must be.
        """
        raise NotImplementedError

    def sign_in(self, name: str, password: str, code: str = "", *, source: str) -> str:
        """Let a person in.

        Args:
            name: as the person was invited.
            password: the password.
            code: six digits of the second factor; empty if the person has none.
            source: address that the request came from, for the rate.

        Returns:
            The token of a new session.

        Raises:
            Forbidden: not let in; the same words for an unknown name, a wrong password, a wrong or
                used code, and a name that is locked.
            TooMany: too many tries from this source, or all at once.
        """
        raise NotImplementedError

    def visitor(self, token: str) -> Visitor | None:
        """Say whose session it is; None if it is over. One indexed read."""
        raise NotImplementedError

    def csrf(self, token: str) -> str:
        """Give what a form of this session carries: made from the token, stored nowhere."""
        raise NotImplementedError

    def csrf_holds(self, token: str, given: str) -> bool:
        """Say whether a form carries what it must."""
        raise NotImplementedError

    def sign_out(self, token: str) -> None:
        """End a session; one that is over stays over."""
        raise NotImplementedError

    def sign_out_everywhere(self, person: str) -> None:
        """End all sessions of a person, by its id (`visitor.actor.name`), on record."""
        raise NotImplementedError

    def set_language(self, person: str, language: Language) -> None:
        """Have pages speak another language to a person, by its id."""
        raise NotImplementedError

    def change_password(
        self, visitor: Visitor, old: str, new: str, code: str = "", *, source: str
    ) -> str:
        """Set another password; all sessions of the person end.

        Returns:
            The token of a new session in the place of the present one.

        Raises:
            Forbidden: as of `sign_in`, of the old password and the code.
            BadRequest: the new one breaks a rule.
            TooMany: as of `sign_in`.
        """
        raise NotImplementedError

    def begin_factor(self, visitor: Visitor) -> Factor:
        """Give the secret of another second factor; the same until it is used."""
        raise NotImplementedError

    def renew_factor(
        self, visitor: Visitor, password: str, code: str, *, old_code: str = "", source: str
    ) -> str:
        """Put another second factor in the place of the present one; all sessions end.

        Args:
            visitor: who.
            password: the password.
            code: six digits of the new one.
            old_code: six digits of the present one, if there is one.
            source: as of `sign_in`.

        Returns:
            The token of a new session.

        Raises:
            Forbidden: as of `sign_in`.
            BadRequest: the new code is wrong.
            TooMany: as of `sign_in`.
        """
        raise NotImplementedError
