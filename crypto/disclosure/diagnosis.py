"""Why a table came out as it did: what a form asked for on a set, and what was there.

For the owner only: it tells of contributors, and published it would help to undo the protection.
Nothing here decides anything. Sets are told by the codes they reach, as the table has them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crypto.disclosure.fineness import Profile
    from crypto.disclosure.guarded import Family, Masks
    from crypto.disclosure.ledger import Ask
    from crypto.disclosure.rules import Rules
    from crypto.disclosure.table import CellKey

MOST_EXAMPLES: Final = 50  # of each kind; the rest is counted
MOST_ALONE: Final = 10_000  # finest cells of which it is noted what they lack

Rule = Literal["carriers", "dominance", "p_percent", "nil"]
When = Literal["state", "change", "second"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """What one form asked for on one set.

    Attributes:
        form: its name.
        uses: numbers of the figures other than `rows` that it needs.
        rule: what it broke: too few carriers, n of them too large, one guessed too well, or nil
            where nil is hidden.
        needed: carriers; the greatest percentage of the n largest; the least p percent; 1.
        had: how many, or which percentage, rounded towards breaking the rule; 0.
        largest: n of dominance, else 0.
    """

    form: str
    uses: tuple[int, ...]
    rule: Rule
    needed: int
    had: int
    largest: int = 0

    @property
    def name(self) -> str:
        """The rule as reports count it."""
        if self.rule == "dominance":
            return f"dominance_{self.largest}_{self.needed}"
        return "minimum_contributors" if self.rule == "carriers" else self.rule


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOver:
    """What remained unsafe when there was nothing left to merge with.

    Attributes:
        measure: number of its figure; 0 for `rows`, whose leftover is blocked.
        codes: that it reaches.
        items: finest cells of it (of a measure: base cells).
        lacks: what it lacks by itself; not even with all other cells it has enough.
    """

    measure: int
    codes: Masks
    items: int
    lacks: tuple[Lack, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """A measure cell that was withheld.

    Attributes:
        measure: number of its figure.
        codes: that the cell reaches.
        base: how many base cells it has.
        rows: how many rows.
        failed: per failing form that it was part of, in how many sets it failed.
        always: other measures that every one of these forms uses, by number of figure.
        example: one form on one set, the smallest of those.
        where: codes of that set: the guarded one, or a part of the measure cell.
        inside: whether it is a part of the measure cell, the rest being at a bound.
    """

    measure: int
    codes: Masks
    base: int
    rows: int
    failed: tuple[tuple[str, int], ...]
    always: tuple[int, ...]
    example: Lack
    where: Masks
    inside: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A base cell that keeps what was shown last, or a new one that waits.

    Attributes:
        codes: that it reaches.
        lack: what a form asked for when it changed.
        when: of the state, its change from an earlier one, or a second difference.
        where: codes of the set on which the form failed.
        new: whether it is new, and its finest cells read as empty for now.
    """

    codes: Masks
    lack: Lack
    when: When
    where: Masks
    new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What the owner's report says of one data version.

    Attributes:
        finest: how many finest cells were looked at.
        unsafe: how many of those that were in no base cell before could not be one alone.
        broken: per rule, how many of these broke it.
        left_over: per merging what remained.
        withheld: examples.
        withheld_count: all that were withheld in this version.
        forms: per failing form, for how many withheld cells it failed.
        without: per measure (number of figure), how many withheld cells of others have no failing
            form without it.
        narrowed: per dimension, how many withheld cells' examples lie in part of its codes.
        held: examples, without those held only as they share a measure cell with one of them.
        left_out: families of guarded sets that did not fit.
        alone: of some finest cells that could not be one alone, which rules they broke by `rows`.
    """

    finest: int = 0
    unsafe: int = 0
    broken: Mapping[str, int] = field(default_factory=dict)
    left_over: tuple[LeftOver, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    withheld_count: int = 0
    forms: Mapping[str, int] = field(default_factory=dict)
    without: Mapping[int, int] = field(default_factory=dict)
    narrowed: tuple[int, ...] = ()
    held: tuple[Held, ...] = ()
    left_out: tuple[Family, ...] = ()
    alone: Mapping[CellKey, tuple[str, ...]] = field(default_factory=dict)


def lacks(ask: Ask, known: Profile, rules: Rules) -> tuple[Lack, ...]:
    """Returns all that a form lacks on a set where it is not fine, in the judgement's order."""

    def lack(rule: Rule, needed: int, had: int, largest: int = 0) -> Lack:
        return Lack(
            form=ask.form, uses=ask.uses, rule=rule, needed=needed, had=had, largest=largest
        )

    if not known.carriers:
        return (lack("nil", 1, 0),)
    found = []
    if known.carriers < ask.carriers:
        found.append(lack("carriers", ask.carriers, known.carriers))
    top = known.largest
    for n, percent in rules.dominance:
        if sum(top[:n]) * 100 > percent * known.total:
            found.append(lack("dominance", percent, -(-sum(top[:n]) * 100 // known.total), n))
    rest = (known.total - sum(top[:2])) * 100
    if rest < rules.p_percent * top[0]:
        found.append(lack("p_percent", rules.p_percent, rest // top[0]))
    return tuple(found)
