"""A table has no more rows than a column of a total is planned for."""

from __future__ import annotations

import pytest

from connector.areas.products.checks import check_rows
from connector.engines.errors import DataError
from contracts.cohort.widths import MAX_ROWS


def test_as_many_rows_as_a_column_holds_are_taken():
    """The cap itself is taken, one row more is not: a figure of either fits, or is not published."""
    check_rows(MAX_ROWS)
    with pytest.raises(DataError) as caught:
        check_rows(MAX_ROWS + 1)
    assert caught.value.code == "data.rows"
