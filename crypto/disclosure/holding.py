"""Holding cells whose change must not be shown yet (disclosure.md §4.2 and §4.3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from crypto.disclosure.bits import Bits, blocks, joins, members
from crypto.disclosure.change import closed, inside
from crypto.disclosure.diagnosis import Held, When, lacks
from crypto.disclosure.inner import inner_checks, parts
from crypto.disclosure.inside import Chosen, Inside, Unions, span_of
from crypto.disclosure.ledger import NOW, STATE, Ask, Moment, Question, Request, failing
from crypto.disclosure.measure_cells import ask_for

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crypto.disclosure.change import Change
    from crypto.disclosure.declaration import Figure, Protection
    from crypto.disclosure.forms import Form
    from crypto.disclosure.guarded import GuardedSets
    from crypto.disclosure.ledger import Finding
    from crypto.disclosure.measure_cells import Cells
    from crypto.disclosure.notes import Notes

_WHEN: Final[dict[int, When]] = {1: "state", 2: "change", 3: "second"}  # by number of versions
Uses = tuple[int, ...]
_Inner = tuple[int, Sequence[tuple[int, tuple[Ask, ...]]], list[Bits]]
Subject = tuple[Bits, Uses, bool]  # a released set and its measures, or (cell, its measure, inner)


def hold(
    change: Change,
    cells: Cells,
    *,
    guarded: GuardedSets,
    all_forms: Sequence[Form],
    figs: Sequence[Figure],
    protection: Protection,
    notes: Notes,
) -> tuple[Bits, Bits]:
    """Finds which base cells keep what was shown last; notes why.

    Returns:
        The held cells, and the new ones among them, which are dissolved again.
    """
    if not change.changed:
        return 0, 0
    holding = _Holding(change, guarded, all_forms, figs, protection, notes)
    held = gone = 0
    while True:
        live = ((1 << len(change.keys)) - 1) & ~gone
        left = {m: [cell for cell in cs if not cell & gone] for m, cs in cells.items()}
        held = holding.settle(left, live, held)
        fresh = held >> change.old << change.old & ~gone
        if not fresh:
            return held & ~gone, gone
        gone |= fresh


@dataclass(slots=True)
class _Holding:
    change: Change
    guarded: GuardedSets
    all_forms: Sequence[Form]
    figs: Sequence[Figure]
    protection: Protection
    notes: Notes
    _supports: dict[Uses, tuple[Ask, ...]] = field(init=False)
    _known_moments: dict[tuple[int, ...], tuple[Moment, ...]] = field(default_factory=dict)
    _why: dict[Subject, tuple[Finding, Request]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        by_uses: dict[Uses, list[Ask]] = {}
        for form in self.all_forms:
            by_uses.setdefault(form.uses, []).append(ask_for(form, self.protection))
        order = sorted(by_uses, key=lambda uses: (len(uses), uses))
        self._supports = {uses: tuple(by_uses[uses]) for uses in order}

    def settle(self, cells: Cells, live: Bits, held: Bits) -> Bits:
        """Holds more cells, round by round, until nothing fails; returns all that are held."""
        whole = [cell for cs in cells.values() for cell in cs if cell.bit_count() > 1]
        checks = self._released(cells, live)
        inner = self._inner(cells)
        rows: Sequence[int] | None = None
        results: dict[Subject, list[tuple[Bits, Bits, Ask]]] = {}
        todo = -1  # what was held since the sets were judged last: at first everything is asked
        held = closed(held, whole)
        while True:
            moving = self.change.changed & ~held
            results = {s: bad for s, bad in results.items() if not s[0] & todo}
            results |= self._failures(checks, inner, todo, moving, held)
            if not results:
                return held
            order = sorted(results, key=lambda s: (s[0].bit_count(), members(s[0]), s[1], s[2]))
            questions = [Question(tuple(results[s]), s[0] & moving) for s in order]
            through = self.change.ledger.movers(questions, held)
            rows = rows or self.change.ledger.moved()
            more = 0
            for subject, question, by in zip(order, questions, through, strict=True):
                if not subject[0] & more:
                    chosen = self._chosen(by or question.among, rows)
                    more |= 1 << chosen
                    self._note(chosen, subject)
            before, held = held, closed(held | more, whole)
            todo = held & ~before

    def _chosen(self, among: Bits, rows: Sequence[int]) -> int:
        return min(members(among), key=lambda c: (rows[c], self.change.keys[c][0]))

    def _note(self, cell: int, subject: Subject) -> None:
        found, request = self._why[subject]
        bits, _, ask = _check(found, request)
        moment = request.moments[found.moment]
        self.notes.held.setdefault(
            cell,
            Held(
                codes=self.change.spans[cell],
                lack=lacks(ask, found.profile, self.protection.rules)[0],
                when=_WHEN[len(moment)],
                where=span_of(bits, self.change.spans),
                new=cell >= self.change.old,
            ),
        )

    def _released(self, cells: Cells, live: Bits) -> dict[Uses, Unions]:
        """Returns per set of measures what is released inside guarded sets, cells and joins.

        Only sets that can move are kept.
        """
        singles = [1 << c for c in members(live)]
        units = singles + [c for cs in cells.values() for c in cs if c.bit_count() > 1]
        for uses in [*(u for u in self._supports if len(u) > 1), tuple(cells)]:
            units += [j for j in joins(c for m in uses for c in cells[m]) if j.bit_count() > 1]
        found = {}
        for uses in self._supports:
            common = blocks([cells[m] for m in uses]) if uses else singles
            unions = Unions(Inside(common, self.change.spans), touching=self.change.changed)
            for among in dict.fromkeys([-1, *self.change.free]):
                unions.add_products(self.guarded, among)
            block_of = {c: block for block in common for c in members(block)}
            for unit in units:
                unions.add(inside(unit, block_of))
            found[uses] = unions
        return found

    def _inner(self, cells: Cells) -> list[_Inner]:
        found: list[_Inner] = []
        for m, cs in cells.items():
            several = [c for c in cs if c.bit_count() > 1 and c & self.change.changed]
            if several:
                checks = inner_checks(m, self.all_forms, self.figs, self.protection)
                found.append((m, checks, several))
        return found

    def _failures(
        self,
        checks: Mapping[Uses, Unions],
        inner: Sequence[_Inner],
        todo: Bits,
        moving: Bits,
        held: Bits,
    ) -> dict[Subject, list[tuple[Bits, Bits, Ask]]]:
        """Judges again what has to do with `todo`; returns what fails, with set, rest and form."""
        requests: list[Request] = []
        about: list[tuple[Uses, Sequence[Bits] | None]] = []  # measures; cells of parts
        for uses, unions in checks.items():
            by_moments: dict[tuple[Moment, ...], list[int]] = defaultdict(list)
            for number, bits in enumerate(unions):
                if bits & todo and bits & moving:
                    by_moments[self._moments(bits)].append(number)
            for moments, numbers in by_moments.items():
                requests.append(Request(Chosen(unions, numbers), self._supports[uses], moments))
                about.append((uses, None))
        for m, kinds, several in inner:
            by_cells: dict[tuple[Moment, ...], list[Bits]] = defaultdict(list)
            for cell in several:
                if cell & todo and cell & moving:
                    by_cells[self._moments(cell)].append(cell)
            for moments, asked in by_cells.items():
                for limit, asks in kinds:
                    pairs = [(cell, pair) for cell in asked for pair in parts(cell, limit)]
                    requests.append(Request([pair for _, pair in pairs], asks, moments))
                    about.append(((m,), [cell for cell, _ in pairs]))
        found: dict[Subject, dict[tuple[Bits, Bits, Ask], None]] = {}
        self._why = {subject: why for subject, why in self._why.items() if not subject[0] & todo}
        for one in failing(self.change.ledger, requests, self.protection.rules, held):
            uses, owners = about[one.request]
            check = _check(one, requests[one.request])
            whose = check[0] if owners is None else owners[one.set]
            subject = (whose, uses, owners is not None)
            found.setdefault(subject, {})[check] = None
            self._why.setdefault(subject, (one, requests[one.request]))
        return {subject: list(bad) for subject, bad in found.items()}

    def _moments(self, bits: Bits) -> tuple[Moment, ...]:
        """Returns the state, its changes, and the second differences that were shown of a set."""
        known = tuple(v for v, free in enumerate(self.change.free, 1) if not bits & ~free)
        moments = self._known_moments.get(known)
        if moments is None:
            made: list[Moment] = [STATE]
            for i, later in enumerate(known):
                made.append(((1, NOW), (-1, later)))
                made += [((1, NOW), (-2, later), (1, earlier)) for earlier in known[:i]]
            moments = self._known_moments[known] = tuple(made)
        return moments


def _check(found: Finding, request: Request) -> tuple[Bits, Bits, Ask]:
    cells, rest = request.sets[found.set]
    return cells, rest, request.asks[found.ask]
