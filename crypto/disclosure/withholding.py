"""Withholding measure cells until every signed form and check (d) is fine (disclosure.md §3.6)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crypto.disclosure.bits import blocks, least, members
from crypto.disclosure.declaration import Refused
from crypto.disclosure.guarded import Inside
from crypto.disclosure.inner import inner_checks, parts
from crypto.disclosure.ledger import Request, failing
from crypto.disclosure.measure_cells import ask_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from crypto.disclosure.bits import Bits
    from crypto.disclosure.declaration import Figure, Protection
    from crypto.disclosure.forms import Form
    from crypto.disclosure.guarded import GuardedSets, Masks
    from crypto.disclosure.ledger import Ask, Ledger
    from crypto.disclosure.measure_cells import Cells
    from crypto.disclosure.merging import Keys

Uses = tuple[int, ...]


def withhold(
    cells: Cells,
    *,
    ledger: Ledger,
    keys: Keys,
    spans: Sequence[Masks],
    guarded: GuardedSets,
    all_forms: Sequence[Form],
    figs: Sequence[Figure],
    protection: Protection,
) -> Cells:
    """Takes measure cells out of `cells` until all that is left inside guarded sets is fine.

    Each step takes one cell of the last measure of a failing form: the one in most failing pairs of
    form and released set, then with fewest rows, then with the least finest cell, then of the first
    measure. Only new sets are asked about again.

    Args:
        cells: measure cells of the new base cells alone; changed in place.
        ledger: the figures of all base cells.
        keys: their finest cells.
        spans: the codes they reach.
        guarded: the guarded sets.
        all_forms: of the declaration.
        figs: its figures.
        protection: its rules.

    Returns:
        The cells taken out, in order.

    Raises:
        Refused: if something must be withheld, and the owner declared `on_conflict = "refuse"`.
    """
    signed: dict[Uses, list[Form]] = {}
    for form in all_forms:
        if form.signed:
            signed.setdefault(form.uses, []).append(form)
    state = _Withholding(cells, ledger, signed, protection)
    inner = {m: inner_checks(m, all_forms, figs, protection) for m in cells}
    state.start_inner(inner)
    state.start(guarded, spans)
    rows = [total[0] for total in ledger.totals()]
    taken: Cells = {m: [] for m in cells}
    while state.score:
        if protection.on_conflict == "refuse":
            raise Refused(state.conflict())

        def order(scored: tuple[int, Bits]) -> tuple[int, int, tuple[int, ...], int]:
            measure, cell = scored
            places = members(cell)
            first = min(keys[c][0] for c in places)
            return -state.score[scored], sum(rows[c] for c in places), first, measure

        measure, cell = min(state.score, key=order)
        cells[measure].remove(cell)
        taken[measure].append(cell)
        state.remove(measure, cell)
    return taken


@dataclass(slots=True)
class _Withholding:
    """Which released sets fail, and how much each measure cell has to do with it."""

    cells: Cells
    ledger: Ledger
    signed: Mapping[Uses, list[Form]]
    protection: Protection
    score: dict[tuple[int, Bits], int] = field(default_factory=dict)
    _blocks: dict[Uses, list[Bits]] = field(default_factory=dict)
    _active: dict[Uses, dict[Bits, None]] = field(default_factory=dict)
    _failures: dict[tuple[Bits, Uses], int] = field(default_factory=dict)  # of sets asked about
    _inner: dict[tuple[int, Bits], int] = field(default_factory=dict)
    _owner: dict[int, dict[int, Bits]] = field(default_factory=dict)  # measure: cell by least one

    def start(self, guarded: GuardedSets, spans: Sequence[Masks]) -> None:
        """Judges all that is released inside guarded sets."""
        self._owner = {m: {least(cell): cell for cell in cs} for m, cs in self.cells.items()}
        for uses in self.signed:
            self._blocks[uses] = blocks([self.cells[m] for m in uses])
            self._active[uses] = Inside(self._blocks[uses], spans).unions(guarded)
        self._judge((bits, uses) for uses, sets in self._active.items() for bits in sets)
        for uses, sets in self._active.items():
            for bits in sets:
                self._count(bits, uses, 1)

    def start_inner(self, checks: Mapping[int, Sequence[tuple[int, tuple[Ask, ...]]]]) -> None:
        """Judges parts of measure cells."""
        requests, of = [], []
        for m, cells in self.cells.items():
            several = [cell for cell in cells if cell.bit_count() > 1]
            for limit, asks in checks[m] if several else ():
                pairs = [(cell, pair) for cell in several for pair in parts(cell, limit)]
                requests.append(Request([pair for _, pair in pairs], asks))
                of.append((m, [cell for cell, _ in pairs]))
        for found in failing(self.ledger, requests, self.protection.rules):
            m, owners = of[found.request]
            scored = (m, owners[found.set])
            self._inner[scored] = self._inner.get(scored, 0) + 1
        self.score.update(self._inner)

    def remove(self, measure: int, cell: Bits) -> None:
        """Follows the removal of a measure cell."""
        scored = (measure, cell)
        if scored in self._inner:
            self.score[scored] -= self._inner.pop(scored)
        changed = [uses for uses in self.signed if measure in uses]
        fresh: list[tuple[Bits, Uses]] = []
        for uses in changed:
            gone = next((block for block in self._blocks[uses] if block & cell), 0)
            if not gone:
                continue
            self._blocks[uses].remove(gone)
            active = self._active[uses]
            for bits in [bits for bits in active if bits & gone]:
                self._count(bits, uses, -1)
                del active[bits]
                left = bits & ~gone
                if left and left not in active:
                    active[left] = None
                    fresh.append((left, uses))
        del self._owner[measure][least(cell)]
        assert not self.score.pop(scored, 0)
        self._judge(fresh)
        for bits, uses in fresh:
            self._count(bits, uses, 1)

    def conflict(self) -> str:
        """Names the forms that fail, for the owner."""
        names = []
        for (_, uses), count in self._failures.items():
            if count:
                names += [form.name for form in self.signed[uses] if form.name not in names]
        where = f"one or more of {', '.join(names)}" if names else "a part of a merged measure cell"
        return (
            f"{where} would tell too much in some set of codes: declare other bounds or fewer "
            'comparable measures, or let cells be withheld (on_conflict = "withhold")'
        )

    def _judge(self, wanted: Iterable[tuple[Bits, Uses]]) -> None:
        by_uses: dict[Uses, list[Bits]] = {}
        for bits, uses in wanted:
            if (bits, uses) not in self._failures:
                self._failures[bits, uses] = 0
                by_uses.setdefault(uses, []).append(bits)
        order = list(by_uses)
        requests = [
            Request(
                [(bits, 0) for bits in by_uses[uses]],
                tuple(ask_for(form, self.protection) for form in self.signed[uses]),
            )
            for uses in order
        ]
        for found in failing(self.ledger, requests, self.protection.rules):
            uses = order[found.request]
            self._failures[by_uses[uses][found.set], uses] += 1

    def _count(self, bits: Bits, uses: Uses, sign: int) -> None:
        failures = self._failures[bits, uses]
        if not failures:
            return
        measure = uses[-1]
        owner = self._owner[measure]
        for place in members(bits):
            cell = owner.get(place)
            if cell is not None:
                scored = (measure, cell)
                self.score[scored] = self.score.get(scored, 0) + sign * failures
                if not self.score[scored]:
                    del self.score[scored]
