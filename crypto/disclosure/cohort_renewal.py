"""Which classes of a cohort table are renewed, by what its members mark (disclosure.md §8.3).

A renewal is judged as it would be: members mark what changes if certain classes are held, and where
too few of them do, more is held and all of them mark again. What is renewed at last has been judged
as it is. Whatever one member marks, the others that change are at least one fewer than
`min_cohort`, or none.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from crypto.disclosure.bits import members
from crypto.disclosure.cohort_changes import differences

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crypto.disclosure.bits import Bits
    from crypto.disclosure.cohort_changes import Changes
    from crypto.disclosure.cohort_inner import Look
    from crypto.disclosure.cohort_probes import Probes
    from crypto.disclosure.table import CellKey

MOST_RENEWALS: Final = 3  # of one cohort table: every three of its states are compared
MOST_ROUNDS: Final = 16  # in the last of them all is held: nothing is renewed


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What follows from a round.

    Attributes:
        held: the classes to hold; the renewal is settled if they are those of the round.
        appeared: finest common cells that are withheld from now on.
    """

    held: Bits
    appeared: tuple[CellKey, ...]


def decide(
    looked: Probes,
    held: Bits,
    marks: Sequence[Changes],
    *,
    min_cohort: int,
    renewal: int,
    turn: int,
) -> Decided:
    """Returns what follows from the marks of all members.

    What one of them blocks is held first, then they mark again: of classes that it may not release
    its marks tell nothing.

    Args:
        looked: what is judged.
        held: the classes held in what they marked.
        marks: of every member.
        min_cohort: how many must change, if any does.
        renewal: number of the renewal, from 1.
        turn: number of the round, from 0.

    Raises:
        ValueError: marks are of other probes.
    """
    blocked = 0
    for of in marks:
        check_changes(looked, of.bits, renewal)
        blocked |= of.blocked
    appeared = tuple(sorted({key for of in marks for key in of.appeared}))
    after = held | whole(looked, blocked)
    if after == held:
        bits, last = [of.bits for of in marks], turn + 2 >= MOST_ROUNDS
        after = next_held(looked, held, bits, min_cohort=min_cohort, renewal=renewal, last=last)
    return Decided(held=after, appeared=appeared)


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

    Args:
        looked: what is judged.
        held: the classes held in what they marked, whole components.
        marks: of every member.
        min_cohort: how many must change, if any does.
        renewal: number of the renewal.
        last: whether there is no further round: then all is held if anything fails.
    """
    failing = _digits(looked, too_few(marks, min_cohort), renewal)
    if "1" not in failing:
        return held
    places = list(_places(looked, renewal))
    owner = {i: c for c, bits in enumerate(looked.components) for i in members(bits)}
    reach = {id(look): _components(look, owner) for look in (*looked.changes, *looked.states)}
    texts = [_digits(looked, of, renewal) for of in marks]
    free = {c for c, bits in enumerate(looked.components) if not bits & held}
    moving: list[set[int]] = []  # per failing set, the components among which to choose
    moved = [_moved(text, places, reach) for text in texts]
    for look, start, end in places:
        if "1" not in failing[start:end]:
            continue
        among = reach[id(look)] & free
        if not among:
            continue  # it is as it was in an earlier state, and was judged there
        movers = [of for of, text in zip(moved, texts, strict=True) if "1" in text[start:end]]
        moving.append(among & set[int]().union(*movers) or among)
    if not moving:
        return held
    if last:
        return (1 << len(owner)) - 1
    often = Counter(c for one in moving for c in one)
    chosen: set[int] = set()
    for one in sorted(moving, key=len):
        if not one & chosen:
            chosen.add(min(one, key=lambda c: (-often[c], c)))
    for c in chosen:
        held |= looked.components[c]
    return held


def too_few(marks: Sequence[Bits], min_cohort: int) -> Bits:
    """Returns where some members have a mark, but fewer than `min_cohort`."""
    at_least = [0] * (min_cohort + 1)  # by how many; the first one is not used
    for of in marks:
        for n in range(min_cohort, 1, -1):
            at_least[n] |= at_least[n - 1] & of
        at_least[1] |= of
    return at_least[1] & ~at_least[min_cohort]


def check_changes(looked: Probes, of: Bits, renewal: int) -> None:
    """Checks that marks are of these probes.

    Raises:
        ValueError: there are more of them.
    """
    most = looked.bits(len(differences(renewal)))
    if of.bit_length() > most:
        raise ValueError(f"expected at most {most} marks, got {of.bit_length()}")


def whole(looked: Probes, classes: Bits) -> Bits:
    """Returns the components that classes lie in, as classes."""
    found = 0
    for component in looked.components:
        if component & classes:
            found |= component
    return found


def _digits(looked: Probes, bits: Bits, renewal: int) -> str:
    """Writes marks as digits, the first one first: quick to slice, however many there are."""
    return f"{bits:0{looked.bits(len(differences(renewal)))}b}"[::-1]


def _places(looked: Probes, renewal: int) -> Iterator[tuple[Look, int, int]]:
    """Yields where in the digits the marks of each look stand, per difference."""
    start = 0
    for looks in (*[looked.changes] * len(differences(renewal)), looked.states):
        for look in looks:
            yield look, start, start + len(look.asks)
            start += len(look.asks)


def _components(look: Look, owner: dict[int, int]) -> set[int]:
    return {owner[i] for i in members(look.classes)}


def _moved(
    text: str, places: Sequence[tuple[Look, int, int]], reach: dict[int, set[int]]
) -> set[int]:
    """Returns the components in which one member marks something by itself."""
    found: set[int] = set()
    for look, start, end in places:
        of = reach[id(look)]
        if len(of) == 1 and "1" in text[start:end]:
            found |= of
    return found
