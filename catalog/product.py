"""A data product as its owner declares it: source columns, protected table, rules, offers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from catalog.reading import USUAL, Reading
from policies.columns import Label, strictest
from policies.profile import MODES
from policies.schema import Dimension, Measure, TableSchema

if TYPE_CHECKING:
    from decimal import Decimal

    from catalog.database_source import DatabaseSource
    from catalog.expressions import Expression
    from catalog.product_rules import Equation
    from crypto.disclosure import Rules
    from crypto.disclosure.declaration import Empty, Protection
    from policies.offers import QuestionTerms
    from policies.profile import Mode
from policies.schema import DimensionKind

ColumnType = Literal["text", "integer", "decimal", "date", "timestamp", "boolean"]
COLUMN_TYPES: Final[tuple[ColumnType, ...]] = (
    "text",
    "integer",
    "decimal",
    "date",
    "timestamp",
    "boolean",
)


@dataclass(frozen=True, slots=True)
class Text:
    """A text in both languages; where the owner wrote one, the other repeats it."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceColumn:
    """One column of the owner's file.

    Attributes:
        name: As expressions and questions write it.
        source: As the file's header writes it.
        type: What its values must be.
        precision: For `decimal`: digits in all.
        scale: For `decimal`: digits after the point; more in a value is an error.
        labels: What it may be used for; `never` stands alone.
    """

    name: str
    source: str
    type: ColumnType
    precision: int = 0
    scale: int = 0
    labels: tuple[Label, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductDimension:
    """One dimension of the protected table; the attributes of `policies.schema.Dimension`."""

    name: str
    title: Text
    expression: Expression
    kind: DimensionKind
    codes: tuple[str, ...]
    edges: tuple[Decimal | None, ...] = ()
    whole: bool = False
    disclosure: Label
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductMeasure:
    """One measure; values outside the bounds are clamped to them before they are summed.

    Attributes:
        scale: Decimal places kept; values with more are rounded, half away from zero.
        scale_named: Whether the product file names the scale.
    """

    name: str
    title: Text
    expression: Expression
    scale: int
    scale_named: bool = True
    unit: str
    lower: Decimal
    upper: Decimal
    empty: Empty = "error"  # what a value is if a field it reads is empty


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductOffer:
    """One offer of the product: a name, unique in it, and terms."""

    name: str
    terms: QuestionTerms


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A data product.

    Attributes:
        id: Identifier of the dataset; unique at its provider.
        table: Name that a question's FROM writes.
        domain: Data domain of `catalog.grading`.
        level: 1 to 3.
        contributor: Name of the column whose values are the unit of privacy.
        contributor_case: Whether ids that differ in case only are several or one.
        dimensions: Most important first.
        protection: The rules, and what gives way to them.
        equations: What its figures obey, each judged as one more form.
        separate_rows: The owner's word that its rows are no other product's.
        zone: Name of the zone in which the timestamps, then instants with their own zone, have a
            day and an hour; empty if they are written without a zone.
        empty_contributor: What becomes of a row without a contributor.
        reading: How the owner's file writes its values.
        source: The database that the data come from; None if they come from a file.
    """

    id: str
    title: Text
    description: Text
    keywords: tuple[str, ...]
    domain: str
    level: int
    table: str
    columns: tuple[SourceColumn, ...]
    contributor: str
    dimensions: tuple[ProductDimension, ...]
    measures: tuple[ProductMeasure, ...]
    protection: Protection
    offers: tuple[ProductOffer, ...]
    equations: tuple[Equation, ...] = ()
    separate_rows: bool = False
    contributor_case: Literal["exact", "fold"] = "exact"
    zone: str = ""
    empty_contributor: Literal["error", "drop"] = "error"
    reading: Reading = USUAL
    source: DatabaseSource | None = None

    @property
    def rules(self) -> Rules:
        """Minimum contributors, dominance, p%."""
        return self.protection.rules

    @property
    def zeros(self) -> Literal["shown", "hidden"]:
        """Whether finest cells without rows are shown as empty or merged."""
        return self.protection.zeros

    @property
    def codes(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Name and codes of each dimension, as a protected table has them."""
        return tuple((dimension.name, dimension.codes) for dimension in self.dimensions)

    @property
    def modes(self) -> tuple[Mode, ...]:
        """The query modes that some offer grants."""
        granted = {mode for offer in self.offers for mode in offer.terms.modes}
        return tuple(mode for mode in MODES if mode in granted)

    @property
    def schema(self) -> TableSchema:
        """What a question may speak of."""
        named = {d.name for d in self.dimensions} | {m.name for m in self.measures}
        return TableSchema(
            product=self.id,
            table=self.table,
            dimensions=tuple(
                Dimension(
                    name=d.name,
                    kind=d.kind,
                    codes=d.codes,
                    edges=d.edges,
                    whole=d.whole,
                    disclosure=d.disclosure,
                    unit=d.unit,
                )
                for d in self.dimensions
            ),
            measures=tuple(
                Measure(name=m.name, scale=m.scale, unit=m.unit, lower=m.lower, upper=m.upper)
                for m in self.measures
            ),
            contributor=self.contributor,
            minimum_contributors=self.rules.minimum_contributors,
            others=tuple(
                (c.name, strictest(c.labels)) for c in self.columns if c.name not in named
            ),
        )

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """What the dimensions and measures are computed from, in their order."""
        return (
            *(dimension.expression for dimension in self.dimensions),
            *(measure.expression for measure in self.measures),
        )

    def shape(self) -> dict[str, Any]:
        """What must stay as it is from one data version to the next, as JSON."""
        from catalog.product_shape import shape_of  # it reads this class

        return shape_of(self)
