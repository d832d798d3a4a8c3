"""The shared catalogue, asked: who asks, what they typed, which facets, which page.

Only descriptions of providers that are certified now are shown, and only to askers to whom the
provider's own catalogue would show them. What somebody typed is not logged.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlmodel import col

from catalog.asked import MOST_CHOSEN, MOST_PAGES, MOST_PER_PAGE
from catalog.search import (
    FACETS,
    LONGEST_QUESTION,
    Facet,
    Question,
    count,
    narrow,
    parse,
    score,
)
from connector.areas.hub import problems
from connector.areas.hub.rows import ListingRow, PostingRow
from connector.areas.hub.visible import visible
from connector.process.errors import BadRequest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlmodel import Session

    from catalog.asked import Asked
    from crypto.words import Spoken


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """One search of one asker."""

    asker: str
    text: str = ""
    chosen: Mapping[Facet, frozenset[str]] = field(default_factory=dict)
    page: int = 1
    size: int = 10

    @classmethod
    def read(cls, asker: str, asked: Asked) -> Search:
        """Take a search as the owner's record of it says."""
        chosen = {facet: frozenset(values) for facet, values in asked.facets().items()}
        return cls(asker=asker, text=asked.text, chosen=chosen, page=asked.page, size=asked.size)

    @classmethod
    def of(cls, asker: str, values: Mapping[str, Sequence[str]]) -> Search:
        """Read a search from a query string.

        Args:
            asker: the certified party that asks.
            values: `text`, `page`, `size` once each; the facets as often as one likes.

        Raises:
            BadRequest: a value is unknown, repeated or out of bounds.
        """
        known = {"text", "page", "size", *FACETS}
        for name, given in values.items():
            if name not in known:
                raise _wrong(name, given[0], problems.ONE_OF.of(known=sorted(known)))
            if name not in FACETS and len(given) != 1:
                raise _wrong(name, given[1], problems.ONCE)
            if len(given) > MOST_CHOSEN:
                raise _wrong(name, given[-1], problems.SO_MANY.of(most=MOST_CHOSEN))
        text = values.get("text", [""])[0]
        if len(text) > LONGEST_QUESTION:
            raise _wrong("text", text, problems.SO_LONG.of(most=LONGEST_QUESTION))
        return cls(
            asker=asker,
            text=text,
            chosen={name: frozenset(values[name]) for name in FACETS if values.get(name)},
            page=_number(values, "page", 1, MOST_PAGES),
            size=_number(values, "size", 10, MOST_PER_PAGE),
        )


def search(session: Session, asked: Search, *, space: str, now: int) -> dict[str, Any]:
    """Answer a search: one page of hits, best first, with the counts of every facet."""
    question = parse(asked.text)
    matched = _matched(session, question)
    alike = visible(session, asked.asker, matched, space=space, now=now)
    cards = list(alike)
    fitting = [key for card in narrow(cards, asked.chosen) for key in alike[card]]
    hits = _ordered(session, fitting, question, matched)
    first = (asked.page - 1) * asked.size
    return {
        "total": len(hits),
        "page": asked.page,
        "pages": max(1, -(-len(hits) // asked.size)),
        "size": asked.size,
        "facets": count(cards, asked.chosen),
        "hits": _signed(session, hits[first : first + asked.size]),
    }


def _matched(session: Session, question: Question) -> dict[int, dict[str, int]] | None:
    """Give the listings that have every wanted term and no unwanted one; None: any listing."""
    if not question.wanted and not question.unwanted:
        return None
    found: dict[int, dict[str, int]] = {}
    listing, term = col(PostingRow.listing_id), col(PostingRow.term)
    if question.wanted:
        having_all = (
            select(listing)
            .where(term.in_(question.wanted))
            .group_by(listing)
            .having(func.count() == len(question.wanted))
        )
        query = select(listing, term, col(PostingRow.weight)).where(term.in_(question.wanted))
        if len(question.wanted) > 1:
            query = query.where(listing.in_(having_all))
        for key, word, weight in session.execute(query):
            found.setdefault(key, {})[word] = weight
    else:
        found = {key: {} for key in session.execute(select(col(ListingRow.id))).scalars() if key}
    spoilt = select(listing).where(term.in_(question.unwanted))
    for key in session.execute(spoilt).scalars() if question.unwanted else ():
        found.pop(key, None)
    return found


def _ordered(
    session: Session,
    keys: Sequence[int],
    question: Question,
    matched: Mapping[int, Mapping[str, int]] | None,
) -> list[int]:
    """Put the best first; without a question, the newest."""
    if matched is None or not question.wanted:
        return sorted(keys, reverse=True)
    rows = session.execute(
        select(col(PostingRow.term), func.count())
        .where(col(PostingRow.term).in_(question.wanted))
        .group_by(col(PostingRow.term))
    ).all()
    known = {row[0]: row[1] for row in rows}
    total = session.execute(select(func.count()).select_from(ListingRow)).scalar_one()
    scores: dict[tuple[int, ...], float] = {}  # many have their terms in the same places

    def rank(key: int) -> tuple[float, int]:
        weights = matched[key]
        at = tuple(weights.get(term, 0) for term in question.wanted)
        if at not in scores:
            scores[at] = score(weights, question.wanted, known=known, total=total)
        return -scores[at], -key

    return sorted(keys, key=rank)


def _signed(session: Session, keys: Sequence[int]) -> list[dict[str, str]]:
    """Give the providers' own signed descriptions, in the order of the hits."""
    rows = session.execute(
        select(col(ListingRow.id), col(ListingRow.provider), col(ListingRow.description)).where(
            col(ListingRow.id).in_(keys),
            col(ListingRow.listed).is_(True),
        )
    ).all()
    found = {row.id: {"provider": row.provider, "description": row.description} for row in rows}
    return [found[key] for key in keys if key in found]


def _number(values: Mapping[str, Sequence[str]], name: str, default: int, most: int) -> int:
    text = values.get(name, [str(default)])[0]
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and 1 <= int(text) <= most):
        raise _wrong(name, text, problems.A_NUMBER.of(most=most))
    return int(text)


def _wrong(name: str, value: str, expected: Spoken) -> BadRequest:
    return BadRequest(problems.SEARCH, field=name[:60], expected=expected, got=value[:60])
