"""Parsing a question: SQL text in, a frozen `AggregateQuery` or one error with its position out.

A plain question is read token by token (`sql_quick`). For others sqlglot gives the syntax tree;
every kind of node that is not on the allow-list is refused, and so is every part of an allowed node
that is not read (`sql_reader`). The text is never executed, nor is a tree made from it: what runs
is the bound question alone.
"""

from __future__ import annotations

from functools import lru_cache

from policies.query import (
    START,
    AggregateQuery,
    Position,
)
from policies.sql_quick import quick
from policies.sql_reader import Reader
from policies.sql_text import position, refused, tokens

__all__ = ["AggregateQuery", "parse"]


@lru_cache(maxsize=128)
def parse(text: str) -> AggregateQuery:
    """Parse a question; the newest are remembered.

    Args:
        text: ``SELECT dimensions, aggregates FROM table [WHERE …] [GROUP BY …] [HAVING …]
            [ORDER BY …] [LIMIT n]``.

    Returns:
        The question as a value.

    Raises:
        QueryError: One reason, with line and column of what is not in the language.
    """
    return quick(text) or by_tree(text)


def by_tree(text: str) -> AggregateQuery:
    """Parse a question, plain or not, by way of sqlglot's syntax tree.

    Args:
        text: As for `parse`.

    Raises:
        QueryError: As `parse` does.
    """
    from sqlglot.errors import ParseError
    from sqlglot.parser import Parser

    found = tokens(text)
    if found[0].text.upper() not in ("SELECT", "WITH"):
        at = position(text, found[0].start)
        raise refused(
            "question.not-select",
            at,
            given=found[0].text,
            expected="SELECT",
            nxt="next.select-only",
        )
    try:
        statements = Parser().parse(found, text)
    except ParseError as error:
        detail = error.errors[0] if error.errors else {}
        # sqlglot gives the column of the token's last character
        highlight = str(detail.get("highlight") or "")
        line, end = int(detail.get("line") or 1), int(detail.get("col") or 1)
        at = Position(line, max(1, end - len(highlight) + 1))
        raise refused("question.malformed", at, given=highlight, nxt="next.select-only") from None
    except RecursionError:
        raise refused("question.deep", START, nxt="next.ask-less") from None
    tree = statements[0] if len(statements) == 1 else None
    if tree is None:
        raise refused("question.statements", START, nxt="next.one-statement")
    return Reader(text, {t.text.upper(): t.start for t in reversed(found)}).query(tree)
