"""Binding a question to a product's declared table: names, labels, codes, and its meaning.

1. The table and every column must be the product's own; labels say what a column may be used for.
2. WHERE becomes a decision diagram over declared codes: ranges must fall on whole codes or bins.
3. HAVING, ORDER BY and LIMIT speak of what is released, never of what is not.
4. Two questions with the same meaning on the same data version have the same digest.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from crypto.canonical import digest
from policies.codesets import CellKey, Diagrams, Node
from policies.filtering import Filter
from policies.names import Names
from policies.query import START, Aggregate, AggregateQuery, Column
from policies.released import Having, OrderItem, read_having, read_order
from policies.sql_text import refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from policies.query import Function
    from policies.schema import TableSchema

AVG_DECIMALS: Final = 6  # an average has this many decimal places more than its measure
ROWS: Final = "*"  # what COUNT(*) counts
_WRITTEN_OUT: Final = 10_000  # codes of a filter's nodes


@dataclass(frozen=True, slots=True)
class BoundOutput:
    """One aggregate of the answer.

    Attributes:
        function: ``sum``, ``avg`` or ``count`` (of a measure: how many rows have a value).
        measure: Name of the measure, ``*`` for ``COUNT(*)``.
        unit: Unit of the value.
        scale: Decimal places of the value.
    """

    function: Function
    measure: str
    unit: str = ""
    scale: int = 0

    @property
    def name(self) -> str:
        """``measure:function``, as contracts grant it and answers carry it."""
        return f"{self.measure}:{self.function}"


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundQuery:
    """A question that means something on one declared table.

    Attributes:
        schema: The table.
        group_by: Positions of the dimensions grouped by, ascending.
        outputs: The aggregates, each once, in the order of the schema's measures, count first.
        where: Root of the filter in ``diagrams``.
        diagrams: Holds the filter.
        mentioned: Names of all dimensions that the text speaks of, in schema order.
        having: Condition on released cells, None for none.
        order_by: Order of released cells; empty means by their codes.
        limit: How many released cells at most.
    """

    schema: TableSchema
    group_by: tuple[int, ...]
    outputs: tuple[BoundOutput, ...]
    where: Node
    diagrams: Diagrams = field(compare=False, repr=False)
    mentioned: tuple[str, ...]
    having: Having | None = None
    order_by: tuple[OrderItem, ...] = ()
    limit: int | None = None

    @property
    def measures(self) -> tuple[str, ...]:
        """Names of the measures that the outputs speak of, each once."""
        return tuple(dict.fromkeys(o.measure for o in self.outputs if o.measure != ROWS))


def _ignored(_steps: int) -> None:
    """Do not count steps."""


def bind(
    query: AggregateQuery, schema: TableSchema, *, spend: Callable[[int], None] = _ignored
) -> BoundQuery:
    """Bind a question to a declared table.

    Args:
        query: From `policies.sql.parse`.
        schema: The table, with labels that are already the strictest of owner and product.
        spend: Told how many steps the filter took, whether it was bound or refused.

    Returns:
        The bound question.

    Raises:
        QueryError: Names the column or literal, where it stands, and what is available instead.
    """
    names = Names(schema, query)
    outputs: dict[BoundOutput, None] = {}
    selected: list[Column] = []
    aliases: dict[str, BoundOutput] = {}
    for item in query.outputs:
        if isinstance(item.term, Column):
            selected.append(item.term)
            continue
        output = _output(item.term, names)
        outputs[output] = None
        if item.alias:
            aliases[item.alias.casefold()] = output
    if not outputs:
        at = selected[0].at if selected else START
        raise refused(
            "question.nothing-aggregated", at, expected=names.measures(), nxt="next.ask-sums"
        )
    group_by = tuple(sorted({names.dimension(c, "group") for c in query.group_by}))
    for column in selected:
        if names.dimension(column, "group") not in group_by:
            raise refused(
                "question.not-grouped", column.at, given=column.name, nxt="next.group-by-it"
            )
    diagrams = Diagrams(tuple(len(d.codes) for d in schema.dimensions))
    reader = Filter(names, diagrams)
    try:
        where = reader.read(query.where)
    finally:
        spend(diagrams.work)
    ordered = tuple(sorted(outputs, key=lambda o: (_rank(schema, o.measure), o.function)))
    return BoundQuery(
        schema=schema,
        group_by=group_by,
        outputs=ordered,
        where=where,
        diagrams=diagrams,
        mentioned=tuple(schema.dimensions[i].name for i in sorted(reader.mentioned | {*group_by})),
        having=read_having(query.having, lambda term: _released(term, names, aliases, outputs)),
        order_by=read_order(
            query.order_by,
            lambda term: _ordered(term, names, aliases, outputs, group_by),
        ),
        limit=query.limit,
    )


def keep(bound: BoundQuery) -> Callable[[CellKey], bool] | None:
    """Return the filter on finest cells, None when all are kept."""
    return bound.diagrams.keep(bound.where)


def looks_at(bound: BoundQuery) -> tuple[int, ...]:
    """Return the positions of the dimensions that the filter depends on."""
    return bound.diagrams.support(bound.where)


def meaning(bound: BoundQuery, version: str) -> str:
    """Return the digest of what a question means on one data version.

    Spelling makes no difference: order and nesting of conditions, negations, aliases, the order of
    columns, an output that is asked for twice.

    Args:
        bound: The question.
        version: Digest of the data version it is asked on.

    Returns:
        ``sha-256:…``.
    """
    return digest(normal_form(bound) | {"version": version})


def normal_form(bound: BoundQuery) -> dict[str, Any]:
    """Return the meaning as JSON, without a data version."""
    # code by code as in the first edition, so that what was answered then is known again; a filter
    # over many codes as runs, for its bounds are few
    where: Any = bound.diagrams.expanded(bound.where, most=_WRITTEN_OUT)
    if where is None:
        where = {"runs": bound.diagrams.portable(bound.where)}
    return {
        "v": 1,
        "product": bound.schema.product,
        "groupBy": [bound.schema.dimensions[i].name for i in bound.group_by],
        "outputs": [output.name for output in bound.outputs],
        "where": where,
        "having": None if bound.having is None else bound.having.normal_form(),
        "orderBy": [item.normal_form() for item in bound.order_by],
        "limit": bound.limit,
    }


def _rank(schema: TableSchema, measure: str) -> int:
    return next((i for i, m in enumerate(schema.measures) if m.name == measure), -1)


def _output(aggregate: Aggregate, names: Names) -> BoundOutput:
    if aggregate.column is None:
        return BoundOutput("count", ROWS)
    measure = names.measure(aggregate.column, aggregate.function)
    if aggregate.function == "count":
        return BoundOutput("count", measure.name)
    scale = measure.scale + (AVG_DECIMALS if aggregate.function == "avg" else 0)
    return BoundOutput(aggregate.function, measure.name, measure.unit, scale)


def _released(
    term: Column | Aggregate,
    names: Names,
    aliases: dict[str, BoundOutput],
    outputs: dict[BoundOutput, None],
) -> str:
    """Return the name of the output that HAVING or ORDER BY speaks of."""
    if isinstance(term, Column):
        if (output := aliases.get(term.name.casefold())) is None:
            raise refused(
                "question.not-an-output",
                term.at,
                given=term.name,
                expected=", ".join(sorted(aliases)) or "an aggregate of SELECT",
                nxt="next.select-it",
            )
        return output.name
    output = _output(term, names)
    if output not in outputs:
        raise refused("question.not-an-output", term.at, given=output.name, nxt="next.select-it")
    return output.name


def _ordered(
    term: Column | Aggregate,
    names: Names,
    aliases: dict[str, BoundOutput],
    outputs: dict[BoundOutput, None],
    group_by: tuple[int, ...],
) -> str | int:
    """Return the output's name, or the place in the key of the dimension, to order by."""
    if isinstance(term, Aggregate) or term.name.casefold() in aliases:
        return _released(term, names, aliases, outputs)
    index = names.dimension(term, "group")
    if index not in group_by:
        raise refused("question.not-grouped", term.at, given=term.name, nxt="next.group-by-it")
    return group_by.index(index)
