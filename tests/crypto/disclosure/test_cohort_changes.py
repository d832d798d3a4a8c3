"""What a member marks, told again form by form; and how often it looks at each set."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest

from crypto.disclosure import cohort_changes
from crypto.disclosure.bits import members
from crypto.disclosure.cohort_changes import (
    History,
    differences,
    make_changes,
    renewed_ages,
    state,
    whole,
)
from crypto.disclosure.cohort_probes import probes
from tests.crypto.disclosure.renewals import changing_cohort

if TYPE_CHECKING:
    from crypto.disclosure.cohort_probes import Probes
    from tests.crypto.disclosure.renewals import Changing


def plainly(looked: Probes, history: History, held: int, blocked: int) -> int:
    """Mark by `make_changes`' words: form by form, difference by difference."""
    newest = renewed_ages(history.ages[-1], held | whole(looked, blocked), len(history.ages))
    states = [state(history, ages) for ages in (*history.ages, newest)]
    only = ((0,) * len(history.ages) + (1,),)
    found = []
    for looks, compared in (
        (looked.changes, differences(len(history.ages))),
        (looked.states, only),
    ):
        for numbers in compared:
            for look in looks:
                for ask in look.asks:
                    value = sum(
                        n * c * of[i][j]
                        for n, of in zip(numbers, states, strict=True)
                        for coefficients, bits in zip(ask, look.places, strict=True)
                        for i in members(bits)
                        for j, c in enumerate(coefficients)
                    )
                    found.append(value != 0)
    return sum(1 << i for i, is_marked in enumerate(found) if is_marked)


def history_of(dice: Random, cohort: Changing, renewal: int, much: int) -> History:
    """Return any figures: of both signs, as large as may be, often such that they cancel."""
    classes, wide = len(cohort.table.classes), len(cohort.common.figures)
    some = [0, 0, 1, -1, much, -much, much - 1]
    return History(
        snapshots=tuple(
            tuple(tuple(dice.choice(some) for _ in range(wide)) for _ in range(classes))
            for _ in range(renewal + 1)
        ),
        ages=tuple(
            tuple(dice.randint(0, earlier) for _ in range(classes)) for earlier in range(renewal)
        ),
    )


def test_it_marks_what_its_words_say() -> None:
    """In any renewal, some held, some blocked, whatever the figures."""
    marked = 0
    for seed in range(30):
        dice = Random(seed)
        cohort = changing_cohort(dice)
        looked, classes = probes(cohort.common, cohort.table), len(cohort.table.classes)
        if sum(len(look.asks) * look.classes.bit_count() for look in looked.changes) > 5000:
            continue
        renewal, much = 1 + seed % 3, dice.choice([1, 7, 1 << 31, 1 << 62, 1 << 64, 1 << 90])
        history = history_of(dice, cohort, renewal, much)
        held = whole(looked, dice.getrandbits(classes + 1) & dice.getrandbits(classes + 1))
        blocked = dice.getrandbits(classes + 1) & (1 << classes) - 1 if seed % 2 else 0
        found = make_changes(looked, history, held, blocked)
        assert found == plainly(looked, history, held, blocked), seed
        marked += 0 < found.bit_count() < looked.bits(len(differences(renewal)))
    assert marked > 10


@pytest.mark.parametrize("renewal", [1, 2, 3])
def test_each_set_is_looked_at_once(renewal: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many states are compared."""
    dice = Random(1)
    cohort = changing_cohort(dice)
    looked = probes(cohort.common, cohort.table)
    history, calls = history_of(dice, cohort, renewal, 7), []
    monkeypatch.setattr(cohort_changes, "members", lambda bits: calls.append(1) or members(bits))
    make_changes(looked, history, 0, 0)
    assert len(calls) == sum(len(look.places) for look in (*looked.changes, *looked.states))
