"""The aggregate question as a frozen value: what a caller's SQL text becomes, or is refused.

Positions are kept for messages only; two questions that differ only in where things stand in the
text are equal.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Operator = Literal["=", "<>", "<", "<=", ">", ">="]
Function = Literal["sum", "avg", "count"]


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """Where something stands in the question; both count from 1."""

    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.line}:{self.column}"


START = Position(1, 1)


@dataclass(frozen=True, slots=True)
class Column:
    """A column by name; unquoted names match whatever their case.

    Attributes:
        name: The name.
        quoted: Whether it stood in double quotes.
        qualifier: The table or alias before the dot; empty for none.
        at: Where it stands.
    """

    name: str
    quoted: bool = False
    qualifier: str = ""
    at: Position = field(default=START, compare=False)


@dataclass(frozen=True, slots=True)
class Literal_:  # noqa: N801 - `Literal` is typing's
    """A text or a number, as it was written, sign included."""

    text: str
    is_text: bool
    at: Position = field(default=START, compare=False)


@dataclass(frozen=True, slots=True)
class Aggregate:
    """``SUM(column)``, ``AVG(column)``, ``COUNT(column)`` or ``COUNT(*)`` (no column)."""

    function: Function
    column: Column | None
    at: Position = field(default=START, compare=False)


@dataclass(frozen=True, slots=True)
class Output:
    """One item of SELECT, with the name it was given (empty: none)."""

    term: Column | Aggregate
    alias: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """``term operator literal``; in WHERE the term is a column, in HAVING an aggregate or alias."""

    term: Column | Aggregate
    operator: Operator
    literal: Literal_


@dataclass(frozen=True, slots=True)
class Membership:
    """``term IN (literals)``."""

    term: Column | Aggregate
    literals: tuple[Literal_, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """``NOT operand``."""

    operand: Predicate


@dataclass(frozen=True, slots=True)
class AllOf:
    """Operands joined by ``AND``."""

    operands: tuple[Predicate, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Operands joined by ``OR``."""

    operands: tuple[Predicate, ...]


Predicate = Comparison | Membership | Not | AllOf | AnyOf


@dataclass(frozen=True, slots=True)
class Order:
    """One item of ORDER BY."""

    term: Column | Aggregate
    descending: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AggregateQuery:
    """A question in the language, not yet bound to a product.

    Attributes:
        table: Name in FROM.
        alias: Name given to it there; empty for none.
        outputs: Items of SELECT in order.
        where: Filter on dimensions.
        group_by: Columns of GROUP BY in order.
        having: Filter on released cells.
        order_by: Order of released cells.
        limit: How many released cells at most.
    """

    table: Column
    outputs: tuple[Output, ...]
    alias: str = ""
    where: Predicate | None = None
    group_by: tuple[Column, ...] = ()
    having: Predicate | None = None
    order_by: tuple[Order, ...] = ()
    limit: int | None = None
