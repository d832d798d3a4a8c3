"""What an owner declares of a table, second edition: measures, protection, figures of a row.

Source: disclosure.md §2. All bounds are whole numbers in the scale of their measure.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from crypto.disclosure import words
from crypto.disclosure.rules import LEAST_CONTRIBUTORS, Rules
from crypto.words import NOTHING, Words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crypto.disclosure.diagnosis import Withheld

MAX_COMPARABLE: Final = 6  # measures that may be compared with each other

Empty = Literal["error", "zero", "skip"]


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not a fault
    """The declaration cannot be published; the message says what helps.

    Attributes:
        says: what is wrong.
        advice: what helps; no text where there is none.
    """

    def __init__(self, says: Words, advice: Words = NOTHING, **facts: object) -> None:
        self.says, self.advice = says.of(**facts), advice.of(**facts)
        super().__init__(": ".join(filter(None, (self.says.said("en"), self.advice.said("en")))))


class Conflict(Refused):
    """Something would have to be withheld, and the owner declared that publication stops instead.

    Attributes:
        measure: name of the measure that would be withheld first.
        found: where, and why.
    """

    def __init__(
        self, says: Words, advice: Words, *, measure: str, found: Withheld, **facts: object
    ) -> None:
        super().__init__(says, advice, **facts)
        self.measure = measure
        self.found = found


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredMeasure:
    """One declared measure.

    Attributes:
        name: unique in its table, and not `rows`.
        lower: least value of a row, in units of `scale`.
        upper: greatest value of a row.
        unit: free text; equal units make measures comparable.
        scale: decimal places (cents: 2).
        empty: what a row without a value means: an error, nil, or a row that does not count.
        columns: the columns of the data file it reads.
    """

    name: str
    lower: int
    upper: int
    unit: str = ""
    scale: int = 0
    empty: Empty = "error"
    columns: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.lower > self.upper:
            raise ValueError(
                f"expected bounds in ascending order for `{self.name}`, "
                f"got `{self.lower}` and `{self.upper}`"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Protection:
    """The rules of a table.

    Attributes:
        rules: minimum contributors, dominance, p%.
        indicator_carriers: how many must carry a form of rows and indicators; 3 to `k`.
        nil: whether an `up` or `down` that is nil on a set with rows may be shown.
        zeros: whether a finest cell without rows is shown as empty, or merged like an unsafe one.
        on_conflict: what a failing signed form does: withholds a measure cell, or stops.
        mixed_versions: whether totals of cells of different data versions are given.
    """

    rules: Rules = field(default_factory=Rules)
    indicator_carriers: int = LEAST_CONTRIBUTORS
    nil: Literal["shown", "hidden"] = "shown"
    zeros: Literal["shown", "hidden"] = "shown"
    on_conflict: Literal["withhold", "refuse"] = "withhold"
    mixed_versions: bool = False

    def __post_init__(self) -> None:
        most = self.rules.minimum_contributors
        if not LEAST_CONTRIBUTORS <= self.indicator_carriers <= most:
            raise ValueError(
                f"expected between {LEAST_CONTRIBUTORS} and {most} indicator carriers, "
                f"got `{self.indicator_carriers}`"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """A table as declared.

    Attributes:
        sizes: number of codes of each dimension, most important first.
        measures: in declared order.
        protection: the rules.
        equations: per equation a whole coefficient by name of figure (`rows` among them); each is
            judged as one more form, whatever the units.
    """

    sizes: tuple[int, ...]
    measures: tuple[DeclaredMeasure, ...]
    protection: Protection = field(default_factory=Protection)
    equations: tuple[Mapping[str, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One summed column of a row: `rows` (1 in each), a measure, or `present(m)`.

    Attributes:
        name: unique in its table.
        lower: least value of a row that has one.
        upper: greatest value of a row that has one.
        unit: as declared.
        scale: decimal places.
        columns: the columns it reads.
        weight: number of the figure that counts the rows with a value: 0 (rows) or present(m).
    """

    name: str
    lower: int
    upper: int
    unit: str = ""
    scale: int = 0
    columns: tuple[str, ...] = ()
    weight: int = 0

    @property
    def is_indicator(self) -> bool:
        """Whether it is 0 or 1 in every row."""
        return (self.lower, self.upper, self.scale) == (0, 1, 0)

    @property
    def ends(self) -> tuple[int, int]:
        """Least and greatest value of any row: one without a value counts as 0."""
        if self.weight:
            return min(self.lower, 0), max(self.upper, 0)
        return self.lower, self.upper


def figures(declaration: Declaration) -> tuple[Figure, ...]:
    """Returns `rows`, then each measure in order, `present(m)` right before an m that skips."""
    found = [Figure(name="rows", lower=1, upper=1)]
    for measure in declaration.measures:
        weight = 0
        if measure.empty == "skip":
            weight = len(found)
            name = f"present({measure.name})"
            found.append(Figure(name=name, lower=0, upper=1, columns=measure.columns))
        found.append(
            Figure(
                name=measure.name,
                lower=measure.lower,
                upper=measure.upper,
                unit=measure.unit,
                scale=measure.scale,
                columns=measure.columns,
                weight=weight,
            )
        )
    return tuple(found)


def row_figures(declaration: Declaration, values: Sequence[int | None]) -> tuple[int, ...]:
    """Returns the figures of one row: clamped, an empty value counted as its measure declares.

    Raises:
        Refused: if a value is empty and it is not declared what that means.
    """
    found = [1]
    for measure, value in zip(declaration.measures, values, strict=True):
        if value is None and measure.empty == "error":
            raise Refused(words.EMPTY, measure=measure.name)
        if measure.empty == "skip":
            found.append(0 if value is None else 1)
            if value is None:
                found.append(0)
                continue
        found.append(max(measure.lower, min(measure.upper, value or 0)))
    return tuple(found)


def comparable(figs: Sequence[Figure]) -> tuple[tuple[int, ...], ...]:
    """Returns the groups of comparable figures by number, in order of their first figure.

    All indicators are one group, whatever their units. The others are comparable if their units
    are equal (trimmed, case folded; two empty ones are equal) or they read a column in common;
    closed transitively.

    Raises:
        Refused: if more than six figures are comparable.
    """
    indicators = [i for i, f in enumerate(figs) if i and f.is_indicator]
    left = [i for i, f in enumerate(figs) if i and not f.is_indicator]
    found = [indicators] if indicators else []
    while left:
        group = [left.pop(0)]
        for i in group:  # grows while it is walked
            alike = [j for j in left if _comparable(figs[i], figs[j])]
            group += alike
            left = [j for j in left if j not in alike]
        found.append(sorted(group))
    found.sort()
    for group in found:
        if len(group) > MAX_COMPARABLE:
            names = [figs[i].name for i in group]
            raise Refused(
                words.COMPARABLE, words.FEWER_COMPARABLE, most=MAX_COMPARABLE, names=names
            )
    return tuple(map(tuple, found))


def _comparable(one: Figure, other: Figure) -> bool:
    units = {f.unit.strip().casefold() for f in (one, other)}
    return len(units) == 1 or not set(one.columns).isdisjoint(other.columns)
