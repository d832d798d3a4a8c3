"""The normaliser forgets nonces, signatures and released values, and nothing else."""

from __future__ import annotations

import json
from typing import Any

import pytest

from crypto.b64 import b64url
from tests.worlds.normal import Normaliser, released


def normal(value: Any) -> Any:
    return Normaliser().body(json.dumps(value).encode())


def jws(payload: Any, signature: str) -> str:
    parts = [b64url(json.dumps(part).encode()) for part in ({"alg": "EdDSA"}, payload)]
    return ".".join([*parts, signature * 86])


def test_values_instants_ids_and_signatures_do_not_count() -> None:
    uuids = ("7f1d2b34-0000-4000-8000-000000000001", "aa1d2b34-0000-4000-8000-000000000002")
    one, two = (
        {
            "id": f"urn:uuid:{uuid}",
            "again": uuid,
            "at": at,
            "cells": [{"values": {"a:sum": value}}],
            "signed": jws({"values": {"n": value}}, sign),
        }
        for uuid, at, value, sign in (
            (uuids[0], "2026-11-29T12:00:00.123Z", "17", "a"),
            (uuids[1], "2026-11-29T12:09:00.999Z", "4711", "b"),
        )
    )
    assert normal(one) == normal(two)
    assert released(normal(one))


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ({"count": 3}, {"count": 4}),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        ({"withheld": ["x"]}, {"withheld": []}),
        ({"values": {"a": None}}, {"values": {"a": "1"}}),
        ({"values": {"a": "1"}}, {"values": {"b": "1"}}),
        ({"signed": jws({"clamped": 0}, "a")}, {"signed": jws({"clamped": 1}, "a")}),
        ({"message": "at most 5 rows"}, {"message": "at most 6 rows"}),
        (["a", "b"], ["b", "a"]),
        ({"id": ["x" * 43, "x" * 43]}, {"id": ["x" * 43, "y" * 43]}),
    ],
)
def test_everything_else_counts(one: Any, two: Any) -> None:
    assert normal(one) != normal(two)


def test_of_acknowledgements_counts_how_many_there_are() -> None:
    """Which leaf of the log it is depends on whose heads crossed meanwhile."""

    def ack(index: int, leaf: str, signature: str, accepted: str = "") -> str:
        return (
            f"{index};{leaf * 64};{accepted};{jws('', signature).split('.')[0]}..{signature * 86}"
        )

    one, two = ack(7, "a", "x"), ack(4711, "b", "y", "c" * 64)
    assert Normaliser().text(one) == Normaliser().text(two)
    assert Normaliser().text(one) != Normaliser().text(f"{one}, {two}")


def test_a_body_that_is_no_text_counts_by_its_length() -> None:
    assert Normaliser().body(b"\xff\x00") == Normaliser().body(b"\xff\x01")
    assert Normaliser().body(b"\xff\x00") != Normaliser().body(b"\xff")
