"""HAVING and ORDER BY: conditions on, and an order of, cells that are released anyway.

They see a cell's released values only. A cell that is withheld never meets a condition, so that
nothing can be learned from whether it would have.
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

    def holds(self, values: Mapping[str, Decimal | None]) -> bool:
        """Return whether a released cell meets it; an average of nothing never does."""
        value = values[self.output]
        if value is None:
            return False
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

    def normal_form(self) -> Any:
        """Return it as JSON, equal for all spellings."""
        return [self.output, self.operator, format(self.number.normalize(), "f")]


@dataclass(frozen=True, slots=True)
class Junction:
    """Several conditions of which all, or any, must hold; without negations."""

    connective: Literal["and", "or"]
    parts: tuple[Having, ...]

    def holds(self, values: Mapping[str, Decimal | None]) -> bool:
        """Return whether a released cell meets it."""
        found = (part.holds(values) for part in self.parts)
        return all(found) if self.connective == "and" else any(found)

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
            "question.not_a_number",
            literal.at,
            given=literal.text,
            expected="a number",
            nxt="next.select_only",
        )
    return Decimal(literal.text)
