"""Which declared codes a condition keeps: names, whole numbers, or unions of bins."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from policies.query import Comparison, Literal_, Membership, Operator
from policies.sql_text import refused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

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
        index = _index(dimension)
        return tuple(sorted({_code(dimension, index, literal) for literal in part.literals}))
    if part.operator in ("=", "<>"):
        one = _code(dimension, _index(dimension), part.literal)
        return (one,) if part.operator == "=" else (*everything[:one], *everything[one + 1 :])
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
        return tuple(i for i, n in enumerate(_index(dimension).numbers) if compare(n, bound))
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


@dataclass(frozen=True, slots=True)
class _Index:
    """Where each code of a dimension stands.

    Attributes:
        names: Index by the code's text.
        numbers: For whole numbers: the codes' values, in order.
        values: For whole numbers: index by value, however it is spelt.
    """

    names: Mapping[str, int]
    numbers: tuple[Decimal, ...]
    values: Mapping[Decimal, int]


@lru_cache(maxsize=64)
def _index(dimension: Dimension) -> _Index:
    """Index a dimension's codes, once: a question may name thousands of a hundred thousand."""
    last = len(dimension.codes) - 1
    backwards = [(last - i, code) for i, code in enumerate(reversed(dimension.codes))]
    names = {code: i for i, code in backwards}  # of a code listed twice, the first
    if dimension.kind != "integer":
        return _Index(names, (), {})
    numbers = tuple(Decimal(code) for code in dimension.codes)
    return _Index(names, numbers, {numbers[i]: i for i, _ in backwards})


def _code(dimension: Dimension, index: _Index, literal: Literal_) -> int:
    """Return the index of a declared code."""
    found = index.names.get(literal.text)
    if found is None and dimension.kind == "integer":
        found = index.values.get(_number(dimension, literal))
    if found is None:
        raise _undeclared(dimension, literal)
    return found


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
