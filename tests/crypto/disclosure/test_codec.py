"""Protected tables as bytes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from crypto.disclosure import decode, encode
from tests.crypto.disclosure.reference import Row
from tests.crypto.disclosure.tables import History, publish, row_lists


@settings(max_examples=60, deadline=None)
@given(row_lists(), row_lists())
def test_round_trip(rows: list[Row], later: list[Row]) -> None:
    """What was stored is read back whole, with the same version digest."""
    history = History(rows)
    history.advance(rows + later)
    for table in (publish(rows), history.table):
        again = decode(encode(table))
        assert again == table
        assert again.version == table.version


def test_the_digest_covers_figures_and_salt() -> None:
    """Another figure or another salt is another version."""
    table = publish([Row((0, 0, 0), who, (1, 1)) for who in "ABCDE"])
    salted = replace(table, salt="ff" * 16)
    other = replace(table, safe=(replace(table.safe[0], rows=6),))
    assert len({table.version, salted.version, other.version}) == 3


@pytest.mark.parametrize("damage", [b"", b"voile-table-2\n", b"voile-table-1\nx"])
def test_other_bytes_are_refused(damage: bytes) -> None:
    """Bytes that are not a table are one error, not half a table."""
    with pytest.raises(ValueError, match="protected table"):
        decode(damage)
    whole = encode(publish([]))
    with pytest.raises(ValueError, match="protected table"):
        decode(whole[:-3])
