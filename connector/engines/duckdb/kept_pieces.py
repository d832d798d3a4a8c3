"""Pieces that are read once and kept in memory, where few of them are asked about."""

# ruff: noqa: S608 - SQL is put together from our own names and integers only

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crypto.disclosure.bits import members
from crypto.disclosure.quick_memory import QuickLedger

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from connector.engines.duckdb.session import DuckSession
    from crypto.disclosure.bits import Bits

IN_MEMORY: Final = 100_000  # contributions


class KeptPieces:
    """The pieces of some places in all versions.

    Args:
        session: has the table `piece`.
        places: how many places there are.
        figures: the columns.
        versions: how many earlier versions there are.
        most: how many pieces are kept at most.
        counts: how many pieces places have, if that is known.
    """

    def __init__(
        self,
        session: DuckSession,
        *,
        places: int,
        figures: Sequence[str],
        versions: int,
        most: int,
        counts: Mapping[int, int],
    ) -> None:
        self._session = session
        self._places = places
        self._figures = figures
        self._versions = versions
        self._most = most
        self._known = counts
        self._counts: list[int] | None = None
        self._ledger: QuickLedger | None = None
        self._has_all = False
        self._kept: Bits = 0
        self._count = 0

    def everything(self) -> QuickLedger | None:
        """Returns a ledger that knows all places; `None` if they hold too much."""
        return self.of([]) if self._is_small() else None

    def _is_small(self) -> bool:
        known = list(self._known.values())
        return self._versions == 0 and 0 < sum(known) <= self._most

    def of(self, sets: Iterable[Bits]) -> QuickLedger | None:
        """Returns a ledger that knows all places of some sets; `None` if they hold too much."""
        counts = self._ready()
        if counts is None or self._has_all:
            return self._ledger
        wanted, pieces = self._kept, self._count
        for bits in sets:
            new = bits & ~wanted
            if new:
                pieces += sum(counts[place] for place in members(new))
                if pieces > self._most:
                    return None
                wanted |= new
        return self._reaching(wanted, pieces)

    def near(self, sets: Iterable[Bits]) -> tuple[QuickLedger | None, Bits]:
        """Returns a ledger of the first sets that there is room for, and the places it knows."""
        counts = self._ready()
        if counts is None or self._has_all:
            return self._ledger, (1 << self._places) - 1
        wanted, pieces = self._kept, self._count
        for bits in sets:
            new = bits & ~wanted
            more = sum(counts[place] for place in members(new))
            if pieces + more <= self._most:
                wanted |= new
                pieces += more
        return self._reaching(wanted, pieces), wanted

    def _ready(self) -> list[int] | None:
        """Counts the pieces of places, and reads all if they are few; `None` if none are kept."""
        if not self._most:
            return None
        if self._counts is None:
            self._counts = [0] * self._places
            for place, count in self._known.items() or self._session.rows(
                "SELECT place, count(*) FROM piece GROUP BY place"
            ):
                self._counts[place] = int(count)
            every = (1 << self._places) - 1
            if sum(self._counts) <= self._most:
                self._ledger, self._has_all = self.read(every), True
        return self._counts

    def _reaching(self, wanted: Bits, pieces: int) -> QuickLedger:
        if self._ledger is None or wanted != self._kept:
            self._ledger, self._kept, self._count = self.read(wanted), wanted, pieces
        return self._ledger

    def read(self, wanted: Bits, versions: Sequence[int] | None = None) -> QuickLedger:
        """Reads the pieces of some places, of all versions or of some."""
        self._session.run("CREATE OR REPLACE TEMP TABLE wanted (place BIGINT)")
        self._session.insert("wanted", [(place,) for place in members(wanted)], 1)
        bases: list[list[dict[str, tuple[int, ...]]]] = [
            [{} for _ in range(self._places)] for _ in range(self._versions + 1)
        ]
        some = f"WHERE version IN ({', '.join(map(str, versions))})" if versions else ""
        for version, place, contributor, *figures in self._session.rows(
            f"SELECT version, place, contributor, {', '.join(self._figures)} FROM piece "
            f"SEMI JOIN wanted USING (place) {some}"
        ):
            bases[version][place][contributor] = tuple(map(int, figures))
        return QuickLedger(bases[0], bases[1:])
