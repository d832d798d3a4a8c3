"""A table of the second edition as bytes: one compact JSON text, deflated, a version tag in front.

For the owner's own store, never for the wire: it tells what is held, how many carry what, and
fingerprints of contents.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from crypto.disclosure.bits import bits_of, members
from crypto.disclosure.declaration import Declaration, DeclaredMeasure, Protection
from crypto.disclosure.guarded_table import DataVersion, GuardedTable
from crypto.disclosure.published import PublishedTable
from crypto.disclosure.rules import Rules

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crypto.disclosure.bits import Bits

_TAG = b"voile-table-2\n"


def encode_published(table: PublishedTable) -> bytes:
    """Returns the table as bytes."""
    return _TAG + zlib.compress(_text(table), 6)


def digest_published(table: PublishedTable) -> str:
    """Returns the version digest of all it holds, `sha-256:` and 64 hex digits.

    The salt hides the figures.
    """
    return _digest(_text(table))


def is_published(data: bytes) -> bool:
    """Says whether bytes are a table of the second edition."""
    return data.startswith(_TAG)


def decode_published(data: bytes) -> PublishedTable:
    """Reads what `encode_published` wrote.

    Raises:
        ValueError: if the bytes are not such a table.
    """
    if not is_published(data):
        raise ValueError("expected a protected table of format 2, got other bytes")
    try:
        text = _inflated(data[len(_TAG) :])
        return PublishedTable.known_as(_digest(text), **_fields(json.loads(text)))
    except (
        ArithmeticError,
        AttributeError,
        LookupError,
        RecursionError,
        TypeError,
        ValueError,
        zlib.error,
    ) as error:
        raise ValueError("expected a protected table of format 2, got damaged bytes") from error


def _inflated(data: bytes) -> bytes:
    inflate = zlib.decompressobj()
    text = inflate.decompress(data)
    if not inflate.eof or inflate.unused_data:
        raise ValueError("cut off, or longer than it was written")
    return text


def _digest(text: bytes) -> str:
    return "sha-256:" + hashlib.sha256(_TAG + text).hexdigest()


def _text(published: PublishedTable) -> bytes:
    table = published.table
    texts: dict[str, int] = {}
    extremes = None
    if table.extremes is not None:
        extremes = sorted([c, *ends] for c, ends in table.extremes.items())
    found = {
        "salt": published.salt,
        "first": published.first,
        "dimensions": published.dimensions,
        "declaration": {
            **asdict(table.declaration),
            "equations": [dict(equation) for equation in table.declaration.equations],
        },
        "base": table.base,
        "cells": [[members(cell) for cell in cells] for cells in table.cells],
        "withheld": [[members(cell) for cell in cells] for cells in table.withheld],
        "extremes": extremes,
        "versions": [
            {
                "values": list(zip(*version.values, strict=True)),
                "since": version.since,
                "shown": [texts.setdefault(text, len(texts)) for text in version.shown],
                "true": [texts.setdefault(text, len(texts)) for text in version.true],
                "carriers": version.carriers,
                "held": version.held,
                "blocked": version.blocked,
                "pending": version.pending,
            }
            for version in table.versions
        ],
        "fingerprints": list(texts),
    }
    return json.dumps(found, separators=(",", ":"), ensure_ascii=True).encode("ascii")


def _fields(raw: dict[str, Any]) -> dict[str, Any]:
    """Returns the fields of a published table."""
    texts = raw["fingerprints"]
    extremes = raw["extremes"]
    base = tuple([_keys(keys) for keys in raw["base"]])
    table = GuardedTable(
        declaration=_declaration(raw["declaration"]),
        base=base,
        cells=_cells(raw["cells"], len(base)),
        withheld=_cells(raw["withheld"], len(base)),
        extremes=None
        if extremes is None
        else {tuple(c): (least, most) for c, least, most in extremes},
        versions=tuple([_version(version, texts) for version in raw["versions"]]),
    )
    if len(table.newest.values) != len(base):
        raise ValueError("other base cells than values")
    return {
        "table": table,
        "dimensions": tuple([(name, tuple(codes)) for name, codes in raw["dimensions"]]),
        "salt": raw["salt"],
        "first": raw["first"],
    }


def _declaration(raw: dict[str, Any]) -> Declaration:
    protection = raw["protection"]
    rules = protection["rules"]
    rules = Rules(**{**rules, "dominance": _keys(rules["dominance"])})
    return Declaration(
        sizes=tuple(raw["sizes"]),
        measures=tuple(
            DeclaredMeasure(**{**measure, "columns": tuple(measure["columns"])})
            for measure in raw["measures"]
        ),
        protection=Protection(**{**protection, "rules": rules}),
        equations=tuple(raw["equations"]),
    )


def _version(raw: dict[str, Any], texts: list[str]) -> DataVersion:
    return DataVersion(
        values=tuple(zip(*raw["values"], strict=True)),
        since=tuple(raw["since"]),
        shown=tuple([texts[i] for i in raw["shown"]]),
        true=tuple([texts[i] for i in raw["true"]]),
        carriers=_keys(raw["carriers"]),
        held=tuple(raw["held"]),
        blocked=_keys(raw["blocked"]),
        pending=_keys(raw["pending"]),
    )


def _cells(raw: Sequence[Sequence[Sequence[int]]], count: int) -> tuple[tuple[Bits, ...], ...]:
    """Returns the cells of each figure as sets of base cells, of which there are so many."""
    if any(not 0 <= c < count for cells in raw for cell in cells for c in cell):
        raise ValueError("a measure cell of base cells that there are not")
    return tuple([tuple([bits_of(cell) for cell in cells]) for cells in raw])


def _keys(raw: Sequence[Sequence[int]]) -> tuple[tuple[int, ...], ...]:
    return tuple([tuple(key) for key in raw])
