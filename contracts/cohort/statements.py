"""What providers and the aggregator sign in a session; each names the transcript it speaks of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self

from contracts.cohort.errors import malformed
from contracts.cohort.fields import VERSION, Fields, as_did, as_digest
from contracts.cohort.session import MAX_CELLS, MAX_COLUMNS, MAX_ROSTER, TAGGED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crypto.did import Did

CLEARED: Final = "1"
WITHHELD: Final = "0"
_MARKS: Final = CLEARED + WITHHELD


def _columns(fields: Fields) -> tuple[str, ...]:
    """Read a mark per cell for each column."""
    found = fields.texts("columns", least=1, most=MAX_COLUMNS, longest=MAX_CELLS)
    if any(len(c) != len(found[0]) or set(c) - set(_MARKS) for c in found):
        raise malformed("columns", f"texts of one length out of `{_MARKS}`")
    return found


def by_provider(fields: Fields, name: str) -> dict[Did, str]:
    """Read a digest per provider."""
    found = fields.raw(name)
    if not isinstance(found, dict) or not 0 < len(found) <= MAX_ROSTER:
        raise malformed(name, "an object with a digest per provider")
    return {as_did(did, name): as_digest(value, name) for did, value in found.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """A provider takes part, under its own contract, in exactly this session."""

    TYP: ClassVar[str] = "voile-cohort-acceptance+jws"

    session: str
    transcript: str
    provider: Did
    agreement: str  # digest of the agreement's id
    min_cohort: int

    @property
    def signer(self) -> Did:
        """Who signs it."""
        return self.provider

    def to_json(self) -> dict[str, Any]:
        """Return the statement."""
        return {
            "v": VERSION,
            "session": self.session,
            "transcript": self.transcript,
            "provider": self.provider,
            "agreement": self.agreement,
            "minCohort": self.min_cohort,
        }

    @classmethod
    def from_json(cls, value: object) -> Self:
        """Read the statement."""
        names = ("v", "session", "transcript", "provider", "agreement", "minCohort")
        fields = Fields(value, names)
        fields.version()
        return cls(
            session=fields.identifier("session"),
            transcript=fields.digest("transcript"),
            provider=fields.did("provider"),
            agreement=fields.digest("agreement"),
            min_cohort=fields.whole("minCohort", 1, MAX_ROSTER),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicators:
    """Phase A: per column, which cells are unions of classes, as this provider reads the table.

    It follows from the question and the cohort table, so all providers say the same, and nobody
    learns from it who contributes.
    """

    TYP: ClassVar[str] = "voile-cohort-indicators+jws"

    session: str
    transcript: str
    provider: Did
    columns: tuple[str, ...]  # 1 or 0 per cell

    @property
    def signer(self) -> Did:
        """Who signs it."""
        return self.provider

    def to_json(self) -> dict[str, Any]:
        """Return the statement."""
        return {
            "v": TAGGED,
            "session": self.session,
            "transcript": self.transcript,
            "provider": self.provider,
            "columns": list(self.columns),
        }

    @classmethod
    def from_json(cls, value: object) -> Self:
        """Read the statement."""
        fields = Fields(value, ("v", "session", "transcript", "provider", "columns"))
        fields.version(TAGGED)
        return cls(
            session=fields.identifier("session"),
            transcript=fields.digest("transcript"),
            provider=fields.did("provider"),
            columns=_columns(fields),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleared:
    """The aggregator's answer to phase A: which cells are released, and from which indicators."""

    TYP: ClassVar[str] = "voile-cohort-cleared+jws"

    session: str
    transcript: str
    aggregator: Did
    min_cohort: int
    columns: tuple[str, ...]  # 1 or 0 per cell
    indicators: Mapping[Did, str]  # digest of each provider's signed indicators

    @property
    def signer(self) -> Did:
        """Who signs it."""
        return self.aggregator

    @property
    def indexes(self) -> tuple[int, ...]:
        """Numbers of the cells that are cleared in any column, ascending."""
        marks = enumerate(zip(*self.columns, strict=True))
        return tuple(index for index, mark in marks if CLEARED in mark)

    def to_json(self) -> dict[str, Any]:
        """Return the statement."""
        return {
            "v": TAGGED,
            "session": self.session,
            "transcript": self.transcript,
            "aggregator": self.aggregator,
            "minCohort": self.min_cohort,
            "columns": list(self.columns),
            "indicators": dict(self.indicators),
        }

    @classmethod
    def from_json(cls, value: object) -> Self:
        """Read the statement."""
        names = ("v", "session", "transcript", "aggregator", "minCohort", "columns", "indicators")
        fields = Fields(value, names)
        fields.version(TAGGED)
        return cls(
            session=fields.identifier("session"),
            transcript=fields.digest("transcript"),
            aggregator=fields.did("aggregator"),
            min_cohort=fields.whole("minCohort", 1, MAX_ROSTER),
            columns=_columns(fields),
            indicators=by_provider(fields, "indicators"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """Phase B: a provider stands by one batch, and by what is in it, which it can open later."""

    TYP: ClassVar[str] = "voile-cohort-contribution+jws"

    session: str
    transcript: str
    provider: Did
    cleared: str  # digest of the signed list of cleared cells
    batch: str  # digest of the frame
    commitment: str  # salted, to the figures
    tag: str  # digest of the secret that masks its tags, which the consumer is told

    @property
    def signer(self) -> Did:
        """Who signs it."""
        return self.provider

    def to_json(self) -> dict[str, Any]:
        """Return the statement."""
        return {
            "v": TAGGED,
            "session": self.session,
            "transcript": self.transcript,
            "provider": self.provider,
            "cleared": self.cleared,
            "batch": self.batch,
            "commitment": self.commitment,
            "tag": self.tag,
        }

    @classmethod
    def from_json(cls, value: object) -> Self:
        """Read the statement."""
        names = ("v", "session", "transcript", "provider", "cleared", "batch", "commitment", "tag")
        fields = Fields(value, names)
        fields.version(TAGGED)
        return cls(
            session=fields.identifier("session"),
            transcript=fields.digest("transcript"),
            provider=fields.did("provider"),
            cleared=fields.digest("cleared"),
            batch=fields.digest("batch"),
            commitment=fields.digest("commitment"),
            tag=fields.digest("tag"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """The aggregator gave out one product of exactly these batches."""

    TYP: ClassVar[str] = "voile-cohort-released+jws"

    session: str
    transcript: str
    aggregator: Did
    cleared: str
    batches: Mapping[Did, str]  # digest of each provider's frame: this is the roster
    product: str  # digest of the product's frame

    @property
    def signer(self) -> Did:
        """Who signs it."""
        return self.aggregator

    def to_json(self) -> dict[str, Any]:
        """Return the statement."""
        return {
            "v": VERSION,
            "session": self.session,
            "transcript": self.transcript,
            "aggregator": self.aggregator,
            "cleared": self.cleared,
            "batches": dict(self.batches),
            "product": self.product,
        }

    @classmethod
    def from_json(cls, value: object) -> Self:
        """Read the statement."""
        names = ("v", "session", "transcript", "aggregator", "cleared", "batches", "product")
        fields = Fields(value, names)
        fields.version()
        return cls(
            session=fields.identifier("session"),
            transcript=fields.digest("transcript"),
            aggregator=fields.did("aggregator"),
            cleared=fields.digest("cleared"),
            batches=by_provider(fields, "batches"),
            product=fields.digest("product"),
        )
