"""Data versions of the first edition: its first table, and the renewal when the data changes.

Whoever asks both before and after a change learns the difference. So a safe cell takes its new
value only if the change itself, contributor by contributor, obeys the rules against each value
that the cell has ever shown (or is nil); otherwise it keeps its old value and is marked. Safe cells
are never split or regrouped. Finest cells that held no rows before, or were blocked, are
partitioned among themselves; of the unsafe rest, cells that were shown as empty stay empty and are
marked pending, the others stay blocked.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from crypto.disclosure.table import BLOCKED, PENDING, CellKey, ProtectedTable, SafeCell
from tests.crypto.disclosure.first_partition import Fetch, Partition, partition
from tests.crypto.disclosure.first_rules import CellStatistics, obeys

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crypto.disclosure.rules import Rules

Dimensions = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Renewal:
    """A renewed table, and what became of the old safe cells.

    Attributes:
        table: the new version; equal to the old one if `changed` is false.
        updated: safe cells that took their new value.
        held: safe cells whose change must not be shown yet.
        added: safe cells made of finest cells that were not shown before.
    """

    table: ProtectedTable
    updated: frozenset[int]
    held: frozenset[int]
    added: frozenset[int]

    @property
    def changed(self) -> bool:
        """Whether an answer can differ from the old version's."""
        return bool(self.updated or self.added)


def first_version(
    cells: Mapping[CellKey, CellStatistics],
    *,
    dimensions: Dimensions,
    measures: tuple[str, ...],
    rules: Rules,
    zeros: Literal["shown", "hidden"],
    fetch: Fetch,
    salt: str,
) -> ProtectedTable:
    """Makes the protected table of a product's first data version.

    Args:
        cells: the finest cells that hold rows; all finest cells if zeros are hidden.
        dimensions: name and codes, most important first.
        measures: names, in the order of the figures after the row count.
        rules: what every safe cell obeys.
        zeros: what happens to finest cells without rows.
        fetch: gives contributions of finest cells.
        salt: at least 16 random bytes, in hex.
    """
    made = partition(cells, rules=rules, fetch=fetch, figures=1 + len(measures))
    membership = dict.fromkeys(made.blocked, BLOCKED)
    safe = _append(made, membership, (), number=1)
    keys = tuple(sorted(membership))
    return ProtectedTable(
        dimensions=dimensions,
        measures=measures,
        rules=rules,
        zeros=zeros,
        number=1,
        salt=salt,
        cells=keys,
        membership=tuple(membership[key] for key in keys),
        safe=safe,
    )


def renew(
    old: ProtectedTable,
    *,
    dimensions: Dimensions,
    cells: Mapping[CellKey, CellStatistics],
    current: Mapping[int, CellStatistics],
    change: Mapping[int, CellStatistics],
    fetch: Fetch,
    salt: str,
    earlier: Mapping[int, Sequence[CellStatistics]] = MappingProxyType({}),
) -> Renewal:
    """Makes the table of a later data version.

    Args:
        old: the version before.
        dimensions: those of `old`, possibly with codes appended.
        cells: finest cells of the new data that are in none of the old safe cells.
        current: statistics of the new data per old safe cell.
        change: statistics, per old safe cell, of each contributor's new contribution minus the one
            in the value last shown; a safe cell that is missing did not change.
        fetch: gives contributions of finest cells in the new data.
        salt: fresh random hex.
        earlier: per old safe cell the same change against each value shown before the last one;
            nil changes may be left out.

    Raises:
        ValueError: if the dimensions are not those of `old` with codes appended.
    """
    if [name for name, _ in dimensions] != [name for name, _ in old.dimensions] or any(
        new[: len(was)] != was
        for (_, new), (_, was) in zip(dimensions, old.dimensions, strict=True)
    ):
        raise ValueError("expected the dimensions of the earlier version, codes appended at most")
    number = old.number + 1
    safe, updated, held = _carry_over(old, number, current, change, earlier)
    was = dict(zip(old.cells, old.membership, strict=True))
    pending_since = dict(
        zip((key for key, m in was.items() if m == PENDING), old.pending_since, strict=True)
    )
    made = partition(cells, rules=old.rules, fetch=fetch, figures=1 + len(old.measures))
    membership = {key: member for key, member in was.items() if member >= 0}
    pending: dict[CellKey, int] = {}
    for key in made.blocked:
        if was.get(key) == BLOCKED or old.zeros == "hidden":
            membership[key] = BLOCKED
        else:
            membership[key] = PENDING
            pending[key] = pending_since.get(key, old.number)
    grown = _append(made, membership, safe, number=number)
    keys = tuple(sorted(membership))
    table = ProtectedTable(
        dimensions=dimensions,
        measures=old.measures,
        rules=old.rules,
        zeros=old.zeros,
        number=number,
        salt=salt,
        cells=keys,
        membership=tuple(membership[key] for key in keys),
        safe=grown,
        pending_since=tuple(pending[key] for key in keys if key in pending),
    )
    return Renewal(table, updated, held, frozenset(range(len(safe), len(grown))))


def _carry_over(
    old: ProtectedTable,
    number: int,
    current: Mapping[int, CellStatistics],
    change: Mapping[int, CellStatistics],
    earlier: Mapping[int, Sequence[CellStatistics]],
) -> tuple[tuple[SafeCell, ...], frozenset[int], frozenset[int]]:
    safe, updated, held = [], set(), set()
    for index, cell in enumerate(old.safe):
        moved = change.get(index)
        if moved is None or not moved.contributors:
            safe.append(replace(cell, held=False))
            continue
        now = current.get(index)
        if now is None or not now.contributors:
            may_be_shown = old.zeros == "shown"
        else:
            may_be_shown = obeys(now, old.rules)
        steps = [moved, *(step for step in earlier.get(index, ()) if step.contributors)]
        # Cells shown as empty before need no step of their own: `now` itself is the change.
        if may_be_shown and all(obeys(step, old.rules) for step in steps):
            updated.add(index)
            safe.append(_safe_cell(now, number, len(old.measures)))
        else:
            held.add(index)
            safe.append(replace(cell, held=True))
    return tuple(safe), frozenset(updated), frozenset(held)


def _append(
    made: Partition,
    membership: dict[CellKey, int],
    safe: tuple[SafeCell, ...],
    *,
    number: int,
) -> tuple[SafeCell, ...]:
    grown = list(safe)
    for group in made.safe:
        membership.update(dict.fromkeys(group.cells, len(grown)))
        grown.append(_safe_cell(group.statistics, number, len(group.statistics.totals) - 1))
    return tuple(grown)


def _safe_cell(known: CellStatistics | None, number: int, measures: int) -> SafeCell:
    if known is None:
        nothing = (0,) * (1 + measures)
        known = CellStatistics(0, nothing, nothing, ((),) * (1 + measures))
    return SafeCell(
        rows=known.rows,
        sums=known.totals[1:],
        contributors=known.contributors,
        absolute=known.absolute,
        largest=known.largest,
        since=number,
    )
