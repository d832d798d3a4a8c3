"""The members of a cohort as contributors: merging reads who carries what from their marks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crypto.disclosure.bits import members
from crypto.disclosure.fineness import Profile
from crypto.disclosure.ledger import Finding
from crypto.disclosure.rules import Rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from crypto.disclosure.bits import Bits
    from crypto.disclosure.ledger import Contents, Request
    from crypto.disclosure.merging import Keys
    from crypto.disclosure.table import CellKey


@dataclass(frozen=True, slots=True, kw_only=True)
class MembersOnly(Rules):
    """Enough members carry it: dominance among them is not looked at (disclosure.md §8.3)."""

    dominance: tuple[tuple[int, int], ...] = ()
    p_percent: int = 0

    def __post_init__(self) -> None:
        """Takes what no owner may declare."""


class MarksLedger:
    """Who carries which form in numbered places.

    A member has 1 in a form for every cell in which it carries it, so sums are nil only where it
    has nothing. For the rows of a place stands the number of its cells: rows are not told.
    """

    def __init__(
        self, keys: Keys, numbers: Sequence[int], carries: Mapping[str, Mapping[CellKey, Bits]]
    ) -> None:
        """Reads marks.

        Args:
            keys: the finest common cells of each place.
            numbers: the forms to look at, which are asked for by unit vectors in this order.
            carries: per member its carried forms by cell.
        """
        self._sizes = [len(cells) for cells in keys]
        self._numbers = numbers
        self._carried: list[dict[str, Bits]] = []
        for cells in keys:
            found = {}
            for member, marked in carries.items():
                bits = 0
                for cell in cells:
                    bits |= marked.get(cell, 0)
                if bits:
                    found[member] = bits
            self._carried.append(found)

    def totals(self) -> Sequence[tuple[int, ...]]:
        """Returns per place the number of its cells."""
        return [(size,) for size in self._sizes]

    def contents(self, sets: Sequence[Bits]) -> Sequence[Contents]:
        """Returns per set and member how many of its places carry each form."""
        return [self._content(bits) for bits in sets]

    def suspects(
        self,
        requests: Sequence[Request],
        rules: Rules,  # noqa: ARG002 - of the port: only carriers count here
        held: Bits = 0,  # noqa: ARG002 - of the port: nothing was shown before
    ) -> Iterable[Finding]:
        """Returns what every form is on every set."""
        for r, request in enumerate(requests):
            for s, (bits, _) in enumerate(request.sets):
                yield from self._findings(r, s, self._bits_of(bits), len(request.asks))

    def _findings(self, request: int, number: int, who: list[Bits], asks: int) -> Iterator[Finding]:
        for ask in range(asks):
            form = 1 << self._numbers[ask]
            carriers = sum(1 for carried in who if carried & form)
            profile = Profile(carriers, carriers, (1,) * min(carriers, 2))
            yield Finding(request, number, 0, ask, profile, 1)

    def _bits_of(self, bits: Bits) -> list[Bits]:
        found: dict[str, Bits] = {}
        for place in members(bits):
            for member, carried in self._carried[place].items():
                found[member] = found.get(member, 0) | carried
        return list(found.values())

    def _content(self, bits: Bits) -> dict[str, tuple[int, ...]]:
        found: dict[str, list[int]] = {}
        for place in members(bits):
            for member, carried in self._carried[place].items():
                counts = found.setdefault(member, [0] * len(self._numbers))
                for i, number in enumerate(self._numbers):
                    counts[i] += carried >> number & 1
        return {member: tuple(counts) for member, counts in found.items()}
