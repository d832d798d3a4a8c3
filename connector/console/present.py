"""Who is visiting with the request under way, and a line of the rail that they see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from connector.console.page import Visitor
    from connector.console.themes import Theme
    from crypto.words import Language, Words


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the rail."""

    href: str
    title: Words
    here: bool
    waiting: int


@dataclass(slots=True)
class Present:
    """The request under way.

    Attributes:
        visitor: who; None before signing in.
        token: secret of the session, or of the visit before it.
        csrf: what forms carry.
        language: chosen with this request, by whoever has not signed in; None: none.
        theme: chosen with this request; None: none.
    """

    visitor: Visitor | None = None
    token: str = ""
    csrf: str = ""
    language: Language | None = None
    theme: Theme | None = None
