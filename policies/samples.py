"""Questions that an offer would grant, made from the declared names: what a buyer may begin with.

Each goes the way of a real question: it is parsed, bound to the declared table, and decided under
the offer as if it had been agreed. None is shown that would be refused.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations, islice
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from policies.columns import permits
from policies.errors import QueryError
from policies.evaluate import Request, World, compile_policy, evaluate
from policies.offers import granted, release_floor
from policies.plan import ROWS, bind
from policies.profile import (
    AGGREGATOR,
    COHORT_MEMBER,
    COUNT,
    DIMENSION,
    HOMOMORPHIC,
    MEASURE,
    MEMBERSHIP,
    MIN_COHORT,
    MIN_GROUP_SIZE,
    PURPOSE,
    QUERY,
    QUERY_MODE,
    RECIPIENT,
)
from policies.sql import parse

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from policies.model import Policy
    from policies.plan import BoundQuery
    from policies.reasons import Reason
    from policies.schema import Dimension, TableSchema

MOST: Final = 3  # questions of an offer
_TRIED: Final = 60
_DIMENSIONS: Final = 8  # of the table, in their order of importance
_MEASURES: Final = 8
_LEAST_COHORT: Final = 3
_ANYBODY: Final = "did:web:anybody.invalid"  # to whom an offer for all is made

Bound = dict[str, "BoundQuery | tuple[Reason, ...]"]  # by text
# names of dimensions, and of a measure (COUNT(*) for none): of how many groups how many are shown
Margins = dict[tuple[frozenset[str], str], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Sample:
    """A question that would be granted.

    Attributes:
        sql: Its text.
        purpose: IRI of a purpose for which it is granted.
        mode: How it is answered.
    """

    sql: str
    purpose: str
    mode: str


@dataclass(frozen=True, slots=True)
class Asker:
    """Who would ask, where and when.

    Attributes:
        did: Its DID; empty for whomever the offer is for.
        space: IRI of the data space that it is a member of.
        now: When.
    """

    did: str
    space: str
    now: datetime


def samples(
    schema: TableSchema, offer: Policy, asker: Asker, margins: Margins, known: Bound | None = None
) -> tuple[tuple[Sample, ...], tuple[Reason, ...]]:
    """Make up to three questions that differ in what they are about, if there are so many.

    Args:
        schema: The declared table.
        offer: The offer.
        asker: Who would ask.
        margins: What is public of how much is shown. What is known to be shown whole comes first,
            what is known to be shown in part last, the more the sooner; what may show nothing is
            left out. They are of sums and COUNT(*), under the owner's least contributors.
        known: Questions that were bound for other offers of the table; more are added.

    Returns:
        The questions; and, where there is none, why the last one tried was refused.
    """
    purposes, modes = granted(offer, PURPOSE), granted(offer, QUERY_MODE)
    mode = modes[0] if modes else ""
    known = {} if known is None else known
    ranked: list[tuple[tuple[float, bool], Sample]] = []
    reasons: tuple[Reason, ...] = ()
    least = schema.minimum_contributors
    stricter = release_floor(offer, MIN_GROUP_SIZE, least) > least
    seen: set[tuple[float, frozenset[str]]] = set()
    for sql in islice(dict.fromkeys(_candidates(schema, offer)), _TRIED):
        if sql not in known:
            known[sql] = _bound(sql, schema)
        bound = known[sql]
        if isinstance(bound, tuple):
            reasons = bound
            continue
        # a total is of the cohort's own cells, of which one provider's margins tell nothing
        shown = None if mode == HOMOMORPHIC else _shown(bound, margins)
        sample = Sample(sql, purposes[0] if purposes else "", mode)
        if _shows_nothing(bound, shown) or (reasons := _refused(bound, sample, offer, asker)):
            continue
        rank = _rank(shown, sure=not stricter and _is_told(bound))
        about = rank, frozenset(bound.mentioned)
        ranked.append(((rank, about in seen), sample))
        seen.add(about)
        if sum(place == (0.0, False) for place, _ in ranked) == MOST:
            break
    ranked.sort(key=itemgetter(0))
    found = tuple(sample for _, sample in ranked[:MOST])
    return found, () if found else reasons


def _bound(sql: str, schema: TableSchema) -> BoundQuery | tuple[Reason, ...]:
    """Read and bind a question, or say why it cannot be asked."""
    try:
        return bind(parse(sql), schema)
    except QueryError as error:
        return tuple(error.reasons)


def _candidates(schema: TableSchema, offer: Policy) -> Iterator[str]:
    """Write questions from the coarse to the fine: some groups, then a filter, then the whole."""
    names = set(granted(offer, DIMENSION))
    usable = [d for d in schema.dimensions if not names or d.name in names][:_DIMENSIONS]
    groups = [d for d in usable if permits(d.disclosure, "group")]
    terms = list(_terms(schema, granted(offer, MEASURE)))
    if not terms:
        return
    first = terms[0]
    last = next((term for term in reversed(terms) if "COUNT" not in term), first)
    groupings = [*combinations(groups, 1), *combinations(groups, 2)]
    for number, grouping in enumerate(groupings):
        yield _written(schema, (first, last)[number % 2], [d.name for d in grouping])
    for dimension in reversed(usable):
        if dimension.codes:
            yield _written(schema, first, [], _where(dimension))
    for term in terms:
        yield _written(schema, term, [])
        for dimension in groups:
            yield _written(schema, term, [dimension.name])


def _terms(schema: TableSchema, names: Sequence[str]) -> Iterator[str]:
    """Write the aggregates that are granted, sums first."""
    for function in ("sum", "avg"):
        for measure in schema.measures[:_MEASURES]:
            if not names or f"{measure.name}:{function}" in names:
                yield f"{function.upper()}({measure.name})"
    if not names or "*:count" in names:
        yield "COUNT(*)"
    for measure in schema.measures[:_MEASURES]:
        if f"{measure.name}:count" in names:
            yield f"COUNT({measure.name})"


def _written(schema: TableSchema, term: str, groups: Sequence[str], where: str = "") -> str:
    selected = ", ".join([*groups, term])
    grouped = f" GROUP BY {', '.join(groups)}" if groups else ""
    # a text that a person may ask: it is parsed as one, and never executed
    return f"SELECT {selected} FROM {schema.table}{where}{grouped}"  # noqa: S608


def _where(dimension: Dimension) -> str:
    code = dimension.codes[0]
    if dimension.kind == "integer":
        return f" WHERE {dimension.name} = {code}"
    if dimension.kind == "bin":
        edge = next((edge for edge in dimension.edges[1:] if edge is not None), None)
        return f" WHERE {dimension.name} < {edge:f}" if edge is not None else ""
    text = code.replace("'", "''")
    return f" WHERE {dimension.name} = '{text}'"


def _shows_nothing(bound: BoundQuery, shown: float | None) -> bool:
    """Say whether nothing is shown, or perhaps nothing: a filter may keep what is not shown."""
    filtered = set(bound.mentioned) != {bound.schema.dimensions[d].name for d in bound.group_by}
    return shown is not None and (shown == 0 or (filtered and shown < 1))


def _rank(shown: float | None, *, sure: bool) -> float:
    """Place what is surely shown whole first, then what may be, what is unknown, and parts."""
    if shown is None:
        return 1.0
    if shown < 1:
        return 3.0 - shown
    return 0.0 if sure else 0.5


def _is_told(bound: BoundQuery) -> bool:
    """Say whether margins tell of each output: of how many rows have a value they do not."""
    return all(one.function == "sum" or one.measure == ROWS for one in bound.outputs)


def _shown(bound: BoundQuery, margins: Margins) -> float | None:
    """Say which part of the groups is shown, as far as the margins tell; None where they do not."""
    names = frozenset(bound.mentioned)
    parts = []
    for output in bound.outputs:
        found = margins.get((names, output.measure))
        if found is None or not found[0]:
            return None
        parts.append(found[1] / found[0])
    return min(parts)


def _refused(bound: BoundQuery, sample: Sample, offer: Policy, asker: Asker) -> tuple[Reason, ...]:
    """Decide a question under an offer as if it had been agreed; give why it is refused."""
    did = asker.did or next(iter(granted(offer, RECIPIENT)), _ANYBODY)
    policy = replace(
        offer, kind="Agreement", target=bound.schema.product, assigner="", assignee=did
    )
    values: dict[str, frozenset[str]] = {
        QUERY_MODE: frozenset({sample.mode}),
        MEASURE: frozenset(output.name for output in bound.outputs),
        DIMENSION: frozenset(bound.mentioned),
    }
    if sample.purpose:
        values[PURPOSE] = frozenset({sample.purpose})
    request = Request(
        stage="query",
        action=QUERY,
        assignee=did,
        target=bound.schema.product,
        values=values,
    )
    decision = evaluate(
        compile_policy(policy), request, _world(bound, sample, offer, did, asker.space), asker.now
    )
    return () if decision.allowed else decision.reasons


def _world(bound: BoundQuery, sample: Sample, offer: Policy, did: str, space: str) -> World:
    """Say what would be measured of a first question, in a cohort as the offer wants it."""
    floor = release_floor(offer, MIN_GROUP_SIZE, bound.schema.minimum_contributors)
    values: dict[str, Any] = {
        RECIPIENT: frozenset({did}),
        MEMBERSHIP: frozenset({space}),
    }
    numbers = {COUNT: 1, MIN_GROUP_SIZE: floor}
    if sample.mode == HOMOMORPHIC:
        values |= _cohort(offer)
        numbers[MIN_COHORT] = release_floor(offer, MIN_COHORT, _LEAST_COHORT)
    return World(values=values, numbers=numbers)


def _cohort(offer: Policy) -> Mapping[str, frozenset[str]]:
    aggregators = granted(offer, AGGREGATOR)[:1]
    return {
        COHORT_MEMBER: frozenset(granted(offer, COHORT_MEMBER)),
        AGGREGATOR: frozenset(aggregators),
    }
