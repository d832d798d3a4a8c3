"""The port answered from memory, in whole numbers of any size: for tests and small tables."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

from crypto.disclosure.bits import members
from crypto.disclosure.fineness import profile
from crypto.disclosure.ledger import NOW, STATE, Finding, is_failing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from crypto.disclosure.bits import Bits
    from crypto.disclosure.forms import Coefficients, Extremes
    from crypto.disclosure.ledger import (
        Ask,
        Contents,
        Contributor,
        Moment,
        Near,
        Question,
        Request,
    )
    from crypto.disclosure.rules import Rules
    from crypto.disclosure.table import CellKey

Figures = tuple[int, ...]
Basis = dict[str, Figures]  # figures per contributor; nobody who has nothing


@dataclass(slots=True)
class MemorySource:
    """The rows of one data version.

    Attributes:
        rows: contributor, finest cell and figures (clamped, `rows` first) of each row.
        brought: contents by version and base cell that earlier versions brought.
        domain: every finest cell, if zeros are hidden.
    """

    rows: Sequence[tuple[str, CellKey, Figures]]
    brought: Mapping[tuple[int, int], Basis] = field(default_factory=dict)
    domain: Sequence[CellKey] = ()
    _cells: dict[CellKey, Basis] = field(init=False)

    def __post_init__(self) -> None:
        cells: dict[CellKey, Basis] = defaultdict(dict)
        for contributor, cell, figures in self.rows:
            _add(cells[cell], contributor, figures)
        self._cells = dict(cells)

    def cells(self) -> Iterable[CellKey]:
        """Returns the finest cells that hold rows, and those that count although they are empty."""
        return self._cells.keys() | set(self.domain)

    def extremes(self, wanted: Sequence[Coefficients]) -> dict[Coefficients, Extremes]:
        """Returns the least and greatest value of combinations over rows."""
        distinct = {figures for _, _, figures in self.rows}
        found = {}
        for combination in wanted:
            values = [_dot(combination, figures) for figures in distinct] or [0]
            found[combination] = (min(values), max(values))
        return found

    def ledger(
        self, places: Sequence[Sequence[CellKey]], shown: Sequence[Sequence[int]] = ()
    ) -> MemoryLedger:
        """Numbers the places, and opens their figures."""
        now = []
        for cells in places:
            content: Basis = {}
            for cell in cells:
                for contributor, figures in self._cells.get(cell, {}).items():
                    _add(content, contributor, figures)
            now.append(content)
        nothing: Basis = {}
        before = [
            [self.brought[since, place] if since else nothing for place, since in enumerate(row)]
            + [nothing] * (len(places) - len(row))
            for row in shown
        ]
        return MemoryLedger(now, before)


@dataclass(slots=True)
class MemoryLedger:
    """The contents of places, now and as shown in each earlier version."""

    now: list[Basis]
    before: list[list[Basis]]
    _weighed: dict[tuple[int, Moment, bool], Basis] = field(default_factory=dict)
    _size: int = 0

    def totals(self) -> list[Figures]:
        """Returns the net sums of the new data per place."""
        width = max((len(f) for basis in self.now for f in basis.values()), default=1)
        return [tuple(map(sum, zip(*b.values(), strict=True))) or (0,) * width for b in self.now]

    def most_rows(self) -> list[int]:
        """Returns per place the most rows of one contributor."""
        return [max((figures[0] for figures in b.values()), default=0) for b in self.now]

    def largest(self, forms: Sequence[Coefficients]) -> list[Sequence[int]] | None:
        """Returns per form and place the largest absolute net of one contributor."""
        return [
            [max([abs(_dot(form, f)) for f in basis.values()], default=0) for basis in self.now]
            for form in forms
        ]

    def near(self, sets: Iterable[Bits]) -> tuple[Near | None, Bits]:  # noqa: ARG002
        """Brings nothing near: here every set is judged by itself."""
        return None, 0

    def carriers(self, sets: Sequence[Bits], held: Bits = 0) -> list[tuple[int, ...]]:
        """Returns per set and figure how many contributors have a net that is not nil."""
        bases = [basis for of in (self.now, *self.before) for basis in of]
        width = max((len(figures) for basis in bases for figures in basis.values()), default=1)
        found = []
        for bits in sets:
            columns = zip(*self._sum(bits, STATE, held).values(), strict=True)
            found.append(tuple(sum(map(bool, column)) for column in columns) or (0,) * width)
        return found

    def fingerprints(self, version: int = NOW) -> list[str]:
        """Returns per place a text that is equal for equal contents."""
        found = []
        for basis in self.before[version - 1] if version else self.now:
            held = sorted((who, figures) for who, figures in basis.items() if any(figures))
            found.append(sha256(repr(held).encode()).hexdigest() if held else "")
        return found

    def contents(self, sets: Sequence[Bits]) -> list[Contents]:
        """Returns what every contributor has in some sets."""
        return [self._sum(bits, STATE, 0) for bits in sets]

    def suspects(
        self, requests: Sequence[Request], rules: Rules, held: Bits = 0
    ) -> Iterator[Finding]:
        """Returns the findings that are not fine."""
        for number, request in enumerate(requests):
            always = all(ask.always for ask in request.asks)
            for at, moment in enumerate(request.moments):
                nets = _PackedNets(self, request.asks, moment, held)
                for place, (cells, rest) in enumerate(request.sets):
                    rows = 0 if always else self._rows(cells, held)
                    for which, values in enumerate(nets.of(cells, rest)):
                        known = profile(values, rules.depth)
                        finding = Finding(number, place, at, which, known, rows)
                        if is_failing(finding, request, rules):
                            yield finding._replace(rows=self._rows(cells, held))

    def movers(self, questions: Sequence[Question], held: Bits = 0) -> list[Bits]:
        """Returns per question the places through which offenders move."""
        change = ((1, NOW), (-1, len(self.before)))
        found = []
        for question in questions:
            offenders: set[Contributor] = set()
            for cells, rest, ask in question.checks:
                inside = self._sum(cells, change, held)
                nets = _nets(ask, inside, self._sum(rest, change, held))
                carriers = [who for who, net in nets.items() if net]
                if len(carriers) >= ask.carriers:
                    carriers = sorted(carriers, key=lambda who: (-abs(nets[who]), who))[:2]
                offenders.update(carriers)
            through = 0
            for place in members(question.among):
                moved = self.weigh(place, change, is_held=False)
                if any(any(moved.get(who, ())) for who in offenders):
                    through |= 1 << place
            found.append(through)
        return found

    def moved(self) -> list[int]:
        """Returns per place how many rows changed since shown last."""
        change = ((1, NOW), (-1, len(self.before)))
        return [
            sum(abs(figures[0]) for figures in self.weigh(place, change, is_held=False).values())
            for place in range(len(self.now))
        ]

    def size(self) -> int:
        """Returns the sum of all absolute figures, of all versions."""
        if not self._size:
            for bases in (self.now, *self.before):
                for basis in bases:
                    self._size += sum(sum(map(abs, figures)) for figures in basis.values())
        return self._size

    def _rows(self, cells: Bits, held: Bits) -> int:
        weighed = [self.weigh(c, STATE, is_held=bool(held >> c & 1)) for c in members(cells)]
        return sum(figures[0] for basis in weighed for figures in basis.values())

    def _sum(self, bits: Bits, moment: Moment, held: Bits) -> Basis:
        found: Basis = {}
        for place in members(bits):
            basis = self.weigh(place, moment, is_held=bool(held >> place & 1))
            for contributor, figures in basis.items():
                _add(found, contributor, figures)
        return found

    def weigh(self, place: int, moment: Moment, *, is_held: bool) -> Basis:
        """Returns what every contributor has in a place at a moment."""
        if moment == STATE and not is_held:
            return self.now[place]
        known = self._weighed.get((place, moment, is_held))
        if known is None:
            known = {}
            for weight, version in moment:
                number = len(self.before) if version == NOW and is_held else version
                basis = self.now[place] if number == NOW else self.before[number - 1][place]
                for contributor, figures in basis.items():
                    _add(known, contributor, tuple([weight * f for f in figures]))
            known = {who: figures for who, figures in known.items() if any(figures)}
            self._weighed[place, moment, is_held] = known
        return known


class _PackedNets:
    """Nets of all forms of a request: one integer per contributor and place, a slot per form.

    Slots are as wide as the sum of everything, so nothing carries over but signs.
    """

    def __init__(
        self, ledger: MemoryLedger, asks: Sequence[Ask], moment: Moment, held: Bits
    ) -> None:
        self._ledger, self._asks, self._moment, self._held = ledger, asks, moment, held
        most = max((abs(c) for ask in asks for c in (*ask.coefficients, *ask.at_rest)), default=0)
        weight = 2 * sum(abs(weight) for weight, _ in moment)
        self._width = (most * weight * ledger.size()).bit_length() + 2
        self._known: dict[tuple[int, bool], list[tuple[str, int]]] = {}

    def of(self, cells: Bits, rest: Bits) -> Iterator[list[int]]:
        """Walks through the forms: the nets of all contributors on a set, with its rest."""
        sums: dict[str, int] = {}
        for bits, is_rest in ((cells, False), (rest, True)):
            for place in members(bits):
                packed = self._known.get((place, is_rest))
                if packed is None:
                    packed = self._known[place, is_rest] = self._pack(place, is_rest=is_rest)
                for who, net in packed:
                    sums[who] = sums.get(who, 0) + net
        left = list(sums.values())
        for _ in self._asks[1:]:
            half, mask = 1 << self._width - 1, (1 << self._width) - 1
            nets = [(net + half & mask) - half for net in left]
            left = [(all_ - net) >> self._width for all_, net in zip(left, nets, strict=True)]
            yield nets
        yield left

    def _pack(self, place: int, *, is_rest: bool) -> list[tuple[str, int]]:
        basis = self._ledger.weigh(place, self._moment, is_held=bool(self._held >> place & 1))
        found = []
        for who, figures in basis.items():
            packed = 0
            for ask in reversed(self._asks):
                coefficients = ask.at_rest if is_rest else ask.coefficients
                packed = (packed << self._width) + _dot(coefficients, figures)
            if packed:
                found.append((who, packed))
        return found


def _add(basis: Basis, contributor: str, figures: Figures) -> None:
    mine = basis.get(contributor)
    if mine is not None:
        figures = tuple([a + b for a, b in zip(mine, figures, strict=True)])
    basis[contributor] = figures


def _nets(ask: Ask, inside: Basis, outside: Basis) -> dict[str, int]:
    nets = {who: _dot(ask.coefficients, figures) for who, figures in inside.items()}
    for who, figures in outside.items():
        nets[who] = nets.get(who, 0) + _dot(ask.at_rest, figures)
    return nets


def _dot(coefficients: Coefficients, figures: Figures) -> int:
    return sum([c * f for c, f in zip(coefficients, figures, strict=True) if c])
