"""The session as the consumer signs it, and the question, which the aggregator does not get to see.

The session names everybody, the key and the columns' widths, and the question by two salted
digests only. Its own digest is the *transcript*: whatever is signed later names it, and so speaks
of exactly this session, query, roster, domain and key.

Version 2 names the digest of the seed of the tags, which makes a total verifiable, and the digest
of the cohort table, which says what may be added up at all. Sessions of version 1 are read, so that
what is left of them comes to its end; `check_session` lets none begin.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self

from contracts.cohort import problems_fields
from contracts.cohort.errors import malformed
from contracts.cohort.fields import VERSION, Fields, as_did, as_version
from crypto.canonical import digest
from crypto.paillier.jwk import public_from_jwk, public_to_jwk
from crypto.paillier.layout import MAX_SCALE, Layout

if TYPE_CHECKING:
    from crypto.did import Did
    from crypto.paillier.keys import PublicKey

MAX_ROSTER: Final = 64
MAX_CELLS: Final = 4096
MAX_COLUMNS: Final = 16
MAX_DIMENSIONS: Final = 8
MAX_SECONDS: Final = 900  # from proposal to deadline
TAGGED: Final = 2  # version of a session whose ciphertexts carry tags


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnPlan:
    """One encrypted column: the bounds of one provider's value per cell, and the fixed scale."""

    name: str
    lower: int
    upper: int
    scale: int

    def to_json(self) -> dict[str, Any]:
        """Return the plan; bounds as decimal strings."""
        return {
            "name": self.name,
            "lower": str(self.lower),
            "upper": str(self.upper),
            "scale": self.scale,
        }

    @classmethod
    def from_json(cls, value: object) -> Self:
        """Read a plan."""
        fields = Fields(value, ("name", "lower", "upper", "scale"))
        lower, upper = fields.decimal("lower"), fields.decimal("upper")
        if not lower <= 0 <= upper or lower == upper:
            raise malformed("lower", problems_fields.BOUNDS)
        return cls(
            name=fields.text("name", longest=40),
            lower=lower,
            upper=upper,
            scale=fields.whole("scale", 0, MAX_SCALE),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What the consumer opens and signs; the same bytes go to every provider and the aggregator."""

    TYP: ClassVar[str] = "voile-cohort-session+jws"

    session: str
    consumer: Did
    aggregator: Did
    roster: tuple[Did, ...]
    query_digest: str
    domain_digest: str
    cells: int
    columns: tuple[ColumnPlan, ...]
    key: PublicKey
    issued: int  # unix seconds
    deadline: int  # unix seconds
    seed: str = ""  # digest of the tags' seed, which only providers get; empty in version 1
    table: str = ""  # digest of the classes, or of their last renewal; none in v. 1

    @property
    def signer(self) -> Did:
        """Who signs it."""
        return self.consumer

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

    def to_json(self) -> dict[str, Any]:
        """Return the statement."""
        said = {
            "v": VERSION,
            "session": self.session,
            "consumer": self.consumer,
            "aggregator": self.aggregator,
            "roster": list(self.roster),
            "query": self.query_digest,
            "domain": self.domain_digest,
            "cells": self.cells,
            "columns": [column.to_json() for column in self.columns],
            "key": public_to_jwk(self.key),
            "issued": self.issued,
            "deadline": self.deadline,
        }
        return said | ({"v": TAGGED, "seed": self.seed, "table": self.table} if self.seed else {})

    @classmethod
    def from_json(cls, value: object) -> Self:
        """Read the statement.

        Raises:
            MalformedError: another shape, an unsorted or doubled roster, doubled columns.
        """
        names = ("v", "session", "consumer", "aggregator", "roster", "query", "domain", "cells")
        tagged = as_version(value) == TAGGED
        names += ("columns", "key", "issued", "deadline", *(("seed", "table") if tagged else ()))
        fields = Fields(value, names)
        fields.version(TAGGED if tagged else VERSION)
        roster = [
            as_did(item, "roster") for item in fields.items("roster", least=1, most=MAX_ROSTER)
        ]
        if roster != sorted(set(roster)):
            raise malformed("roster", problems_fields.SORTED_DIDS)
        columns = fields.items("columns", least=1, most=MAX_COLUMNS)
        plans = tuple(ColumnPlan.from_json(item) for item in columns)
        if len({plan.name for plan in plans}) != len(plans):
            raise malformed("columns", problems_fields.NAMED_APART)
        return cls(
            session=fields.identifier("session"),
            consumer=fields.did("consumer"),
            aggregator=fields.did("aggregator"),
            roster=tuple(roster),
            query_digest=fields.digest("query"),
            domain_digest=fields.digest("domain"),
            cells=fields.whole("cells", 1, MAX_CELLS),
            columns=plans,
            key=public_from_jwk(fields.raw("key")),
            issued=fields.whole("issued", 0, 1 << 40),
            deadline=fields.whole("deadline", 0, 1 << 40),
            seed=fields.digest("seed") if tagged else "",
            table=fields.digest("table") if tagged else "",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedColumn:
    """What one encrypted column means: the name in the session, and what it adds up."""

    name: str
    measure: str  # a measure's sum; `measure:count`: rows in which it has a value; empty: all rows
    unit: str
    scale: int

    def to_json(self) -> dict[str, Any]:
        """Return the column."""
        return {"name": self.name, "measure": self.measure, "unit": self.unit, "scale": self.scale}

    @classmethod
    def from_json(cls, value: object) -> Self:
        """Read the column."""
        fields = Fields(value, ("name", "measure", "unit", "scale"))
        return cls(
            name=fields.text("name", longest=40),
            measure=fields.text("measure", longest=200, empty=True),
            unit=fields.text("unit", longest=200, empty=True),
            scale=fields.whole("scale", 0, MAX_SCALE),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked: for the providers only. The salt keeps its digests from being tried out."""

    question_id: str
    sql: str
    purpose: str
    group_by: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]  # codes per dimension grouped by, in this order
    columns: tuple[AskedColumn, ...]
    salt: str

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

    def to_json(self) -> dict[str, Any]:
        """Return the question."""
        return {
            "v": VERSION,
            "questionId": self.question_id,
            "sql": self.sql,
            "purpose": self.purpose,
            "groupBy": list(self.group_by),
            "cells": [list(cell) for cell in self.cells],
            "columns": [column.to_json() for column in self.columns],
            "salt": self.salt,
        }

    @classmethod
    def from_json(cls, value: object) -> Self:
        """Read the question.

        Raises:
            MalformedError: another shape, a cell named twice or of another length.
        """
        names = ("v", "questionId", "sql", "purpose", "groupBy", "cells", "columns", "salt")
        fields = Fields(value, names)
        fields.version()
        group_by = fields.texts("groupBy", least=0, most=MAX_DIMENSIONS)
        cells = []
        for item in fields.items("cells", least=1, most=MAX_CELLS):
            if not isinstance(item, list) or len(item) != len(group_by):
                raise malformed("cells", problems_fields.CODES_EACH)
            if any(not isinstance(code, str) or len(code) > 200 for code in item):
                raise malformed("cells", problems_fields.CODES)
            cells.append(tuple(item))
        if len(set(cells)) != len(cells) or len(set(group_by)) != len(group_by):
            raise malformed("cells", problems_fields.ONCE_EACH)
        columns = fields.items("columns", least=1, most=MAX_COLUMNS)
        return cls(
            question_id=fields.text("questionId", longest=200),
            sql=fields.text("sql", longest=20_000),
            purpose=fields.text("purpose", longest=500),
            group_by=group_by,
            cells=tuple(cells),
            columns=tuple(AskedColumn.from_json(column) for column in columns),
            salt=fields.identifier("salt"),
        )
