"""Which declared codes a condition keeps: names, whole numbers, or unions of bins."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from policies.intervals import complement, of_codes, span
from policies.query import Comparison, Literal_, Membership
from policies.schema import CodeIndex
from policies.sql_text import refused

if TYPE_CHECKING:
    from policies.errors import QueryError
    from policies.intervals import Ranges
    from policies.schema import Dimension

_SHOWN: Final = 12  # codes in a message


def steps(dimension: Dimension, part: Comparison | Membership) -> int:
    """Return how many codes `code_ranges` looks at."""
    if isinstance(part, Membership):
        return len(part.literals)
    # a bound on whole numbers that are declared in no order
    scattered = dimension.kind == "integer" and _index(dimension).order is not None
    return len(dimension.codes) if scattered else 1


def code_ranges(dimension: Dimension, part: Comparison | Membership) -> Ranges:
    """Return which codes of a dimension a condition keeps.

    Args:
        dimension: The dimension.
        part: A condition on it.

    Returns:
        The set of the indices of the codes kept.

    Raises:
        QueryError: An undeclared code, an order on names, or a bound inside a bin.
    """
    size = len(dimension.codes)
    if isinstance(part, Membership):
        index = _index(dimension)
        return of_codes(_code(dimension, index, literal) for literal in part.literals)
    if part.operator in ("=", "<>"):
        code = _code(dimension, _index(dimension), part.literal)
        one = span(code, code + 1)
        return one if part.operator == "=" else complement(one, size)
    if dimension.kind == "code":
        raise refused(
            "question.no-order",
            part.literal.at,
            given=f"{dimension.name} {part.operator} {part.literal.text}",
            expected=_codes(dimension),
            nxt="next.declared-codes",
        )
    bound = _number(dimension, part.literal)
    if dimension.kind == "integer":
        index = _index(dimension)
        below = (bisect_left if part.operator in ("<", ">=") else bisect_right)(index.sorted, bound)
        low = part.operator in ("<", "<=")
        if index.order is None:
            return span(0, below) if low else span(below, size)
        return of_codes(index.order[:below] if low else index.order[below:])
    return _bins(dimension, part, bound)


def _bins(dimension: Dimension, part: Comparison, bound: Decimal) -> Ranges:
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
            "question.inside-bin",
            part.literal.at,
            given=f"{dimension.name} {part.operator} {part.literal.text}",
            expected=shown,
            nxt="next.use-edges",
        )
    cut = edges.index(bound)
    return span(0, cut) if operator == "<" else span(cut, len(dimension.codes))


def _index(dimension: Dimension) -> CodeIndex:
    """Index a dimension's codes, once: a question may name thousands of a hundred thousand."""
    if dimension.index is None:
        # kept beside the codes and given back with them; made twice at once, both are the same
        object.__setattr__(dimension, "index", _made(dimension))
    assert dimension.index is not None, "made just now"
    return dimension.index


def _made(dimension: Dimension) -> CodeIndex:
    codes = dimension.codes
    if dimension.kind != "integer":
        last = len(codes) - 1
        backwards = ((code, last - i) for i, code in enumerate(reversed(codes)))
        return CodeIndex(names=dict(backwards))  # of a code listed twice, the first
    numbers = [int(code) if code.isdecimal() else Decimal(code) for code in codes]
    order = sorted(range(len(numbers)), key=numbers.__getitem__)
    if order == list(range(len(numbers))):
        return CodeIndex(sorted=tuple(numbers))
    return CodeIndex(sorted=tuple([numbers[i] for i in order]), order=tuple(order))


def _code(dimension: Dimension, index: CodeIndex, literal: Literal_) -> int:
    """Return the index of a declared code; a whole number is one however it is spelt."""
    if dimension.kind != "integer":
        found = index.names.get(literal.text)
    else:
        number = _number(dimension, literal)
        place = bisect_left(index.sorted, number)
        found = None
        if place < len(index.sorted) and index.sorted[place] == number:
            found = place if index.order is None else index.order[place]
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
        "question.undeclared-code",
        literal.at,
        given=f"{dimension.name} = {literal.text}",
        expected=_codes(dimension),
        nxt="next.declared-codes",
    )


def _codes(dimension: Dimension) -> str:
    shown = ", ".join(dimension.codes[:_SHOWN])
    return f"{shown}, …" if len(dimension.codes) > _SHOWN else shown
