"""Withholding measure cells until every signed form and check (d) is fine (disclosure.md §3.6)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crypto.disclosure import words
from crypto.disclosure.bits import blocks, least, members
from crypto.disclosure.declaration import Conflict
from crypto.disclosure.inner import inner_checks, parts
from crypto.disclosure.ledger import Request, failing
from crypto.disclosure.reasons import Failing, withheld
from crypto.disclosure.watched import Watched

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crypto.disclosure.bits import Bits
    from crypto.disclosure.declaration import Figure, Protection
    from crypto.disclosure.diagnosis import Withheld
    from crypto.disclosure.forms import Form
    from crypto.disclosure.guarded import GuardedSets, Masks
    from crypto.disclosure.ledger import Ask, Ledger
    from crypto.disclosure.measure_cells import Cells
    from crypto.disclosure.merging import Keys
    from crypto.disclosure.notes import Notes

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
    notes: Notes,
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
        notes: told why each cell was taken out.

    Returns:
        The cells taken out, in order.

    Raises:
        Conflict: if something must be withheld, and the owner declared `on_conflict = "refuse"`.
    """
    state = _Withholding(cells, ledger, protection, figs, spans)
    state.judge_inner({m: inner_checks(m, all_forms, figs, protection) for m in cells})
    signed: dict[Uses, list[Form]] = {}
    for form in all_forms:
        if form.signed:
            signed.setdefault(form.uses, []).append(form)
    for uses, judged in signed.items():
        common = blocks([cells[m] for m in uses])
        state.watched.append(
            Watched(
                uses,
                judged,
                common,
                spans,
                guarded,
                ledger=ledger,
                figs=figs,
                protection=protection,
            )
        )
    state.judge()
    rows = [total[0] for total in ledger.totals()]
    taken: Cells = {m: [] for m in cells}

    def order(scored: tuple[int, int]) -> tuple[int, tuple[int, ...], int]:
        measure, place = scored
        places = members(state.owner[measure][place])
        return sum(rows[c] for c in places), min(keys[c][0] for c in places), measure

    while state.score:
        most = max(state.score.values())
        measure, place = min((s for s, n in state.score.items() if n == most), key=order)
        cell = state.owner[measure][place]
        taken[measure].append(cell)
        why = state.remove(measure, cell, sum(rows[c] for c in members(cell)))
        if protection.on_conflict == "refuse":
            raise _refusal(why, figs, figs[measure].name)
        notes.withheld.append((cell, why))
    for measure, some in taken.items():
        gone = set(some)
        cells[measure][:] = [cell for cell in cells[measure] if cell not in gone]
    return taken


def _refusal(why: Withheld, figs: Sequence[Figure], measure: str) -> Conflict:
    """Names form and measure; the set is told by the codes that come with the refusal."""
    return Conflict(
        words.TELLS,
        words.LESS,
        measure=measure,
        found=why,
        form=why.example.form,
        where=words.IN_MERGED if why.inside else words.IN_CODES,
        name=figs[why.measure].name,
    )


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
    figs: Sequence[Figure]
    spans: Sequence[Masks]
    watched: list[Watched] = field(default_factory=list)
    score: dict[tuple[int, int], int] = field(default_factory=dict)
    owner: dict[int, dict[int, Bits]] = field(init=False)
    _inner: dict[tuple[int, int], list[Failing]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.owner = {m: {least(cell): cell for cell in cs} for m, cs in self.cells.items()}

    def judge_inner(self, checks: Mapping[int, Sequence[tuple[int, tuple[Ask, ...]]]]) -> None:
        """Judges parts of measure cells."""
        requests: list[Request] = []
        of: list[tuple[int, list[int]]] = []
        for m, cells in self.cells.items():
            several = [cell for cell in cells if cell.bit_count() > 1]
            for limit, asks in checks[m] if several else ():
                pairs = [(cell, pair) for cell in several for pair in parts(cell, limit)]
                requests.append(Request([pair for _, pair in pairs], asks))
                of.append((m, [least(cell) for cell, _ in pairs]))
        for found in failing(self.ledger, requests, self.protection.rules):
            m, owners = of[found.request]
            request = requests[found.request]
            failed = Failing(request.sets[found.set][0], request.asks[found.ask], found.profile)
            self._inner.setdefault((m, owners[found.set]), []).append(failed)
        self.score.update({scored: len(failed) for scored, failed in self._inner.items()})

    def judge(self) -> None:
        """Judges what is fresh, and counts what fails."""
        requests = [watched.request() for watched in self.watched]
        for found in failing(self.ledger, requests, self.protection.rules):
            self.watched[found.request].take(found)
        for watched in self.watched:
            for one in watched.settle():
                self._count(one.bits, watched.uses[-1], len(one.found))

    def remove(self, measure: int, cell: Bits, rows: int) -> Withheld:
        """Follows the removal of a measure cell; returns why it went."""
        scored = (measure, least(cell))
        inner = self._inner.pop(scored, [])
        if inner:
            self.score[scored] -= len(inner)
        outer: list[tuple[Masks, Failing]] = []
        for watched in self.watched:
            if measure not in watched.uses:
                continue
            for one in watched.remove(cell):
                self._count(one.bits, watched.uses[-1], -len(one.found))
                if watched.uses[-1] == measure and one.bits & cell:
                    outer += [
                        (one.masks, Failing(one.bits, watched.asks[ask], known))
                        for ask, known in one.found
                    ]
        assert not self.score.pop(scored, 0)
        del self.owner[measure][least(cell)]
        self.judge()
        return withheld(
            measure,
            cell,
            rows,
            outer=outer,
            inner=inner,
            figs=self.figs,
            spans=self.spans,
            rules=self.protection.rules,
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
