"""Which sets are surely fine, told by sums over groups of contributors: nobody is looked at singly.

Contributors are divided into a few groups at random. A group's net is a sum of nets, so over one
set the absolute nets of the groups add up to at most T, the sum of all absolute nets. M bounds what
one contributor can have there: the sum of the largest in its places, or the largest gross of
anybody. Then

* at least T / M contributors carry the form, and at least as many as groups have a net;
* no n contributors have more than n·M, and T ≥ (2 + p/100)·M is p%: f·M is enough (disclosure.md
  §5, `capacity.sample_factor`).

Sums of groups are whole numbers in slots of one integer, so that a set costs one addition a place.
"""

from __future__ import annotations

from array import array
from sys import byteorder
from typing import TYPE_CHECKING, Final, NamedTuple

from crypto.disclosure.bits import members
from crypto.disclosure.capacity import sample_factor

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crypto.disclosure.bits import Bits
    from crypto.disclosure.rules import Rules

SLOT: Final = 64
MOST: Final = 2**62  # no slot may come to more


class Form(NamedTuple):
    """One form at one moment, on sets or on their rests.

    Attributes:
        nets: per place the sums of the groups, as `packed`.
        most: per place the largest absolute net of one contributor, or a bound of it.
        gross: the largest sum of absolute nets over all places of one contributor, or a bound.
    """

    nets: Sequence[int]
    most: Sequence[int]
    gross: int


class Need(NamedTuple):
    """What a form needs.

    Attributes:
        carriers: how many must carry it.
        nil: whether nil for everybody is surely fine.
    """

    carriers: int
    nil: bool


def packed(numbers: Iterable[int]) -> int:
    """Returns whole numbers below `MOST`, of either sign, as slots of one integer."""
    slots = array("q", numbers)
    if byteorder == "big":
        slots.byteswap()
    tops = _tops(len(slots))
    return (int.from_bytes(slots.tobytes(), "little") ^ tops) - tops


def _tops(count: int) -> int:
    """Returns the highest bit of each of so many slots."""
    return ((1 << SLOT * count) - 1) // ((1 << SLOT) - 1) << SLOT - 1


def _unpacked(number: int, tops: int, count: int) -> array[int]:
    """Returns the slots of an integer."""
    found = array("q")
    found.frombytes(((number + tops) ^ tops).to_bytes(count * SLOT // 8, "little"))
    if byteorder == "big":
        found.byteswap()
    return found


def is_presumed(nets: int, groups: int, bound: int, *, carriers: int, factor: int) -> bool:
    """Says whether one form is surely fine on a set.

    Args:
        nets: the sums of the groups, as `packed`.
        groups: how many there are.
        bound: what one contributor can have there at most.
        carriers: how many must carry it.
        factor: 100·f.
    """
    sums = _unpacked(nets, _tops(groups), groups)
    total = sum(map(abs, sums))
    is_carried = groups - sums.count(0) >= carriers or total >= carriers * bound
    return is_carried and bound > 0 and 100 * total >= factor * bound


class Presumption:
    """Tells which forms are surely fine on a set.

    Args:
        groups: into how many groups contributors are divided.
        needs: what each form needs.
        inside: each form on sets.
        at_rest: each form on rests; empty if no set has one.
        rules: dominance and p%.
    """

    def __init__(
        self,
        groups: int,
        needs: Sequence[Need],
        inside: Sequence[Form],
        at_rest: Sequence[Form],
        rules: Rules,
    ) -> None:
        self._groups = groups
        self._needs = needs
        self._count = len(needs)
        self._gross = [form.gross for form in inside]
        if at_rest:
            self._gross = [a + form.gross for a, form in zip(self._gross, at_rest, strict=True)]
        self._factor = sample_factor(rules)
        self._sides = [_Side(forms, groups) for forms in (inside, at_rest) if forms]
        self._one, self._all = _tops(self._count), _tops(self._count * groups)

    def doubtful(self, cells: Bits, rest: Bits) -> list[int]:
        """Returns the forms, by number, that are not surely fine on a set with its rest."""
        nets = most = 0
        sides = list(zip(self._sides, (members(cells), members(rest)), strict=False))
        for side, places in sides:
            for place in places:
                nets += side.totals[place]
                most += side.most[place]
        largest = _unpacked(most, self._one, self._count)
        bounds = list(map(min, largest, self._gross))
        totals = list(map(abs, _unpacked(nets, self._one, self._count)))
        doubtful = [i for i in range(self._count) if not self._is_enough(i, totals[i], bounds[i])]
        if not doubtful or self._groups == 1:
            return doubtful
        nets = 0
        for side, places in sides:
            for place in places:
                nets += side.nets[place]
        slots = _unpacked(nets, self._all, self._count * self._groups)
        left = []
        for i in doubtful:
            sums = slots[i * self._groups : (i + 1) * self._groups]
            carrying = self._groups - sums.count(0)
            if not self._is_enough(i, sum(map(abs, sums)), bounds[i], carrying):
                left.append(i)
        return left

    def _is_enough(self, i: int, total: int, bound: int, carrying: int = 0) -> bool:
        need = self._needs[i]
        if not bound:
            return need.nil
        if 100 * total < self._factor * bound:
            return False
        return carrying >= need.carriers or total >= need.carriers * bound


class _Side:
    """Per place what all forms come to, in slots: in all, per group, and at most for one."""

    def __init__(self, forms: Sequence[Form], groups: int) -> None:
        self.nets = _side_by_side([form.nets for form in forms], groups)
        self.most = _side_by_side([form.most for form in forms], 1)
        tops = _tops(groups)
        self.totals = _side_by_side(
            [[sum(_unpacked(n, tops, groups)) if n else 0 for n in form.nets] for form in forms],
            1,
        )


def _side_by_side(rows: Sequence[Sequence[int]], groups: int) -> list[int]:
    width = SLOT * groups
    return [sum(n << width * i for i, n in enumerate(column)) for column in zip(*rows, strict=True)]
