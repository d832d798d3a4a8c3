"""What pages are told of a link and of a second factor."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from connector.process.actor import Role
    from crypto.words import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """What a link is for.

    Attributes:
        person: id of the person.
        name: under which the person will sign in.
        language: in which pages speak.
        roles: what the person may do.
        factor: whether a second factor is required.
        again: whether the person had enrolled before.
        expires_ms: when the link ends, milliseconds since 1970.
    """

    person: str
    name: str
    language: Language
    roles: frozenset[Role]
    factor: bool
    again: bool
    expires_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """A second factor that is not proved yet.

    Attributes:
        secret: in base 32, for who types it.
        uri: `otpauth://…`, for an app.
    """

    secret: str = field(repr=False)
    uri: str = field(repr=False)

    def picture(self) -> str:
        """Draw the URI as a QR code: a `data:` URI of an SVG."""
        import segno

        made = segno.make(self.uri, micro=False)
        drawn: str = made.svg_data_uri(scale=5, dark="#000", light="#fff")
        return drawn
