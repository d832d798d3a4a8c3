"""COUNT against SUM inside a class of a measure is judged in all that its parts make."""

from __future__ import annotations

from math import comb
from typing import TYPE_CHECKING

import pytest

from crypto.disclosure import cohort_inner, cohort_probes
from crypto.disclosure.cohort_common import CommonTable
from crypto.disclosure.cohort_inner import FINE_PARTS, counts_against_sums
from crypto.disclosure.cohort_probes import change_forms
from crypto.disclosure.cohort_table import CohortTable
from tests.crypto.disclosure.attacker import found_changes
from tests.crypto.disclosure.renewals import MEASURES, Changing, on_classes

if TYPE_CHECKING:
    from collections.abc import Sequence

Rows = tuple[tuple[int, ...], ...]  # per class what comes to each figure, at one member


def cohort(name: str, measures: Sequence[tuple[int, ...]], more: Sequence[Rows]) -> Changing:
    """Return a cohort of one measure over classes of one code each, before its renewal.

    Args:
        name: of the measure.
        measures: the classes of each figure after rows.
        more: what comes to each member.
    """
    wide = len(more[0])
    common = CommonTable(
        dimensions=(("d", tuple(map(str, range(wide)))),), measures=(MEASURES[name],)
    )
    table = CohortTable(
        min_cohort=3,
        classes=tuple(((i,),) for i in range(wide)),
        measures=((), *measures),
        blocked=(),
    )
    start = [100, 80, 200] if len(common.figures) == 3 else [100, 30]
    rows = {who: {(i,): list(start) for i in range(wide)} for who in "abcd"}
    found = Changing(common, table, rows, 3)
    found.snapshots = {who: [on_classes(found, of)] for who, of in rows.items()}
    found.ages = [(0,) * wide]
    for of, added in zip(rows.values(), more, strict=True):
        for key, values in zip(of, added, strict=True):
            of[key] = [a + b for a, b in zip(of[key], values, strict=True)]
    return found


CASES = {
    # late lines come in one class, two at most members and three at one; rows in all
    "two of seven parts": (
        "late",
        [(0b1111111,)],
        [((1, late), *((1, 0),) * 6) for late in (2, 2, 2, 3)],
    ),
    # 5·rows(0) + 1·rows(1) − score changes at one
    "rows where values may be missing": (
        "score",
        [(0b11,), (0b11,)],
        [
            ((here, there, score), (more, 0, 0))
            for here, more, there, score in (
                (3, 4, 6, 19),
                (4, 5, 8, 25),
                (5, 7, 10, 32),
                (6, 8, 9, 37),
            )
        ],
    ),
    # gain − 5·rows(1) changes at one
    "the measure itself": (
        "gain",
        [(0b11,)],
        [
            ((here, gain), (more, 0))
            for here, more, gain in ((9, 2, 10), (11, 3, 15), (13, 1, 5), (10, 2, 14))
        ],
    ),
    # score − 5·present(1): what has a value in 0 lies in a class that reaches out to 2
    "what has no count": (
        "score",
        [(0b101, 0b10), (0b11,)],
        [
            ((here, 2, of), (here, 2, 10), (here, 3, 7))
            for here, of in ((9, 0), (8, 0), (7, 0), (6, 1))
        ],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_nobody_stands_alone_behind_it(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of these was renewed once; with this judged, what one alone changes is held."""
    alone = cohort(*CASES[case])
    alone.renew()
    assert min(found_changes(alone), default=3) >= 3
    assert 0 in alone.ages[-1]
    monkeypatch.setattr(cohort_probes, "counts_against_sums", lambda *_: ())
    alone = cohort(*CASES[case])
    alone.renew()
    assert 1 in found_changes(alone)


@pytest.mark.parametrize("count", [2, 7, FINE_PARTS, FINE_PARTS + 1])
def test_all_unions_of_twelve_parts_above_single_ones_and_all_but_one(count: int) -> None:
    made = cohort("gain", [((1 << count) - 1,)], [((0, 0),) * count] * 4)
    looks = list(counts_against_sums(made.common.figures, made.table, change_forms(made.common)))
    sizes = range(1, count) if count <= 12 else {1, count - 1}
    assert len(looks) == sum(comb(count, size) for size in sizes)
    assert cohort_inner.FINE_PARTS == 12
