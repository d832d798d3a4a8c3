"""A table of the second edition as bytes."""

from __future__ import annotations

import random
import zlib

import pytest

from crypto.disclosure.guarded_codec import (
    decode_guarded,
    digest_guarded,
    encode_guarded,
    is_guarded,
)
from crypto.disclosure.renewing import renew_table
from tests.crypto.disclosure.built_tables import any_product
from tests.crypto.disclosure.second_attack import second_edition

SALT = "5a" * 16


def test_a_table_is_read_as_it_was_written_and_goes_on() -> None:
    """Every field comes back, and the next version is made of it as of the table itself."""
    for seed in range(25):
        vector = any_product(random.Random(seed))
        published = second_edition(vector)
        if published is None:
            continue
        product = published[0]
        table = product.table
        assert table is not None
        data = encode_guarded(table, SALT)
        assert is_guarded(data)
        again, salt = decode_guarded(data)
        assert (again, salt) == (table, SALT)
        assert encode_guarded(again, salt) == data
        source = product.source(vector["versions"][0])
        most = vector["products"]
        one = renew_table(table, source, most_products=most)
        assert renew_table(again, source, most_products=most) == one


def test_the_digest_tells_nothing_without_the_salt() -> None:
    """Equal tables under other salts have other digests; the same salt gives the same."""
    published = second_edition(any_product(random.Random(1)))
    assert published is not None
    table = published[0].table
    assert table is not None
    assert digest_guarded(table, SALT) == digest_guarded(table, SALT)
    assert digest_guarded(table, SALT) != digest_guarded(table, "a5" * 16)


@pytest.mark.parametrize(
    "data",
    [
        b"voile-table-1\n" + zlib.compress(b"{}"),
        b"voile-table-2\n" + zlib.compress(b"{}"),
        b"voile-table-2\n" + zlib.compress(b"[1]"),
        b"voile-table-2\n",
        b"",
    ],
)
def test_other_bytes_are_refused(data: bytes) -> None:
    """Bytes of another format, damaged or empty ones, are refused in one way."""
    with pytest.raises(ValueError, match="expected a protected table of format 2"):
        decode_guarded(data)
