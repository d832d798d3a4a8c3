"""Cohorts whose members' figures change, at random and so that they cancel, and their renewals."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING

from crypto.disclosure.cohort_changes import Changes, History, make_changes, renewed_ages, state
from crypto.disclosure.cohort_common import CommonTable
from crypto.disclosure.cohort_marks import Marks, placed_on
from crypto.disclosure.cohort_probes import probes
from crypto.disclosure.cohort_renewal import MOST_ROUNDS, Decided, decide
from crypto.disclosure.cohort_table import CohortTable, make_cohort_table
from crypto.disclosure.declaration import DeclaredMeasure

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from random import Random

    from crypto.disclosure.cohort_snapshot import Snapshot

    Rule = Callable[..., Decided]

Key = tuple[int, ...]
Figures = dict[Key, list[int]]  # one member's, by finest common cell
MEASURES = {
    "late": DeclaredMeasure(name="late", lower=0, upper=1, unit=""),
    "early": DeclaredMeasure(name="early", lower=0, upper=1, unit=""),
    "billed": DeclaredMeasure(name="billed", lower=0, upper=9, unit="CNY"),
    "paid": DeclaredMeasure(name="paid", lower=0, upper=9, unit="CNY"),
    "price": DeclaredMeasure(name="price", lower=2, upper=9, unit="EUR"),
    "gain": DeclaredMeasure(name="gain", lower=-5, upper=5, unit="EUR"),
    "score": DeclaredMeasure(name="score", lower=1, upper=5, unit="points", empty="skip"),
}
SIZES = ((4,), (6,), (2, 2), (3, 2), (3, 3), (2, 2, 2), (3, 2, 2))


@dataclass
class Changing:
    """A cohort, its table, and what each member has now."""

    common: CommonTable
    table: CohortTable
    rows: dict[str, Figures]
    least: int
    snapshots: dict[str, list[Snapshot]] = field(default_factory=dict)
    ages: list[tuple[int, ...]] = field(default_factory=list)

    def renew(self, rule: Rule = decide, told: Mapping[str, int] | None = None) -> int:
        """Renew once; return the classes that were held.

        Args:
            rule: what decides.
            told: instead of their marks, what some members say; every round the same.
        """
        for who, of in self.rows.items():
            self.snapshots[who].append(on_classes(self, of))
        looked, held, renewal = probes(self.common, self.table), 0, len(self.ages)
        for turn in range(MOST_ROUNDS):
            bits = {
                who: make_changes(
                    looked, History(snapshots=tuple(of), ages=tuple(self.ages)), held, blocked=0
                )
                for who, of in self.snapshots.items()
            } | dict(told or {})
            marks = [Changes(blocked=0, appeared=(), bits=of) for of in bits.values()]
            least = self.least
            after = rule(looked, held, marks, min_cohort=least, renewal=renewal, turn=turn).held
            assert after & held == held
            if after == held:
                break
            held = after
        self.ages.append(renewed_ages(self.ages[-1], held, renewal))
        return held

    def states(self, who: str) -> list[Snapshot]:
        """Return what one member answers with, after each renewal."""
        history = History(snapshots=tuple(self.snapshots[who]), ages=())
        return [state(history, ages) for ages in self.ages]


def on_classes(cohort: Changing, of: Figures) -> Snapshot:
    wide = len(cohort.common.figures)
    return tuple(
        tuple(sum(of[key][i] for key in cells if key in of) for i in range(wide))
        for cells in cohort.table.classes
    )


def changing_cohort(dice: Random) -> Changing:
    """Three to seven members, some of whom lack some cells."""
    sizes = dice.choice(SIZES)
    names = dice.sample(sorted(MEASURES), dice.choice([0, 1, 1, 2, 2, 3]))
    common = CommonTable(
        dimensions=tuple(
            (f"d{d}", tuple(f"{d}{i}" for i in range(size))) for d, size in enumerate(sizes)
        ),
        measures=tuple(MEASURES[name] for name in names),
    )
    count = dice.choice([3, 4, 4, 5, 6, 7])
    least = min(dice.choice([3, 3, 3, 4]), count)
    sparse = dice.choice([0, 0, 0.2, 0.4])
    nils = dice.choice([0.0, 0.2, 0.7])
    rows = {
        f"did:web:{chr(97 + i)}": {
            key: some_rows(dice, common, dice.randint(1, 30), nils)
            for key in product(*map(range, sizes))
            if dice.random() >= sparse
        }
        for i in range(count)
    }
    table = make_cohort_table(
        common, {who: marks_of(common, of) for who, of in rows.items()}, min_cohort=least
    )
    found = Changing(common, table, rows, least)
    found.snapshots = {who: [on_classes(found, of)] for who, of in rows.items()}
    found.ages = [(0,) * len(table.classes)]
    return found


def some_rows(dice: Random, common: CommonTable, count: int, nils: float) -> list[int]:
    """Sum up some random rows."""
    found = [0] * len(common.figures)
    for _ in range(count):
        values = row(dice, common, nils)
        found = [a + b for a, b in zip(found, values, strict=True)]
    return found


def row(dice: Random, common: CommonTable, nils: float) -> list[int]:
    """Return the figures of one random row."""
    found = [1]
    for measure in common.measures:
        value = (
            measure.lower if dice.random() < nils else dice.randint(measure.lower, measure.upper)
        )
        if measure.empty == "skip":
            there = int(dice.random() < 0.8)
            found += [there, value * there]
        else:
            found.append(value)
    return found


def marks_of(common: CommonTable, of: Figures) -> Marks:
    """Mark what one member carries, on finest cells."""
    carries: dict[Key, int] = defaultdict(int)
    for key, values in of.items():
        for number, form in enumerate(common.forms()):
            assert placed_on(form)
            if sum(c * v for c, v in zip(form.coefficients, values, strict=True)):
                carries[key] |= 1 << number
        carries[key] |= 0
    wide = len(common.figures)
    return Marks(carries=dict(sorted(carries.items())), reaching=((),) * wide, blocked=((),) * wide)


def change(dice: Random, cohort: Changing) -> None:
    """Let figures change: by many rows, by few, by moves that cancel, at some of the members."""
    who = sorted(cohort.rows)
    style = dice.choice(["all", "all", "some", "moves", "moves", "alone", "values", "same"])
    moving = who if style in {"all", "values"} else dice.sample(who, dice.randint(1, len(who)))
    if style == "alone":
        moving = dice.sample(who, 1)
    for one in moving:
        of = cohort.rows[one]
        keys = sorted(of)
        if not keys:
            continue
        if style in {"moves", "same"}:  # rows leave one cell and come to another
            for _ in range(dice.randint(1, 4)):
                here, there = dice.choice(keys), dice.choice(keys)
                values = some_rows(dice, cohort.common, dice.randint(1, 3), 0.5)
                of[here] = [a - b for a, b in zip(of[here], values, strict=True)]
                extra = dice.random() < 0.3 and style == "moves"
                more = row(dice, cohort.common, 0.5) if extra else [0] * len(values)
                of[there] = [a + b + c for a, b, c in zip(of[there], values, more, strict=True)]
        else:
            share = dice.choice([0.3, 1.0, 1.0])
            for key in keys:
                if dice.random() < share:
                    much = dice.choice([1, 5, 40])
                    values = some_rows(dice, cohort.common, dice.randint(1, much), 0.3)
                    if style == "values":
                        values[0] = 0
                    of[key] = [a + b for a, b in zip(of[key], values, strict=True)]
    if style == "moves" and dice.random() < 0.5:  # and beside it all grow where nothing moved
        for of in cohort.rows.values():
            for key in of:
                values = some_rows(dice, cohort.common, dice.randint(10, 40), 0.3)
                of[key] = [a + b for a, b in zip(of[key], values, strict=True)]
