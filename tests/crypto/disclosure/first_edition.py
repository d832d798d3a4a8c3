"""The first edition on products in the form of the test vectors: what the adversary is tried on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crypto.disclosure import ProtectedTable, Rules
from crypto.disclosure.table import BLOCKED
from tests.crypto.disclosure.first_rules import CellStatistics, statistics
from tests.crypto.disclosure.first_versions import first_version, renew
from tests.crypto.disclosure.second_plain import plain_row

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

Cell = tuple[int, ...]
Behind = dict[str, tuple[int, ...]]  # figures per contributor


class FirstEdition:
    """All versions, published by the first edition; empty values count as nil there.

    Attributes:
        vector: the product with every measure as the first edition reads it.
        tables: one per version.
        results: base cells and held cells per version, as in a vector's result.
    """

    def __init__(self, vector: dict[str, Any]) -> None:
        given = vector["declaration"]
        measures = [{**m, "empty": "zero"} for m in given["measures"]]
        self.vector = {**vector, "declaration": {**given, "measures": measures}}
        self.sizes: list[int] = given["dims"]
        rules = given.get("rules", {})
        self.rules = Rules(
            minimum_contributors=rules.get("k", 5),
            dominance=tuple((n, p) for n, p in rules.get("dominance", ((1, 75), (2, 85)))),
            p_percent=rules.get("p", 10),
        )
        self.width = 1 + len(measures)
        self.names = tuple(m["name"] for m in measures)
        self.tables: list[ProtectedTable] = []
        self.results: list[dict[str, Any]] = []
        self.ever: dict[int, list[Behind]] = {}
        self._asked: dict[Any, Any] = {}
        for rows in vector["versions"]:
            self._publish(rows)

    def ask(self, version: int, codes: Sequence[Collection[int]], figure: int) -> int | None:
        """A number of one version, if it is given."""
        key = version, tuple(map(tuple, codes))
        if key not in self._asked:
            self._asked[key] = self._added_up(self.tables[version], codes)
        found = self._asked[key]
        return None if found is None else found[figure]

    @staticmethod
    def _added_up(
        table: ProtectedTable, codes: Sequence[Collection[int]]
    ) -> tuple[int, ...] | None:
        """Add safe cells up, if all that is asked for is whole ones; what waits is empty."""
        members = {True: set[int](), False: set[int]()}
        for cell, member in zip(table.cells, table.membership, strict=True):
            inside = all(k in c for k, c in zip(cell, codes, strict=True))
            if inside and member == BLOCKED:
                return None
            if member >= 0:
                members[inside].add(member)
        if members[True] & members[False]:
            return None
        whole = [(safe.rows, *safe.sums) for safe in (table.safe[i] for i in members[True])]
        return tuple(map(sum, zip(*whole, strict=True))) or (0,) * (1 + len(table.measures))

    def _publish(self, rows: Sequence[Sequence[Any]]) -> None:
        cells: dict[Cell, Behind] = {}
        for who, key, values in rows:
            mine = cells.setdefault(tuple(key), {})
            figures = plain_row(self.vector["declaration"], values)
            before = mine.get(who, (0,) * self.width)
            mine[who] = tuple(a + b for a, b in zip(before, figures, strict=True))

        def fetch(wanted: Collection[Cell]) -> dict[Cell, Behind]:
            return {cell: cells[cell] for cell in wanted if cell in cells}

        shape = tuple(
            (f"d{d}", tuple(f"c{c}" for c in range(size))) for d, size in enumerate(self.sizes)
        )
        held: frozenset[int] = frozenset()
        if not self.tables:
            table = first_version(
                {cell: self._known(behind) for cell, behind in cells.items()},
                dimensions=shape,
                measures=self.names,
                rules=self.rules,
                zeros="shown",
                fetch=fetch,
                salt="00" * 16,
            )
            fresh = frozenset(range(len(table.safe)))
        else:
            old = self.tables[-1]
            now = {i: _joined(cells, old.members(i), self.width) for i in range(len(old.safe))}
            grouped = {c for c, m in zip(old.cells, old.membership, strict=True) if m >= 0}
            renewal = renew(
                old,
                dimensions=shape,
                cells={c: self._known(b) for c, b in cells.items() if c not in grouped},
                current={i: self._known(b) for i, b in now.items() if b},
                change={i: self._known(_minus(b, self.ever[i][-1])) for i, b in now.items()},
                fetch=fetch,
                salt="00" * 16,
                earlier={
                    i: [self._known(_minus(b, was)) for was in self.ever[i][:-1]]
                    for i, b in now.items()
                },
            )
            table, held = renewal.table, renewal.held
            fresh = renewal.updated | renewal.added
        for i in fresh:
            self.ever.setdefault(i, []).append(_joined(cells, table.members(i), self.width))
        self.tables.append(table)
        self.results.append(
            {"base_cells": [table.members(i) for i in range(len(table.safe))], "held": sorted(held)}
        )

    def _known(self, behind: Behind) -> CellStatistics:
        return statistics(behind.values(), figures=self.width, depth=self.rules.depth)


def _joined(cells: Mapping[Cell, Behind], keys: Sequence[Cell], width: int) -> Behind:
    found: Behind = {}
    for key in keys:
        for who, figures in cells.get(key, {}).items():
            before = found.get(who, (0,) * width)
            found[who] = tuple(a + b for a, b in zip(before, figures, strict=True))
    return found


def _minus(now: Behind, was: Behind) -> Behind:
    width = max((len(f) for f in (*now.values(), *was.values())), default=1)
    nil = (0,) * width
    return {
        who: tuple(a - b for a, b in zip(now.get(who, nil), was.get(who, nil), strict=True))
        for who in sorted({*now, *was})
    }
