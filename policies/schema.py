"""What a question may speak of: the declared table of one product.

A table has coded dimensions, in order of importance, and integer measures at a fixed scale. The
contributor is the unit of privacy. Other columns of the product are listed only with their label,
so that a refusal can say why a column is not available.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from policies.columns import Label

DimensionKind = Literal["code", "integer", "bin"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeIndex:
    """Where each code of a dimension stands.

    Attributes:
        names: Index by the code's text; not for whole numbers.
        sorted: For whole numbers: their values, ascending.
        order: For whole numbers: the index of each of `sorted`; None where it is its place.
    """

    names: Mapping[str, int] = field(default_factory=dict)
    sorted: tuple[int | Decimal, ...] = ()
    order: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimension:
    """One coded or binned column by which the table is cut.

    Attributes:
        name: Column name as a question writes it.
        kind: ``code`` (names), ``integer`` (codes are whole numbers) or ``bin`` (ranges).
        codes: The declared codes in order, as they are shown. For ``bin`` the names of the ranges.
        edges: For ``bin`` the bounds, one more than codes, ascending: bin i holds
            ``edges[i] <= x < edges[i + 1]``; None at an end means unbounded.
        whole: For ``bin``: the binned values are whole numbers, so that ``x > 9`` is ``x >= 10``.
        disclosure: ``filter``, ``group_key`` or ``plaintext``.
        unit: Unit of the binned or integer values, for display.
        index: Where each code stands, once a question has asked; part of no comparison.
    """

    name: str
    kind: DimensionKind
    codes: tuple[str, ...]
    edges: tuple[Decimal | None, ...] = ()
    whole: bool = False
    disclosure: Label = "group_key"
    unit: str = ""
    index: CodeIndex | None = field(default=None, init=False, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One summed column, or a derived measure that the owner declared.

    Attributes:
        name: Column name as a question writes it.
        scale: Decimal places: the integer sum divided by ``10**scale`` is in ``unit``.
        unit: Unit for display, e.g. ``CNY`` or ``d``; empty for plain numbers.
        lower: Smallest value of one contribution, in ``unit``; smaller ones were clamped.
        upper: Largest value of one contribution, in ``unit``; larger ones were clamped.
        disclosure: ``aggregate`` or ``plaintext``.
        functions: Which aggregates the owner lists for it.
    """

    name: str
    scale: int = 0
    unit: str = ""
    lower: Decimal
    upper: Decimal
    disclosure: Label = "aggregate"
    functions: frozenset[Literal["sum", "count", "avg"]] = frozenset({"sum", "count", "avg"})


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSchema:
    """The declared table of one product.

    Attributes:
        product: Identifier of the product (DCAT dataset).
        table: Name that a question's FROM writes.
        dimensions: In order of importance; a cell's key has one code index per dimension.
        measures: The summable columns.
        contributor: Column whose values are the unit of privacy; never part of an answer.
        minimum_contributors: k, the least number of contributors in a released cell (public).
        others: Further columns and their labels, which no question can use.
    """

    product: str
    table: str
    dimensions: tuple[Dimension, ...]
    measures: tuple[Measure, ...]
    contributor: str
    minimum_contributors: int
    others: tuple[tuple[str, Label], ...] = ()

    def measure(self, name: str) -> Measure | None:
        """Return a measure by name, or None when there is none of that name."""
        for measure in self.measures:
            if measure.name == name:
                return measure
        return None
