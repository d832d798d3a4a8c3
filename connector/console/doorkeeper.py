"""What the console needs of whoever knows the people; an area brings it as `Area.door`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connector.console.page import Visitor
    from connector.process.actor import Role
    from crypto.words import Language


class Invited(Protocol):
    """What a link of invitation is for."""

    @property
    def name(self) -> str:
        """Under which the person will sign in."""

    @property
    def language(self) -> Language:
        """In which pages speak."""

    @property
    def roles(self) -> frozenset[Role]:
        """What the person may do."""

    @property
    def factor(self) -> bool:
        """Whether a second factor is required."""

    @property
    def again(self) -> bool:
        """Whether the person had enrolled before."""

    @property
    def expires_ms(self) -> int:
        """When the link ends, milliseconds since 1970."""


class Factor(Protocol):
    """A second factor that is not proved yet."""

    @property
    def secret(self) -> str:
        """In base 32, for who types it."""

    def picture(self) -> str:
        """Draw it as a QR code: a `data:` URI."""


class OpenSession(Protocol):
    """One session of a person that is not over."""

    @property
    def id(self) -> str:
        """Names it, opens nothing."""

    @property
    def begun_ms(self) -> int:
        """When the person signed in, milliseconds since 1970."""

    @property
    def seen_ms(self) -> int:
        """When it was used last, to the minute."""


class Doorkeeper(Protocol):
    """Lets people in. Tokens are secrets of sessions or links; persons are named by their ids."""

    def invitation(self, token: str) -> Invited | None:
        """Say what a link is for; None if it was used, is over, or never was."""

    def begin_enrolment(self, token: str, visit: str = "") -> Factor:
        """Give the second factor to be; to one visit the same until it is used."""

    def enrol(self, token: str, password: str, code: str = "", visit: str = "") -> str:
        """Use a link up; gives the token of a session.

        Raises:
            CallerError: the link opens nothing, the password breaks a rule, or the code is wrong.
        """

    def sign_in(
        self, name: str, password: str, code: str = "", *, source: str, mark: str = ""
    ) -> str:
        """Let a person in; gives the token of a new session.

        Raises:
            Forbidden: not let in.
            TooMany: too many tries.
        """

    def mark(self, token: str) -> str:
        """Give what a browser keeps of a session, by which it is told from others later."""

    def visitor(self, token: str) -> Visitor | None:
        """Say whose session it is; None if it is over."""

    def csrf(self, token: str) -> str:
        """Give what a form of this session carries."""

    def csrf_holds(self, token: str, given: str) -> bool:
        """Say whether a form carries what it must."""

    def sign_out(self, token: str) -> None:
        """End a session."""

    def sign_out_everywhere(self, person: str) -> None:
        """End all sessions of a person."""

    def sessions(self, person: str) -> Sequence[OpenSession]:
        """List the sessions of a person that are not over, the newest first."""

    def end_session(self, person: str, session: str) -> None:
        """End one session of a person, by its id; one that is over, or another's, stays as it is.

        Raises:
            NotFound: the person has no such session.
        """

    def set_language(self, person: str, language: Language) -> None:
        """Have pages speak another language to a person."""

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
        """Set another password; all sessions end; gives the token of a new one.

        Raises:
            CallerError: the old one or the code is wrong, or the new one breaks a rule.
        """

    def begin_factor(self, visitor: Visitor) -> Factor:
        """Give another second factor to be; the same until it is used."""

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
        """Put another second factor in the place of the present one; gives a new session's token.

        Raises:
            CallerError: the password or a code is wrong.
        """
