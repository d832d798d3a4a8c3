"""A second, plain check: everything that is released is fine, on every set that disclosure.md names.

It reads cells and flags from a result in the form of the test vectors, and nothing of the core.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

from tests.crypto.disclosure.second_plain import (
    PlainForm,
    Shown,
    families,
    moments,
    plain_fine,
    plain_forms,
    plain_row,
    products,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Cells = frozenset[int]


def violations(vector: dict[str, Any], results: Sequence[dict[str, Any]]) -> list[str]:
    """Every form, moment and set in which something released is not fine."""
    return _Check(vector, results).run()


class _Check:
    def __init__(self, vector: dict[str, Any], results: Sequence[dict[str, Any]]) -> None:
        self.shown = shown = Shown(vector, results)
        self.results = results
        self.is_migrated = "migrate" in vector
        self.rows = [
            plain_row(shown.declaration, r[2]) for rows in vector["versions"] for r in rows
        ]
        self.names = [figure.name for figure in shown.figs]
        self.forms = plain_forms(shown.declaration)
        self.rules = shown.rules
        last = results[-1]["measure_cells"]
        every = frozenset(range(len(shown.cells)))
        self.cells: list[list[Cells]] = [[frozenset([c]) for c in every]]
        self.cells += [[frozenset(q) for q in last[name]] for name in self.names[1:]]
        sizes = shown.sizes
        guarded = products(sizes) if vector.get("products", 100_000) else families(sizes)
        units = {shown.inside(codes) for codes in guarded}
        units |= {q for cells in self.cells for q in cells}
        units |= {
            self._spread({c}, uses) for uses in self._supports() if len(uses) > 1 for c in every
        }
        self.units = sorted(units - {frozenset()}, key=lambda u: (len(u), sorted(u)))

    def run(self) -> list[str]:
        found = []
        for weights in moments(range(len(self.results))):
            free = self._free(sorted(weights)[:-1])
            for uses in self._supports():
                forms = [form for form in self.forms if form.uses == uses]
                sets = {self.released(unit & free, uses) for unit in self.units}
                for cells in sorted(sets - {frozenset()}, key=sorted):
                    for form in forms:
                        nets = self.shown.nets(form.coefficients, cells, weights)
                        if not self._fine(form, nets, cells, weights):
                            found.append(f"{form} on {sorted(cells)} at {weights}")
            for i in range(1, len(self.names)):
                for q in self.cells[i]:
                    if len(q) > 1 and q <= free:
                        found += self._inner(i, q, weights)
        return found

    def released(self, among: Iterable[int], uses: Iterable[int]) -> Cells:
        """The largest union of cells of each measure, by taking off what cannot stay."""
        left, before = set(among), None
        while left != before:
            before = set(left)
            for i in uses:
                whole = [q for q in self.cells[i] if q <= left]
                left = set().union(*whole)
        return frozenset(left)

    def _fine(self, form: PlainForm, nets: dict[str, int], cells: Cells, weights: dict) -> bool:
        if form.is_end and self.rules.get("nil") == "hidden" and len(weights) == 1:
            (version,) = weights
            if self.shown.total(0, cells, version) and not any(nets.values()):
                return False
        return plain_fine(nets.values(), form.need, self.rules)

    def _inner(self, i: int, q: Cells, weights: dict[int, int]) -> Iterable[str]:
        """Check (d): m(q) − bound·n(rest) in the place of m(b)."""
        figure = self.shown.figs[i]
        for form in self.forms:
            own = self._is_own(form, i)
            if i not in form.uses or not (own or self._one_signed(form)):
                continue
            limit = 12 if own else 6
            sizes = range(1, len(q)) if len(q) <= limit else {1, len(q) - 1}
            for b in (b for size in sizes for b in combinations(sorted(q), size)):
                for bound in {figure.lo, figure.hi}:
                    for weight in {0, figure.weight}:
                        at_rest = [0] * len(self.names)
                        at_rest[i] = form.coefficients[i]
                        at_rest[weight] -= form.coefficients[i] * bound
                        part = list(form.coefficients)
                        if own and weight != figure.weight:
                            part[0], part[figure.weight] = part[0] + part[figure.weight], 0
                        nets = dict(self.shown.nets(part, b, weights))
                        for who, net in self.shown.nets(at_rest, q - set(b), weights).items():
                            nets[who] = nets.get(who, 0) + net
                        if not plain_fine(nets.values(), form.need, self.rules):
                            yield f"(d) {form} on {b} of {sorted(q)} at {weights}"

    def _is_own(self, form: PlainForm, i: int) -> bool:
        """Whether it is an end of measure i, or the measure itself."""
        weight = self.shown.figs[i].weight
        alone = [c for j, c in enumerate(form.coefficients) if c and j != i]
        return (form.is_end and form.uses == {u for u in (i, weight) if u}) or (
            form.uses == {i} and not alone
        )

    def _one_signed(self, form: PlainForm) -> bool:
        """By the rows of all versions, and not by declared bounds alone."""
        if self.is_migrated:
            return False
        pairs = list(zip(form.coefficients, self.shown.figs, strict=True))
        ends = [sorted((c * f.ends[0], c * f.ends[1])) for c, f in pairs]
        least, most = sum(e[0] for e in ends), sum(e[1] for e in ends)
        if not form.is_end and (least >= 0 or most <= 0):
            return False
        values = [
            sum(c * v for c, v in zip(form.coefficients, row, strict=True)) for row in self.rows
        ]
        return not values or min(values) >= 0 or max(values) <= 0

    def _supports(self) -> list[frozenset[int]]:
        return sorted({form.uses for form in self.forms}, key=lambda u: (len(u), sorted(u)))

    def _free(self, earlier: Sequence[int]) -> Cells:
        """The base cells of which nothing was blocked in any of these versions."""
        blocked = {tuple(key) for v in earlier for key in self.results[v]["blocked"]}
        return frozenset(c for c, keys in enumerate(self.shown.cells) if blocked.isdisjoint(keys))

    def _spread(self, start: set[int], uses: Iterable[int]) -> Cells:
        """All cells that hang together with some."""
        grown, before = set(start), None
        while grown != before:
            before = set(grown)
            grown.update(*[q for i in uses for q in self.cells[i] if q & grown])
        return frozenset(grown)
