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
from crypto.disclosure.rules import Rules

if TYPE_CHECKING:
    from crypto.disclosure.bits import Bits

_TAG = b"voile-table-2\n"


def encode_guarded(table: GuardedTable, salt: str) -> bytes:
    """Returns the table as bytes; the salt is at least 16 random bytes, in hex."""
    return _TAG + zlib.compress(_text(table, salt), 6)


def digest_guarded(table: GuardedTable, salt: str) -> str:
    """Returns the version digest, `sha-256:` and 64 hex digits (the salt hides the figures)."""
    return "sha-256:" + hashlib.sha256(_TAG + _text(table, salt)).hexdigest()


def is_guarded(data: bytes) -> bool:
    """Says whether bytes are a table of the second edition."""
    return data.startswith(_TAG)


def decode_guarded(data: bytes) -> tuple[GuardedTable, str]:
    """Reads what `encode_guarded` wrote: the table and the salt.

    Raises:
        ValueError: if the bytes are not such a table.
    """
    if not is_guarded(data):
        raise ValueError("expected a protected table of format 2, got other bytes")
    try:
        raw = json.loads(zlib.decompress(data[len(_TAG) :]))
        extremes = raw["extremes"]
        texts = raw["fingerprints"]
        table = GuardedTable(
            declaration=_declaration(raw["declaration"]),
            base=_tuples(raw["base"]),
            cells=_cells(raw["cells"]),
            withheld=_cells(raw["withheld"]),
            extremes=None
            if extremes is None
            else {tuple(c): (least, most) for c, least, most in extremes},
            versions=tuple(_version(version, texts) for version in raw["versions"]),
        )
        return table, str(raw["salt"])
    except (KeyError, TypeError, IndexError, AttributeError, zlib.error) as error:
        raise ValueError("expected a protected table of format 2, got damaged bytes") from error


def _text(table: GuardedTable, salt: str) -> bytes:
    texts: dict[str, int] = {}
    versions = []
    for version in table.versions:
        raw = asdict(version)
        for field in ("shown", "true"):
            raw[field] = [texts.setdefault(text, len(texts)) for text in raw[field]]
        versions.append(raw)
    extremes = None
    if table.extremes is not None:
        extremes = sorted([c, *ends] for c, ends in table.extremes.items())
    found = {
        "declaration": asdict(table.declaration),
        "base": table.base,
        "cells": [[members(cell) for cell in cells] for cells in table.cells],
        "withheld": [[members(cell) for cell in cells] for cells in table.withheld],
        "extremes": extremes,
        "versions": versions,
        "fingerprints": list(texts),
        "salt": salt,
    }
    return json.dumps(found, separators=(",", ":"), ensure_ascii=True).encode("ascii")


def _declaration(raw: dict[str, Any]) -> Declaration:
    protection = raw["protection"]
    rules = protection["rules"]
    rules = Rules(**{**rules, "dominance": _tuples(rules["dominance"])})
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
        values=_tuples(raw["values"]),
        since=tuple(raw["since"]),
        shown=tuple(texts[i] for i in raw["shown"]),
        true=tuple(texts[i] for i in raw["true"]),
        carriers=_tuples(raw["carriers"]),
        held=tuple(raw["held"]),
        blocked=_tuples(raw["blocked"]),
        pending=_tuples(raw["pending"]),
    )


def _cells(raw: list[list[list[int]]]) -> tuple[tuple[Bits, ...], ...]:
    return tuple(tuple(bits_of(cell) for cell in cells) for cells in raw)


def _tuples(raw: Any) -> Any:
    return tuple(_tuples(x) for x in raw) if isinstance(raw, list) else raw
