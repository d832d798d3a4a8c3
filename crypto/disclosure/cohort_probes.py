"""What of a renewed cohort table is judged: forms on sets of classes (disclosure.md §8.3).

All of it follows from the common table and the classes, so every member and the aggregator find the
same, in the same order. Changes are judged on what is released inside guarded sets, inside classes,
and inside what hangs together by classes; states on every class, as those of the first table are.
COUNT against SUM inside a class of a measure is judged as a change, too.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Final

from crypto.canonical import PREFIX
from crypto.disclosure import words
from crypto.disclosure.bits import blocks, joins
from crypto.disclosure.cohort_changes import differences
from crypto.disclosure.cohort_inner import Look, counts_against_sums
from crypto.disclosure.cohort_marks import placed_on
from crypto.disclosure.cohort_renewal import MOST_RENEWALS, MOST_ROUNDS, RULE
from crypto.disclosure.cohort_walking import Steps, Unions, too_much
from crypto.disclosure.declaration import Refused
from crypto.disclosure.forms import Form, forms
from crypto.disclosure.guarded import GuardedSets, guarded_sets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from crypto.disclosure.bits import Bits
    from crypto.disclosure.cohort_common import CommonTable
    from crypto.disclosure.cohort_table import CohortTable
    from crypto.disclosure.forms import Coefficients

MOST_PRODUCTS: Final = 4_096  # up to so many, all products of code sets are guarded
MOST_SETS: Final = 20_000  # else so many cells of groupings, and further families that fit
MOST_CLASSES: Final = 4_096
MOST_PROBES: Final = 300_000  # forms times sets
MOST_WORK: Final = 50_000_000  # and times the classes in each set: some seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """What must be known of probes to read marks: little, where these are hundreds of megabytes.

    Attributes:
        digest: names what is judged, see `Probes.digest`.
        components: see `Probes`.
        asked: marks per difference, and of the new state.
    """

    digest: str
    components: tuple[Bits, ...]
    asked: tuple[int, int]

    def bits(self, differences: int) -> int:
        """Returns how many marks a member gives."""
        return differences * self.asked[0] + self.asked[1]


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

    @property
    def digest(self) -> str:
        """Names what is judged, `sha-256:` and so on: who judges anything else has another name.

        So has who holds other classes for the same marks: a release that follows another rule must
        not be told wrong by this one.
        """
        found = hashlib.sha256()
        for text in self._written():
            found.update(f"{text}\n".encode())
        return f"{PREFIX}{found.hexdigest()}"

    def _written(self) -> Iterator[str]:
        yield f"rule {RULE}, {MOST_ROUNDS} rounds"
        yield from (repr(differences(renewal)) for renewal in range(1, MOST_RENEWALS + 1))
        for kind, looks in (("changes", self.changes), ("states", self.states)):
            yield kind
            for look in looks:
                yield " ".join(f"{place:x}" for place in look.places)
                yield repr(look.asks)
        yield "components"
        yield from (f"{component:x}" for component in self.components)

    @property
    def outline(self) -> Outline:
        """What must be known of them to read marks."""
        asked = (_asked(self.changes), _asked(self.states))
        return Outline(digest=self.digest, components=self.components, asked=asked)

    def bits(self, differences: int) -> int:
        """Returns how many marks a member gives."""
        return differences * _asked(self.changes) + _asked(self.states)


def probes(
    common: CommonTable, table: CohortTable, spend: Callable[[int], None] = lambda _forms: None
) -> Probes:
    """Returns what is judged of a cohort table's renewals.

    Args:
        common: what all members have in common.
        table: the cohort table.
        spend: is told of forms on sets, and of what takes as long to find them, also of a table
            that is refused later.

    Raises:
        Refused: there is too much of it.
    """
    if len(table.classes) > MOST_CLASSES:
        raise too_much(words.CLASSES, MOST_CLASSES)
    partitions = [table.cells_of(i) for i in range(len(common.figures))]
    components = joins(cell for partition in partitions for cell in partition)
    steps = Steps(spend)
    by_uses: dict[tuple[int, ...], list[Coefficients]] = defaultdict(list)
    for form in change_forms(common):
        by_uses[form.uses or (0,)].append(form.coefficients)
    sizes = [sum(cell.bit_count() for cell in partition) for partition in partitions]
    steps(sum(sizes) + sum(sizes[i] for uses in by_uses for i in uses))
    parts = {uses: blocks([partitions[i] for i in uses]) for uses in by_uses}
    whole = {*components, *(cell for of in (*partitions, *parts.values()) for cell in of)}
    changes: list[Look] = []
    count = work = 0
    unions = Unions(_guarded(common), table, whole, steps)
    for look in chain(
        *(_looks(unions, asked, parts[uses]) for uses, asked in by_uses.items()),
        counts_against_sums(common.figures, table, change_forms(common), steps),
    ):
        spend(len(look.asks))
        count += len(look.asks)
        work += len(look.asks) * look.classes.bit_count()
        if count > MOST_PROBES:
            raise too_much(words.FORMS, MOST_PROBES)
        if work > MOST_WORK:
            raise too_much(words.IN_SETS, MOST_WORK)
        changes.append(look)
    judged: dict[tuple[int, ...], list[Coefficients]] = defaultdict(list)
    for form in common.forms():
        judged[placed_on(form)].append(form.coefficients)
    states = [
        Look((bits,), asks)
        for placed, asked in judged.items()
        for asks in [tuple((coefficients,) for coefficients in asked)]
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


def _looks(unions: Unions, asked: list[Coefficients], parts: list[Bits]) -> Iterator[Look]:
    """Yields forms on the unions of parts."""
    asks = tuple((coefficients,) for coefficients in asked)
    for union in unions.of(parts):
        yield Look((union,), asks)


def _asked(looks: tuple[Look, ...]) -> int:
    return sum(len(look.asks) for look in looks)


def _guarded(common: CommonTable) -> GuardedSets:
    sizes = [len(codes) for _, codes in common.dimensions]
    try:
        return guarded_sets(sizes, most_products=MOST_PRODUCTS, most_sets=MOST_SETS)
    except Refused as error:
        raise too_much(words.CELLS, MOST_SETS) from error
