"""Which operands of an owner's expression go together: none is converted without a word.

DuckDB reads a text beside a date, a time, a number or as a condition as leniently as its casts do:
it drops what follows a date, a zone among it, and rounds to the places of the other side. So text
goes with text only. A quoted constant beside a date, a time or a boolean must be one as a whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlglot import exp

from connector.engines import problems_expressions as problems
from connector.engines.duckdb.constants import like, typed_constant
from connector.engines.duckdb.values import BINARY, DIALECT, WHOLE
from connector.engines.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from crypto.words import Spoken

    Kind = Callable[[exp.Expr], str]

_NAMES: Final = {
    "text": problems.A_TEXT,
    "literal": problems.A_TEXT,
    "number": problems.A_NUMBER,
    "date": problems.A_DATE,
    "timestamp": problems.A_TIME,
    "instant": problems.A_TIME,
    "boolean": problems.A_CONDITION,
    "interval": problems.A_SPAN,
}
_OF_CONSTANTS: Final = ("instant", "timestamp", "date", "boolean")  # the widest first
_COMPARED: Final = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Nullif, exp.DateDiff)
_LISTED: Final = (exp.In, exp.Coalesce, exp.Least, exp.Greatest)
_COMPUTED: Final = (
    *(exp.Add, exp.Sub, exp.Mul, exp.Div, exp.IntDiv, exp.Mod, exp.Neg),
    *(exp.DateDiff, exp.Abs, exp.Round, exp.Floor, exp.Ceil, exp.TimestampTrunc, exp.TimeToStr),
    *(exp.Year, exp.Quarter, exp.Month, exp.Week, exp.DayOfWeek),
)


def kind_of(node: exp.Expr, type_of: Callable[[str], str]) -> str:
    """Returns the kind of an expression: that of DuckDB's type, or `literal` or `null`.

    Args:
        node: The expression.
        type_of: Gives DuckDB's type of an expression over `source`.
    """
    inner = node.unnest()
    if isinstance(inner, exp.Literal):
        return "literal" if inner.is_string else "number"
    if isinstance(inner, exp.Null):
        return "null"
    given = type_of(node.sql(DIALECT))
    if given in WHOLE or given in BINARY or given.startswith("DECIMAL"):
        return "number"
    if given.startswith("TIMESTAMP"):
        return "instant" if given.endswith(("TZ", "ZONE")) else "timestamp"
    return {"VARCHAR": "text", '"NULL"': "null"}.get(given, given.lower())


def agree(node: exp.Expr, text: str, kind: Kind) -> None:
    """Checks the operands of one node, and writes its quoted constants as those of their type.

    Args:
        node: The node; those below it have been seen.
        text: It as the owner wrote it.
        kind: Gives the kind of an operand.

    Raises:
        DataError: If a text stands beside or in place of something else.
    """
    for condition in _conditions(node):
        if kind(condition) not in ("boolean", "null"):
            given = condition.sql(DIALECT)
            raise DataError(
                problems.NO_CONDITION, given=given, text=text, kind=_named(kind(condition))
            )
    for operands in _together(node):
        _same(operands, text, kind)
    for operand in _computed(node):
        if kind(operand) in ("text", "literal"):
            given = operand.sql(DIALECT)
            raise DataError(problems.A_TEXT_INSIDE, given=given, text=text)


def _named(kind: str) -> Spoken:
    return _NAMES.get(kind) or problems.OF_TYPE.of(type=kind)


def _same(operands: list[exp.Expr], text: str, kind: Kind) -> None:
    kinds = {kind(operand): operand for operand in reversed(operands)}
    typed = [found for found in kinds if found not in ("null", "literal")]
    if "text" in typed and len(typed) > 1:
        other = next(found for found in typed if found != "text")
        given = kinds["text"].sql(DIALECT)
        raise DataError(
            problems.BESIDE_TEXT,
            text=text,
            given=given,
            kind=_named(other),
            other=kinds[other].sql(DIALECT),
        )
    if "literal" not in kinds or not typed or typed == ["text"]:
        return
    wanted = next((found for found in _OF_CONSTANTS if found in typed), "")
    if not wanted or "number" in typed:
        given = kinds["literal"].sql(DIALECT)
        raise DataError(problems.QUOTED, text=text, given=given, kind=_named(typed[0]))
    for operand in operands:
        if kind(operand) == "literal":
            constant = typed_constant(operand.unnest().name, wanted)
            if constant is None:
                raise DataError(
                    problems.CONSTANT,
                    text=text,
                    expected=like(wanted),
                    got=operand.unnest().name,
                )
            operand.replace(constant)


def _conditions(node: exp.Expr) -> Iterator[exp.Expr]:
    match node:
        case exp.And() | exp.Or():
            yield from (node.this, node.expression)
        case exp.Not():
            yield node.this
        case exp.Is() if isinstance(node.expression, exp.Boolean):
            yield node.this
        case exp.If() if not _is_compared(node):
            yield node.this


def _computed(node: exp.Expr) -> Iterator[exp.Expr]:
    names: tuple[str, ...] = ()
    if isinstance(node, _COMPUTED):
        names = (
            ("this", "expression", "decimals") if not isinstance(node, exp.TimeToStr) else ("this",)
        )
    elif isinstance(node, exp.Extract | exp.Left | exp.Right):
        names = ("expression",)
    elif isinstance(node, exp.Substring):
        names = ("start", "length")
    for name in names:
        if isinstance(operand := node.args.get(name), exp.Expr):
            yield operand


def _together(node: exp.Expr) -> Iterator[list[exp.Expr]]:
    if isinstance(node, _COMPARED):
        yield [node.this, node.expression]
    elif isinstance(node, exp.Between):
        yield [node.this, node.args["low"], node.args["high"]]
    elif isinstance(node, _LISTED):
        yield [node.this, *node.expressions]
    elif isinstance(node, exp.Case):
        branches = node.args["ifs"]
        if node.this:
            yield [node.this, *(branch.this for branch in branches)]
        yield [b for b in (*(i.args["true"] for i in branches), node.args.get("default")) if b]
    elif isinstance(node, exp.If) and not _is_branch(node):
        yield [b for b in (node.args["true"], node.args.get("false")) if b]


def _is_branch(node: exp.If) -> bool:
    return isinstance(node.parent, exp.Case) and node.arg_key == "ifs"


def _is_compared(node: exp.If) -> bool:
    """Returns whether it is a branch of `case x when …`, whose first part is a value."""
    case = node.parent
    return isinstance(case, exp.Case) and node.arg_key == "ifs" and bool(case.this)
