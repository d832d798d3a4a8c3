"""Merging items that are not fine along the order of the dimensions (disclosure.md §3.1).

An item that is fine is a class. The others go level by level from the longest prefix to the empty
one; an item takes part at levels not above its own, the length of its cells' common prefix:

1. in a family of equal prefix they are collected in order of their least cell, and a collection
   that becomes fine is a class;
2. what a family has left over takes in classes of the same prefix and a level not below this one,
   fewest rows first, then least cell, until it is fine; else it goes up unchanged.

What remains at the end belongs to no class. Families of a level do not touch each other, so their
questions are put together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING

from crypto.disclosure.bits import members
from crypto.disclosure.diagnosis import lacks
from crypto.disclosure.fineness import is_fine, profile
from crypto.disclosure.ledger import Request, failing
from crypto.disclosure.table import CellKey
from crypto.disclosure.units import Unit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crypto.disclosure.bits import Bits
    from crypto.disclosure.diagnosis import Lack
    from crypto.disclosure.fineness import Profile
    from crypto.disclosure.ledger import Ask, Finding, Mergeable
    from crypto.disclosure.rules import Rules
    from crypto.disclosure.surely import Surely

Keys = Sequence[tuple[CellKey, ...]]  # per place its finest cells, ascending


@dataclass(frozen=True, slots=True)
class Merged:
    """What came of merging.

    Attributes:
        classes: fine sets of places, by least finest cell.
        rest: items or unions of them that are in no class, by least finest cell.
        unsafe: what the items that were not fine lacked.
        lacking: what each of the rest lacks.
    """

    classes: list[Bits] = field(default_factory=list)
    rest: list[Bits] = field(default_factory=list)
    unsafe: Sequence[Finding] = ()
    lacking: Sequence[tuple[Lack, ...]] = ()


def merge(
    items: Sequence[Bits],
    keys: Keys,
    *,
    ledger: Mergeable,
    asks: Sequence[Ask],
    rules: Rules,
    surely: Surely | None = None,
) -> Merged:
    """Partitions items into fine classes.

    Args:
        items: disjoint sets of places.
        keys: the finest cells of every place.
        ledger: the figures of the places.
        asks: the forms that a class must be fine for.
        rules: dominance and p%.
        surely: tells which items need not be asked about.
    """
    totals = ledger.totals()
    units = []
    for bits in items:
        if not bits & bits - 1:
            place = bits.bit_length() - 1
            units.append(Unit(bits, keys[place][0], keys[place][-1], totals[place][0]))
            continue
        places = members(bits)
        first, last = min(keys[p][0] for p in places), max(keys[p][-1] for p in places)
        units.append(Unit(bits, first, last, sum(totals[p][0] for p in places)))
    units.sort(key=lambda unit: unit.first)
    asked = list(range(len(units)))
    if surely:
        asked = [i for i in asked if not surely.is_sure(surely.of(units[i].bits))]
    request = Request([(units[i].bits, 0) for i in asked], tuple(asks))
    found = [f._replace(set=asked[f.set]) for f in failing(ledger, [request], rules)]
    unsafe = sorted({finding.set for finding in found})
    merging = _Merging(ledger, asks, rules)
    bad = set(unsafe)
    merging.classes = {u.first: u for i, u in enumerate(units) if i not in bad}
    left = merging.filled([units[i] for i in unsafe])
    depth = len(left[0].first) if left else 0
    for level in reversed(range(depth)):
        left = merging.level(left, level)
    classes = [merging.classes[key].bits for key in sorted(merging.classes)]
    left.sort(key=lambda unit: unit.first)
    lacking = [merging.lacks(unit) for unit in left]
    return Merged(classes, [unit.bits for unit in left], found, lacking)


class _Merging:
    """The work in progress."""

    def __init__(self, ledger: Mergeable, asks: Sequence[Ask], rules: Rules) -> None:
        self.classes: dict[CellKey, Unit] = {}  # by least finest cell
        self._ledger = ledger
        self._rules = rules
        self._asks = [(ask, [(i, c) for i, c in enumerate(ask.coefficients) if c]) for ask in asks]

    def filled(self, units: Sequence[Unit]) -> list[Unit]:
        """Returns the units with their contents."""
        lacking = [unit.bits for unit in units if unit.contents is None]
        fetched = iter(self._ledger.contents(lacking) if lacking else ())
        return [u if u.contents is not None else replace(u, contents=next(fetched)) for u in units]

    def level(self, units: Sequence[Unit], level: int) -> list[Unit]:
        """Merges in every family of one level; returns what goes up."""
        families: dict[CellKey, list[Unit]] = defaultdict(list)
        upwards = []
        for unit in units:
            if unit.level >= level:
                families[unit.first[:level]].append(unit)
            else:
                upwards.append(unit)
        rests = {}
        for prefix in sorted(families):
            rest = self._collect(families[prefix])
            if rest is not None:
                rests[prefix] = rest
        return upwards + self._take_in(rests, level)

    def _collect(self, family: Sequence[Unit]) -> Unit | None:
        gathered: Unit | None = None
        for unit in sorted(family, key=lambda unit: unit.first):
            gathered = unit if gathered is None else gathered.joined(unit)
            if gathered is not unit and self._is_fine(gathered):
                self.classes[gathered.first] = gathered
                gathered = None
        return gathered

    def _take_in(self, rests: dict[CellKey, Unit], level: int) -> list[Unit]:
        queues = self._candidates(rests, level)
        growing = dict(rests)
        taken: dict[CellKey, list[CellKey]] = {prefix: [] for prefix in rests}
        upwards = []
        batch = 1
        while growing:
            offers = {prefix: list(islice(queues[prefix], batch)) for prefix in growing}
            near = self.filled([self.classes[key] for offer in offers.values() for key in offer])
            known = {unit.first: unit for unit in near}
            for prefix, offer in offers.items():
                for key in offer:
                    growing[prefix] = growing[prefix].joined(known[key])
                    taken[prefix].append(key)
                    if self._is_fine(growing[prefix]):
                        for swallowed in taken[prefix]:
                            del self.classes[swallowed]
                        made = growing.pop(prefix)
                        self.classes[made.first] = made
                        break
                else:
                    if len(offer) < batch:  # there are no more
                        upwards.append(rests[prefix])
                        del growing[prefix]
            batch *= 2
        return upwards

    def _candidates(
        self, prefixes: dict[CellKey, Unit], level: int
    ) -> dict[CellKey, Iterator[CellKey]]:
        found: dict[CellKey, list[Unit]] = {prefix: [] for prefix in prefixes}
        if found:
            for unit in self.classes.values():
                if unit.level >= level and unit.first[:level] in found:
                    found[unit.first[:level]].append(unit)
        return {
            prefix: iter([u.first for u in sorted(units, key=lambda u: (u.rows, u.first))])
            for prefix, units in found.items()
        }

    def lacks(self, unit: Unit) -> tuple[Lack, ...]:
        """Returns what a unit that is not fine lacks, form by form."""
        failing_forms = self._failing(unit)
        return tuple(one for ask, known in failing_forms for one in lacks(ask, known, self._rules))

    def _is_fine(self, unit: Unit) -> bool:
        return next(self._failing(unit), None) is None

    def _failing(self, unit: Unit) -> Iterator[tuple[Ask, Profile]]:
        contents = list((unit.contents or {}).values())
        for ask, parts in self._asks:
            nets = [sum([c * figures[i] for i, c in parts]) for figures in contents]
            known = profile(nets, self._rules.depth)
            nil = ask.may_be_nil(unit.rows)
            if not is_fine(known, carriers=ask.carriers, rules=self._rules, nil=nil):
                yield ask, known
