"""The cells of a table that would be published, each with what becomes of it: for its owner.

Read from the table itself, as checking makes it, so that a preview shows what publishing does, and
by what answers say of it, so that it counts what a buyer would.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

from crypto.disclosure.finest import MERGED, SHOWN, WITHHELD, finest_cells

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.areas.products.preparing import Draft
    from crypto.disclosure.guarded_table import GuardedTable
    from crypto.disclosure.table import CellKey

MOST_CELLS: Final = 20_000  # that are kept of a preview; the rest is counted
HELD, WAITING = "held", "waiting"
_LETTERS: Final[Mapping[str, str]] = {
    SHOWN: "s",
    MERGED: "m",
    WITHHELD: "w",
    HELD: "h",
    WAITING: "p",
}
STATES: Final[Mapping[str, str]] = {letter: state for state, letter in _LETTERS.items()}


def cells_of(draft: Draft) -> dict[str, Any]:
    """Returns every finest cell with rows: its codes, and what becomes of it.

    Returns:
        ``dimensions`` with names and codes; ``measures``; ``cells``, each ``[codes, states, rules,
        with]``: the places of its codes, a letter of `STATES` for the rows and for each measure,
        the rules that it broke alone, with how many others it is merged; ``count`` of all;
        ``digest``, the same for the same cells.
    """
    table = draft.made.table
    alone = draft.made.findings.alone
    newest = table.newest
    held = {key for number in newest.held for key in table.base[number]}
    others = {key: len(keys) - 1 for keys in table.base for key in keys}
    found: list[tuple[CellKey, str, tuple[str, ...], int]] = []
    for cell in finest_cells(draft.published):
        states = (HELD if one == SHOWN and cell.key in held else one for one in cell.figures)
        letters = "".join(_LETTERS[state] for state in states)
        found.append((cell.key, letters, alone.get(cell.key, ()), others.get(cell.key, 0)))
    waiting = _LETTERS[WAITING] * len(table.figures)
    found += [(key, waiting, alone.get(key, ()), 0) for key in newest.pending]
    found.sort()
    return {
        "dimensions": [
            {"name": name, "codes": list(codes)} for name, codes in draft.published.dimensions
        ],
        "measures": [figure.name for figure in table.figures[1:]],
        "cells": [[list(key), *rest] for key, *rest in found[:MOST_CELLS]],
        "count": len(found),
        "digest": cells_digest(table),
    }


def cells_digest(table: GuardedTable) -> str:
    """Returns a digest of which cells there are and what is shown of them, without any salt."""
    newest = table.newest
    told = [
        table.base,
        table.cells,
        table.withheld,
        newest.values,
        newest.held,
        newest.blocked,
        newest.pending,
    ]
    return "sha-256:" + hashlib.sha256(json.dumps(told).encode()).hexdigest()
