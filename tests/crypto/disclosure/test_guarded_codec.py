"""A published table of the second edition as bytes."""

from __future__ import annotations

import json
import random
import zlib
from dataclasses import replace

import pytest

from crypto.disclosure.guarded_codec import (
    decode_published,
    digest_published,
    encode_published,
    is_published,
)
from crypto.disclosure.renewing import renew_table
from tests.crypto.disclosure.built_tables import any_product
from tests.crypto.disclosure.published_tables import published, published_table
from tests.crypto.disclosure.second_attack import second_edition

TAG = b"voile-table-2\n"


def test_a_table_is_read_as_it_was_written_and_goes_on() -> None:
    """Every field comes back, and the next version is made of it as of the table itself."""
    for seed in range(25):
        vector = any_product(random.Random(seed))
        made = second_edition(vector)
        if made is None or made[0].table is None:
            continue
        product, table = made[0], published(made[0].table, first=3)
        data = encode_published(table)
        assert is_published(data)
        again = decode_published(data)
        assert again == table
        assert again.version == table.version == digest_published(again)
        assert encode_published(again) == data
        source = product.source(vector["versions"][0])
        most = vector["products"]
        one = renew_table(table.table, source, most_products=most)
        assert renew_table(again.table, source, most_products=most) == one


def test_the_digest_is_of_all_there_is_and_tells_nothing_without_the_salt() -> None:
    """Another salt, number, name or value gives another digest; the same gives the same."""
    table = published_table(random.Random(1))
    assert table is not None
    version = table.table.newest
    values = ((version.values[0][0] + 1, *version.values[0][1:]), *version.values[1:])
    other = replace(version, values=values)
    changed = [
        replace(table),
        replace(table, salt="a5" * 16),
        replace(table, first=table.first + 1),
        replace(table, dimensions=(("other", table.dimensions[0][1]), *table.dimensions[1:])),
        replace(table, dimensions=tuple((name, codes[::-1]) for name, codes in table.dimensions)),
        replace(table, table=replace(table.table, versions=(*table.table.versions[:-1], other))),
        replace(table, table=replace(table.table, extremes=None)),
    ]
    digests = [one.version for one in changed]
    assert digests[0] == table.version
    assert len(set(digests)) == len(changed)


def test_every_code_has_a_name() -> None:
    """Names of more or fewer codes or dimensions than were declared are refused."""
    table = published_table(random.Random(1))
    assert table is not None
    first, *others = table.dimensions
    for dimensions in [(), tuple(others), ((first[0], (*first[1], "more")), *others)]:
        with pytest.raises(ValueError, match="expected names for"):
            replace(table, dimensions=dimensions)


@pytest.mark.parametrize(
    "data",
    [
        b"voile-table-1\n" + zlib.compress(b"{}"),
        TAG + zlib.compress(b"{}"),
        TAG + zlib.compress(b"[1]"),
        TAG + zlib.compress(b"{"),
        TAG + zlib.compress(b"\xff"),
        TAG,
        b"",
    ],
)
def test_other_bytes_are_refused(data: bytes) -> None:
    """Bytes of another format, damaged or empty ones, are refused in one way."""
    with pytest.raises(ValueError, match="expected a protected table of format 2"):
        decode_published(data)


def test_damaged_bytes_are_refused() -> None:
    """Cut anywhere, longer, with one byte changed, or with a field that is missing or not whole."""
    tables = (published_table(random.Random(seed)) for seed in range(100))
    table = next(t for t in tables if t is not None and any(t.table.cells))
    data = encode_published(table)
    damaged = [data[:end] for end in range(0, len(data), 7)] + [data + b"0"]
    damaged += [data[:at] + bytes([data[at] ^ 255]) + data[at + 1 :] for at in range(len(data))]
    text = zlib.decompress(data[len(TAG) :])
    names = ["salt", "first", "dimensions", "base", "versions", "values", "fingerprints", "rules"]
    wrong = [text.replace(b'"%s"' % name.encode(), b'"_"') for name in names]
    raw = json.loads(text)
    cells = [[[10**12]], *raw["cells"][1:]]
    wrong.append(json.dumps({**raw, "cells": cells}).encode())
    wrong.append(json.dumps({**raw, "base": [[[0]], *raw["base"]]}).encode())
    wrong.append(json.dumps({**raw, "versions": []}).encode())
    damaged += [TAG + zlib.compress(one) for one in wrong]
    for bytes_ in damaged:
        with pytest.raises(ValueError, match="expected a protected table of format 2"):
            decode_published(bytes_)
