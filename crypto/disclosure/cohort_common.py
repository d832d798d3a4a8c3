"""What the tables of several suppliers have in common (disclosure.md §8.2).

A total over suppliers means something only where all mean the same, so this is made of declarations
alone: dimensions that all have, measures that all have, and the forms that the total's readers can
compute. Bounds are the widest that anybody declares, since nobody can compute with narrower ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

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
        measures: in declared order; which columns they read is not told.
    """

    dimensions: Dimensions
    measures: tuple[DeclaredMeasure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CommonTable:
    """What all members have in common.

    Attributes:
        dimensions: in the order of the member with the least DID; codes are the union of all.
        measures: with the widest bounds.
    """

    dimensions: Dimensions
    measures: tuple[DeclaredMeasure, ...]

    @property
    def declaration(self) -> Declaration:
        """It as a declaration, under no rules of its own."""
        sizes = tuple(len(codes) for _, codes in self.dimensions)
        return Declaration(sizes=sizes, measures=self.measures)

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
    first, *others = [declared[did] for did in sorted(declared)]
    dimensions = []
    for name, codes in first.dimensions:
        same = [dict(other.dimensions).get(name) for other in others]
        if None not in same:
            lists = [codes, *[c for c in same if c is not None]]
            dimensions.append((name, united_codes(lists, whole=name in whole)))
    measures = []
    for measure in first.measures:
        alike = [m for other in others for m in other.measures if m.name == measure.name]
        if len(alike) == len(others):
            measures.append(_widest(measure, alike))
    found = CommonTable(dimensions=tuple(dimensions), measures=tuple(measures))
    found.forms()  # refuses too many comparable measures
    return found


def united_codes(lists: Sequence[Sequence[str]], *, whole: bool) -> tuple[str, ...]:
    """Returns all codes of a dimension.

    Args:
        lists: the codes of each member, the one with the least DID first.
        whole: whether codes are whole numbers: then they ascend, else they keep this order.
    """
    found = dict.fromkeys(code for codes in lists for code in codes)
    return tuple(sorted(found, key=int) if whole else found)


def _widest(first: DeclaredMeasure, others: Sequence[DeclaredMeasure]) -> DeclaredMeasure:
    every = (first, *others)
    alike = {(m.scale, m.unit.strip().casefold(), m.empty == "skip") for m in every}
    if len(alike) != 1:
        raise Refused(
            f"{first.name} has another unit, other decimal places, or other empty values at "
            "another supplier: declare it alike, or leave it out"
        )
    return DeclaredMeasure(
        name=first.name,
        lower=min(m.lower for m in every),
        upper=max(m.upper for m in every),
        unit=first.unit.strip(),
        scale=first.scale,
        empty=first.empty,
    )
