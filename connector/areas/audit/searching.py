"""Searching the node's own log: by party, agreement, process, kind, decision, time and any id."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select
from sqlmodel import col

from connector.areas.audit import problems
from connector.areas.audit.counting import FACET, Counted
from connector.areas.audit.filtering import Filter, spelled, walked
from connector.areas.audit.walking import WINDOW, Span, key_of
from connector.process.errors import NotFound
from connector.store.rows import LogEntryRow
from contracts.evidence import parse_leaf
from contracts.leaf_terms import decision_of, names_of
from crypto import merkle

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlmodel import Session


AT_ONCE: Final = 500  # places in one statement
_HASH: Final = col(LogEntryRow.leaf_hash)


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A leaf as it is stored and read."""

    index: int
    time_ms: int
    entry: bytes
    leaf_hash: bytes
    leaf: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One page, newest first.

    Attributes:
        leaves: those found.
        older: where the next page begins; None: there is nothing older.
        newer: where the page before begins; None: there is nothing newer.
        looked: time of the oldest leaf that was looked at, where a page ends before it is full.
        kinds: how many leaves of each kind are among the first `FACET`, whatever kind is asked for.
        parties: the same by counterparty, the `PARTIES` with most; none where one is asked for.
        decisions: the same by decision; none where one is asked for.
    """

    leaves: tuple[Read, ...]
    older: int | None
    newer: int | None
    looked: int | None
    kinds: Mapping[str, int]
    parties: Mapping[str, int]
    decisions: Mapping[str, int]


def search(
    session: Session,
    wanted: Filter,
    *,
    before: int | None = None,
    after: int | None = None,
    limit: int = 50,
    facets: bool = True,
) -> Found:
    """Give one page of the leaves that are meant.

    Args:
        session: to read in.
        wanted: which.
        before: the leaf after which, going back, the page begins; None: at the newest.
        after: the leaf after which, going on, it begins.
        limit: at most so many.
        facets: whether kinds are counted.

    Raises:
        NotFound: there is no such leaf to begin at.
    """
    newer = after is not None
    place = after if after is not None else before
    beyond = key_of(session, place) if place is not None else None
    if place is not None and beyond is None:
        raise NotFound(problems.NO_LEAF, index=place)
    span = Span(since=wanted.since, until=wanted.until, beyond=beyond, newer=newer)
    way = walked(session, wanted, span, limit + 1)
    keys, looked = list(way.found), way.looked
    more = len(keys) > limit
    shown = keys[:limit]
    ahead = shown[-1] if more else looked  # where it goes on, in the direction of the walk
    read = read_leaves(session, [index for _, index in shown])
    leaves = [read[index] for _, index in shown if index in read and _is(read[index], wanted)]
    if newer:
        leaves.reverse()
    back = (shown[0] if shown else looked) if place is not None else None
    older, later = (back, ahead) if newer else (ahead, back)
    counted = Counted(session, wanted) if facets else None
    return Found(
        leaves=tuple(leaves),
        older=older[1] if older else (place if newer and not shown else None),
        newer=later[1] if later else (place if not newer and not shown else None),
        looked=looked[0] if looked is not None and not more else None,
        kinds=counted.kinds() if counted else {},
        parties=counted.parties() if counted else {},
        decisions=counted.decisions() if counted else {},
    )


def read_leaf(session: Session, index: int) -> Read | None:
    """Read one leaf; None where there is none."""
    return read_leaves(session, [index]).get(index)


def read_leaves(session: Session, indexes: Sequence[int]) -> dict[int, Read]:
    """Read some leaves at once, by their place; one that is not there is left out."""
    place = col(LogEntryRow.index)
    query = select(place, col(LogEntryRow.time_ms), col(LogEntryRow.entry), _HASH)
    found: dict[int, Read] = {}
    for start in range(0, len(indexes), AT_ONCE):
        part = query.where(place.in_(indexes[start : start + AT_ONCE]))
        for index, time_ms, entry, leaf_hash in session.execute(part):
            data, told = bytes(entry), bytes(leaf_hash)
            found[index] = Read(
                index=index, time_ms=time_ms, entry=data, leaf_hash=told, leaf=_parsed(data, told)
            )
    return found


def _parsed(data: bytes, leaf_hash: bytes) -> Mapping[str, Any]:
    """Read the bytes of a leaf: strictly, unless they are those that were hashed.

    What was hashed was looked at when it was written, and looking takes ten times as long.
    """
    if merkle.leaf_hash(data) != leaf_hash:
        return parse_leaf(data)
    leaf: Mapping[str, Any] = json.loads(data)
    return leaf


def matches(leaf: Read, wanted: Filter) -> bool:
    """Say whether a leaf is one of those meant: what `search` finds, said of one leaf."""
    said = leaf.leaf
    asked = (
        (wanted.party, said.get("counterparty", "")),
        (wanted.agreement, said.get("agreement", "")),
        (wanted.process, said.get("process", "")),
        (wanted.kind, said["kind"]),
        (wanted.decision, decision_of(said)),
    )
    return (
        all(want is None or want == has for want, has in asked)
        and (wanted.since is None or leaf.time_ms >= wanted.since)
        and (wanted.until is None or leaf.time_ms < wanted.until)
        and _is(leaf, wanted)
    )


def _is(leaf: Read, wanted: Filter) -> bool:
    """Say whether a leaf has the id that is asked for: two ids may share a term."""
    if wanted.id is None:
        return True
    said = leaf.leaf
    own = {said.get(name, "") for name in ("agreement", "process", "counterparty")}
    own |= {said["id"], str(leaf.index)}
    return not {*spelled(wanted.id)}.isdisjoint(own | names_of(said, leaf.leaf_hash))


__all__ = [
    "FACET",
    "WINDOW",
    "Filter",
    "Found",
    "Read",
    "matches",
    "read_leaf",
    "read_leaves",
    "search",
]
