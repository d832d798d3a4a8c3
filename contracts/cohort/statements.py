"""What providers and the aggregator sign in a session; each names the transcript it speaks of."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Final

from contracts.cohort import problems_fields
from contracts.cohort.kinds import MAX_ROSTER, Digest, Digests, Identifier, Party, text
from contracts.cohort.said import Said
from contracts.cohort.session import MAX_CELLS, MAX_COLUMNS, TAGGED
from crypto.record_errors import wrong
from crypto.records import As, Range, Size, value_of

CLEARED: Final = "1"
WITHHELD: Final = "0"
_MARKS: Final = CLEARED + WITHHELD


_TEXTS: Final = Annotated[tuple[Annotated[str, text(MAX_CELLS)], ...], Size(1, MAX_COLUMNS)]


def _columns(value: object, at: str) -> tuple[str, ...]:
    """Read a mark per cell for each column."""
    found: tuple[str, ...] = value_of(_TEXTS, value, at)
    if any(len(c) != len(found[0]) or set(c) - set(_MARKS) for c in found):
        raise wrong(at, value, problems_fields.MARKS.of(signs=_MARKS))
    return found


MinCohort = Annotated[int, Range(1, MAX_ROSTER)]
Columns = Annotated[tuple[str, ...], As(_columns, list)]  # 1 or 0 per cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance(Said):
    """A provider takes part, under its own contract, in exactly this session."""

    TYP: ClassVar[str] = "voile-cohort-acceptance+jws"
    BY: ClassVar[str] = "provider"

    session: Identifier
    transcript: Digest
    provider: Party
    agreement: Digest  # of the agreement's id
    min_cohort: MinCohort


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicators(Said):
    """Phase A: per column, which cells are unions of classes, as this provider reads the table.

    It follows from the question and the cohort table, so all providers say the same, and nobody
    learns from it who contributes.
    """

    TYP: ClassVar[str] = "voile-cohort-indicators+jws"
    BY: ClassVar[str] = "provider"
    FIRST: ClassVar[int] = TAGGED

    session: Identifier
    transcript: Digest
    provider: Party
    columns: Columns


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleared(Said):
    """The aggregator's answer to phase A: which cells are released, and from which indicators."""

    TYP: ClassVar[str] = "voile-cohort-cleared+jws"
    BY: ClassVar[str] = "aggregator"
    FIRST: ClassVar[int] = TAGGED

    session: Identifier
    transcript: Digest
    aggregator: Party
    min_cohort: MinCohort
    columns: Columns
    indicators: Digests  # of each provider's signed indicators

    @property
    def indexes(self) -> tuple[int, ...]:
        """Numbers of the cells that are cleared in any column, ascending."""
        marks = enumerate(zip(*self.columns, strict=True))
        return tuple(index for index, mark in marks if CLEARED in mark)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution(Said):
    """Phase B: a provider stands by one batch, and by what is in it, which it can open later."""

    TYP: ClassVar[str] = "voile-cohort-contribution+jws"
    BY: ClassVar[str] = "provider"
    FIRST: ClassVar[int] = TAGGED

    session: Identifier
    transcript: Digest
    provider: Party
    cleared: Digest  # of the signed list of cleared cells
    batch: Digest  # of the frame
    commitment: Digest  # salted, to the figures
    tag: Digest  # of the secret that masks its tags, which the consumer is told


@dataclass(frozen=True, slots=True, kw_only=True)
class Released(Said):
    """The aggregator gave out one product of exactly these batches."""

    TYP: ClassVar[str] = "voile-cohort-released+jws"
    BY: ClassVar[str] = "aggregator"

    session: Identifier
    transcript: Digest
    aggregator: Party
    cleared: Digest
    batches: Digests  # of each provider's frame: this is the roster
    product: Digest  # of the product's frame
