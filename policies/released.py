"""HAVING and ORDER BY: conditions on, and an order of, what is released anyway.

They see released values only. A condition on an output that is not released, or on an average of
nothing, is unknown (Kleene): neither met nor missed, so that nothing can be learned from it. A cell
for which HAVING is unknown is listed as withheld, never dropped.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, Literal

from policies.query import (
    Aggregate,
    AllOf,
    AnyOf,
    Column,
    Comparison,
    Literal_,
    Membership,
    Not,
    Operator,
    Order,
    Predicate,
)
from policies.sql_text import refused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_NEGATED: Final[dict[Operator, Operator]] = {
    "=": "<>",
    "<>": "=",
    "<": ">=",
    "<=": ">",
    ">": "<=",
    ">=": "<",
}


@dataclass(frozen=True, slots=True)
class Test:
    """``output operator number``."""

    output: str
    operator: Operator
    number: Decimal

    def holds(self, values: Mapping[str, Decimal | None]) -> bool | None:
        """Return whether a cell meets it; None (unknown) where the output has no value."""
        value = values[self.output]
        if value is None:
            return None
        match self.operator:
            case "=":
                return value == self.number
            case "<>":
                return value != self.number
            case "<":
                return value < self.number
            case "<=":
                return value <= self.number
            case ">":
                return value > self.number
            case ">=":
                return value >= self.number

    def mentions(self) -> frozenset[str]:
        """Return the name of the output that it looks at."""
        return frozenset({self.output})

    def normal_form(self) -> Any:
        """Return it as JSON, equal for all spellings."""
        return [self.output, self.operator, format(self.number.normalize(), "f")]


@dataclass(frozen=True, slots=True)
class Junction:
    """Several conditions of which all, or any, must hold; without negations."""

    connective: Literal["and", "or"]
    parts: tuple[Having, ...]

    def holds(self, values: Mapping[str, Decimal | None]) -> bool | None:
        """Return whether a cell meets it; None where the parts that are known do not decide it."""
        found = [part.holds(values) for part in self.parts]
        decides = self.connective == "or"  # one such part is enough
        if decides in found:
            return decides
        return None if None in found else not decides

    def mentions(self) -> frozenset[str]:
        """Return the names of the outputs that it looks at."""
        return frozenset().union(*(part.mentions() for part in self.parts))

    def normal_form(self) -> Any:
        """Return it as JSON, equal for all orders and nestings of the same connective."""
        flat: list[Any] = []
        for part in self.parts:
            form = part.normal_form()
            same = isinstance(part, Junction) and form[0] == self.connective
            flat.extend(form[1] if same else [form])
        unique = {repr(form): form for form in flat}
        ordered = [unique[key] for key in sorted(unique)]
        return ordered[0] if len(ordered) == 1 else [self.connective, ordered]


Having = Test | Junction


@dataclass(frozen=True, slots=True)
class OrderItem:
    """One item of ORDER BY.

    Attributes:
        by: Name of an output, or the place of a dimension in the cells' keys.
        descending: Largest, or last code, first.
    """

    by: str | int
    descending: bool

    def normal_form(self) -> Any:
        """Return it as JSON."""
        return [self.by, "desc" if self.descending else "asc"]


def read_having(
    predicate: Predicate | None, name: Callable[[Column | Aggregate], str]
) -> Having | None:
    """Read HAVING.

    Args:
        predicate: As parsed, None for none.
        name: Resolves a term to the name of an output, or refuses it.

    Returns:
        The condition without negations, or None.
    """
    return None if predicate is None else _read(predicate, name, negated=False)


def _read(
    predicate: Predicate, name: Callable[[Column | Aggregate], str], *, negated: bool
) -> Having:
    match predicate:
        case Not(operand):
            return _read(operand, name, negated=not negated)
        case AllOf(operands) | AnyOf(operands):
            every = isinstance(predicate, AllOf) is not negated
            parts = tuple(_read(operand, name, negated=negated) for operand in operands)
            return Junction("and" if every else "or", parts)
        case Comparison(term, operator, literal):
            chosen = _NEGATED[operator] if negated else operator
            return Test(name(term), chosen, _number(literal))
        case Membership(term, literals):
            chosen = "<>" if negated else "="
            tests = tuple(Test(name(term), chosen, _number(literal)) for literal in literals)
            return Junction("and" if negated else "or", tests)


def read_order(
    items: tuple[Order, ...], name: Callable[[Column | Aggregate], str | int]
) -> tuple[OrderItem, ...]:
    """Read ORDER BY; a second item on the same term says nothing and is dropped."""
    found: dict[str | int, OrderItem] = {}
    for item in items:
        by = name(item.term)
        found.setdefault(by, OrderItem(by, item.descending))
    return tuple(found.values())


def _number(literal: Literal_) -> Decimal:
    if literal.is_text:
        raise refused(
            "question.not-a-number",
            literal.at,
            given=literal.text,
            expected="a number",
            nxt="next.select-only",
        )
    return Decimal(literal.text)
