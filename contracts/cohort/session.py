"""The session as the consumer signs it, and the question, which the aggregator does not get to see.

The session names everybody, the key and the columns' widths, and the question by two salted
digests only. Its own digest is the *transcript*: whatever is signed later names it, and so speaks
of exactly this session, query, roster, domain and key.

Version 2 names the digest of the seed of the tags, which makes a total verifiable, and the digest
of the cohort table, which says what may be added up at all. Sessions of version 1 are read, so that
what is left of them comes to its end; `check_session` lets none begin.
"""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Final, Self

from contracts.cohort import problems_fields
from contracts.cohort.kinds import (
    Decimal,
    Digest,
    Identifier,
    Instant,
    Party,
    Roster,
    text,
)
from contracts.cohort.said import Said, Versioned
from crypto import records
from crypto.canonical import digest
from crypto.paillier.jwk import public_from_jwk, public_to_jwk
from crypto.paillier.keys import PublicKey
from crypto.paillier.layout import MAX_SCALE, Layout
from crypto.record_errors import wrong
from crypto.record_texts import DIGEST
from crypto.records import As, Name, Range, Size

MAX_CELLS: Final = 4096
MAX_COLUMNS: Final = 16
MAX_DIMENSIONS: Final = 8
MAX_SECONDS: Final = 900  # from proposal to deadline
TAGGED: Final = 2  # version of a session whose ciphertexts carry tags


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnPlan:
    """One encrypted column: the bounds of one provider's value per cell, and the fixed scale."""

    name: Annotated[str, text(40)]
    lower: Decimal
    upper: Decimal
    scale: Annotated[int, Range(0, MAX_SCALE)]

    def to_json(self) -> dict[str, Any]:
        """Return the plan; bounds as decimal strings."""
        return records.write(self)

    @classmethod
    def from_json(cls, value: object, pointer: str = "") -> Self:
        """Read a plan.

        Raises:
            MalformedError: another shape, or bounds that are none.
        """
        found = records.read(cls, value, pointer)
        if not found.lower <= 0 <= found.upper or found.lower == found.upper:
            raise wrong(f"{pointer}/lower", str(found.lower), problems_fields.BOUNDS)
        return found


Plans = Annotated[
    tuple[Annotated[ColumnPlan, As(ColumnPlan.from_json, ColumnPlan.to_json)], ...],
    Size(1, MAX_COLUMNS),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Session(Said):
    """What the consumer opens and signs; the same bytes go to every provider and the aggregator."""

    TYP: ClassVar[str] = "voile-cohort-session+jws"

    BY: ClassVar[str] = "consumer"
    LATER: ClassVar[int] = TAGGED

    session: Identifier
    consumer: Party
    aggregator: Party
    roster: Roster
    query_digest: Annotated[str, DIGEST, Name("query")]
    domain_digest: Annotated[str, DIGEST, Name("domain")]
    cells: Annotated[int, Range(1, MAX_CELLS)]
    columns: Plans
    key: Annotated[PublicKey, As(lambda value, _: public_from_jwk(value), public_to_jwk)]
    issued: Instant
    deadline: Instant
    seed: Digest = ""  # of the tags' seed, which only providers get; empty in version 1
    table: Digest = ""  # of the classes, or of their last renewal; none in v. 1

    @property
    def transcript(self) -> str:
        """Digest of everything the session says."""
        return digest(self.to_json())

    def layouts(self, cleared: int) -> tuple[Layout, ...]:
        """Return the layout of each column when `cleared` cells are released."""
        return tuple(
            Layout(
                column=column.name,
                modulus_bits=self.key.bits,
                count=cleared,
                lower=column.lower,
                upper=column.upper,
                addends=len(self.roster),
                scale=column.scale,
                tagged=bool(self.seed),
            )
            for column in self.columns
        )

    def check(self) -> None:
        """See that no column is named twice."""
        if len({plan.name for plan in self.columns}) != len(self.columns):
            raise wrong("/columns", [], problems_fields.NAMED_APART)


Codes = tuple[Annotated[str, text(200, empty=True)], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedColumn:
    """What one encrypted column means: the name in the session, and what it adds up."""

    name: Annotated[str, text(40)]
    # a measure's sum; `measure:count`: rows in which it has a value; empty: all rows
    measure: Annotated[str, text(200, empty=True)]
    unit: Annotated[str, text(200, empty=True)]
    scale: Annotated[int, Range(0, MAX_SCALE)]

    def to_json(self) -> dict[str, Any]:
        """Return the column."""
        return records.write(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(Versioned):
    """What is asked: for the providers only. The salt keeps its digests from being tried out."""

    question_id: Annotated[str, text(200)]
    sql: Annotated[str, text(20_000)]
    purpose: Annotated[str, text(500)]
    group_by: Annotated[tuple[Annotated[str, text(200)], ...], Size(0, MAX_DIMENSIONS)]
    cells: Annotated[tuple[Codes, ...], Size(1, MAX_CELLS)]  # per dimension grouped by, in order
    columns: Annotated[tuple[AskedColumn, ...], Size(1, MAX_COLUMNS)]
    salt: Identifier

    @property
    def query_digest(self) -> str:
        """Digest of the query, without the domain."""
        return digest(self.without_cells())

    def without_cells(self) -> dict[str, Any]:
        """Return the question without the domain, which is what its digest is of."""
        found = self.to_json()
        del found["cells"]
        return found

    @property
    def domain_digest(self) -> str:
        """Digest of the group-key domain, in order."""
        return digest({"salt": self.salt, "groupBy": self.group_by, "cells": self.cells})

    def check(self) -> None:
        """See that each cell has a code per dimension, and that nothing stands twice."""
        if any(len(cell) != len(self.group_by) for cell in self.cells):
            raise wrong("/cells", [], problems_fields.CODES_EACH)
        distinct = len(set(self.cells)), len(set(self.group_by))
        if distinct != (len(self.cells), len(self.group_by)):
            raise wrong("/cells", [], problems_fields.ONCE_EACH)
