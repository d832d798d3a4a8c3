"""The plain questions, read without a syntax tree: most of those that are asked.

What is not surely one of them gives None, and is read by way of sqlglot (`policies.sql`), which
makes the refusals too. So this reader only ever says yes, and then to exactly what that way gives,
positions included: `tests/policies/test_sql_quick.py` holds the two against each other on the texts
of the tests, on generated and damaged ones, and on every word that sqlglot knows in every place
where a name may stand.

::

    SELECT item, … FROM name [AS name] [WHERE condition] [GROUP BY column, …] [HAVING condition]
    [ORDER BY term [ASC | DESC], …] [LIMIT digits] [;]

An item is ``term [AS name]``, a term a column, ``COUNT(*)`` or ``COUNT | SUM | AVG (column)``. A
condition joins by NOT, AND, OR and parentheses ``term operator literal``, ``term [NOT] IN (…)`` and
``term [NOT] BETWEEN literal AND literal``.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final, TypeVar

from policies.query import (
    Aggregate,
    AggregateQuery,
    AllOf,
    AnyOf,
    Column,
    Comparison,
    Literal_,
    Membership,
    Not,
    Order,
    Output,
)
from policies.sql_reader import MAX_LIMIT
from policies.sql_text import check_characters, position

if TYPE_CHECKING:
    from collections.abc import Callable

    from policies.query import Function, Operator, Position, Predicate

T = TypeVar("T")
_Token = tuple[str, str, int]  # kind: a keyword or mark itself, or a name in small; text; start

# well below `sql_text.MAX_TOKENS` and `MAX_DEPTH`: near those sqlglot's own tokens count
_MOST_TOKENS: Final = 1000
_MOST_DEPTH: Final = 12
_TOKEN: Final = re.compile(
    r"[ \t\n]*(?:"
    r"(?P<word>[A-Za-z_][A-Za-z0-9_]*)(?![\w'\"$@#])"
    r"|(?P<number>[0-9]{1,30}(?:\.[0-9]{1,30})?)(?![\w.'\"$@#])"
    r"|'(?P<text>[^'\\\t\n]*)'(?![\w'\"])"
    r'|"(?P<quoted>[A-Za-z_][A-Za-z0-9_]*)"(?![\w\'"])'
    r"|(?P<mark>[(),.*;]|-(?!-)|(?:<>|!=|<=|>=|=|<|>)(?![!#-&(-/:-@\[-`{-~]))"
    r")"
)
_BLANK: Final = " \t\n"
_COMPARED: Final[dict[str, Operator]] = {
    "=": "=",
    "<>": "<>",
    "!=": "<>",
    "<": "<",
    "<=": "<=",
    ">": ">",
    ">=": ">=",
}
_FUNCTIONS: Final[dict[str, Function]] = {"COUNT": "count", "SUM": "sum", "AVG": "avg"}
_SYNTAX: Final = frozenset(
    {"SELECT", "FROM", "AS", "WHERE", "GROUP", "BY", "HAVING", "ORDER", "ASC", "DESC", "LIMIT"}
    | {"AND", "OR", "NOT", "IN", "BETWEEN"}
)


class _OtherError(Exception):
    """Not surely a plain question."""


def quick(text: str) -> AggregateQuery | None:
    """Read a question, if it is a plain one.

    Args:
        text: The caller's text.

    Returns:
        The question; None if it is for sqlglot to read, or to refuse.

    Raises:
        QueryError: Too long, or a character that no question may have.
    """
    check_characters(text)
    try:
        return _Quick(text).query()
    except _OtherError:
        return None


@cache
def _reserved() -> frozenset[str]:
    """Give every word that sqlglot's tokenizer takes for something other than a name."""
    from sqlglot.parser import Parser
    from sqlglot.tokens import Tokenizer

    # and `NULLS`, which a question may not say (`sql_text`), though sqlglot knows it in places only
    phrases = (*Tokenizer.KEYWORDS, *Parser.NO_PAREN_FUNCTION_PARSERS, "NULLS")
    return frozenset(word for phrase in phrases for word in phrase.upper().split())


def _tokens(text: str) -> list[_Token]:
    reserved = _reserved()
    found: list[_Token] = []
    at, end = 0, len(text.rstrip(_BLANK))
    while at < end:
        match = _TOKEN.match(text, at, end)
        if match is None or len(found) == _MOST_TOKENS:
            raise _OtherError
        kind = match.lastgroup or ""
        part, start = match[kind], match.start(kind)
        at = match.end()
        if kind == "mark":
            kind = part
        elif kind == "word":
            upper = part.upper()
            if upper in _SYNTAX or upper in _FUNCTIONS:
                kind = upper
            elif upper in reserved:
                raise _OtherError
            else:
                kind = "name"
        elif kind != "number":
            start -= 1  # of its quote
        found.append((kind, part, start))
    if found and found[-1][0] == ";":
        found.pop()
    found.append(("end", "", end))
    return found


