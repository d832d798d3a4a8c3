"""Members that collude in renewals, and mark anew in every round: what they find of the others."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest

from crypto.disclosure.cohort_changes import (
    Changes,
    History,
    differences,
    make_changes,
    renewed_ages,
    whole,
)
from crypto.disclosure.cohort_probes import probes
from crypto.disclosure.cohort_renewal import MOST_RENEWALS, MOST_ROUNDS, decide
from tests.crypto.disclosure.attacker import found_changes
from tests.crypto.disclosure.renewals import change, changing_cohort, on_classes

if TYPE_CHECKING:
    from collections.abc import Collection

    from tests.crypto.disclosure.renewals import Changing

COHORTS = 24


def some_classes(dice: Random, cohort: Changing, share: float) -> int:
    return sum(1 << i for i, _ in enumerate(cohort.table.classes) if dice.random() < share)


def renew(dice: Random, cohort: Changing, colluding: Collection[str]) -> int:
    """Renew once; return the number of classes that were renewed.

    Honest members block some classes, the same ones in every round; who colludes marks all,
    nothing or anything, and blocks anything, another time in each round.
    """
    for who, of in cohort.rows.items():
        cohort.snapshots[who].append(on_classes(cohort, of))
    looked, held, renewal = probes(cohort.common, cohort.table), 0, len(cohort.ages)
    width = looked.bits(len(differences(renewal)))
    every = (1 << width) - 1
    share = dice.choice([0.0, 0.0, 0.15])
    blocks = {who: some_classes(dice, cohort, share) for who in cohort.rows}
    for turn in range(MOST_ROUNDS):
        marks = []
        for who, of in cohort.snapshots.items():
            blocked = blocks[who]
            if who in colluding:
                bits = dice.choice([every, 0, dice.getrandbits(width + 1) & every])
                blocked = some_classes(dice, cohort, dice.choice([0.0, 0.0, 0.1]))
            else:
                history = History(snapshots=tuple(of), ages=tuple(cohort.ages))
                bits = make_changes(looked, history, held, blocked)
            marks.append(Changes(blocked=blocked, appeared=(), bits=bits))
        of_round = {"min_cohort": cohort.least, "renewal": renewal, "turn": turn}
        after = decide(looked, held, marks, **of_round).held
        assert after & held == held
        if after == held:
            break
        held = after
    honest = [classes for who, classes in blocks.items() if who not in colluding]
    assert all(held & classes == classes for classes in honest)
    assert whole(looked, held) == held
    cohort.ages.append(renewed_ages(cohort.ages[-1], held, renewal))
    return len(cohort.table.classes) - held.bit_count()


@pytest.mark.long
def test_of_the_others_as_many_change_as_are_left() -> None:
    """One or two of a cohort, over three renewals: enough but for them change what does, or none."""
    renewed = seen = 0
    pairs = 0
    for seed in range(COHORTS):
        dice = Random(f"colluding {seed}")
        cohort = changing_cohort(dice)
        several = cohort.least == 4 and dice.random() < 0.7
        colluding = dice.sample(sorted(cohort.rows), 1 + several)
        pairs += several
        for _ in range(MOST_RENEWALS):
            change(dice, cohort)
            renewed += renew(dice, cohort, colluding)
        found = found_changes(cohort, but=colluding)
        least = cohort.least - len(colluding)
        assert min(found, default=least) >= least, seed
        seen += len(found)
    assert renewed > 20
    assert seen > 500
    assert pairs > 3
