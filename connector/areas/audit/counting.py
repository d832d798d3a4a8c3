"""Facets of a search: how many of each kind, party and decision are among the newest."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select, tuple_
from sqlmodel import col

from connector.areas.audit.filtering import drivers_of, walked
from connector.areas.audit.walking import Driver, Span, rarest, tally, under_term
from connector.process.lists import batches
from connector.store.rows import LogEntryRow, LogTermRow
from contracts.leaf_terms import term_of_decision

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlmodel import Session

    from connector.areas.audit.filtering import Filter
    from connector.areas.audit.walking import Key

FACET: Final = 2_000  # leaves among which kinds, parties and decisions are counted
PARTIES: Final = 10  # of which counts are given
DECISIONS: Final = ("allow", "deny")
_AT_ONCE: Final = 500  # places in one statement


class Counted:
    """Facets of a search: each counts what the rest of the filter leaves, among the newest."""

    def __init__(self, session: Session, wanted: Filter) -> None:
        self._session = session
        self._wanted = wanted
        self._span = Span(since=wanted.since, until=wanted.until)
        self._found: dict[Filter, tuple[Key, ...]] = {}  # where an id is asked for

    def kinds(self) -> Mapping[str, int]:
        """Count by kind."""
        return self._tally("kind", replace(self._wanted, kind=None))

    def parties(self) -> Mapping[str, int]:
        """Count by counterparty, those with most first."""
        if self._wanted.party is not None:
            return {}
        found = self._tally("counterparty", self._wanted)
        most = sorted((-count, did) for did, count in found.items() if did)[:PARTIES]
        return {did: -count for count, did in most}

    def decisions(self) -> Mapping[str, int]:
        """Count by decision."""
        if self._wanted.decision is not None:
            return {}
        found = {one: self._under(term_of_decision(one)) for one in DECISIONS}
        return {one: count for one, count in found.items() if count}

    def _tally(self, by: str, bare: Filter) -> Mapping[str, int]:
        if bare.id is None:
            return tally(self._session, by, *self._driven(bare), self._span, FACET)
        column = col(LogEntryRow.kind if by == "kind" else LogEntryRow.counterparty)
        found: Counter[str] = Counter()
        for places in self._places(bare):
            part = col(LogEntryRow.index).in_([index for _, index in places])
            query = select(column, func.count()).where(part).group_by(column)
            for name, count in self._session.execute(query):
                found[name] += count
        return found

    def _under(self, term: int) -> int:
        if self._wanted.id is None:
            return under_term(self._session, term, *self._driven(self._wanted), self._span, FACET)
        # a leaf under a term is found by its time and place: by its place alone, all are walked
        row = tuple_(col(LogTermRow.time_ms), col(LogTermRow.index))
        count = 0
        for places in self._places(self._wanted):
            query = select(func.count()).where(col(LogTermRow.term) == term, row.in_(places))
            count += int(self._session.execute(query).scalar_one())
        return count

    def _driven(self, bare: Filter) -> tuple[Driver, list[Driver]]:
        drivers = drivers_of(bare)
        driver = rarest(self._session, drivers, self._span) if drivers else Driver()
        return driver, [one for one in drivers if one is not driver]

    def _places(self, bare: Filter) -> Iterator[Sequence[Key]]:
        if bare not in self._found:
            self._found[bare] = walked(self._session, bare, self._span, FACET).found
        return batches(self._found[bare], _AT_ONCE)
