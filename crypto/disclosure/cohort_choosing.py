"""Which classes a round of a renewal holds: by what its members marked (disclosure.md §8.3).

Classes that hang together are one: they stand for each other by the least of them, so sets of them
are bits, and what a round takes grows with what is marked, not with the classes in each set.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crypto.disclosure.bits import least, members
from crypto.disclosure.cohort_changes import differences

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crypto.disclosure.bits import Bits
    from crypto.disclosure.cohort_inner import Look
    from crypto.disclosure.cohort_probes import Probes


def next_held(
    looked: Probes,
    held: Bits,
    marks: Sequence[Bits],
    *,
    min_cohort: int,
    renewal: int,
    last: bool = False,
) -> Bits:
    """Returns the classes to hold by the marks of all members: the same ones if nothing fails.

    Of each set that fails one component is held: if members mark some by themselves there, one of
    these; the one that most such sets have, of several the first. Sets of fewest components choose
    first.

    Args:
        looked: what is judged.
        held: the classes held in what they marked, whole components.
        marks: of every member.
        min_cohort: how many must change, if any does.
        renewal: number of the renewal.
        last: whether there is no further round: then all is held if anything fails.
    """
    few = too_few(marks, min_cohort)
    if not few:
        return held
    width = looked.bits(len(differences(renewal)))
    failing = _digits(few, width)
    texts = [_digits(of, width) for of in marks]
    components = _Components(looked.components)
    free = components.apart_from(held)
    moved = [_moved(text, looked, renewal, components) for text in texts]
    moving: list[Bits] = []  # per failing set, the components among which to choose
    for look, start, end in _places(looked, renewal):
        if failing.find("1", start, end) < 0:
            continue
        among = components.of(look.classes) & free
        if not among:
            continue  # it is as it was in an earlier state, and was judged there
        movers = 0
        for text, of in zip(texts, moved, strict=True):
            if text.find("1", start, end) >= 0:
                movers |= of
        moving.append(among & movers or among)
    if not moving:
        return held
    if last:
        return components.classes(components.firsts)
    often = _Counts()
    for one in moving:
        often.add(one)
    chosen = 0
    for one in sorted(moving, key=int.bit_count):
        if not one & chosen:
            chosen |= often.most(one)
    return held | components.classes(chosen)


def too_few(marks: Sequence[Bits], min_cohort: int) -> Bits:
    """Returns where some members have a mark, but fewer than `min_cohort`."""
    at_least = [0] * (min_cohort + 1)  # by how many; the first one is not used
    for of in marks:
        for n in range(min_cohort, 1, -1):
            at_least[n] |= at_least[n - 1] & of
        at_least[1] |= of
    return at_least[1] & ~at_least[min_cohort]


class _Components:
    """Classes that hang together, each such set as the bit of its least class."""

    def __init__(self, components: Sequence[Bits]) -> None:
        self._whole = {least(bits): bits for bits in components}
        self.firsts: Bits = 0
        self._alone: Bits = 0  # classes that hang together with no other
        self._first: dict[int, Bits] = {}  # of others, by class
        self._found: dict[Bits, Bits] = {}  # each set is asked for once per form and difference
        for first, bits in self._whole.items():
            self.firsts |= 1 << first
            if bits.bit_count() == 1:
                self._alone |= bits
            else:
                self._first |= dict.fromkeys(members(bits), 1 << first)

    def of(self, classes: Bits) -> Bits:
        """Returns the components of which there are any of these classes."""
        if not classes & ~self._alone:
            return classes
        if (found := self._found.get(classes)) is None:
            found = classes & self._alone
            for i in members(classes & ~self._alone):
                found |= self._first[i]
            self._found[classes] = found
        return found

    def only(self, classes: Bits) -> Bits:
        """Returns the component that these classes are of, nothing if they are of several."""
        first = least(classes)
        found = self._first.get(first, 1 << first)
        return found if not classes & ~self._whole[least(found)] else 0

    def classes(self, components: Bits) -> Bits:
        """Returns the classes of some components."""
        found = 0
        for first in members(components):
            found |= self._whole[first]
        return found

    def apart_from(self, classes: Bits) -> Bits:
        """Returns the components that none of these classes is of."""
        return self.firsts & ~self.of(classes)


class _Counts:
    """How often each number is in a set, as digits of base 2: a set is added to all at once."""

    def __init__(self) -> None:
        self._digits: list[Bits] = []  # the lowest first

    def add(self, one: Bits) -> None:
        """Counts the numbers of a set."""
        for place, digit in enumerate(self._digits):
            if not one:
                return
            self._digits[place], one = digit ^ one, digit & one
        if one:
            self._digits.append(one)

    def most(self, among: Bits) -> Bits:
        """Returns, as a set of one, the number counted most often; of several the least."""
        for digit in reversed(self._digits):
            among = among & digit or among
        return among & -among


def _digits(bits: Bits, width: int) -> str:
    """Writes marks as digits, the first one first: quick to look at, however many there are."""
    return f"{bits:0{width}b}"[::-1]


def _places(looked: Probes, renewal: int) -> Iterator[tuple[Look, int, int]]:
    """Yields where in the digits the marks of each look stand, per difference."""
    start = 0
    for looks in (*[looked.changes] * len(differences(renewal)), looked.states):
        for look in looks:
            end = start + len(look.asks)
            yield look, start, end
            start = end


def _moved(text: str, looked: Probes, renewal: int, components: _Components) -> Bits:
    """Returns the components in which one member marks something by itself."""
    found = 0
    for look, start, end in _places(looked, renewal):
        if text.find("1", start, end) >= 0:
            found |= components.only(look.classes)
    return found
