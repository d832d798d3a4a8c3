"""Reading a syntax tree: each part that the language has, and refusing all others."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from policies.query import (
    START,
    Aggregate,
    AggregateQuery,
    AllOf,
    AnyOf,
    Column,
    Comparison,
    Literal_,
    Membership,
    Not,
    Operator,
    Order,
    Output,
    Position,
    Predicate,
)
from policies.sql_refusals import ALLOWED, refusal
from policies.sql_text import position, refused

if TYPE_CHECKING:
    from sqlglot import exp

    from policies.errors import QueryError


_OPERATORS: Final[dict[str, Operator]] = {
    "EQ": "=",
    "NEQ": "<>",
    "LT": "<",
    "LTE": "<=",
    "GT": ">",
    "GTE": ">=",
}


_FLIPPED: Final[dict[Operator, Operator]] = {
    "=": "=",
    "<>": "<>",
    "<": ">",
    "<=": ">=",
    ">": "<",
    ">=": "<=",
}


MAX_LIMIT: Final = 1_000_000


class Reader:
    """Reads the parts of one syntax tree that the language has; refuses all others."""

    def __init__(self, text: str, words: dict[str, int]) -> None:
        """Keep the text and where each of its words first stands, for messages."""
        self._text = text
        self._words = words

    def query(self, tree: exp.Expr) -> AggregateQuery:
        """Read the whole question."""
        strangers = [node for node in tree.walk() if type(node).__name__ not in ALLOWED]
        if strangers:
            raise self._refused(min(strangers, key=lambda n: (self._at(n), -_size(n))))
        self._only(
            tree, "Select", "expressions from_ where group having order limit kind hint distinct"
        )
        for part in ("distinct", "hint", "kind"):
            if tree.args.get(part):
                raise self._refused(tree, "question.distinct", "SELECT " + part.upper())
        table, alias = self._table(tree)
        return AggregateQuery(
            table=table,
            alias=alias,
            outputs=tuple(self._output(item) for item in tree.expressions),
            where=self._clause(tree, "where"),
            group_by=self._group_by(tree),
            having=self._clause(tree, "having"),
            order_by=self._order_by(tree),
            limit=self._limit(tree),
        )

    def _table(self, tree: exp.Expr) -> tuple[Column, str]:
        source = tree.args.get("from_")
        if source is None:
            raise refused("question.no-table", START, expected="FROM", nxt="next.select-only")
        self._only(source, "From", "this")
        table = source.this
        self._only(table, "Table", "this alias")
        alias = table.args.get("alias")
        if alias is not None:
            self._only(alias, "TableAlias", "this")
        return self._identifier(table.this), "" if alias is None else str(alias.name)

    def _output(self, item: exp.Expr) -> Output:
        if type(item).__name__ == "Alias":
            self._only(item, "Alias", "this alias")
            return Output(self._term(item.this), self._identifier(item.args["alias"]).name)
        return Output(self._term(item))

    def _term(self, node: exp.Expr) -> Column | Aggregate:
        name = type(node).__name__
        if name == "Column":
            return self._column(node)
        if name == "Count":
            self._only(node, "Count", "this big_int")
            if type(node.this).__name__ == "Distinct":
                raise self._refused(node, "question.count-distinct")
            if type(node.this).__name__ == "Column":
                return Aggregate("count", self._column(node.this), self._at(node))
            if type(node.this).__name__ != "Star":
                raise self._refused(node, "question.count-column")
            self._only(node.this, "Star", "")
            return Aggregate("count", None, self._at(node))
        if name in ("Sum", "Avg"):
            self._only(node, name, "this")
            if type(node.this).__name__ != "Column":
                raise self._refused(node, "question.expression")
            return Aggregate(
                "sum" if name == "Sum" else "avg", self._column(node.this), self._at(node)
            )
        if name == "Paren":
            return self._term(node.this)
        raise self._refused(node)

    def _column(self, node: exp.Expr) -> Column:
        self._only(node, "Column", "this table")
        if type(node.this).__name__ != "Identifier":
            raise self._refused(node, "question.star")
        column = self._identifier(node.this)
        qualifier = node.args.get("table")
        if qualifier is None:
            return column
        return replace(column, qualifier=str(qualifier.name))

    def _identifier(self, node: exp.Expr) -> Column:
        self._only(node, "Identifier", "this quoted")
        return Column(str(node.this), bool(node.args.get("quoted")), at=self._at(node))

    def _clause(self, tree: exp.Expr, name: str) -> Predicate | None:
        clause = tree.args.get(name)
        if clause is None:
            return None
        self._only(clause, name.capitalize(), "this")
        return self._predicate(clause.this)

    def _predicate(self, node: exp.Expr) -> Predicate:
        name = type(node).__name__
        if name == "Paren":
            self._only(node, "Paren", "this")
            return self._predicate(node.this)
        if name == "Not":
            self._only(node, "Not", "this")
            return Not(self._predicate(node.this))
        if name in ("And", "Or"):
            operands = tuple(self._predicate(n) for n in self._chain(node, name))
            return AllOf(operands) if name == "And" else AnyOf(operands)
        if name in _OPERATORS:
            return self._comparison(node, _OPERATORS[name])
        if name == "In":
            self._only(node, "In", "this expressions")
            if not node.expressions:
                raise self._refused(node, "question.not-allowed")
            literals = tuple(self._literal(value) for value in node.expressions)
            return Membership(self._term(node.this), literals)
        if name == "Between":
            self._only(node, "Between", "this low high")
            term = self._term(node.this)
            low, high = self._literal(node.args["low"]), self._literal(node.args["high"])
            return AllOf((Comparison(term, ">=", low), Comparison(term, "<=", high)))
        raise self._refused(node, "question.not-a-condition")

    def _chain(self, node: exp.Expr, name: str) -> list[exp.Expr]:
        """Return the operands of a chain of AND or of OR, which sqlglot nests to the left."""
        found: list[exp.Expr] = []
        while type(node).__name__ == name:
            self._only(node, name, "this expression")
            found.append(node.expression)
            node = node.this
        return [node, *reversed(found)]

    def _comparison(self, node: exp.Expr, operator: Operator) -> Comparison:
        self._only(node, type(node).__name__, "this expression")
        left, right = node.this, node.expression
        if type(left).__name__ in ("Literal", "Neg"):
            return Comparison(self._term(right), _FLIPPED[operator], self._literal(left))
        return Comparison(self._term(left), operator, self._literal(right))

    def _literal(self, node: exp.Expr) -> Literal_:
        name = type(node).__name__
        if name == "Neg":
            self._only(node, "Neg", "this")
            inner = self._literal(node.this)
            if not inner.is_text and not inner.text.startswith("-"):
                return Literal_("-" + inner.text, is_text=False, at=inner.at)
        elif name == "Literal":
            self._only(node, "Literal", "this is_string")
            return Literal_(str(node.this), bool(node.args.get("is_string")), self._at(node))
        raise self._refused(node, "question.not-a-literal")

    def _group_by(self, tree: exp.Expr) -> tuple[Column, ...]:
        clause = tree.args.get("group")
        if clause is None:
            return ()
        self._only(clause, "Group", "expressions")
        for item in clause.expressions:
            if type(item).__name__ != "Column":
                raise self._refused(item, "question.group-by")
        return tuple(self._column(item) for item in clause.expressions)

    def _order_by(self, tree: exp.Expr) -> tuple[Order, ...]:
        clause = tree.args.get("order")
        if clause is None:
            return ()
        self._only(clause, "Order", "expressions")
        found = []
        for item in clause.expressions:
            self._only(item, "Ordered", "this desc nulls_first")
            if type(item.this).__name__ == "Literal":
                raise self._refused(item, "question.ordinal")
            found.append(Order(self._term(item.this), bool(item.args.get("desc"))))
        return tuple(found)

    def _limit(self, tree: exp.Expr) -> int | None:
        clause = tree.args.get("limit")
        if clause is None:
            return None
        self._only(clause, "Limit", "expression")
        literal = self._literal(clause.expression)
        if literal.is_text or not literal.text.isdigit() or int(literal.text) > MAX_LIMIT:
            raise refused(
                "question.limit",
                literal.at,
                given=literal.text,
                expected="a whole number",
                nxt="next.select-only",
            )
        return int(literal.text)

    def _only(self, node: exp.Expr, name: str, parts: str) -> None:
        """Refuse a node that is of another kind, or has a part that is not read here."""
        if type(node).__name__ != name:
            raise self._refused(node)
        known = parts.split()
        for part, value in node.args.items():
            if value and part not in known:
                raise self._refused(node, "question.not-allowed", f"{name} {part}")

    def _refused(self, node: exp.Expr, code: str = "", given: str = "") -> QueryError:
        found, what, nxt = refusal(type(node).__name__)
        return refused(code or found, self._at(node), given=given or what, nxt=nxt)

    def _at(self, node: exp.Expr) -> Position:
        """Return where a node begins: nodes without a position begin with their first part."""
        name = type(node).__name__.upper()
        if name in self._words and "start" not in node.meta:
            return position(self._text, self._words[name])
        starts = [n.meta["start"] for n in node.walk() if "start" in n.meta]
        if starts:
            return position(self._text, min(starts))
        return START if node.parent is None else self._at(node.parent)


def _size(node: exp.Expr) -> int:
    return sum(1 for _ in node.walk())
