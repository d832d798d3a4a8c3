"""A search of the shared catalogue as its query says it: one record for the hub and its members."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final

from catalog.search import FACETS, LONGEST_QUESTION, Facet
from crypto.records import Range, Size, Text

MOST_PER_PAGE: Final = 20
MOST_PAGES: Final = 5000
MOST_CHOSEN: Final = 50

Chosen = Annotated[tuple[Annotated[str, Text(2048)], ...], Size(0, MOST_CHOSEN)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is looked for; of a facet as many values as one likes, any of which will do.

    Attributes:
        text: words that a hit has, `-word` for one that it has not; empty for all.
        provider: DIDs.
        domain: data domains of `catalog.grading`.
        level: data levels.
        mode: query modes that the offers grant.
        page: from 1.
        size: hits of a page.
    """

    text: Annotated[str, Text(LONGEST_QUESTION, empty=True)] = ""
    provider: Chosen = ()
    domain: Chosen = ()
    level: Chosen = ()
    mode: Chosen = ()
    page: Annotated[int, Range(1, MOST_PAGES)] = 1
    size: Annotated[int, Range(1, MOST_PER_PAGE)] = 10

    def facets(self) -> dict[Facet, tuple[str, ...]]:
        """Give the facets in which something is chosen, in their order."""
        return {name: getattr(self, name) for name in FACETS if getattr(self, name)}
