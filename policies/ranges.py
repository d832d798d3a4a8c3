"""Which declared codes a condition keeps: names, whole numbers, or unions of bins."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from policies.query import Comparison, Literal_, Membership, Operator
from policies.sql_text import refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from policies.errors import QueryError
    from policies.schema import Dimension

_SHOWN: Final = 12  # codes in a message
_COMPARE: Final[dict[Operator, Callable[[Decimal, Decimal], bool]]] = {
    "<": lambda x, y: x < y,
    "<=": lambda x, y: x <= y,
    ">": lambda x, y: x > y,
    ">=": lambda x, y: x >= y,
}


def code_indices(dimension: Dimension, part: Comparison | Membership) -> tuple[int, ...]:
    """Return which codes of a dimension a condition keeps.

    Args:
        dimension: The dimension.
        part: A condition on it.

    Returns:
        Indices of the codes kept, ascending.

    Raises:
        QueryError: An undeclared code, an order on names, or a bound inside a bin.
    """
    everything = range(len(dimension.codes))
    if isinstance(part, Membership):
        wanted = {_code(dimension, literal) for literal in part.literals}
        return tuple(i for i in everything if i in wanted)
    if part.operator in ("=", "<>"):
        one = _code(dimension, part.literal)
        return tuple(i for i in everything if (i == one) is (part.operator == "="))
    if dimension.kind == "code":
        raise refused(
            "question.no_order",
            part.literal.at,
            given=f"{dimension.name} {part.operator} {part.literal.text}",
            expected=_codes(dimension),
            nxt="next.declared_codes",
        )
    bound = _number(dimension, part.literal)
    if dimension.kind == "integer":
        compare = _COMPARE[part.operator]
        return tuple(i for i in everything if compare(Decimal(dimension.codes[i]), bound))
    return _bins(dimension, part, bound)


def _bins(dimension: Dimension, part: Comparison, bound: Decimal) -> tuple[int, ...]:
    """Return the bins on one side of a bound, which must be an edge."""
    operator = part.operator
    if dimension.whole:  # on whole numbers every bound is one between two numbers
        whole = bound == bound.to_integral_value()
        above = bound + 1 if whole else bound.to_integral_value(rounding="ROUND_CEILING")
        if operator in ("<=", ">"):
            bound, operator = above, "<" if operator == "<=" else ">="
        elif not whole:
            bound = above
    edges = dimension.edges
    # on other numbers `<=` and `>` leave the edge itself on the wrong side of a half-open bin
    if bound not in edges or operator in ("<=", ">"):
        shown = ", ".join(format(edge, "f") for edge in edges if edge is not None)
        raise refused(
            "question.inside_bin",
            part.literal.at,
            given=f"{dimension.name} {part.operator} {part.literal.text}",
            expected=shown,
            nxt="next.use_edges",
        )
    cut = edges.index(bound)
    return tuple(range(cut)) if operator == "<" else tuple(range(cut, len(dimension.codes)))


def _code(dimension: Dimension, literal: Literal_) -> int:
    """Return the index of a declared code."""
    if literal.text in dimension.codes:
        return dimension.codes.index(literal.text)
    if dimension.kind == "integer":
        number = _number(dimension, literal)
        for index, code in enumerate(dimension.codes):
            if Decimal(code) == number:
                return index
    raise _undeclared(dimension, literal)


def _number(dimension: Dimension, literal: Literal_) -> Decimal:
    text = literal.text.strip()
    digits = text.removeprefix("-").replace(".", "", 1)
    if not digits.isascii() or not digits.isdigit() or len(digits) > 40:
        raise _undeclared(dimension, literal)
    return Decimal(text)


def _undeclared(dimension: Dimension, literal: Literal_) -> QueryError:
    return refused(
        "question.undeclared_code",
        literal.at,
        given=f"{dimension.name} = {literal.text}",
        expected=_codes(dimension),
        nxt="next.declared_codes",
    )


def _codes(dimension: Dimension) -> str:
    shown = ", ".join(dimension.codes[:_SHOWN])
    return f"{shown}, …" if len(dimension.codes) > _SHOWN else shown
