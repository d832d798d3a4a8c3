"""How much of two questions is the same: of what they ask for, never of what is answered.

A question is taken apart into the figures that it asks for, what it groups them by, and what it
restricts them to. Two questions overlap by the share of parts that they have in common (Jaccard):
1 where they ask the same however it is spelled, 0 where they share nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from policies.query import Aggregate, AllOf, AnyOf, Comparison, Membership, Not

if TYPE_CHECKING:
    from policies.query import AggregateQuery, Column, Literal_, Predicate

Part = tuple[str, ...]


def parts_of(query: AggregateQuery) -> frozenset[Part]:
    """Take a question apart.

    Args:
        query: as `policies.sql.parse` gives it.
    """
    found: set[Part] = {("of", _name(query.table))}
    for output in query.outputs:
        if isinstance(output.term, Aggregate):
            found.add(("figure", *_term(output.term)))
    found |= {("by", _name(column)) for column in query.group_by}
    if query.where is not None:
        operands = query.where.operands if isinstance(query.where, AllOf) else (query.where,)
        found |= {("where", *_said(one)) for one in operands}
    return frozenset(found)


def overlap(one: frozenset[Part], other: frozenset[Part]) -> float:
    """Give the share of parts that two questions have in common, from 0 to 1."""
    both = one | other
    return len(one & other) / len(both) if both else 0.0


def _name(column: Column) -> str:
    return column.name if column.quoted else column.name.casefold()


def _term(term: Column | Aggregate) -> Part:
    if isinstance(term, Aggregate):
        return (term.function, _name(term.column) if term.column is not None else "*")
    return (_name(term),)


def _literal(literal: Literal_) -> str:
    return f"'{literal.text}'" if literal.is_text else literal.text


def _said(predicate: Predicate) -> Part:
    """Write a restriction so that the order of what is joined makes no difference."""
    match predicate:
        case Comparison():
            operator = "in" if predicate.operator == "=" else predicate.operator
            return (*_term(predicate.term), operator, _literal(predicate.literal))
        case Membership():
            return (*_term(predicate.term), "in", *sorted({*map(_literal, predicate.literals)}))
        case Not():
            return ("not", *_said(predicate.operand))
        case AllOf() | AnyOf():
            joined = "and" if isinstance(predicate, AllOf) else "or"
            inside = sorted(_said(one) for one in predicate.operands)
            return (joined, *(text for one in inside for text in ("(", *one, ")")))
