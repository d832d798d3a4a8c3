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
from contracts.cohort.errors import malformed
from contracts.cohort.fields import Fields
from contracts.cohort.said import Digest, Digests, How, Party, Roster, Said, text, whole
from contracts.cohort.table_texts import (
    classes_from_json,
    classes_to_json,
    marks_from_json,
    marks_to_json,
)
from crypto.canonical import digest
from crypto.did import Did
from crypto.disclosure.cohort_marks import Marks
from crypto.disclosure.cohort_table import CohortTable
from crypto.disclosure.declaration import DeclaredMeasure
from crypto.paillier.layout import MAX_SCALE

MAX_TABLE_BYTES: Final = 4 << 20  # of one such statement
_MEASURES: Final = 64


def _described(found: Fields, name: str) -> dict[str, Any]:
    value = found.raw(name)
    if not isinstance(value, dict):
        raise malformed(name, problems_fields.DESCRIPTION)
    return value


def _measures(found: Fields, name: str) -> tuple[DeclaredMeasure, ...]:
    return tuple(map(_measure_from_json, found.items(name, least=0, most=_MEASURES)))


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
    described: Annotated[Mapping[str, Any], How(_described, dict)]
    measures: Annotated[
        tuple[DeclaredMeasure, ...],
        How(_measures, lambda value: [_measure_to_json(measure) for measure in value]),
    ]
    min_cohort: Annotated[int, whole(1, 1000)]

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
    number: Annotated[int, whole(1, 1 << 31)]  # of the data version that its figures will be of
    version: Digest  # of it
    marks: Annotated[
        Marks, How(lambda found, name: marks_from_json(found.raw(name)), marks_to_json)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Classes(Said):
    """The aggregator's word: these classes were made of exactly these marks."""

    TYP: ClassVar[str] = "voile-cohort-table+jws"
    BY: ClassVar[str] = "aggregator"

    cohort: Digest
    aggregator: Party
    marks: Digests  # of each member's signed marks
    table: Annotated[
        CohortTable, How(lambda found, name: classes_from_json(found.raw(name)), classes_to_json)
    ]
    joinings: Digests = field(default_factory=dict)  # of what each joining says; not in version 1


def cohort_of(joinings: Mapping[Did, str]) -> str:
    """Name the cohort of these members, by the digests of what their joinings say."""
    return digest({did: joinings[did] for did in sorted(joinings)})


def _measure_to_json(measure: DeclaredMeasure) -> dict[str, Any]:
    return {
        "name": measure.name,
        "lower": str(measure.lower),
        "upper": str(measure.upper),
        "unit": measure.unit,
        "scale": measure.scale,
        "skips": measure.empty == "skip",
        "group": int(measure.columns[0]),
    }


def _measure_from_json(value: object) -> DeclaredMeasure:
    fields = Fields(value, ("name", "lower", "upper", "unit", "scale", "skips", "group"))
    lower, upper, skips = fields.decimal("lower"), fields.decimal("upper"), fields.raw("skips")
    if lower > upper or not isinstance(skips, bool):
        raise malformed("measures", problems_fields.MEASURE_BOUNDS)
    return DeclaredMeasure(
        name=fields.text("name", longest=200),
        lower=lower,
        upper=upper,
        unit=fields.text("unit", longest=200, empty=True),
        scale=fields.whole("scale", 0, MAX_SCALE),
        empty="skip" if skips else "zero",
        columns=(str(fields.whole("group", 0, _MEASURES)),),
    )
