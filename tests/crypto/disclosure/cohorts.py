"""Random cohorts: suppliers with tables of awkward shape over some of the same dimensions."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from crypto.disclosure.cohort_common import CommonTable, Declared, Dimensions, common_table
from crypto.disclosure.cohort_marks import Marks, make_marks
from crypto.disclosure.declaration import (
    Declaration,
    DeclaredMeasure,
    Protection,
    row_figures,
)
from crypto.disclosure.making import make_table
from crypto.disclosure.memory import MemorySource
from crypto.disclosure.rules import Rules

if TYPE_CHECKING:
    from random import Random

    from crypto.disclosure.guarded_table import GuardedTable

Row = tuple[str, tuple[int, ...], tuple[int, ...]]  # contributor, finest cell, figures
CODES = {"year": ("2024", "2025", "2026"), "brand": ("a", "b", "c", "d"), "site": ("n", "s")}
BOUNDS = {"late": (0, 1), "early": (0, 1), "billed": (0, 9), "paid": (0, 9), "gain": (-5, 5)}


@dataclass(frozen=True)
class Member:
    """One supplier: what it declares, its rows, its table."""

    dimensions: Dimensions
    measures: tuple[DeclaredMeasure, ...]
    rows: tuple[Row, ...]
    table: GuardedTable

    @property
    def declared(self) -> Declared:
        return Declared(dimensions=self.dimensions, measures=self.measures)


@dataclass(frozen=True)
class Cohort:
    """Suppliers by DID, and what they have in common."""

    members: dict[str, Member]
    common: CommonTable

    def marks(self) -> dict[str, Marks]:
        return {
            did: make_marks(m.table, m.dimensions, self.common) for did, m in self.members.items()
        }


def made(
    dimensions: Dimensions,
    measures: tuple[DeclaredMeasure, ...],
    rows: tuple[Row, ...],
    rules: Rules,
) -> Member:
    """Publish one supplier's rows."""
    declaration = Declaration(
        sizes=tuple(len(codes) for _, codes in dimensions),
        measures=measures,
        protection=Protection(rules=rules),
    )
    return Member(dimensions, measures, rows, make_table(declaration, MemorySource(rows)).table)


def random_cohort(dice: Random) -> Cohort:
    """Three to six suppliers, each with most of the dimensions, codes and measures."""
    names = dice.sample(sorted(BOUNDS), dice.choice([1, 2, 2, 3]))
    skips = {name for name in names if BOUNDS[name] != (0, 1) and dice.random() < 0.2}
    shared = dice.sample(sorted(CODES), dice.choice([1, 2, 2, 3]))
    wider = {name for name in BOUNDS if BOUNDS[name] != (0, 1) and dice.random() < 0.25}
    members = {
        f"did:web:{chr(97 + i)}": _member(dice, shared, names, skips, wider)
        for i in range(dice.choice([3, 4, 5, 6]))
    }
    return Cohort(members, common_table({did: m.declared for did, m in members.items()}))


def _member(
    dice: Random, shared: list[str], names: list[str], skips: set[str], wider: set[str]
) -> Member:
    own = [name for name in CODES if name in shared or dice.random() < 0.2]
    dice.shuffle(own)
    dimensions = tuple(
        (
            name,
            tuple(dice.sample(CODES[name], max(dice.randint(1, len(CODES[name])) for _ in "ab"))),
        )
        for name in own
    )
    extra = [name for name in sorted(BOUNDS) if name not in names and dice.random() < 0.15]
    measures = tuple(
        DeclaredMeasure(
            name=name,
            lower=BOUNDS[name][0],
            upper=BOUNDS[name][1] + 3 * (name in wider),
            unit="CNY" if name in {"billed", "paid"} else name,
            empty="skip" if name in skips else "zero",
        )
        for name in dice.sample([*names, *extra], len(names) + len(extra))
    )
    people = [f"C{i}" for i in range(dice.choice([5, 7, 9]))]
    declaration = Declaration(sizes=tuple(len(c) for _, c in dimensions), measures=measures)
    sparse, scarce = dice.choice([0, 0.1, 0.2]), dice.choice([0, 0.03, 0.4])
    style = dice.choice(["plain", "plain", "zeros", "bounds", "paid less"])
    rows = []
    for cell in product(*[range(len(codes)) for _, codes in dimensions]):
        if dice.random() < sparse:
            continue  # nothing there
        few = dice.random() < scarce  # too few to be released alone
        for who in people[:2] if few else people:
            values = [_value(dice, measure, style) for measure in measures]
            if style == "paid less":
                values = _paid_less(measures, values)
            rows.append((who, cell, row_figures(declaration, values)))
    return made(dimensions, measures, tuple(rows), Rules(minimum_contributors=3))


def _value(dice: Random, measure: DeclaredMeasure, style: str) -> int | None:
    if measure.empty == "skip" and dice.random() < 0.2:
        return None
    if style == "zeros" and dice.random() < 0.9:
        return 0
    if style == "bounds":
        return dice.choice([measure.lower, measure.upper, measure.upper])
    return dice.randint(measure.lower, measure.upper)


def _paid_less(measures: tuple[DeclaredMeasure, ...], values: list[int | None]) -> list[int | None]:
    """Nobody pays more than he was billed: a difference of one sign."""
    known = dict(zip([m.name for m in measures], values, strict=True))
    if known.get("billed") is not None and known.get("paid") is not None:
        known["paid"] = min(known["paid"] or 0, known["billed"] or 0)
    return [known[m.name] for m in measures]
