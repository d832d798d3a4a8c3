"""Withholding measure cells until every signed form and check (d) is fine (disclosure.md §3.6)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crypto.disclosure.bits import blocks, least, members
from crypto.disclosure.declaration import Refused
from crypto.disclosure.inner import inner_checks, parts
from crypto.disclosure.inside import Chosen, Inside, Unions, name_of, span_of
from crypto.disclosure.ledger import Request, failing
from crypto.disclosure.measure_cells import ask_for

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
    state = _Withholding(cells, ledger, protection)
    state.judge_inner({m: inner_checks(m, all_forms, figs, protection) for m in cells})
    signed: dict[Uses, list[Form]] = {}
    for form in all_forms:
        if form.signed:
            signed.setdefault(form.uses, []).append(form)
    for uses, judged in signed.items():
        common = blocks([cells[m] for m in uses])
        state.watched.append(_Watched(uses, judged, common, spans, guarded))
    state.judge()
    rows = [total[0] for total in ledger.totals()]
    taken: Cells = {m: [] for m in cells}
    while state.score:
        if protection.on_conflict == "refuse":
            raise Refused(state.conflict())

        def order(scored: tuple[int, int]) -> tuple[int, int, tuple[int, ...], int]:
            measure, place = scored
            places = members(state.owner[measure][place])
            first = min(keys[c][0] for c in places)
            return -state.score[scored], sum(rows[c] for c in places), first, measure

        measure, place = min(state.score, key=order)
        cell = state.owner[measure][place]
        cells[measure].remove(cell)
        taken[measure].append(cell)
        state.remove(measure, cell)
    return taken


class _Watched:
    """What is released of some measures inside guarded sets, and how many of their forms fail."""

    def __init__(
        self,
        uses: Uses,
        judged: Sequence[Form],
        common: list[Bits],
        spans: Sequence[Masks],
        guarded: GuardedSets,
    ) -> None:
        self.uses = uses
        self.judged = judged
        self.common = common
        self.unions = Unions(Inside(common, spans))
        self.unions.add_products(guarded)
        self.failures = [0] * len(self.unions)
        self.fresh: Sequence[int] = range(len(self.unions))  # not judged yet
        self._spans = spans
        self._gone: Bits = 0
        self._known = {name_of(bits): i for i, bits in enumerate(self.unions)}

    def now(self, number: int) -> Bits:
        """Returns a set as it is after what was withheld."""
        return self.unions[number] & ~self._gone

    def request(self, protection: Protection) -> Request:
        """Asks about what is fresh."""
        asks = tuple(ask_for(form, protection) for form in self.judged)
        return Request(Chosen(self.unions, self.fresh, self._gone), asks)

    def remove(self, cell: Bits) -> list[tuple[Bits, int]]:
        """Takes a cell of one of the measures off; returns what changes, and how much it failed."""
        self.fresh = []
        gone = next((block for block in self.common if block & cell), 0)
        if not gone:
            return []
        self.common.remove(gone)
        reached = span_of(gone, self._spans)
        near = [
            (name, number)
            for name, number in self._known.items()
            if self.unions.may_hold(number, reached)
        ]
        changed, fresh = [], []
        for name, number in near:
            bits = self.now(number)
            if bits & gone:
                del self._known[name]
                changed.append((bits, self.failures[number]))
                fresh.append(number)
        self._gone |= gone
        self.fresh = [number for number in fresh if self._is_new(number)]
        return changed

    def _is_new(self, number: int) -> bool:
        self.failures[number] = 0
        left = self.now(number)
        return bool(left) and self._known.setdefault(name_of(left), number) == number


@dataclass(slots=True)
class _Withholding:
    """Which released sets fail, and how much each measure cell has to do with it.

    Attributes:
        score: by measure and least base cell of its cell, in how many failing pairs it is.
        owner: per measure its cells by least base cell.
    """

    cells: Cells
    ledger: Ledger
    protection: Protection
    watched: list[_Watched] = field(default_factory=list)
    score: dict[tuple[int, int], int] = field(default_factory=dict)
    owner: dict[int, dict[int, Bits]] = field(init=False)
    _inner: dict[tuple[int, int], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.owner = {m: {least(cell): cell for cell in cs} for m, cs in self.cells.items()}

    def judge_inner(self, checks: Mapping[int, Sequence[tuple[int, tuple[Ask, ...]]]]) -> None:
        """Judges parts of measure cells."""
        requests, of = [], []
        for m, cells in self.cells.items():
            several = [cell for cell in cells if cell.bit_count() > 1]
            for limit, asks in checks[m] if several else ():
                pairs = [(cell, pair) for cell in several for pair in parts(cell, limit)]
                requests.append(Request([pair for _, pair in pairs], asks))
                of.append((m, [least(cell) for cell, _ in pairs]))
        for found in failing(self.ledger, requests, self.protection.rules):
            m, owners = of[found.request]
            scored = (m, owners[found.set])
            self._inner[scored] = self._inner.get(scored, 0) + 1
        self.score.update(self._inner)

    def judge(self) -> None:
        """Judges what is fresh, and counts what fails."""
        requests = [watched.request(self.protection) for watched in self.watched]
        touched: dict[tuple[int, int], None] = {}
        for found in failing(self.ledger, requests, self.protection.rules):
            number = self.watched[found.request].fresh[found.set]
            self.watched[found.request].failures[number] += 1
            touched[found.request, number] = None
        for request, number in touched:
            watched = self.watched[request]
            self._count(watched.now(number), watched.uses[-1], watched.failures[number])

    def remove(self, measure: int, cell: Bits) -> None:
        """Follows the removal of a measure cell."""
        scored = (measure, least(cell))
        if scored in self._inner:
            self.score[scored] -= self._inner.pop(scored)
        for watched in self.watched:
            watched.fresh = []
            if measure in watched.uses:
                for bits, failures in watched.remove(cell):
                    self._count(bits, watched.uses[-1], -failures)
        assert not self.score.pop(scored, 0)
        del self.owner[measure][least(cell)]
        self.judge()

    def conflict(self) -> str:
        """Names the forms that fail, for the owner."""
        names = [form.name for w in self.watched if any(w.failures) for form in w.judged]
        where = f"one or more of {', '.join(names)}" if names else "a part of a merged measure cell"
        return (
            f"{where} would tell too much in some set of codes: declare other bounds or fewer "
            'comparable measures, or let cells be withheld (on_conflict = "withhold")'
        )

    def _count(self, bits: Bits, measure: int, failures: int) -> None:
        if not failures:
            return
        owner = self.owner[measure]
        for place in members(bits):
            if place in owner:
                scored = (measure, place)
                self.score[scored] = self.score.get(scored, 0) + failures
                if not self.score[scored]:
                    del self.score[scored]
