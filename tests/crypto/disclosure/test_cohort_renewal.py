"""A renewed cohort table: whoever knows all totals of all states finds no change of too few."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import cycle, islice, product
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from crypto.disclosure import cohort_probes
from crypto.disclosure.cohort_changes import Changes
from crypto.disclosure.cohort_changes import differences as differences_of
from crypto.disclosure.cohort_common import CommonTable
from crypto.disclosure.cohort_probes import change_forms, probes
from crypto.disclosure.cohort_renewal import MOST_RENEWALS, MOST_ROUNDS, Decided, decide
from crypto.disclosure.cohort_table import CohortTable
from crypto.disclosure.declaration import DeclaredMeasure, Refused
from tests.crypto.disclosure.attacker import found_changes
from tests.crypto.disclosure.renewals import change, changing_cohort

if TYPE_CHECKING:
    from collections.abc import Callable

    from crypto.disclosure.cohort_inner import Look
    from crypto.disclosure.cohort_probes import Probes
    from tests.crypto.disclosure.renewals import Changing, Rule

BATCHES = 2
PER_BATCH = 20


def through(dice: Random, rule: Rule = decide) -> Changing:
    """Make a cohort and renew it some times."""
    cohort = changing_cohort(dice)
    for _ in range(dice.randint(1, MOST_RENEWALS)):
        change(dice, cohort)
        cohort.renew(rule)
    return cohort


@pytest.mark.long
@pytest.mark.parametrize("batch", range(BATCHES))
def test_no_change_of_too_few_members(batch: int) -> None:
    """Differences and second differences of all states, on all products of codes."""
    renewed = held = seen = 0
    for seed in range(batch * PER_BATCH, (batch + 1) * PER_BATCH):
        cohort = through(Random(seed))
        newest = len(cohort.ages) - 1
        renewed += sum(age == newest for age in cohort.ages[-1])
        held += sum(age < newest for age in cohort.ages[-1])
        found = found_changes(cohort)
        assert min(found, default=cohort.least) >= cohort.least, seed
        seen += len(found)
    assert min(renewed, held) > 10
    assert seen > 1000


def none_held(looked: Probes, held: int, marks: object, **more: object) -> Decided:
    return Decided(held=held, appeared=())


def only(keep: Callable[[Look], bool], *, second: bool = True) -> Rule:
    """Return the rule with some of what it judges left out."""

    def rule(looked: Probes, held: int, marks: list[Changes], **more: Any) -> Decided:
        digits, mask = differences_of(more["renewal"]), 0
        place = 0
        for times in digits:
            for look in looked.changes:
                judged = keep(look) and (second or sum(map(abs, times)) == 2)
                mask |= judged * ((1 << len(look.asks)) - 1) << place
                place += len(look.asks)
        kept = [replace(of, bits=of.bits & mask) for of in marks]
        return decide(looked, held, kept, **more)

    return rule


RULES: dict[str, Rule] = {
    "nothing is held": none_held,
    "one class at a time": only(lambda look: look.classes.bit_count() == 1),
    "no second differences": only(lambda look: bool(look.asks), second=False),
    "no count against sum": only(lambda look: len(look.places) == 1),
    "no combinations": only(lambda look: all(sum(map(bool, ask[0][1:])) < 2 for ask in look.asks)),
}


@pytest.mark.parametrize("name", RULES)
def test_it_bites(name: str) -> None:
    """Without a part of the rule, the same attacker finds changes of too few members."""
    broken = 0
    for seed in range(200):
        cohort = through(Random(seed), RULES[name])
        broken += min(found_changes(cohort), default=cohort.least) < cohort.least
        if broken:
            return
    assert broken


@pytest.mark.parametrize("style", ["all", "none", "any"])
def test_one_who_lies_stands_behind_nothing(style: str) -> None:
    """Whatever one member marks, of the others all but one of enough change what does, or none."""
    for seed in range(15):
        dice = Random(f"{style} {seed}")
        cohort = changing_cohort(dice)
        liar = dice.choice(sorted(cohort.rows))
        looked = probes(cohort.common, cohort.table)
        for renewal in range(1, dice.randint(1, 2) + 1):
            change(dice, cohort)
            count = looked.bits(len(differences_of(renewal)))
            bits = {"all": (1 << count) - 1, "none": 0, "any": dice.getrandbits(max(1, count))}
            cohort.renew(told={liar: bits[style] & ((1 << count) - 1)})
        found = found_changes(cohort, but={liar})
        assert min(found, default=cohort.least) >= cohort.least - 1, seed


def test_a_renewal_ends_whatever_members_mark() -> None:
    """One who marks anew at random in every round: all is held in the last one at the latest."""
    dice = Random(7)
    for _ in range(10):
        cohort = changing_cohort(dice)
        looked = probes(cohort.common, cohort.table)
        count, held = looked.bits(1), 0
        for turn in range(MOST_ROUNDS):
            marks = [
                Changes(
                    blocked=0, appeared=(), bits=dice.getrandbits(max(1, count)) >> (count == 0)
                )
                for _ in cohort.rows
            ]
            after = decide(looked, held, marks, min_cohort=3, renewal=1, turn=turn).held
            assert after & held == held
            if after == held:
                break
            held = after
        else:
            pytest.fail("it goes on")


def test_what_a_member_blocks_is_held_with_what_hangs_together() -> None:
    """Before anything else is judged; what appeared anywhere is withheld."""
    drawn = map(changing_cohort, map(Random, range(200)))
    cohort = next(c for c in drawn if any(b.bit_count() > 1 for b in c.table.measures[-1]))
    looked = probes(cohort.common, cohort.table)
    several = next(c for c in looked.components if c.bit_count() > 1)
    one = several & -several
    quiet = [Changes(blocked=0, appeared=(), bits=0) for _ in cohort.rows][1:]
    key = (0,) * len(cohort.common.dimensions)
    marks = [Changes(blocked=one, appeared=(key,), bits=1), *quiet]
    decided = decide(looked, 0, marks, min_cohort=3, renewal=1, turn=0)
    assert decided == Decided(held=several, appeared=(key,))


def test_a_measure_above_nought_is_judged_itself() -> None:
    """What two rows cost in one, in place of one: no row more counts for it."""
    drawn = map(changing_cohort, map(Random, range(200)))
    cohort = next(c for c in drawn if "price" in [m.name for m in c.common.measures])
    place = [f.name for f in cohort.common.figures].index("price")
    alone = tuple(int(i == place) for i in range(len(cohort.common.figures)))
    assert alone in {form.coefficients for form in change_forms(cohort.common)}
    assert alone not in {form.coefficients for form in cohort.common.forms()}


@pytest.mark.parametrize(
    ("sizes", "classes", "names", "said"),
    [
        ((30, 30, 30), 1, "", "20,000 cells of groupings"),
        ((3, 3), 5000, "", "4,096 classes"),
        ((3, 4), 12, "abc", "1,000 classes in the sets of its forms"),
    ],
)
def test_more_than_can_be_judged_is_refused(
    sizes: tuple[int, ...],
    classes: int,
    names: str,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Cells of groupings, classes, or forms times sets times classes: nobody marks for it."""
    common = CommonTable(
        dimensions=tuple((str(size), tuple(map(str, range(size)))) for size in sizes),
        measures=tuple(DeclaredMeasure(name=name, lower=0, upper=9) for name in names),
    )
    keys = cycle(product(*map(range, sizes)))
    some = tuple((key,) for key in islice(keys, classes))
    single = tuple(1 << i for i in range(classes))
    table = CohortTable(
        min_cohort=3, classes=some, measures=((), *[single for _ in names]), blocked=()
    )
    if names:
        probes(common, table)
        monkeypatch.setattr(cohort_probes, "MOST_WORK", 1000)
    with pytest.raises(Refused, match=f"has more than {said}$"):
        probes(common, table)


def test_who_judges_anything_else_has_another_digest() -> None:
    """A set, a form, a place, or what hangs together: marks would be read as other ones."""
    drawn = map(changing_cohort, map(Random, range(200)))
    cohort = next(c for c in drawn if any(b.bit_count() > 1 for b in c.table.measures[-1]))
    looked = probes(cohort.common, cohort.table)
    assert looked.digest == probes(cohort.common, cohort.table).digest
    assert re.fullmatch("sha-256:[0-9a-f]{64}", looked.digest)
    first, *rest = looked.changes
    others = [
        replace(looked, changes=tuple(rest)),
        replace(looked, changes=(*rest, first)),
        replace(looked, changes=(replace(first, asks=first.asks[1:]), *rest)),
        replace(looked, changes=(replace(first, places=(first.places[0] ^ 1,)), *rest)),
        replace(looked, states=looked.states[1:]),
        replace(looked, components=looked.components[1:]),
    ]
    assert len({looked.digest, *(other.digest for other in others)}) == 7
