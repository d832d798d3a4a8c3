"""Which classes of a cohort table are renewed, by what its members mark (disclosure.md §8.3).

A renewal is judged as it would be: members mark what changes if certain classes are held, and where
too few of them do, more is held and all of them mark again. What is renewed at last has been judged
as it is. Whatever one member marks, the others that change are at least one fewer than
`min_cohort`, or none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from crypto.disclosure.cohort_changes import differences, whole
from crypto.disclosure.cohort_choosing import next_held

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crypto.disclosure.bits import Bits
    from crypto.disclosure.cohort_changes import Changes
    from crypto.disclosure.cohort_probes import Outline, Probes
    from crypto.disclosure.table import CellKey

MOST_RENEWALS: Final = 3  # of one cohort table: every three of its states are compared
MOST_ROUNDS: Final = 16  # in the last of them all is held: nothing is renewed
RULE: Final = 1  # of `make_changes` and `decide`: another number for whatever marks or holds others


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


def check_changes(looked: Outline | Probes, of: Bits, renewal: int) -> None:
    """Checks that marks are of these probes.

    Raises:
        ValueError: there are more of them.
    """
    most = looked.bits(len(differences(renewal)))
    if of.bit_length() > most:
        raise ValueError(f"expected at most {most} marks, got {of.bit_length()}")
