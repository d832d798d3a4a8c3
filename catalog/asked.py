"""A search of the shared catalogue as its query says it: one record for the hub and its members."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final

from catalog.search import FACETS, LONGEST_QUESTION, Facet
from crypto.records import Range, Size, Text
from crypto.words import Words

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

    text: Annotated[
        str,
        Text(LONGEST_QUESTION, empty=True),
        Words(
            "中文或英文词语，须全部出现；-词语 表示排除",
            "words in Chinese or English, all of them; -word excludes",
        ),
    ] = ""
    provider: Annotated[Chosen, Words("提供方的 DID", "DID of the provider")] = ()
    domain: Annotated[Chosen, Words("数据域", "data domain")] = ()
    level: Annotated[Chosen, Words("数据级别：1、2 或 3", "data level: 1, 2 or 3")] = ()
    mode: Annotated[
        Chosen, Words("方式：masked 或 homomorphic", "query mode: masked or homomorphic")
    ] = ()
    page: Annotated[int, Range(1, MOST_PAGES), Words("第几页", "which page")] = 1
    size: Annotated[int, Range(1, MOST_PER_PAGE), Words("每页条数", "hits of a page")] = 10

    def facets(self) -> dict[Facet, tuple[str, ...]]:
        """Give the facets in which something is chosen, in their order."""
        return {name: getattr(self, name) for name in FACETS if getattr(self, name)}
