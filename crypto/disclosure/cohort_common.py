"""What the tables of several suppliers have in common (disclosure.md §8.2).

A total over suppliers means something only where all mean the same, so this is made of declarations
alone: dimensions that all have, measures that all have, and the forms that the total's readers can
compute. Bounds must be the same for all: one member's wider ones would let rows at the others'
bounds look like any, and whoever may choose them can search for a single row.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import prod
from typing import TYPE_CHECKING

from crypto.disclosure import words
from crypto.disclosure.declaration import (
    Declaration,
    DeclaredMeasure,
    Figure,
    Refused,
    figures,
)
from crypto.disclosure.forms import Form, forms

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence


Dimensions = tuple[tuple[str, tuple[str, ...]], ...]  # name and codes, most important first


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What one member declares of its table.

    Attributes:
        dimensions: name and codes of each, most important first.
        measures: in declared order; instead of the columns that they read stand opaque names: two
            that share one read a column in common.
    """

    dimensions: Dimensions
    measures: tuple[DeclaredMeasure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CommonTable:
    """What all members have in common.

    Attributes:
        dimensions: in the order of the member with the least DID; codes are the union of all.
        measures: declared alike by all.
    """

    dimensions: Dimensions
    measures: tuple[DeclaredMeasure, ...]

    @property
    def declaration(self) -> Declaration:
        """It as a declaration, under no rules of its own."""
        sizes = tuple(len(codes) for _, codes in self.dimensions)
        return Declaration(sizes=sizes, measures=self.measures)

    @property
    def finest(self) -> int:
        """How many finest cells it has, whoever carries something there."""
        return prod(len(codes) for _, codes in self.dimensions)

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The figures of a row."""
        return figures(self.declaration)

    def forms(self) -> tuple[Form, ...]:
        """Returns the forms that members mark, whatever sign they have in their rows.

        Combinations that declared bounds give one sign are left out, for `rows`, up and down stay:
        they are sums of these without negative coefficients, so their carriers are the union of
        the carriers of these.
        """
        return tuple(f for f in forms(self.declaration, None) if not f.declared)


def common_table(declared: Mapping[str, Declared], *, whole: Collection[str] = ()) -> CommonTable:
    """Returns what members have in common.

    Args:
        declared: per member, by its DID.
        whole: names of the dimensions whose codes are whole numbers.

    Raises:
        Refused: if a measure of one name means different things, too many measures are comparable,
            or nothing is common to all.
    """
    least, *others = sorted(declared)
    first = declared[least]
    dimensions = []
    for name, codes in first.dimensions:
        same = [dict(declared[did].dimensions).get(name) for did in others]
        if None not in same:
            lists = [codes, *[c for c in same if c is not None]]
            dimensions.append((name, united_codes(lists, whole=name in whole)))
    every = [
        (measure.name, {f"{did} {column}" for column in measure.columns})
        for did in sorted(declared)
        for measure in declared[did].measures
    ]
    groups = column_groups(every)
    measures = []
    for measure in first.measures:
        alike = {d: m for d in others for m in declared[d].measures if m.name == measure.name}
        if len(alike) == len(others):
            _check_alike(measure, alike)
            columns = (str(groups[measure.name]),)
            measures.append(replace(measure, unit=measure.unit.strip(), columns=columns))
    found = CommonTable(dimensions=tuple(dimensions), measures=tuple(measures))
    found.forms()  # refuses too many comparable measures
    return found


def column_groups(measures: Sequence[tuple[str, Collection[str]]]) -> dict[str, int]:
    """Returns per measure the number of its group: what reads columns in common, at any member.

    Args:
        measures: name and columns; a name may stand there more than once. Groups are closed
            transitively and numbered in the order of their first measure.
    """
    found: list[tuple[set[str], set[str]]] = []  # names, columns
    for name, columns in measures:
        names, read = {name}, set(columns)
        apart = []
        for group in found:
            if group[0] & names or group[1] & read:
                names, read = group[0] | names, group[1] | read
            else:
                apart.append(group)
        found = [*apart, (names, read)]
    order = list(dict.fromkeys(name for name, _ in measures))
    found.sort(key=lambda group: min(map(order.index, group[0])))
    return {name: number for number, (names, _) in enumerate(found) for name in names}


def united_codes(lists: Sequence[Sequence[str]], *, whole: bool) -> tuple[str, ...]:
    """Returns all codes of a dimension.

    Args:
        lists: the codes of each member, the one with the least DID first.
        whole: whether codes are whole numbers: then they ascend, else they keep this order.
    """
    found = dict.fromkeys(code for codes in lists for code in codes)
    return tuple(sorted(found, key=int) if whole else found)


def difference(one: DeclaredMeasure, other: DeclaredMeasure) -> str:
    """Says in what two measures of one name differ: bounds, unit, scale, or empty values."""
    if (one.scale, one.unit.strip().casefold()) != (other.scale, other.unit.strip().casefold()):
        return words.OTHER_UNIT.en
    if (one.empty == "skip") != (other.empty == "skip"):
        return words.OTHER_EMPTY.en
    same = (one.lower, one.upper) == (other.lower, other.upper)
    return "" if same else words.OTHER_BOUNDS.en


def _check_alike(first: DeclaredMeasure, others: Mapping[str, DeclaredMeasure]) -> None:
    for did, other in others.items():
        if what := difference(first, other):
            raise Refused(
                words.UNLIKE, words.ALIKE, measure=first.name, what=words.OTHERWISE[what], did=did
            )