class _Quick:
    """Reads the tokens of one question from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = _tokens(text)
        self._next = 0
        self._depth = 0

    def query(self) -> AggregateQuery:
        """Read all of it."""
        self._take("SELECT")
        outputs = self._listed(self._output)
        self._take("FROM")
        table, alias = self._name(), self._alias()
        where = self._condition() if self._skip("WHERE") else None
        group = self._listed(self._column) if self._skip("GROUP", "BY") else ()
        having = self._condition() if self._skip("HAVING") else None
        order = self._listed(self._order) if self._skip("ORDER", "BY") else ()
        limit = self._limit() if self._skip("LIMIT") else None
        self._take("end")
        return AggregateQuery(
            table=table,
            alias=alias,
            outputs=outputs,
            where=where,
            group_by=group,
            having=having,
            order_by=order,
            limit=limit,
        )

    def _skip(self, first: str, second: str = "") -> bool:
        """Go on behind a word or mark, or two, if they are the next."""
        if self._tokens[self._next][0] != first:
            return False
        self._next += 1
        if second:
            self._take(second)
        return True

    def _take(self, kind: str) -> _Token:
        token = self._tokens[self._next]
        if token[0] != kind:
            raise _OtherError
        self._next += 1
        return token

    def _listed(self, read: Callable[[], T]) -> tuple[T, ...]:
        found = [read()]
        while self._skip(","):
            found.append(read())
        return tuple(found)

    def _name(self) -> Column:
        kind, name, start = self._tokens[self._next]
        if kind not in ("name", "quoted"):
            raise _OtherError
        self._next += 1
        return Column(name, kind == "quoted", at=self._at(start))

    def _alias(self) -> str:
        return self._name().name if self._skip("AS") else ""

    def _column(self) -> Column:
        first = self._name()
        if not self._skip("."):
            return first
        column = self._name()
        return Column(column.name, column.quoted, first.name, column.at)

    def _term(self) -> Column | Aggregate:
        kind, _, start = self._tokens[self._next]
        if kind not in _FUNCTIONS:
            return self._column()
        self._next += 1
        self._take("(")
        of = None if kind == "COUNT" and self._skip("*") else self._column()
        self._take(")")
        return Aggregate(_FUNCTIONS[kind], of, self._at(start))

    def _output(self) -> Output:
        return Output(self._term(), self._alias())

    def _order(self) -> Order:
        term = self._term()
        return Order(term, self._skip("DESC") or (self._skip("ASC") and False))

    def _limit(self) -> int:
        _, digits, _ = self._take("number")
        if not digits.isdigit() or int(digits) > MAX_LIMIT:
            raise _OtherError
        return int(digits)

    def _condition(self) -> Predicate:
        every = self._chain()
        if self._tokens[self._next][0] != "OR":
            return every
        found = [every]
        while self._skip("OR"):
            found.append(self._chain())
        return AnyOf(tuple(found))

    def _chain(self) -> Predicate:
        first = self._single()
        if self._tokens[self._next][0] != "AND":
            return first
        found = [first]
        while self._skip("AND"):
            found.append(self._single())
        return AllOf(tuple(found))

    def _single(self) -> Predicate:
        kind = self._tokens[self._next][0]
        if kind not in ("NOT", "("):
            return self._test()
        self._next += 1
        self._depth += 1
        if self._depth > _MOST_DEPTH:
            raise _OtherError
        if kind == "NOT":
            found: Predicate = Not(self._single())
        else:
            found = self._condition()
            self._take(")")
        self._depth -= 1
        return found

    def _test(self) -> Predicate:
        term = self._term()
        operator = _COMPARED.get(self._tokens[self._next][0])
        if operator is not None:
            self._next += 1
            return Comparison(term, operator, self._literal())
        negated = self._skip("NOT")
        found: Predicate
        if self._skip("IN"):
            self._take("(")
            found = Membership(term, self._listed(self._literal))
            self._take(")")
        else:
            self._take("BETWEEN")
            low = self._literal()
            self._take("AND")
            high = self._literal()
            found = AllOf((Comparison(term, ">=", low), Comparison(term, "<=", high)))
        return Not(found) if negated else found

    def _literal(self) -> Literal_:
        sign = "-" if self._skip("-") else ""
        kind, text, start = self._tokens[self._next]
        if kind not in (("number",) if sign else ("text", "number")):
            raise _OtherError
        self._next += 1
        return Literal_(sign + text, kind == "text", self._at(start))

    def _at(self, offset: int) -> Position:
        return position(self._text, offset)
