"""The cells of a table that would be published, each with what becomes of it: for its owner.

Read from the table itself, as checking makes it, so that a preview shows what publishing does.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

from crypto.disclosure.bits import members

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from connector.areas.products.preparing import Draft
    from crypto.disclosure.guarded_table import GuardedTable
    from crypto.disclosure.table import CellKey

MOST_CELLS: Final = 20_000  # that are kept of a preview; the rest is counted
SAFE, MERGED, WITHHELD, HELD, WAITING = "safe", "merged", "withheld", "held", "waiting"
_LETTERS: Final = {SAFE: "s", MERGED: "m", WITHHELD: "w", HELD: "h", WAITING: "p"}
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
    names = [f.name for f in table.figures[1:]]
    newest = table.newest
    held = {*newest.held}
    of_measure = [_states(table, number, held) for number in range(1, len(table.figures))]
    found: list[tuple[CellKey, str, tuple[str, ...], int]] = []
    for number, keys in enumerate(table.base):
        state = HELD if number in held else MERGED if len(keys) > 1 else SAFE
        letters = _LETTERS[state] + "".join(states[number] for states in of_measure)
        found += [(key, letters, alone.get(key, ()), len(keys) - 1) for key in keys]
    for keys, letter in ((newest.blocked, "w"), (newest.pending, "p")):
        letters = letter * (1 + len(names))
        found += [(key, letters, alone.get(key, ()), 0) for key in keys]
    found.sort()
    return {
        "dimensions": [
            {"name": name, "codes": list(codes)} for name, codes in draft.published.dimensions
        ],
        "measures": names,
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


def _states(table: GuardedTable, figure: int, held: AbstractSet[int]) -> Sequence[str]:
    """Returns per base cell the letter of what becomes of one measure there."""
    states = ["w"] * len(table.base)
    for cell in table.cells[figure]:
        places = members(cell)
        alone = len(places) == 1 and len(table.base[places[0]]) == 1
        letter = "h" if not held.isdisjoint(places) else "s" if alone else "m"
        for place in places:
            states[place] = letter
    return states
