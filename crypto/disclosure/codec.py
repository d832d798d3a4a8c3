"""A protected table as bytes: one compact JSON text, deflated, with a version tag in front.

For the owner's own store, never for the wire: it holds the stored bounds of every safe cell.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from typing import TYPE_CHECKING

from crypto.disclosure.rules import Rules

if TYPE_CHECKING:
    from crypto.disclosure.table import ProtectedTable

_TAG = b"voile-table-1\n"


def encode(table: ProtectedTable) -> bytes:
    """Returns the table as bytes."""
    return _TAG + zlib.compress(_text(table), 6)


def digest(table: ProtectedTable) -> str:
    """Returns the version digest, `sha-256:` and 64 hex digits (the salt hides the figures)."""
    return "sha-256:" + hashlib.sha256(_TAG + _text(table)).hexdigest()


def decode(data: bytes) -> ProtectedTable:
    """Reads what `encode` wrote.

    Raises:
        ValueError: if the bytes are not such a table.
    """
    from crypto.disclosure.table import ProtectedTable, SafeCell

    if not data.startswith(_TAG):
        raise ValueError("expected a protected table of format 1, got other bytes")
    try:
        raw = json.loads(zlib.decompress(data[len(_TAG) :]))
        rules = raw["rules"]
        return ProtectedTable(
            dimensions=tuple((name, tuple(codes)) for name, codes in raw["dimensions"]),
            measures=tuple(raw["measures"]),
            rules=Rules(
                minimum_contributors=rules[0],
                dominance=tuple((n, percent) for n, percent in rules[1]),
                p_percent=rules[2],
            ),
            zeros=raw["zeros"],
            number=raw["number"],
            salt=raw["salt"],
            cells=tuple(tuple(cell) for cell in raw["cells"]),
            membership=tuple(raw["membership"]),
            safe=tuple(
                SafeCell(
                    rows=rows,
                    sums=tuple(sums),
                    contributors=contributors,
                    absolute=tuple(absolute),
                    largest=tuple(tuple(top) for top in largest),
                    since=since,
                    held=bool(held),
                )
                for rows, sums, contributors, absolute, largest, since, held in raw["safe"]
            ),
            pending_since=tuple(raw["pending"]),
        )
    except (KeyError, TypeError, IndexError, zlib.error) as error:
        raise ValueError("expected a protected table of format 1, got damaged bytes") from error


def _text(table: ProtectedTable) -> bytes:
    rules = table.rules
    return json.dumps(
        {
            "dimensions": table.dimensions,
            "measures": table.measures,
            "rules": [rules.minimum_contributors, rules.dominance, rules.p_percent],
            "zeros": table.zeros,
            "number": table.number,
            "salt": table.salt,
            "cells": table.cells,
            "membership": table.membership,
            "safe": [
                [s.rows, s.sums, s.contributors, s.absolute, s.largest, s.since, int(s.held)]
                for s in table.safe
            ],
            "pending": table.pending_since,
        },
        separators=(",", ":"),
        ensure_ascii=True,
    ).encode("ascii")
