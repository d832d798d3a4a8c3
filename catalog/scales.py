"""How many decimal places a measure keeps when its owner names none.

A column brings its own places. An expression that can only give whole numbers, or true and false,
has none. Any other one must name its scale: rounding each row is the owner's decision, never ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import sqlglot
from sqlglot import exp

from catalog.expressions import DIALECT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from catalog.expressions import Expression
    from catalog.product import SourceColumn

_CARRYING: Final = (  # as fractional as what they are made of
    *(exp.Paren, exp.Add, exp.Sub, exp.Mul, exp.Mod, exp.IntDiv, exp.Neg, exp.Abs),
    *(exp.Round, exp.Coalesce, exp.Least, exp.Greatest, exp.Nullif),
)
_FRACTIONS: Final = frozenset({"EPOCH", "JULIAN"})  # date parts that are no whole numbers


def default_scale(read: Expression, columns: Mapping[str, SourceColumn]) -> int | None:
    """Returns the decimal places of an expression's values, None where they must be named.

    Args:
        read: The checked expression.
        columns: The declared columns, by name.
    """
    tree = sqlglot.parse_one(read.sql, dialect=DIALECT).unnest()
    if isinstance(tree, exp.Column):
        return columns[tree.name].scale
    return None if _fractional(tree, columns) else 0


def _fractional(node: exp.Expr, columns: Mapping[str, SourceColumn]) -> bool:
    """Says whether a value can have decimal places; what is compared or tested has none."""
    match node:
        case exp.Column():
            return columns[node.name].scale > 0
        case exp.Literal():
            return not node.is_string and not str(node.this).isdigit()
        case exp.Div():
            return True
        case exp.Case():
            branches = [branch.args.get("true") for branch in node.args.get("ifs", ())]
            return _any([*branches, node.args.get("default")], columns)
        case exp.If():
            return _any([node.args.get("true"), node.args.get("false")], columns)
        case exp.Cast():
            return _cast_to_fractions(node.to)
        case exp.Extract():
            return str(node.this).upper() in _FRACTIONS
        case _ if isinstance(node, _CARRYING):
            return _any(node.iter_expressions(), columns)
        case _:
            return False


def _any(nodes: Iterable[exp.Expr | None], columns: Mapping[str, SourceColumn]) -> bool:
    return any(_fractional(node, columns) for node in nodes if node is not None)


def _cast_to_fractions(kind: exp.DataType) -> bool:
    if kind.this != exp.DataType.Type.DECIMAL:
        return False
    places = [str(part.this) for part in kind.expressions[1:]]
    return places != ["0"]
