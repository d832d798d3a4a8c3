"""An adversary: it combines released numbers alone, and looks how much of one contributor is left.

It asks every product of code sets, in every version, for COUNT, every SUM and every COUNT(m). Then
it adds up what it was given inside a product, takes measures of it together (each alone, all ±1
combinations of two and three that may be compared, all sums, with rows), takes versions together
(states, differences, second differences), and, inside merged cells of a measure, sets COUNT against
SUM. A combination is a breach if too few contributors are behind it, or one outweighs the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING, Any

from crypto.disclosure.statuses import answer_set
from tests.crypto.disclosure.first_edition import FirstEdition
from tests.crypto.disclosure.second_plain import (
    PlainForm,
    Shown,
    families,
    moments,
    plain_fine,
    plain_forms,
    products,
)
from tests.crypto.disclosure.second_vectors import (
    Product,
    QuickSource,
    Refused,
    declared,
    output_of,
    result_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

Codes = tuple[tuple[int, ...], ...]
Ask = Callable[[int, Codes, int], int | None]  # version, product, figure: the number, if given


@dataclass
class Spoils:
    """What the adversary found.

    Attributes:
        tried: how many combinations, by kind.
        breaches: kind, form, base cells, versions of those that tell too much.
        lonely: how many of them are carried by one contributor alone.
    """

    tried: Counter[str] = field(default_factory=Counter)
    breaches: list[tuple[str, Any, tuple[int, ...], tuple[int, ...]]] = field(default_factory=list)
    lonely: int = 0

    def judge(
        self, kind: str, form: Any, where: Any, nets: dict[str, int], need: int, rules
    ) -> None:
        self.tried[kind] += 1
        if not plain_fine(nets.values(), need, rules):
            self.breaches.append((kind, form, *where))
            self.lonely += sum(1 for net in nets.values() if net) == 1


class Attack:
    """One table under attack.

    Args:
        shown: who is behind the figures: only to judge what was found, never to find it.
        ask: gives the released numbers.
        sets: the products it may use.
    """

    def __init__(self, shown: Shown, ask: Ask, sets: Sequence[Codes]) -> None:
        self.shown = shown
        self.spoils = Spoils()
        self.forms = plain_forms(shown.declaration)
        self.versions = range(len(shown.states))
        self.given = {
            (v, codes): {
                i: n for i in range(len(shown.figs)) if (n := ask(v, codes, i)) is not None
            }
            for v in self.versions
            for codes in sets
        }
        self.sets = sets
        self.within = {codes: shown.inside(codes) for codes in sets}
        self.subsets = {
            codes: [s for s in sets if all(set(a) <= set(b) for a, b in zip(s, codes, strict=True))]
            for codes in sets
        }

    def check_numbers(self) -> None:
        """Every number given is the sum of what is shown: no other number leaves."""
        for (v, codes), numbers in self.given.items():
            for figure, number in numbers.items():
                assert number == self.shown.total(figure, self.within[codes], v)

    def run(self) -> Spoils:
        by_uses: dict[frozenset[int], list[PlainForm]] = {}
        for form in self.forms:
            by_uses.setdefault(form.uses, []).append(form)
        for weights in moments(self.versions):
            kind = ("state", "difference", "second difference")[len(weights) - 1]
            for uses, forms in by_uses.items():
                for cells in self._sums(uses, weights):
                    for form in forms:
                        nets = self.shown.nets(form.coefficients, cells, weights)
                        where = (tuple(sorted(cells)), tuple(weights))
                        self.spoils.judge(kind, form, where, nets, form.need, self.shown.rules)
        return self.spoils

    def _sums(self, uses: frozenset[int], weights: dict[int, int]) -> set[frozenset[int]]:
        """The sets of base cells on which these figures can be added up in all these versions."""
        wanted = uses | {0}
        known = [c for c in self.sets if all(wanted <= self.given[v, c].keys() for v in weights)]
        usable = set(known)
        found = set()
        for codes in self.sets:
            parts = [self.within[s] for s in self.subsets[codes] if s in usable]
            found.add(frozenset().union(*parts))
        return found - {frozenset()}

    def inside_cells(self, measure_cells: dict[str, list[list[int]]]) -> None:
        """COUNT on some base cells of a merged cell of a measure against its SUM on all of them."""
        for i, figure in enumerate(self.shown.figs):
            for q in measure_cells.get(figure.name, ()) if i else ():
                sizes = range(1, len(q)) if len(q) <= 8 else ()
                parts = [b for size in sizes for b in combinations(q, size)]
                for b in parts:
                    rest = [c for c in q if c not in b]
                    for bound in {figure.lo, figure.hi}:
                        self._count_against_sum(i, b, rest, bound)

    def _count_against_sum(self, i: int, b: Sequence[int], rest: Sequence[int], bound: int) -> None:
        shown, figure = self.shown, self.shown.figs[i]
        n = len(shown.figs)
        rules = shown.rules
        need = rules.get("indicator_carriers", 3) if figure.indicator else rules.get("k", 5)
        for weights in moments([v for v in self.versions if self._counts(v, [*b, *rest])]):
            for factor, end in ((-1, figure.hi), (1, figure.lo)):
                on_part, at_rest = [0] * n, [0] * n
                on_part[i] = at_rest[i] = factor
                on_part[0] -= factor * end
                at_rest[0] -= factor * bound
                nets = Counter(shown.nets(on_part, b, weights))
                for who, net in shown.nets(at_rest, rest, weights).items():
                    nets[who] += net
                where = ((*b, -1, *rest), tuple(weights))
                self.spoils.judge("inside", (figure.name, factor, bound), where, nets, need, rules)

    def _counts(self, version: int, cells: Sequence[int]) -> bool:
        return all(self.shown.states[version][c] for c in cells)


def second_edition(vector: dict[str, Any]) -> tuple[Product, list[dict[str, Any]]] | None:
    """Publishes all versions; None if the declaration is refused."""
    most = vector.get("products", 100_000)
    made = Product(declared(vector["declaration"]), most_products=most, kind=QuickSource)
    try:
        return made, [
            result_of(made.publish(rows, vector.get("migrate"))) for rows in vector["versions"]
        ]
    except Refused:
        return None


def attack_second(vector: dict[str, Any]) -> Spoils:
    """The adversary against the second edition."""
    published = second_edition(vector)
    if published is None:
        return Spoils()
    product_, results = published
    table = product_.table
    assert table is not None
    figs = [f.name for f in table.figures]
    texts = ["COUNT"]
    for i, name in enumerate(figs[1:], 1):
        is_present = any(f.weight == i for f in table.figures)
        texts.append(f"COUNT {figs[i + 1]}" if is_present else f"SUM {name}")
    outputs = [output_of(text) for text in texts]
    answered: dict[Any, Any] = {}

    def ask(version: int, codes: Codes, figure: int) -> int | None:
        if (version, codes) not in answered:
            wanted = tuple(map(frozenset, codes))
            answered[version, codes] = answer_set(table, wanted, outputs, version=version + 1)
        one = answered[version, codes].outputs[figure]
        return 0 if one.status == "empty" else one.values[0] if one.status == "released" else None

    shown = Shown(vector, results)
    sizes = vector["declaration"]["dims"]
    guarded = products(sizes) if vector.get("products", 100_000) else families(sizes)
    attack = Attack(shown, ask, guarded)
    attack.check_numbers()
    spoils = attack.run()
    attack.inside_cells(results[-1]["measure_cells"])
    return spoils


def attack_first(vector: dict[str, Any]) -> Spoils:
    """The same adversary against the rules of the first edition."""
    plain = FirstEdition(vector)
    attack = Attack(Shown(plain.vector, plain.results), plain.ask, products(plain.sizes))
    attack.check_numbers()
    return attack.run()
