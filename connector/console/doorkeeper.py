"""What the console needs of whoever knows the people: an area brings it as `Area.door`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connector.console.page import Visitor
    from connector.process.actor import Role
    from crypto.words import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """Whom a link of invitation was made for.

    Attributes:
        name: as the person will sign in.
        roles: what the person will be allowed.
        factor: whether a second factor is required of these roles.
        secret: of the second factor, base32, the same as long as the link is good.
        uri: the same as an `otpauth:` URI.
        expires: when the link ends, milliseconds since 1970.
    """

    name: str
    roles: frozenset[Role]
    factor: bool
    secret: str
    uri: str
    expires: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A session of a person.

    Attributes:
        session: its id.
        began: milliseconds since 1970.
        used: when it was used last.
    """

    session: str
    began: int
    used: int


class Doorkeeper(Protocol):
    """Lets people in."""

    def visitor(self, token: str) -> Visitor | None:
        """Give who has the session with this secret; None if there is none, or it has ended."""
        ...

    def sign_in(self, name: str, password: str, code: str, source: str) -> str:
        """Begin a session; gives its secret, a new one each time.

        Raises:
            Unauthenticated: name, password or code are wrong, or the person may not come in now.
            TooMany: there were too many attempts.
        """
        ...

    def invited(self, token: str) -> Invited | None:
        """Give whom a link was made for; None if it is used, ended or none."""
        ...

    def enrol(self, token: str, password: str, code: str) -> str:
        """Use a link up; gives the secret of the first session.

        Args:
            token: of the link.
            password: that the person chose.
            code: of the second factor; empty for none.

        Raises:
            CallerError: the link is not good, the password too weak or the code wrong.
        """
        ...

    def sign_out(self, token: str) -> None:
        """End one session."""
        ...

    def sign_out_everywhere(self, visitor: Visitor) -> None:
        """End all sessions of a person."""
        ...

    def sessions(self, visitor: Visitor) -> Sequence[Seen]:
        """Give the sessions of a person that are not over."""
        ...

    def set_language(self, visitor: Visitor, language: Language) -> None:
        """Remember in which language a person reads."""
        ...

    def change_password(self, visitor: Visitor, old: str, new: str) -> None:
        """Change a password; all other sessions of the person end.

        Raises:
            CallerError: the old one is wrong, or the new one too weak.
        """
        ...
