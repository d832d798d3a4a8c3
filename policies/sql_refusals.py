"""Which syntax nodes a question may have, and what is said about the others."""

from __future__ import annotations

from typing import Final

ALLOWED: Final = frozenset(
    {"Select", "From", "Table", "TableAlias", "Identifier", "Column", "Alias", "Star"}
    | {"Count", "Sum", "Avg", "Distinct", "Where", "Group", "Having", "Order", "Ordered", "Limit"}
    | {"And", "Or", "Not", "Paren", "EQ", "NEQ", "LT", "LTE", "GT", "GTE", "In", "Between"}
    | {"Literal", "Neg"}
)

_SINGLE_VALUES: Final = frozenset(
    {"Min", "Max", "Median", "Quantile", "ApproxQuantile", "PercentileCont", "PercentileDisc"}
    | {"First", "Last", "AnyValue", "FirstValue", "LastValue", "NthValue", "ArgMin", "ArgMax"}
    | {"ArrayAgg", "GroupConcat", "Mode"}
)
_VARIANCE: Final = frozenset(
    {"Variance", "VariancePop", "Stddev", "StddevPop", "StddevSamp", "Corr", "CovarPop"}
)
_SETS: Final = frozenset({"Union", "Except", "Intersect"})
_QUERIES: Final = frozenset({"Subquery", "Exists", "Lateral", "Unnest"})
_ARITHMETIC: Final = frozenset(
    {"Add", "Sub", "Mul", "Div", "IntDiv", "Mod", "Pow", "DPipe", "Cast", "TryCast", "Case", "If"}
    | {"Coalesce", "Nullif", "BitwiseAnd", "BitwiseOr", "BitwiseXor", "Concat"}
)


def refusal(node: str) -> tuple[str, str, str]:
    """Return what is said about a node that may not stand where it does.

    Args:
        node: sqlglot's name of its kind.

    Returns:
        Reason code, the thing in a reader's words, code of what to do next.
    """
    what = node.upper()
    if node in _SINGLE_VALUES:
        return "question.single-values", what, "next.ask-sums"
    if node in _VARIANCE:
        return "question.variance", what, "next.ask-sums"
    if node in _SETS:
        return "question.set-operation", what, "next.one-statement"
    if node in _QUERIES:
        return "question.subquery", what, "next.one-statement"
    if node in ("With", "CTE"):
        return "question.cte", "WITH", "next.one-statement"
    if node == "Join":
        return "question.join", what, "next.one-table"
    if node in ("Window", "WithinGroup"):
        return "question.window", what, "next.ask-sums"
    if node in _ARITHMETIC:
        return "question.expression", what, "next.derived-measure"
    if node == "Filter":
        return "question.filter-clause", what, "next.use-where"
    if node in ("Anonymous", "AnonymousAggFunc", "CombinedAggFunc"):
        return "question.function", "function", "next.ask-sums"
    if node in ("Null", "Is"):
        return "question.null", what, "next.declared-codes"
    if node == "Star":
        return "question.star", "*", "next.name-columns"
    if node in ("Distinct", "DISTINCT"):
        return "question.distinct", what, "next.ask-sums"
    return "question.not-allowed", what, "next.select-only"
