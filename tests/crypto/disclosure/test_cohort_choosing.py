"""What a round holds, told again in plain sets; and how much work it may be to find."""

from __future__ import annotations

import sys
from collections import Counter
from itertools import product
from random import Random
from typing import TYPE_CHECKING

from crypto.disclosure.cohort_changes import differences, whole
from crypto.disclosure.cohort_choosing import next_held
from crypto.disclosure.cohort_common import CommonTable
from crypto.disclosure.cohort_probes import probes
from crypto.disclosure.cohort_table import CohortTable
from tests.crypto.disclosure.renewals import changing_cohort

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crypto.disclosure.cohort_probes import Probes


def marked(looked: Probes, mark: int, renewal: int) -> Iterator[tuple[int, set[int], bool]]:
    """Return per set that is judged its number, its components, and whether a member marks it."""
    place = number = 0
    for looks in (*[looked.changes] * len(differences(renewal)), looked.states):
        for look in looks:
            of = {c for c, bits in enumerate(looked.components) if bits & look.classes}
            yield number, of, bool(mark >> place & (1 << len(look.asks)) - 1)
            place, number = place + len(look.asks), number + 1


def plainly(
    looked: Probes, held: int, marks: Sequence[int], least: int, renewal: int, *, last: bool
) -> int:
    """Choose by `next_held`'s words, in sets."""
    width = looked.bits(len(differences(renewal)))
    few = sum((0 < sum(of >> i & 1 for of in marks) < least) << i for i in range(width))
    free = {c for c, bits in enumerate(looked.components) if not bits & held}
    who = [
        {n: of for n, of, is_marked in marked(looked, mark, renewal) if is_marked} for mark in marks
    ]
    alone = [set[int]().union(*[of for of in found.values() if len(of) == 1]) for found in who]
    moving = []
    for number, of, fails in marked(looked, few, renewal):
        if fails and of & free:
            movers = [one for one, found in zip(alone, who, strict=True) if number in found]
            moving.append(of & free & set[int]().union(*movers) or of & free)
    if moving and last:
        return whole(looked, -1)
    often = Counter(c for one in moving for c in one)
    chosen: set[int] = set()
    for one in sorted(moving, key=len):
        if not one & chosen:
            chosen.add(min(one, key=lambda c: (-often[c], c)))
    return held | sum(looked.components[c] for c in chosen)


def test_it_holds_what_its_words_say() -> None:
    """Marks of any kind, some classes held already, in any renewal."""
    more = 0
    for seed in range(60):
        dice = Random(seed)
        cohort = changing_cohort(dice)
        looked = probes(cohort.common, cohort.table)
        for renewal in (1, 2, 3):
            width = max(1, looked.bits(len(differences(renewal))))
            mask = (1 << looked.bits(len(differences(renewal)))) - 1
            rare = dice.choice([1, 2, 4])
            marks = []
            for _ in cohort.rows:
                of = mask
                for _ in range(rare):
                    of &= dice.getrandbits(width)
                marks.append(of)
            some = dice.getrandbits(len(cohort.table.classes) or 1)
            held = whole(looked, some & dice.getrandbits(len(cohort.table.classes) or 1))
            last = dice.random() < 0.2
            found = next_held(looked, held, marks, min_cohort=3, renewal=renewal, last=last)
            assert found == plainly(looked, held, marks, 3, renewal, last=last), (seed, renewal)
            more += found != held
    assert more > 50


def test_what_members_mark_is_decided_with_bounded_work() -> None:
    """Any marks, as many classes as there may be: a bounded number of calls for each mark."""
    sizes = (4,) * 6
    common = CommonTable(
        dimensions=tuple((f"d{d}", tuple("0123")) for d, _ in enumerate(sizes)), measures=()
    )
    table = CohortTable(
        min_cohort=3,
        classes=tuple((key,) for key in product(*map(range, sizes))),
        measures=((),),
        blocked=(),
    )
    looked = probes(common, table)
    dice, width = Random(1), looked.bits(len(differences(1)))
    marks = [dice.getrandbits(width) for _ in range(3)]
    calls = 0

    def called(*_: object) -> None:
        nonlocal calls
        calls += 1

    sys.setprofile(called)
    try:
        held = next_held(looked, 0, marks, min_cohort=3, renewal=1)
    finally:
        sys.setprofile(None)
    assert held.bit_count() > 3000
    assert calls < 100 * width
