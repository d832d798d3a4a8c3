"""Unions of classes on which changes are judged: walked through once for all forms that have them.

With few classes nearly every guarded set holds nothing, or what another one holds, too. Such sets
give no form, but are looked at all the same: so steps are counted, not only what is found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crypto.disclosure import words
from crypto.disclosure.bits import members
from crypto.disclosure.declaration import Refused
from crypto.disclosure.guarded import span
from crypto.disclosure.inside import Inside

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from crypto.disclosure.bits import Bits
    from crypto.disclosure.cohort_table import CohortTable
    from crypto.disclosure.guarded import GuardedSets
    from crypto.words import Words

MOST_WALKED: Final = 2_000_000  # sets, and members of sets: some seconds
PER_FORM: Final = 16  # steps that take as long as a form on a set


class Steps:
    """Counts what is walked through, before it is.

    Args:
        spend: is told of it in forms on sets.
    """

    def __init__(self, spend: Callable[[int], None]) -> None:
        self._spend = spend
        self._steps = 0

    def __call__(self, steps: int) -> None:
        """Counts some steps.

        Raises:
            Refused: there are too many.
        """
        told, self._steps = self._steps // PER_FORM, self._steps + steps
        self._spend(self._steps // PER_FORM - told)
        if self._steps > MOST_WALKED:
            raise too_much(words.SETS, MOST_WALKED)


class Unions:
    """Finds unions of parts inside guarded sets and some further sets.

    Args:
        guarded: the guarded sets.
        table: the cohort table.
        further: the further sets.
        steps: counts.
    """

    def __init__(
        self, guarded: GuardedSets, table: CohortTable, further: Iterable[Bits], steps: Steps
    ) -> None:
        steps(sum(map(len, table.classes)))
        self._spans = [span(keys) for keys in table.classes]
        self._guarded = guarded
        self._further = sorted(further)
        self._once = guarded.count + sum(bits.bit_count() for bits in self._further)
        self._steps = steps
        self._found: dict[tuple[Bits, ...], Collection[Bits]] = {}  # by parts

    def of(self, parts: Sequence[Bits]) -> Collection[Bits]:
        """Returns the unions of some parts, each once, always in the same order.

        Raises:
            Refused: there is too much to look through.
        """
        if not parts:
            return ()
        key = tuple(parts)
        if key not in self._found:
            self._steps(self._once)
            self._found[key] = self._walked(parts)
        return self._found[key]

    def _walked(self, parts: Sequence[Bits]) -> Collection[Bits]:
        owner = {i: part for part in parts for i in members(part)}
        found: dict[Bits, None] = {}  # in this order
        for bits in self._further:
            union = 0
            for part in {owner[i] for i in members(bits) if i in owner}:
                union |= part if not part & ~bits else 0
            found[union] = None
        inside = Inside(parts, self._spans)
        usable = inside.usable(-1)
        known: set[Bits] = set()  # most sets hold what another one holds
        for masks in self._guarded:
            firsts = inside.firsts(masks, usable)
            if firsts not in known:
                known.add(firsts)
                found[inside.whole(firsts)] = None
        found.pop(0, None)
        return found


def too_much(of: Words, count: int) -> Refused:
    """Makes the refusal of a table of which there is more than may be judged."""
    return Refused(words.TOO_LARGE, words.MORE_THAN, of=of.of(count=f"{count:,}"))
