"""What members and the aggregator sign before any session: the cohort table (disclosure.md §8.2).

Each member *joins*: it says publicly what it declares. What all say together names the cohort; when
and with which key they signed it does not. Each member then sends its *marks* to the aggregator
alone, and gets the *classes* that were made of the marks of all. Sessions name these classes by the
digest of the aggregator's statement.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Final

from contracts.cohort import problems_fields
from contracts.cohort.kinds import Decimal, Digest, Digests, Party, Roster, text
from contracts.cohort.said import Said
from contracts.cohort.table_texts import (
    classes_from_json,
    classes_to_json,
    marks_from_json,
    marks_to_json,
)
from crypto import records
from crypto.canonical import digest
from crypto.did import Did
from crypto.disclosure.cohort_marks import Marks
from crypto.disclosure.cohort_table import CohortTable
from crypto.disclosure.declaration import DeclaredMeasure
from crypto.paillier.layout import MAX_SCALE
from crypto.record_errors import wrong
from crypto.records import As, Range, Size

MAX_TABLE_BYTES: Final = 4 << 20  # of one such statement
_MEASURES: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class _Measure:
    """A measure as it stands in JSON."""

    name: Annotated[str, text(200)]
    lower: Decimal
    upper: Decimal
    unit: Annotated[str, text(200, empty=True)]
    scale: Annotated[int, Range(0, MAX_SCALE)]
    skips: bool
    group: Annotated[int, Range(0, _MEASURES)]


def _measure_to_json(measure: DeclaredMeasure) -> dict[str, Any]:
    return records.write(
        _Measure(
            name=measure.name,
            lower=int(measure.lower),
            upper=int(measure.upper),
            unit=measure.unit,
            scale=measure.scale,
            skips=measure.empty == "skip",
            group=int(measure.columns[0]),
        )
    )


def _measure_from_json(value: object, at: str) -> DeclaredMeasure:
    found = records.read(_Measure, value, at)
    if found.lower > found.upper:
        raise wrong(f"{at}/lower", str(found.lower), problems_fields.MEASURE_BOUNDS)
    return DeclaredMeasure(
        name=found.name,
        lower=found.lower,
        upper=found.upper,
        unit=found.unit,
        scale=found.scale,
        empty="skip" if found.skips else "zero",
        columns=(str(found.group),),
    )


Measure = Annotated[DeclaredMeasure, As(_measure_from_json, _measure_to_json)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining(Said):
    """A member takes part in the cohort of its offer, with one product.

    Attributes:
        aggregator: who adds up.
        roster: all members, sorted.
        member: who signs it.
        dataset: its product.
        described: the table as its catalogue describes it.
        measures: as its protected table declares them; instead of the columns that they read
            stands the number of their group: who reads a column in common is in one.
        min_cohort: the largest that its offers to this cohort ask for.
    """

    TYP: ClassVar[str] = "voile-cohort-joining+jws"
    BY: ClassVar[str] = "member"

    aggregator: Party
    roster: Roster
    member: Party
    dataset: Annotated[str, text(200)]
    described: Mapping[str, Any]
    measures: Annotated[tuple[Measure, ...], Size(0, _MEASURES)]
    min_cohort: Annotated[int, Range(1, 1000)]

    @property
    def digest(self) -> str:
        """Digest of what it says, whenever and with whichever key that was signed."""
        return digest(self.to_json())


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked(Said):
    """A member's marks: for the aggregator alone."""

    TYP: ClassVar[str] = "voile-cohort-marks+jws"
    BY: ClassVar[str] = "member"

    cohort: Digest  # see `cohort_of`
    member: Party
    number: Annotated[int, Range(1, 1 << 31)]  # of the data version that its figures will be of
    version: Digest  # of it
    marks: Annotated[Marks, As(marks_from_json, marks_to_json)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Classes(Said):
    """The aggregator's word: these classes were made of exactly these marks."""

    TYP: ClassVar[str] = "voile-cohort-table+jws"
    BY: ClassVar[str] = "aggregator"

    cohort: Digest
    aggregator: Party
    marks: Digests  # of each member's signed marks
    table: Annotated[CohortTable, As(classes_from_json, classes_to_json)]
    joinings: Digests = field(default_factory=dict)  # of what each joining says; not in version 1


def cohort_of(joinings: Mapping[Did, str]) -> str:
    """Name the cohort of these members, by the digests of what their joinings say."""
    return digest({did: joinings[did] for did in sorted(joinings)})
