"""What of a member's figures changes when its cohort table is renewed (disclosure.md §8.3).

A *snapshot* is the figures of one data version on all classes. A *state* is what totals are made of
after a renewal: of each class the snapshot that it was renewed with last. A member marks, per form
and set that is judged, whether its part changes: against every earlier state, and by second
differences. It tells no figure and no sign.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Final

from crypto.disclosure.bits import members

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crypto.disclosure.bits import Bits
    from crypto.disclosure.cohort_inner import Look
    from crypto.disclosure.cohort_probes import Outline, Probes
    from crypto.disclosure.cohort_snapshot import Snapshot
    from crypto.disclosure.forms import Coefficients
    from crypto.disclosure.table import CellKey

_WORD: Final = 64
Ages = tuple[int, ...]  # per class for rows, the renewal that it was renewed with last; 0: none


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """One member's figures in all states.

    Attributes:
        snapshots: the first table's, then one per renewal; the last one is the new one.
        ages: per state before the new one, of its classes.
    """

    snapshots: tuple[Snapshot, ...]
    ages: tuple[Ages, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """One member's marks in one round of a renewal.

    Attributes:
        blocked: classes in which it may not release something now: they are held for all.
        appeared: finest common cells in no class, and not withheld so far, in which it has
            something now: they are withheld from now on.
        bits: see `make_changes`.
    """

    blocked: Bits
    appeared: tuple[CellKey, ...]
    bits: Bits


def renewed_ages(before: Ages, held: Bits, renewal: int) -> Ages:
    """Returns the ages of classes after a renewal that holds some of them."""
    return tuple(age if held >> i & 1 else renewal for i, age in enumerate(before))


def differences(earlier: int) -> tuple[Coefficients, ...]:
    """Returns what is compared, as one whole number per state, the new one last.

    The new state minus each earlier one; and new − 2·later + earlier for every two of them.
    """
    found = [tuple(-(i == s) for i in range(earlier)) for s in range(earlier)]
    found += [
        tuple((i == s) - 2 * (i == t) for i in range(earlier))
        for s, t in combinations(range(earlier), 2)
    ]
    return tuple((*numbers, 1) for numbers in found)


def state(history: History, ages: Ages) -> Snapshot:
    """Returns the figures that a state shows, by class."""
    return tuple(history.snapshots[age][i] for i, age in enumerate(ages))


def make_changes(looked: Probes, history: History, held: Bits, blocked: Bits) -> Bits:
    """Marks what changes, if some classes are held.

    Of what the member may not release nothing is marked, as if it were held: it will be.

    Args:
        looked: what is judged.
        history: the member's figures.
        held: classes that keep their state, as proposed.
        blocked: classes in which it may not release something of the new figures.

    Returns:
        One bit per difference and form on a set, then per form of the new state: whether it is not
        nil.
    """
    kept = held | whole(looked, blocked)
    newest = renewed_ages(history.ages[-1], kept, len(history.ages))
    states = [state(history, ages) for ages in (*history.ages, newest)]
    compared = [_combined(numbers, states) for numbers in differences(len(history.ages))]
    marked = (*_nonzero(looked.changes, compared), *_nonzero(looked.states, states[-1:]))
    return int("".join(reversed(marked)) or "0", 2)


def whole(looked: Outline | Probes, classes: Bits) -> Bits:
    """Returns the components that classes lie in, as classes."""
    found = 0
    for component in looked.components:
        if component & classes:
            found |= component
    return found


def _combined(numbers: Coefficients, states: Sequence[Snapshot]) -> Snapshot:
    return tuple(
        tuple(
            sum(n * v for n, v in zip(numbers, values, strict=True))
            for values in zip(*rows, strict=True)
        )
        for rows in zip(*states, strict=True)
    )


def _nonzero(looks: Sequence[Look], compared: Sequence[Snapshot]) -> list[str]:
    """Says per snapshot which forms on sets are not nil in it: a digit for each, the last first.

    All snapshots are added up at once, as digits of one number, each wide enough for any sum: so
    each set is looked at once, however many states there are.
    """
    known: dict[Coefficients, list[int]] = {}
    width = _width(looks, compared)
    figures = [
        [sum(v << width * s for s, v in enumerate(values)) for values in zip(*rows, strict=True)]
        for rows in zip(*compared, strict=True)
    ]
    nil = sum(1 << width * s + width - 1 for s, _ in enumerate(compared))  # no digit below nought
    found: list[int] = []
    for look in looks:
        places = [members(bits) for bits in look.places]
        for ask in look.asks:
            value = nil
            for coefficients, numbers in zip(ask, places, strict=True):
                if coefficients not in known:
                    known[coefficients] = [
                        sum(c * v for c, v in zip(coefficients, row, strict=True) if c)
                        for row in figures
                    ]
                of = known[coefficients]
                value += sum([of[i] for i in numbers])
            found.append(value ^ nil)
    found.reverse()
    digits = [(1 << width) - 1 << width * s for s, _ in enumerate(compared)]
    return ["".join(["1" if value & digit else "0" for value in found]) for digit in digits]


def _width(looks: Sequence[Look], compared: Sequence[Snapshot]) -> int:
    """Returns how many bits hold any sum, and its sign: whole words, whatever the figures are."""
    asks = {id(look.asks): look.asks for look in looks}.values()  # many have the same ones
    factor = max((abs(c) for of in asks for ask in of for on in ask for c in on), default=0)
    most = max((sum(abs(v) for row in of for v in row) for of in compared), default=0)
    return ((factor * most).bit_length() // _WORD + 1) * _WORD
