"""The shared catalogue, asked: who asks, what they typed, which facets, which page.

Only descriptions of providers that are certified now are shown, and only to askers to whom the
provider's own catalogue would show them. What somebody typed is not logged.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select
from sqlmodel import col

from catalog.asked import MOST_CHOSEN, MOST_PAGES, MOST_PER_PAGE
from catalog.audience import shown_to
from catalog.search import (
    FACETS,
    LONGEST_QUESTION,
    Card,
    Facet,
    Question,
    count,
    narrow,
    parse,
    score,
)
from connector.areas.hub import problems
from connector.areas.hub.rows import ListingRow, ParticipantRow, PostingRow
from connector.process.errors import BadRequest
from connector.process.lists import UNREADABLE, why
from policies.evaluate import compile_policy
from policies.odrl import parse_policy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Select
    from sqlmodel import Session

    from catalog.asked import Asked
    from crypto.words import Spoken
    from policies.compiled import CompiledPolicy

_FEW: Final = 500  # hits that are named to the database one by one


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
    alike = _visible(session, asked.asker, matched, space=space, now=now)
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


def _visible(
    session: Session,
    asker: str,
    matched: Mapping[int, Any] | None,
    *,
    space: str,
    now: int,
    for_all: bool = True,
) -> dict[Card, list[int]]:
    """Keep what this asker may see of providers that are certified now; those alike together.

    Of what everybody may see only an index is read, or not even that without `for_all`. What else
    there is, is decided one by one.
    """
    certified = set(session.execute(_certified(now)).scalars())
    moment = datetime.fromtimestamp(now, UTC)
    groups: dict[tuple[str, str, str, str], list[int]] = {}
    for everybody in (True, False) if for_all else (False,):
        columns = [*_GROUPED, col(ListingRow.id), *(() if everybody else (col(ListingRow.offers),))]
        query = select(*columns).where(
            col(ListingRow.listed).is_(True), col(ListingRow.everybody).is_(everybody)
        )
        if matched is not None and len(matched) <= _FEW:
            query = query.where(col(ListingRow.id).in_(matched))
        for provider, domain, level, modes, key, *offers in session.execute(query):
            if provider not in certified or (matched is not None and key not in matched):
                continue
            if offers and provider != asker:
                shown = shown_to(asker, _offers(offers[0]), space=space, now=moment)
                if not shown:
                    continue
            groups.setdefault((provider, domain, level, modes), []).append(key)
    return {
        Card(
            key=keys[0],
            provider=provider,
            domain=domain,
            level=level,
            modes=tuple(modes.split(",")) if modes else (),
            times=len(keys),
        ): keys
        for (provider, domain, level, modes), keys in groups.items()
    }


def visible_count(session: Session, asker: str, *, space: str, now: int) -> int:
    """Count what a search that asks for nothing finds."""
    open_to_all = select(func.count()).where(
        col(ListingRow.listed).is_(True),
        col(ListingRow.everybody).is_(True),
        col(ListingRow.provider).in_(_certified(now)),
    )
    others = _visible(session, asker, None, space=space, now=now, for_all=False)
    return int(session.execute(open_to_all).scalar_one()) + sum(card.times for card in others)


def _certified(now: int) -> Select[Any]:
    return select(col(ParticipantRow.did)).where(
        col(ParticipantRow.status) == "certified", col(ParticipantRow.expires) > now
    )


_GROUPED: Final = (
    col(ListingRow.provider),
    col(ListingRow.domain),
    col(ListingRow.level),
    col(ListingRow.modes),
)


@lru_cache(maxsize=4096)
def _offers(text: str) -> tuple[CompiledPolicy, ...]:
    """Read the offers of a listing back; they were checked when it was taken in.

    An older version may have taken in what this one cannot read: that is for nobody, and says so
    in `unreadable`.
    """
    try:
        return _read(text)
    except UNREADABLE:
        return ()


def _read(text: str) -> tuple[CompiledPolicy, ...]:
    return tuple(compile_policy(parse_policy(offer, kind="Offer")) for offer in json.loads(text))


def unreadable(session: Session) -> list[dict[str, str]]:
    """Give the operator the listings whose offers cannot be read: they are shown to nobody else."""
    query = (
        select(col(ListingRow.provider), col(ListingRow.dataset_id), col(ListingRow.offers))
        .where(col(ListingRow.listed).is_(True), col(ListingRow.everybody).is_(False))
        .order_by(col(ListingRow.id))
    )
    found = []
    for provider, dataset, text in session.execute(query):
        try:
            _read(text)
        except UNREADABLE as error:
            found.append({"provider": provider, "dataset": dataset, "unreadable": why(error)})
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
