"""A question's text is read once, whether it can be read or not."""

from __future__ import annotations

import pytest

from connector.questions.reading import outcome, read_sql
from policies.errors import QueryError

REFUSED = "SELECT nothing FROM deliveries WHERE"


def test_what_was_read_before_is_not_read_again() -> None:
    """Read outside a transaction, a text costs nothing inside: a question or its refusal."""
    outcome.cache_clear()
    sql = "SELECT SUM(qty) FROM deliveries"
    first = outcome(sql)
    assert read_sql(sql) is first
    kept = outcome(REFUSED)
    for _ in range(2):
        with pytest.raises(QueryError) as error:
            read_sql(REFUSED)
        assert error.value is kept
    assert outcome.cache_info().misses == 2
