"""A plain reading of what disclosure.md §6 promises, straight from rows; uses nothing of the core.

A product is given as in the test vectors. `Shown` rebuilds, from rows and held flags alone, what
each contributor has in each base cell as shown in each version. `plain_forms` writes the forms down
once more, by brute force over coefficients.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, product
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Key = tuple[int, ...]
Nets = dict[str, int]


@dataclass(frozen=True)
class PlainFigure:
    name: str
    lo: int
    hi: int
    scale: int
    unit: str
    columns: frozenset[str]
    weight: int = 0

    @property
    def indicator(self) -> bool:
        return self.lo == 0 and self.hi == 1 and self.scale == 0

    @property
    def ends(self) -> tuple[int, int]:
        skips = (0,) if self.weight else ()
        return min(self.lo, *skips, self.lo), max(self.hi, *skips, self.hi)


@dataclass(frozen=True)
class PlainForm:
    coefficients: tuple[int, ...]
    uses: frozenset[int]
    need: int
    is_end: bool = False  # an up or a down


def plain_figures(declaration: dict[str, Any]) -> list[PlainFigure]:
    found = [PlainFigure("rows", 1, 1, 0, "", frozenset())]
    for m in declaration["measures"]:
        columns, weight = frozenset(m.get("columns", ())), 0
        if m.get("empty") == "skip":
            weight = len(found)
            found.append(PlainFigure(f"present({m['name']})", 0, 1, 0, "", columns))
        unit = m.get("unit", "").strip().casefold()
        found.append(
            PlainFigure(m["name"], m["lo"], m["hi"], m.get("scale", 0), unit, columns, weight)
        )
    return found


def plain_row(declaration: dict[str, Any], values: Sequence[int | None]) -> list[int]:
    out = [1]
    for m, value in zip(declaration["measures"], values, strict=True):
        if m.get("empty") == "skip":
            out.append(int(value is not None))
        inside = sorted([m["lo"], value or 0, m["hi"]])[1]
        out.append(0 if value is None and m.get("empty") == "skip" else inside)
    return out


def plain_groups(figs: Sequence[PlainFigure]) -> list[list[int]]:
    """Comparable figures: a graph, and its components found by spreading."""
    numbers = range(1, len(figs))

    def alike(i: int, j: int) -> bool:
        a, b = figs[i], figs[j]
        if a.indicator or b.indicator:
            return a.indicator and b.indicator
        return a.unit == b.unit or bool(a.columns & b.columns)

    label = {i: i for i in numbers}
    for _ in numbers:
        for i, j in product(numbers, repeat=2):
            if alike(i, j):
                label[i] = label[j] = min(label[i], label[j])
    return [[i for i in numbers if label[i] == name] for name in sorted(set(label.values()))]


def plain_forms(declaration: dict[str, Any]) -> list[PlainForm]:
    figs = plain_figures(declaration)
    rules = declaration.get("rules", {})
    k, few = rules.get("k", 5), rules.get("indicator_carriers", 3)
    found = {PlainForm((1, *[0] * (len(figs) - 1)), frozenset(), k)}

    def add(coefficients: Iterable[int], *weights: int, is_end: bool = False) -> None:
        vector = tuple(coefficients)
        uses = {i for i, c in enumerate(vector) if i and c} | {w for w in weights if w}
        need = few if all(figs[i].indicator for i in uses) else k
        found.add(PlainForm(vector, frozenset(uses), need, is_end))

    for i, figure in enumerate(figs[1:], 1):
        for factor, bound in ((-1, figure.hi), (1, -figure.lo)):
            vector = [0] * len(figs)
            vector[i], vector[figure.weight] = factor, bound
            uses = {u for u in (i, figure.weight) if u}
            need = few if figure.indicator else k
            found.add(PlainForm(tuple(vector), frozenset(uses), need, is_end=True))
        if 0 not in (figure.lo, figure.hi):
            add(int(j == i) for j in range(len(figs)))
    for group in plain_groups(figs):
        finest = max(figs[i].scale for i in group)
        unit = {i: 10 ** (finest - figs[i].scale) for i in group}
        for signs in product((-1, 0, 1), repeat=len(group)):
            chosen = [i for i, s in zip(group, signs, strict=True) if s]
            if len(chosen) not in (2, 3):
                continue
            ends = {(figs[i].lo * unit[i], figs[i].hi * unit[i]) for i in chosen}
            for shift in {0} | (
                {s * b for b in min(ends) for s in (-1, 1)} if len(ends) == 1 else set()
            ):
                vector = [0] * len(figs)
                vector[0] = shift
                for i, s in zip(group, signs, strict=True):
                    vector[i] = s * unit[i]
                add(vector)
        if len(group) > 3 and figs[group[0]].indicator:
            for size in range(4, len(group) + 1):
                for chosen in combinations(group, size):
                    add([1, *[-int(i in chosen) for i in range(1, len(figs))]])
        elif len(group) > 3:
            for one in group:
                add(
                    (unit[i] if i == one else -unit[i]) if i in unit else 0
                    for i in range(len(figs))
                )
    for equation in declaration.get("equations", ()):
        add(equation.get(f.name, 0) for f in figs)
    return sorted(found, key=lambda f: (len(f.uses), f.coefficients, f.is_end))


def plain_fine(nets: Iterable[int], need: int, rules: dict[str, Any]) -> bool:
    """Nil for everybody, or enough carry it, and nobody outweighs the others."""
    sizes = sorted((abs(n) for n in nets if n), reverse=True)
    if not sizes:
        return True
    if len(sizes) < need:
        return False
    total = sum(sizes)
    for n, percent in rules.get("dominance", ((1, 75), (2, 85))):
        if Fraction(sum(sizes[:n]), total) > Fraction(percent, 100):
            return False
    return Fraction(total - sum(sizes[:2]), sizes[0]) >= Fraction(rules.get("p", 10), 100)


class Shown:
    """What is behind the figures that each version showed, from rows and held flags alone."""

    def __init__(self, vector: dict[str, Any], versions: Sequence[dict[str, Any]]) -> None:
        self.declaration = vector["declaration"]
        self.rules = self.declaration.get("rules", {})
        self.figs = plain_figures(self.declaration)
        self.sizes = self.declaration["dims"]
        self.cells = [tuple(map(tuple, keys)) for keys in versions[-1]["base_cells"]]
        self.states: list[list[dict[str, list[int]]]] = []
        for rows, result in zip(vector["versions"], versions, strict=True):
            by_key: dict[Key, list[Any]] = defaultdict(list)
            for who, key, values in rows:
                by_key[tuple(key)].append((who, plain_row(self.declaration, values)))
            state: list[dict[str, list[int]]] = []
            for c, keys in enumerate(self.cells):
                if c >= len(result["base_cells"]):
                    state.append({})
                elif c in result["held"]:
                    state.append(self.states[-1][c])
                else:
                    state.append(_grouped(row for key in keys for row in by_key[key]))
            self.states.append(state)

    def nets(
        self, coefficients: Sequence[int], cells: Iterable[int], weights: dict[int, int]
    ) -> Nets:
        """Per contributor a form on a set of base cells, weighed over versions."""
        found: Nets = defaultdict(int)
        for c in cells:
            for version, weight in weights.items():
                for who, figures in self.states[version][c].items():
                    found[who] += weight * sum(
                        a * b for a, b in zip(coefficients, figures, strict=True)
                    )
        return found

    def total(self, figure: int, cells: Iterable[int], version: int) -> int:
        unit = [int(i == figure) for i in range(len(self.figs))]
        return sum(self.nets(unit, cells, {version: 1}).values())

    def inside(self, codes: Sequence[Iterable[int]]) -> frozenset[int]:
        """The base cells that lie wholly inside a product of code sets."""
        return frozenset(
            c
            for c, keys in enumerate(self.cells)
            if all(code in wanted for key in keys for code, wanted in zip(key, codes, strict=True))
        )


def products(sizes: Sequence[int]) -> list[tuple[tuple[int, ...], ...]]:
    """All products of code sets that are not empty."""
    some = [[c for size in range(1, n + 1) for c in combinations(range(n), size)] for n in sizes]
    return list(product(*some))


def families(sizes: Sequence[int]) -> list[tuple[tuple[int, ...], ...]]:
    """Cells of groupings, without one code, and restricted to two."""
    found = []
    for codes in products(sizes):
        whole = [d for d, c in enumerate(codes) if len(c) == sizes[d]]
        single = [d for d, c in enumerate(codes) if len(c) == 1]
        odd = [d for d in range(len(sizes)) if d not in whole and d not in single]
        pairs = [d for d in odd if len(codes[d]) in (2, sizes[d] - 1)]
        if not odd or (len(odd) == 1 and pairs):
            found.append(codes)
    return found


def moments(versions: Sequence[int]) -> list[dict[int, int]]:
    """States, differences and second differences of some versions."""
    found = [{v: 1} for v in versions]
    found += [{a: -1, b: 1} for a, b in combinations(versions, 2)]
    found += [{a: 1, b: -2, c: 1} for a, b, c in combinations(versions, 3)]
    return found


def _grouped(rows: Iterable[tuple[str, list[int]]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for who, figures in rows:
        mine = found.setdefault(who, [0] * len(figures))
        found[who] = [a + b for a, b in zip(mine, figures, strict=True)]
    return {who: figures for who, figures in found.items() if any(figures)}
