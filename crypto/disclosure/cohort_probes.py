"""What of a renewed cohort table is judged: forms on sets of classes (disclosure.md §8.3).

All of it follows from the common table and the classes, so every member and the aggregator find the
same, in the same order. Changes are judged on what is released inside guarded sets, inside classes,
and inside what hangs together by classes; states on every class, as those of the first table are.
Of COUNT against SUM, what is known where a measure stands at a bound in the rest of a class is
judged as a change, too.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import chain, combinations
from typing import TYPE_CHECKING, Final

from crypto.disclosure.bits import bits_of, blocks, joins, members
from crypto.disclosure.cohort_marks import placed_on
from crypto.disclosure.declaration import Refused
from crypto.disclosure.forms import Form, forms
from crypto.disclosure.guarded import guarded_sets, span
from crypto.disclosure.inside import Inside

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crypto.disclosure.bits import Bits
    from crypto.disclosure.cohort_common import CommonTable
    from crypto.disclosure.cohort_table import CohortTable
    from crypto.disclosure.forms import Coefficients

MOST_PRODUCTS: Final = 4_096  # up to so many, all products of code sets are guarded
MOST_SETS: Final = 20_000  # else so many cells of groupings, and further families that fit
MOST_CLASSES: Final = 4_096
MOST_PROBES: Final = 300_000  # forms times sets
MOST_WORK: Final = 50_000_000  # and times the classes in each set: some seconds
FINE_PARTS: Final = 6  # of a measure's class, up to so many parts are looked at in all unions


@dataclass(frozen=True, slots=True)
class Look:
    """Some forms on one set.

    Attributes:
        places: disjoint sets of classes for rows.
        asks: per form, its coefficients on each of the places.
    """

    places: tuple[Bits, ...]
    asks: tuple[tuple[Coefficients, ...], ...]

    @property
    def classes(self) -> Bits:
        """All classes that it looks at."""
        found = 0
        for place in self.places:
            found |= place
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Probes:
    """What is judged.

    Attributes:
        changes: looked at in every difference, and in every second difference, of states.
        states: looked at in the new state.
        components: classes that hang together by classes of measures: renewed together, or held.
    """

    changes: tuple[Look, ...]
    states: tuple[Look, ...]
    components: tuple[Bits, ...]

    def bits(self, differences: int) -> int:
        """Returns how many marks a member gives."""
        return differences * _asked(self.changes) + _asked(self.states)


def probes(common: CommonTable, table: CohortTable) -> Probes:
    """Returns what is judged of a cohort table's renewals.

    Raises:
        Refused: there is too much of it.
    """
    if len(table.classes) > MOST_CLASSES:
        raise _too_much()
    partitions = [table.cells_of(i) for i in range(len(common.figures))]
    components = joins(cell for partition in partitions for cell in partition)
    by_uses: dict[tuple[int, ...], list[Coefficients]] = defaultdict(list)
    for form in change_forms(common):
        by_uses[form.uses or (0,)].append(form.coefficients)
    parts = {uses: blocks([partitions[i] for i in uses]) for uses in by_uses}
    whole = {*components, *(cell for of in (*partitions, *parts.values()) for cell in of)}
    changes: list[Look] = []
    count = work = 0
    for look in chain(
        *(_looks(common, table, asked, parts[uses], whole) for uses, asked in by_uses.items()),
        _counts_against_sums(common, table),
    ):
        count += len(look.asks)
        work += len(look.asks) * look.classes.bit_count()
        if count > MOST_PROBES or work > MOST_WORK:
            raise _too_much()
        changes.append(look)
    judged: dict[tuple[int, ...], list[Coefficients]] = defaultdict(list)
    for form in common.forms():
        judged[placed_on(form)].append(form.coefficients)
    states = [
        Look((bits,), tuple((coefficients,) for coefficients in asked))
        for placed, asked in judged.items()
        for bits in blocks([partitions[i] for i in placed])
    ]
    return Probes(changes=tuple(changes), states=tuple(states), components=tuple(components))


def change_forms(common: CommonTable) -> tuple[Form, ...]:
    """Returns the forms whose changes are judged: all, and each measure itself.

    What declared bounds give one sign is a sum of others that have one, so it needs no check of its
    own in a state. Changes have any sign.
    """
    found = {form.coefficients: form for form in forms(common.declaration, None)}
    for i, figure in enumerate(common.figures[1:], 1):
        alone = tuple(int(i == j) for j in range(len(common.figures)))
        found.setdefault(alone, Form(name=figure.name, coefficients=alone, uses=(i,), own=i))
    return tuple(found.values())


def _looks(
    common: CommonTable,
    table: CohortTable,
    asked: list[Coefficients],
    parts: list[Bits],
    sets: set[Bits],
) -> Iterator[Look]:
    """Yields forms on the unions of parts inside guarded sets and some further sets, each once."""
    if not parts:
        return
    asks = tuple((coefficients,) for coefficients in asked)
    owner = {i: part for part in parts for i in members(part)}
    found = {0}
    for bits in sorted(sets):
        union = 0
        for part in {owner[i] for i in members(bits) if i in owner}:
            union |= part if not part & ~bits else 0
        if union not in found:
            found.add(union)
            yield Look((union,), asks)
    sizes = [len(codes) for _, codes in common.dimensions]
    guarded = guarded_sets(sizes, most_products=MOST_PRODUCTS, most_sets=MOST_SETS)
    inside = Inside(parts, [span(keys) for keys in table.classes])
    usable = inside.usable(-1)
    for masks in guarded:
        union = inside.whole(inside.firsts(masks, usable))
        if union not in found:
            found.add(union)
            yield Look((union,), asks)


def _counts_against_sums(common: CommonTable, table: CohortTable) -> Iterator[Look]:
    """Yields what is known of a part of a measure's class if the rest stands at a bound.

    `hi·n(part) + lo·n(rest) − m(class)`, disclosure.md §3.5; n: rows, or present(m).
    """
    count = len(common.figures)
    for i, figure in enumerate(common.figures[1:], 1):
        n = figure.weight
        high, low = (
            tuple(bound * (j == n) - (j == i) for j in range(count))
            for bound in (figure.upper, figure.lower)
        )
        for cell in table.cells_of(i):
            parts = [part for part in table.cells_of(n) if not part & ~cell]
            if sum(part.bit_count() for part in parts) != cell.bit_count():
                continue  # the class's own count is not given
            for part in _proper(parts):
                yield Look((part, cell & ~part), ((high, low),))


def _proper(parts: list[Bits]) -> Iterator[Bits]:
    """Yields unions of some parts, not of all; of many parts only single ones and all but one."""
    sizes = range(1, len(parts))
    if len(parts) > FINE_PARTS:
        sizes = sorted({1, len(parts) - 1})  # type: ignore[assignment]
    for size in sizes:
        for some in combinations(parts, size):
            yield bits_of(i for part in some for i in members(part))


def _asked(looks: tuple[Look, ...]) -> int:
    return sum(len(look.asks) for look in looks)


def _too_much() -> Refused:
    return Refused("the cohort table has too many classes and forms to be renewed")
