"""What is looked through to find what is judged is counted, also where nothing is found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crypto.disclosure import cohort_walking
from crypto.disclosure.cohort_common import CommonTable
from crypto.disclosure.cohort_inner import counts_against_sums
from crypto.disclosure.cohort_probes import MOST_PRODUCTS, MOST_SETS, change_forms, probes
from crypto.disclosure.cohort_table import CohortTable
from crypto.disclosure.cohort_walking import MOST_WALKED, PER_FORM
from crypto.disclosure.declaration import DeclaredMeasure, Refused
from crypto.disclosure.guarded import GuardedSets, guarded_sets
from crypto.disclosure.inside import Inside

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crypto.disclosure.guarded import Masks

SIZES = (1, 1, 8, 8)


def few_classes(measures: Sequence[tuple[int, ...]]) -> tuple[CommonTable, CohortTable]:
    """Return a table of four classes of one cell, and measures, six of each unit, on some."""
    common = CommonTable(
        dimensions=tuple((f"d{d}", tuple(map(str, range(size)))) for d, size in enumerate(SIZES)),
        measures=tuple(
            DeclaredMeasure(name=f"m{i:02}", lower=0, upper=9, unit=f"u{i // 6}")
            for i, _ in enumerate(measures)
        ),
    )
    classes = tuple(((0, 0, 0, i),) for i in range(4))
    table = CohortTable(min_cohort=3, classes=classes, measures=((), *measures), blocked=())
    return common, table


def walked(monkeypatch: pytest.MonkeyPatch) -> list[Masks]:
    """Note each guarded set that is looked at."""
    found: list[Masks] = []
    plainly = Inside.firsts

    def firsts(self: Inside, masks: Masks, usable: int) -> int:
        found.append(masks)
        return plainly(self, masks, usable)

    monkeypatch.setattr(Inside, "firsts", firsts)
    return found


def guarded() -> GuardedSets:
    return guarded_sets(SIZES, most_products=MOST_PRODUCTS, most_sets=MOST_SETS)


@pytest.mark.parametrize("sizes", [(3, 2), (1, 1, 8, 8), (1,) * 6 + (8, 8)])
def test_how_many_sets_there_are_is_known_before_they_are_walked(sizes: tuple[int, ...]) -> None:
    of = guarded_sets(sizes, most_products=MOST_PRODUCTS, most_sets=MOST_SETS)
    assert of.count == sum(1 for _ in of)


def test_measures_on_the_same_classes_are_walked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many of them, and combinations of them: thirty measures have more than 200."""
    single, joined = (1, 2, 4, 8), (3, 12)
    common, table = few_classes([single, joined] * 15)
    assert len({form.uses for form in change_forms(common)}) > 200
    seen = walked(monkeypatch)
    looked = probes(common, table)
    assert len(seen) == 2 * guarded().count
    sets = {look.classes for look in looked.changes if len(look.places) == 1}
    assert len(sets) > 5


def test_what_is_walked_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Measures on other classes each: nearly nothing is found for each, and all is walked."""
    some = [(1 << i | 1 << j,) for i in range(4) for j in range(i)]
    common, table = few_classes([*some, *((0b1111 ^ 1 << i,) for i in range(4)), (1,), (2,)])
    seen, forms = walked(monkeypatch), list[int]()
    probes(common, table, forms.append)
    assert len(seen) > 12 * guarded().count
    looks = sum(forms) * PER_FORM
    assert looks > len(seen) > looks / 4


def test_more_than_may_be_walked_is_refused_before(monkeypatch: pytest.MonkeyPatch) -> None:
    common, table = few_classes([(1,), (2,), (4,), (8,)])
    monkeypatch.setattr(cohort_walking, "MOST_WALKED", 2 * guarded().count)
    seen = walked(monkeypatch)
    with pytest.raises(Refused, match=r"sets to look through$"):
        probes(common, table)
    assert len(seen) <= 2 * guarded().count
    assert MOST_WALKED == 2_000_000


def test_what_needs_a_count_that_there_is_none_of_is_counted() -> None:
    """It is looked through in all unions of parts, and not judged in any."""
    score = DeclaredMeasure(name="score", lower=1, upper=5, unit="points", empty="skip")
    common = CommonTable(dimensions=(("d", tuple("abcdefgh")),), measures=(score,))
    table = CohortTable(
        min_cohort=3,
        classes=tuple(((i,),) for i in range(8)),
        measures=((), tuple(1 << i for i in range(7)), (0b11111111,)),
        blocked=(),
    )
    steps: list[int] = []
    looks = list(counts_against_sums(common.figures, table, change_forms(common), steps.append))
    assert len(looks) > 2**7
    assert sum(steps) > 1.5 * sum(len(look.asks) for look in looks)
