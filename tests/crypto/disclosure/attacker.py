"""Whoever knows all totals of all states of a cohort table, and adds up what can be added up."""

from __future__ import annotations

from itertools import chain, combinations, product
from typing import TYPE_CHECKING

from crypto.disclosure.bits import members
from crypto.disclosure.cohort_groups import groups_cleared
from crypto.disclosure.cohort_snapshot import total

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from crypto.disclosure.cohort_snapshot import Snapshot
    from tests.crypto.disclosure.renewals import Changing

    Form = tuple[tuple[int, int], ...]  # number of a figure, coefficient


def combined(cohort: Changing) -> list[dict[int, int]]:
    """Return what an attacker adds up: figures, distances from bounds, sums of two and three."""
    figures = cohort.common.figures
    found = [{i: 1} for i in range(len(figures))]
    for i, figure in enumerate(figures[1:], 1):
        bounds = {figure.lower, figure.upper} - {0}
        found += [{figure.weight: bound, i: -1} for bound in sorted(bounds)]
    for size in (2, 3):
        for some in combinations(range(1, len(figures)), size):
            alike = [figures[i] for i in some]
            if len({(f.unit, f.is_indicator) for f in alike}) > 1 and not all(
                f.is_indicator for f in alike
            ):
                continue
            for signs in product((1, -1), repeat=size - 1):
                form = dict(zip(some, (1, *signs), strict=True))
                found.append(form)
                bounds = {(f.lower, f.upper) for f in alike}
                shifts = {s * b for b in chain(*bounds) for s in (1, -1)} - {0}
                found += [{0: shift} | form for shift in shifts if len(bounds) == 1]
    return found


def asked(cohort: Changing) -> Iterator[set[tuple[int, ...]]]:
    """Yield every product of sets of codes."""
    axes = []
    for _, codes in cohort.common.dimensions:
        numbers = range(len(codes))
        axes.append(
            list(chain.from_iterable(combinations(numbers, n + 1) for n in range(len(codes))))
        )
    for chosen in product(*axes):
        yield set(product(*chosen))


def released(cohort: Changing, figure: int, cells: set[tuple[int, ...]]) -> set[int]:
    """Return the classes whose total an asker can add up inside some cells, one by one."""
    found: set[int] = set()
    for bits in cohort.table.cells_of(figure):
        keys = {key for i in members(bits) for key in cohort.table.classes[i]}
        if keys <= cells:
            made, _ = groups_cleared(cohort.table, figure, lambda key, k=keys: key in k or None)
            assert made[True] == bits
            found |= set(members(bits))
    return found


def bits_of(numbers: Iterable[int]) -> int:
    return sum(1 << i for i in numbers)


def common_part(cohort: Changing, uses: list[int], cells: set[tuple[int, ...]]) -> set[int]:
    """Return the largest union of classes of each figure inside some cells."""
    inside = set.intersection(*(released(cohort, i, cells) for i in uses))
    while True:
        smaller = set(inside)
        for i in uses:
            for bits in cohort.table.cells_of(i):
                if not set(members(bits)) <= inside:
                    smaller -= set(members(bits))
        if smaller == inside:
            return inside
        inside = smaller


def differences(count: int) -> list[dict[int, int]]:
    found = [{s: -1, t: 1} for s, t in combinations(range(count), 2)]
    return found + [{s: 1, t: -2, u: 1} for s, t, u in combinations(range(count), 3)]


def found_changes(cohort: Changing, but: Collection[str] = ()) -> list[int]:
    """Return by how many members each combined total changes, where it does.

    Args:
        cohort: all its states.
        but: members that are not counted.
    """
    seen: dict[frozenset[tuple[frozenset[int], Form]], None] = {}
    for cells in asked(cohort):
        for form in combined(cohort):
            inside = common_part(cohort, sorted(i for i in form if i) or [0], cells)
            if inside:
                seen[frozenset({(frozenset(inside), tuple(sorted(form.items())))})] = None
    states = [cohort.states(who) for who in cohort.rows if who not in but]
    found = []
    for combination in seen:
        for times in differences(len(cohort.ages)):
            parts = [
                sum(
                    n * c * total(of[s], i, bits_of(inside))
                    for s, n in times.items()
                    for inside, form in combination
                    for i, c in form
                )
                for of in states
            ]
            carriers = sum(part != 0 for part in parts)
            found += [carriers] if carriers else []
    for times in differences(len(cohort.ages)):
        figures = [changes(cohort, of, times) for of in states]
        found += filter(None, rest_at_a_bound(cohort, figures))
    return found


def changes(cohort: Changing, of: list[Snapshot], times: dict[int, int]) -> Snapshot:
    """Return what one member's figures on classes come to in a difference of states."""
    wide = len(cohort.common.figures)
    return tuple(
        tuple(sum(n * of[s][c][i] for s, n in times.items()) for i in range(wide))
        for c in range(len(cohort.table.classes))
    )


def rest_at_a_bound(cohort: Changing, of: list[Snapshot]) -> Iterator[int]:
    """Yield by how many members COUNT against SUM changes, if a measure stands at a bound.

    In any union of some parts of a class: what is left of the measure is of the other parts. That
    is known itself, and its distances from bounds, whichever figure counts rows.
    """
    for i, figure in enumerate(cohort.common.figures[1:], 1):
        bounds = {figure.lower, figure.upper}
        for n, bits in product({0, figure.weight}, cohort.table.cells_of(i)):
            parts = [part for part in cohort.table.cells_of(n) if not part & ~bits]
            covered = sum(map(int.bit_count, parts)) == bits.bit_count()
            counted = [unions([added(f, n, part) for part in parts]) for f in of]
            sums = [added(f, i, bits) for f in of]
            for union in range(1, (1 << len(parts)) - covered):
                others = (1 << len(parts)) - 1 - union
                for bound in bounds:
                    left = [s - bound * c[union] for s, c in zip(sums, counted, strict=True)]
                    yield sum(map(bool, left))
                    for other in bounds if covered else ():
                        pairs = zip(left, counted, strict=True)
                        yield sum(value != other * c[others] for value, c in pairs)


def added(of: Snapshot, figure: int, bits: int) -> int:
    return sum(of[c][figure] for c in members(bits))


def unions(values: list[int]) -> list[int]:
    """Return the sum of each union of parts, by its bits."""
    found = [0]
    for value in values:
        found += [value + other for other in found]
    return found
