"""What an owner can see of one product, its own or another's: names, terms, what may be asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

from catalog.page import MOST_OFFERS
from connector.party.operation import Operation
from crypto.records import Name, Size, Text
from crypto.words import Words

MOST_CODES: Final = 100_000
MOST_MARGINS: Final = 4096

Id = Annotated[str, Text(2048)]
Line = Annotated[str, Text(4096, empty=True)]
Lines = tuple[Line, ...]
Values = Annotated[tuple[Line, ...], Size(0, MOST_CODES)]


@dataclass(frozen=True, slots=True, kw_only=True)
class From:
    """Whose product it is.

    Attributes:
        provider: DID; left out, our own product of that id, else the one in the shared catalogue.
    """

    provider: Annotated[
        Id | None,
        Words("若非本方产品：其提供方的 DID", "DID of its provider, if it is not ours"),
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Both:
    """Words in both languages."""

    zh: Line
    en: Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimension:
    """What one may filter by, and group by if `groups`; the most important first.

    Attributes:
        name: as a question writes it.
        title: of the dimension, its name where it has none.
        kind: code, integer or bin.
        unit: of whole numbers and bins.
        groups: whether one may group by it.
        codes: all of them; of bins the names of the ranges.
        edges: of bins, one more than codes; null is no bound.
    """

    name: Line
    title: Both
    kind: Literal["code", "integer", "bin"]
    unit: Line
    groups: bool
    codes: Values
    edges: tuple[Line | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What one may sum, average and count; values beyond the bounds were clamped to them.

    Attributes:
        name: as a question writes it.
        title: of the measure, its name where it has none.
        unit: of its values.
        scale: decimal places.
        lower: bound.
        upper: bound.
    """

    name: Line
    title: Both
    unit: Line
    scale: int
    lower: Line
    upper: Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The declared table.

    Attributes:
        name: what a question writes after FROM.
        minimum_contributors: least contributors of a released cell.
        dimensions: by which one groups and filters.
        measures: which one sums.
    """

    name: Line
    minimum_contributors: int
    dimensions: tuple[Dimension, ...]
    measures: tuple[Measure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Margin:
    """One grouping: how many groups there are, and of how many a figure is released.

    Attributes:
        dimensions: that are grouped by; none for the grand total.
        groups: how many.
        released: of how many COUNT(*) is.
        measures: of how many each measure's sum is.
        rows: in these; our own product's only.
    """

    dimensions: Lines
    groups: int
    released: int
    measures: Mapping[str, int]
    rows: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """A purpose: its short name or IRI, and what it means."""

    name: Line
    zh: Line
    en: Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A question that the offer grants, for this purpose and in this mode."""

    sql: Line
    purpose: Line
    mode: Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """An offer; a list that is empty limits nothing.

    Attributes:
        id: of the offer.
        policy: as the catalogue shows it, ODRL.
        purposes: for which one may ask.
        modes: in which.
        measures: `measure:function`.
        dimensions: by name.
        recipients: who may take it.
        membership: of which data spaces one must be a member.
        count: how many answers; null for no limit.
        minimum_contributors: least contributors of a cell that is released under it.
        min_cohort: least providers of a total; 0 where it grants none.
        aggregator: who adds a total up.
        cohort: providers of a total.
        since: from when it holds.
        until: how long.
        questions: three that it would grant, if there are so many.
        reasons: where there is none, why the last one tried would be refused.
    """

    id: Line
    policy: Mapping[str, Any]
    purposes: tuple[Purpose, ...]
    modes: Lines
    measures: Lines
    dimensions: Lines
    recipients: Lines
    membership: Lines
    count: int | None
    minimum_contributors: int
    min_cohort: int
    aggregator: Lines
    cohort: Lines
    since: Annotated[Lines, Name("from")]
    until: Lines
    questions: tuple[Sample, ...]
    reasons: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """What one offer grants beyond another, of one kind; an empty text stands for any.

    Attributes:
        of: the kind.
        values: some of them.
        more: how many there are besides.
    """

    of: str
    values: Lines
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What an offer grants that another does not."""

    offer: Line
    beyond: Line
    grants: tuple[Granted, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A product for who wants to ask.

    Attributes:
        id: of the product.
        provider: whose it is.
        own: whether it is ours.
        title: of the product.
        description: of the product.
        formats: of its transfers.
        table: null of a file, or of another's connector that describes no table of ours.
        margins: which groupings are shown, as far as that is public; of ours, from the report.
        offers: those that we may see.
        unreadable: ids of offers whose terms are not understood.
        differences: of each two offers, what one grants that the other does not.
    """

    id: Line
    provider: Id
    own: bool
    title: Both
    description: Both
    formats: Lines
    table: Table | None
    margins: Annotated[tuple[Margin, ...], Size(0, MOST_MARGINS)]
    offers: Annotated[tuple[Offer, ...], Size(0, MOST_OFFERS)]
    unreadable: Lines
    differences: tuple[Difference, ...]


PAGE: Final = Operation(
    name="product.page",
    method="GET",
    path="/v1/product-pages/{product_id}",
    slashes=frozenset({"product_id"}),
    named={"product_id": Words("产品的标识", "identifier of the product")},
    words=Words(
        "产品说明页：名称、单位、代码、要约及其差别、可以提出的问题",
        "what a product is: names, units, codes, offers and how they differ, what may be asked",
    ),
    may=frozenset({"steward", "cdo"}),
    query=From,
    reply=Page,
    detail="Of another's product nothing that its provider's catalogue does not show. Each of the"
    " questions was parsed, bound and decided under its offer as a real one is; cells of its"
    " answer may still be withheld",
)
