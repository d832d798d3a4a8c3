"""What of the shared catalogue an asker may see: what its providers' own catalogues would show."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import String, cast, func, select
from sqlmodel import col

from catalog.audience import shown_to
from catalog.search import Card
from connector.areas.hub.rows import ListingRow, ParticipantRow
from connector.process.lists import UNREADABLE, why
from policies.evaluate import compile_policy
from policies.odrl import parse_policy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Select
    from sqlmodel import Session

    from policies.compiled import CompiledPolicy

FEW: Final = 500  # hits that are named to the database one by one
_ALIKE: Final = (
    col(ListingRow.provider),
    col(ListingRow.domain),
    col(ListingRow.level),
    col(ListingRow.modes),
)


def visible(
    session: Session,
    asker: str,
    matched: Mapping[int, Any] | None,
    *,
    space: str,
    now: int,
    for_all: bool = True,
) -> dict[Card, list[int]]:
    """Keep what this asker may see of providers that are certified now; those alike together.

    Of what everybody may see an index is read, one line for all those alike. What else there is, is
    decided one by one.

    Args:
        session: to read in.
        asker: the certified party that asks.
        matched: listings by key that are looked through; None: all.
        space: IRI of the data space.
        now: in seconds since 1970.
        for_all: whether those that everybody may see are given, too.
    """
    certified = set(session.execute(_certified(now)).scalars())
    moment = datetime.fromtimestamp(now, UTC)
    groups: dict[tuple[str, str, str, str], list[int]] = {}
    if for_all:
        keys = func.aggregate_strings(cast(col(ListingRow.id), String), ",")
        together = _listed(matched, everybody=True, columns=(*_ALIKE, keys)).group_by(*_ALIKE)
        for provider, domain, level, modes, text in session.execute(together):
            found = [int(key) for key in text.split(",")] if provider in certified else []
            if matched is not None:
                found = [key for key in found if key in matched]
            if found:
                groups[provider, domain, level, modes] = found
    columns = (*_ALIKE, col(ListingRow.id), col(ListingRow.offers))
    one_by_one = session.execute(_listed(matched, everybody=False, columns=columns))
    for provider, domain, level, modes, key, offers in one_by_one:
        if provider not in certified or (matched is not None and key not in matched):
            continue
        if provider == asker or shown_to(asker, _offers(offers), space=space, now=moment):
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


def _listed(
    matched: Mapping[int, Any] | None, *, everybody: bool, columns: tuple[Any, ...]
) -> Select[Any]:
    query = select(*columns).where(
        col(ListingRow.listed).is_(True), col(ListingRow.everybody).is_(everybody)
    )
    if matched is not None and len(matched) <= FEW:
        query = query.where(col(ListingRow.id).in_(matched))
    return query


def visible_count(session: Session, asker: str, *, space: str, now: int) -> int:
    """Count what a search that asks for nothing finds."""
    open_to_all = select(func.count()).where(
        col(ListingRow.listed).is_(True),
        col(ListingRow.everybody).is_(True),
        col(ListingRow.provider).in_(_certified(now)),
    )
    others = visible(session, asker, None, space=space, now=now, for_all=False)
    return int(session.execute(open_to_all).scalar_one()) + sum(card.times for card in others)


def _certified(now: int) -> Select[Any]:
    return select(col(ParticipantRow.did)).where(
        col(ParticipantRow.status) == "certified", col(ParticipantRow.expires) > now
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
