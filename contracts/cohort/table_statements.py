"""What members and the aggregator sign before any session: the cohort table (disclosure.md §8.2).

Each member *joins*: it says publicly what it declares. What all say together names the cohort; when
and with which key they signed it does not. Each member then sends its *marks* to the aggregator
alone, and gets the *classes* that were made of the marks of all. Sessions name these classes by the
digest of the aggregator's statement.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self

from contracts.cohort.errors import malformed
from contracts.cohort.fields import VERSION, Fields, as_did, as_version
from contracts.cohort.session import MAX_ROSTER
from contracts.cohort.statements import by_provider
from contracts.cohort.table_texts import (
    classes_from_json,
    classes_to_json,
    marks_from_json,
    marks_to_json,
)
from crypto.canonical import digest
from crypto.disclosure.declaration import DeclaredMeasure
from crypto.paillier.layout import MAX_SCALE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crypto.did import Did
    from crypto.disclosure.cohort_marks import Marks
    from crypto.disclosure.cohort_table import CohortTable

MAX_TABLE_BYTES: Final = 4 << 20  # of one such statement
NAMED: Final = 2  # version of classes that name the joinings they are of
_MEASURES: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
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

    aggregator: Did
    roster: tuple[Did, ...]
    member: Did
    dataset: str
    described: Mapping[str, Any]
    measures: tuple[DeclaredMeasure, ...]
    min_cohort: int

    @property
    def signer(self) -> Did:
        """Who signs it."""
        return self.member

    @property
    def digest(self) -> str:
        """Digest of what it says, whenever and with whichever key that was signed."""
        return digest(self.to_json())

    def to_json(self) -> dict[str, Any]:
        """Return the statement."""
        return {
            "v": VERSION,
            "aggregator": self.aggregator,
            "roster": list(self.roster),
            "member": self.member,
            "dataset": self.dataset,
            "described": dict(self.described),
            "measures": [_measure_to_json(measure) for measure in self.measures],
            "minCohort": self.min_cohort,
        }

    @classmethod
    def from_json(cls, value: object) -> Self:
        """Read the statement."""
        names = ("v", "aggregator", "roster", "member", "dataset", "described", "measures")
        fields = Fields(value, (*names, "minCohort"))
        fields.version()
        roster = [as_did(d, "roster") for d in fields.items("roster", least=1, most=MAX_ROSTER)]
        if roster != sorted(set(roster)):
            raise malformed("roster", "sorted, each DID once")
        described = fields.raw("described")
        if not isinstance(described, dict):
            raise malformed("described", "the description of a table")
        measures = fields.items("measures", least=0, most=_MEASURES)
        return cls(
            aggregator=fields.did("aggregator"),
            roster=tuple(roster),
            member=fields.did("member"),
            dataset=fields.text("dataset", longest=200),
            described=described,
            measures=tuple(_measure_from_json(item) for item in measures),
            min_cohort=fields.whole("minCohort", 1, 1000),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A member's marks: for the aggregator alone."""

    TYP: ClassVar[str] = "voile-cohort-marks+jws"

    cohort: str  # see `cohort_of`
    member: Did
    number: int  # of the data version that they are of, and that its figures will be of
    version: str  # digest of it
    marks: Marks

    @property
    def signer(self) -> Did:
        """Who signs it."""
        return self.member

    def to_json(self) -> dict[str, Any]:
        """Return the statement."""
        return {
            "v": VERSION,
            "cohort": self.cohort,
            "member": self.member,
            "number": self.number,
            "version": self.version,
            "marks": marks_to_json(self.marks),
        }

    @classmethod
    def from_json(cls, value: object) -> Self:
        """Read the statement."""
        fields = Fields(value, ("v", "cohort", "member", "number", "version", "marks"))
        fields.version()
        return cls(
            cohort=fields.digest("cohort"),
            member=fields.did("member"),
            number=fields.whole("number", 1, 1 << 31),
            version=fields.digest("version"),
            marks=marks_from_json(fields.raw("marks")),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Classes:
    """The aggregator's word: these classes were made of exactly these marks."""

    TYP: ClassVar[str] = "voile-cohort-table+jws"

    cohort: str
    aggregator: Did
    marks: Mapping[Did, str]  # digest of each member's signed marks
    table: CohortTable
    # digest of what each joining says; empty in version 1
    joinings: Mapping[Did, str] = field(default_factory=dict)

    @property
    def signer(self) -> Did:
        """Who signs it."""
        return self.aggregator

    def to_json(self) -> dict[str, Any]:
        """Return the statement."""
        said = {
            "v": VERSION,
            "cohort": self.cohort,
            "aggregator": self.aggregator,
            "marks": dict(self.marks),
            "table": classes_to_json(self.table),
        }
        return said | ({"v": NAMED, "joinings": dict(self.joinings)} if self.joinings else {})

    @classmethod
    def from_json(cls, value: object) -> Self:
        """Read the statement."""
        named = as_version(value) == NAMED
        names = ("v", "cohort", "aggregator", "marks", "table", *(("joinings",) if named else ()))
        fields = Fields(value, names)
        fields.version(NAMED if named else VERSION)
        return cls(
            cohort=fields.digest("cohort"),
            aggregator=fields.did("aggregator"),
            marks=by_provider(fields, "marks"),
            table=classes_from_json(fields.raw("table")),
            joinings=by_provider(fields, "joinings") if named else {},
        )


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
        raise malformed("measures", "bounds in ascending order, and whether empty values count")
    return DeclaredMeasure(
        name=fields.text("name", longest=200),
        lower=lower,
        upper=upper,
        unit=fields.text("unit", longest=200, empty=True),
        scale=fields.whole("scale", 0, MAX_SCALE),
        empty="skip" if skips else "zero",
        columns=(str(fields.whole("group", 0, _MEASURES)),),
    )
