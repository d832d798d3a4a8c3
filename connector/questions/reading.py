"""Reading a question's text once, whether it can be read or not.

Parsing may take long, and a transaction has the database to itself. So whoever decides a question
reads its text before the transaction; inside, the outcome is remembered, a refusal too.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from policies.errors import QueryError
from policies.sql import parse

if TYPE_CHECKING:
    from policies.query import AggregateQuery


def read_sql(sql: str) -> AggregateQuery:
    """Read a question's text.

    Raises:
        QueryError: It is not in the language.
    """
    found = outcome(sql)
    if isinstance(found, QueryError):
        raise found.with_traceback(None)
    return found


@lru_cache(maxsize=128)
def outcome(sql: str) -> AggregateQuery | QueryError:
    """Return what reading a text gives; the newest outcomes are remembered."""
    try:
        return parse(sql)
    except QueryError as error:
        return error.with_traceback(None)
