"""The consumer's plan: one table that all providers' tables agree on, a domain, columns, a session.

A total means something only if everybody means the same: measures of one name must have one scale,
unit and bounds, ranges the same edges. Codes may differ: the domain is their union, and a provider
that lacks one has nothing to add there. Bounds times a cap on rows say how wide a column must be.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, Any, Final

from catalog.dcat import TABLE, table_schema
from connector.areas.cohort import problems
from connector.areas.cohort.columns import needed, width
from connector.areas.questions import refusal
from connector.process.errors import BadRequest
from contracts.cohort.session import MAX_CELLS, MAX_COLUMNS, AskedColumn, Question, Session
from crypto.canonical import digest_bytes
from crypto.disclosure.cohort_common import united_codes
from policies.codesets import NOTHING, TooComplexError
from policies.plan import bind
from policies.profile import purpose_iri
from policies.reasons import Reason
from policies.sql import parse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from contracts.cohort.session import ColumnPlan
    from crypto.did import Did
    from crypto.paillier.keys import PublicKey
    from crypto.words import Words
    from policies.plan import BoundQuery
    from policies.schema import Dimension, Measure, TableSchema

SESSION_SECONDS: Final = 300
DOMAIN_WORK: Final = 10_000_000  # runs looked at for our own question; some seconds


@dataclass(frozen=True, slots=True)
class Plan:
    """What a total is made of: the question bound to the common table, and the domain in order."""

    bound: BoundQuery
    cells: tuple[tuple[str, ...], ...]

    @property
    def group_by(self) -> tuple[str, ...]:
        """Names of the dimensions grouped by."""
        return tuple(self.bound.schema.dimensions[i].name for i in self.bound.group_by)

    @property
    def columns(self) -> tuple[AskedColumn, ...]:
        """What is encrypted, see `needed`."""
        return tuple(
            AskedColumn(name=f"c{i}", measure=meant, unit=unit, scale=scale)
            for i, (meant, (unit, scale)) in enumerate(needed(self.bound).items())
        )

    def key_of(self, cell: Sequence[str]) -> tuple[int, ...]:
        """Return a cell of the domain as code indices of the common table."""
        dimensions = (self.bound.schema.dimensions[i] for i in self.bound.group_by)
        return tuple(d.codes.index(code) for d, code in zip(dimensions, cell, strict=True))


def plan(described: Sequence[Mapping[str, Any]], sql: str) -> Plan:
    """Plan a total over the datasets that providers describe.

    Args:
        described: One dataset per provider, as its catalogue shows it to us.
        sql: The question.

    Raises:
        Refused: The tables do not mean the same.
        BadRequest: Too many cells or columns.
        QueryError: The question is not about what they declare.
    """
    schema = common([table_schema(dataset) for dataset in described])
    bound = bind(parse(sql), schema)
    made = Plan(bound, _domain(bound))
    if len(made.columns) > MAX_COLUMNS:
        raise _too_much(problems.COLUMNS, len(made.columns), MAX_COLUMNS)
    return made


def asked(made: Plan, *, sql: str, purpose: str, question_id: str, salt: str) -> Question:
    """Write a planned total down as the providers get to see it."""
    return Question(
        question_id=question_id,
        sql=sql,
        purpose=purpose_iri(purpose),
        group_by=made.group_by,
        cells=made.cells,
        columns=made.columns,
        salt=salt,
    )


def widths(made: Plan) -> tuple[ColumnPlan, ...]:
    """Give the bounds of each column of a planned total."""
    return tuple(width(made.bound.schema, column) for column in made.columns)


def propose(
    made: Plan,
    question: Question,
    *,
    consumer: Did,
    aggregator: Did,
    roster: Sequence[Did],
    key: PublicKey,
    session_id: str,
    seed: bytes,
    table: str,
    now: int,
) -> Session:
    """Make the session of a question."""
    return Session(
        session=session_id,
        consumer=consumer,
        aggregator=aggregator,
        roster=tuple(sorted(roster)),
        query_digest=question.query_digest,
        domain_digest=question.domain_digest,
        cells=len(made.cells),
        columns=widths(made),
        key=key,
        issued=now,
        deadline=now + SESSION_SECONDS,
        seed=digest_bytes(seed),
        table=table,
    )


def common(schemas: Sequence[TableSchema]) -> TableSchema:
    """Merge tables that mean the same into one.

    Args:
        schemas: One per provider, in the order of their DIDs, so that everybody gets the same.

    Raises:
        Refused: A dimension or measure of one name is declared differently, or there are none in
            common, or the tables are named differently.
    """
    first, *others = schemas
    if any(schema.table != first.table for schema in others):
        raise _differs("table", ", ".join(sorted({schema.table for schema in schemas})))
    dimensions = []
    for dimension in first.dimensions:
        same = [_named(schema.dimensions, dimension.name) for schema in others]
        if None not in same:
            dimensions.append(_dimension(dimension, [d for d in same if d is not None]))
    measures = []
    for measure in first.measures:
        alike = [schema.measure(measure.name) for schema in others]
        if None not in alike:
            measures.append(_measure(measure, [m for m in alike if m is not None]))
    return replace(first, dimensions=tuple(dimensions), measures=tuple(measures))


def literal(described: Mapping[str, Any]) -> dict[str, Any]:
    """Keep of a described dataset what `plan` needs."""
    return {"@id": described.get("@id", ""), TABLE: described.get(TABLE)}


def _named(dimensions: Sequence[Dimension], name: str) -> Dimension | None:
    return next((dimension for dimension in dimensions if dimension.name == name), None)


def _dimension(first: Dimension, others: Sequence[Dimension]) -> Dimension:
    if any((d.kind, d.unit, d.whole) != (first.kind, first.unit, first.whole) for d in others):
        raise _differs("dimension", first.name)
    if first.kind == "bin":
        if any((d.codes, d.edges) != (first.codes, first.edges) for d in others):
            raise _differs("dimension", first.name)
        return first
    lists = [dimension.codes for dimension in (first, *others)]
    return replace(first, codes=united_codes(lists, whole=first.kind == "integer"))


def _measure(first: Measure, others: Sequence[Measure]) -> Measure:
    if any((m.scale, m.unit) != (first.scale, first.unit) for m in others):
        raise _differs("unit", first.name)
    if any((m.lower, m.upper) != (first.lower, first.upper) for m in others):
        raise _differs("bounds", first.name)
    return first


def _domain(bound: BoundQuery) -> tuple[tuple[str, ...], ...]:
    """Return the cells that the filter leaves possible, in the order of their codes."""
    diagrams, axes, size = bound.diagrams, [], 1
    diagrams.allow(DOMAIN_WORK)
    for index in bound.group_by:
        codes = bound.schema.dimensions[index].codes
        try:
            possible = [
                code
                for i, code in enumerate(codes)
                if diagrams.both(bound.where, diagrams.codes(index, [i])) != NOTHING
            ]
        except TooComplexError:
            raise refusal(Reason(code="question.complex", next="next.ask-less")) from None
        axes.append(possible)
        size *= len(possible)
        if size > MAX_CELLS:
            raise _too_much(problems.CELLS, size, MAX_CELLS)
    return tuple(product(*axes))


def _differs(what: str, given: str) -> Exception:
    return refusal(
        Reason(
            code=f"cohort.{what}.differs",
            rule="cohort",
            given=given,
            cause="unsatisfied",
            next="next.same-declaration",
        )
    )


def _too_much(what: Words, found: int, most: int) -> BadRequest:
    return BadRequest(problems.TOO_LARGE, count=found, what=what, most=most)
