"""A foreign catalogue as far as it was read: what came, what cannot be, and where it was cut."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from contracts.messages import to_object

if TYPE_CHECKING:
    from contracts.messages import Catalog
    from contracts.messages.catalogs import Unreadable
    from crypto.words import Filled, Language

MAX_PAGES: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much of a foreign catalogue is read.

    Attributes:
        pages: how many pages; a peer may make them as small as it likes.
        bytes: of all pages together.
        seconds: for all of them; the page under way is read to its end.
    """

    pages: int = MAX_PAGES
    bytes: int = 64 << 20
    seconds: float = 240.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A peer's catalogue as far as it was read.

    Attributes:
        provider: whom we asked, and who was authenticated.
        catalog: its first page with the datasets of all pages, each once.
        unreadable: the parts of all pages that cannot be read, each once.
        pages: how many pages were read.
        repeated: how many datasets came again under the same ``@id`` and were left out.
        cut: why it was not read to its end; None if it was.
    """

    provider: str
    catalog: Catalog
    unreadable: tuple[Unreadable, ...]
    pages: int
    repeated: int
    cut: Filled | None

    def to_json(self, language: Language = "en") -> dict[str, Any]:
        """Give it as the owner's API shows it: the catalogue, and what is to be known of it."""
        shown, cut = len(self.catalog.dataset), self.cut
        claimed = self.catalog.participant_id
        return {
            **to_object(self.catalog),
            "provider": self.provider,
            "claimsToBe": claimed if claimed != self.provider else None,
            "shown": shown,
            "unreadable": [part.to_json() for part in self.unreadable],
            "pages": self.pages,
            "repeated": self.repeated,
            "cut": {"after": shown, "page": self.pages, "why": cut.said(language)} if cut else None,
        }
