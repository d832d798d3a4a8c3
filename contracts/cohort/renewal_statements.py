"""What members and the aggregator sign when a cohort table is renewed (disclosure.md §8.3).

Each member's owner *asks*. When all have, the aggregator *proposes* which classes are held, members
send their *changes* to it alone, and it proposes more to be held until nothing is left to object
to: then it signs which classes are *renewed*. Sessions name that statement from then on.
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from contracts.cohort.kinds import Digest, Digests, DigestsOrNone, Party
from contracts.cohort.said import Said
from contracts.cohort.table_texts import (
    cells_from_json,
    cells_to_json,
    changes_from_json,
    changes_to_json,
    numbers_from_json,
    numbers_to_json,
)
from crypto.disclosure.bits import Bits
from crypto.disclosure.cohort_changes import Changes
from crypto.disclosure.cohort_renewal import MOST_RENEWALS, MOST_ROUNDS
from crypto.disclosure.table import CellKey
from crypto.records import As, Range

Renewal = Annotated[int, Range(1, MOST_RENEWALS)]
Classes = Annotated[Bits, As(numbers_from_json, numbers_to_json)]
Cells = Annotated[tuple[CellKey, ...], As(cells_from_json, cells_to_json)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked(Said):
    """A member's owner asks for a renewal."""

    TYP: ClassVar[str] = "voile-cohort-renewal+jws"
    BY: ClassVar[str] = "member"

    cohort: Digest  # see `cohort_of`
    aggregator: Party
    member: Party
    renewal: Renewal  # from 1
    previous: Digest  # of the statement that sessions name so far


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed(Said):
    """The aggregator proposes which classes keep their state.

    Attributes:
        judged: digest of what is judged of the table, see `Probes.digest`: a release that judges
            anything else would read other marks.
        asked: digest of what each member's owner asked.
        turn: number of the round, from 0.
        marks: digest of each member's changes of the round before; empty in the first.
        held: classes for rows, as bits.
    """

    TYP: ClassVar[str] = "voile-cohort-renewal-proposal+jws"
    BY: ClassVar[str] = "aggregator"

    cohort: Digest
    aggregator: Party
    renewal: Renewal
    previous: Digest
    judged: Digest
    asked: Digests
    turn: Annotated[int, Range(0, MOST_ROUNDS - 1)]
    marks: DigestsOrNone
    held: Classes


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed(Said):
    """A member's changes, as they would be: for the aggregator alone."""

    TYP: ClassVar[str] = "voile-cohort-changes+jws"
    BY: ClassVar[str] = "member"

    cohort: Digest
    member: Party
    proposal: Digest  # of the signed proposal
    number: Annotated[int, Range(1, 1 << 31)]  # of the data version that they are of
    version: Digest  # of it
    changes: Annotated[Changes, As(changes_from_json, changes_to_json)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewed(Said):
    """The aggregator's word: these classes are renewed, as exactly these changes allow.

    Attributes:
        proposal: digest of the proposal that they are of.
        marks: digest of each member's changes.
        held: classes for rows that keep their state, as bits.
        appeared: finest cells that are withheld from now on.
    """

    TYP: ClassVar[str] = "voile-cohort-renewed+jws"
    BY: ClassVar[str] = "aggregator"

    cohort: Digest
    aggregator: Party
    renewal: Renewal
    previous: Digest
    proposal: Digest
    marks: Digests
    held: Classes
    appeared: Cells
