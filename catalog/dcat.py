"""A published product as DSP shows it: a DCAT dataset, its offers, and what may be asked of it.

Dublin Core and DCAT terms carry the prefixes that DSP's own context declares; our terms are
absolute, and the table's description is a JSON literal, so that any JSON-LD processor keeps it.

Spec: DSP 2025-1 dataset-schema; DCAT 3; JSON-LD 1.1 §4.2.2 (JSON literals).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, cast

from catalog import problems_products as problems
from catalog.grading import RULE_PACK
from catalog.offer_terms import offer_policy
from catalog.toml_fields import Fields, wrong
from policies.odrl import to_wire
from policies.profile import V
from policies.schema import Dimension, Measure, TableSchema

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from catalog.product import Product, Text
    from policies.columns import Label
    from policies.model import Policy
    from policies.schema import DimensionKind

QUESTION_FORMAT: Final = "Voile-Question"
DATA_DOMAIN: Final = V + "dataDomain"
DATA_LEVEL: Final = V + "dataLevel"
QUERY_MODE: Final = V + "queryMode"
TABLE: Final = V + "table"


@dataclass(frozen=True, slots=True)
class ShownMargin:
    """How much of one grouping is released.

    A function of the partition and of what is withheld and held, as all public metadata are: rows,
    which only a released and charged COUNT(*) may tell, have no place here (disclosure.md §3.8).

    Attributes:
        dimensions: Names, in the table's order; empty for the grand total.
        groups: How many groups there are.
        released: For how many COUNT(*) is released.
        measures: Per measure, for how many it is.
    """

    dimensions: tuple[str, ...]
    groups: int
    released: int
    measures: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What a data version adds to the product's description.

    Attributes:
        number: 1 for the first data version.
        digest: Of the protected table.
        published: Instant, ISO 8601 with `Z`.
        margins: Which groupings are answered, and how much of each.
        left_out: Which families of sets of rows combinations are not checked on, as there are too
            many: `count`, `sets`, `some` by kind and names of dimensions; a function of the
            declaration alone.
    """

    number: int
    digest: str
    published: str
    margins: tuple[ShownMargin, ...]
    left_out: Mapping[str, Any] | None = None


def offers(product: Product, *, life: int = 0) -> tuple[Policy, ...]:
    """Returns the product's offers, in the order of its file.

    Args:
        product: The product.
        life: How many products were taken back under its id before.
    """
    return tuple(offer_policy(product.id, offer, life=life) for offer in product.offers)


def dataset(
    product: Product,
    publication: Publication,
    *,
    service: Mapping[str, Any],
    granted: Sequence[Policy] | None = None,
) -> dict[str, Any]:
    """Returns a product as a DSP Dataset, without `@context`.

    Args:
        product: The product.
        publication: Its present data version.
        service: The provider's DataService.
        granted: Offers to show; by default all of them.

    Returns:
        The dataset; without offers it is not valid DSP and must not be shown.
    """
    shown = offers(product) if granted is None else granted
    return {
        "@id": product.id,
        "@type": "Dataset",
        "dct:title": languages(product.title),
        "dct:description": languages(product.description),
        "dct:issued": publication.published,
        "dcat:keyword": list(product.keywords),
        "dcat:version": str(publication.number),
        DATA_DOMAIN: f"{RULE_PACK}/{product.domain}",
        DATA_LEVEL: str(product.level),
        QUERY_MODE: list(product.modes),
        TABLE: {"@type": "@json", "@value": _table(product, publication)},
        "hasPolicy": [to_wire(policy) for policy in shown],
        "distribution": [
            {"@type": "Distribution", "format": QUESTION_FORMAT, "accessService": dict(service)}
        ],
    }


def languages(text: Text) -> list[dict[str, str]]:
    """Give a text as JSON-LD has it, per language."""
    return [
        {"@language": language, "@value": value}
        for language, value in (("zh", text.zh), ("en", text.en))
        if value
    ]


def _table(product: Product, publication: Publication) -> dict[str, Any]:
    return {
        "name": product.table,
        "dimensions": [
            {
                "name": d.name,
                "title": {"zh": d.title.zh, "en": d.title.en},
                "kind": d.kind,
                "codes": list(d.codes),
                "edges": [None if edge is None else str(edge) for edge in d.edges],
                "whole": d.whole,
                "disclosure": d.disclosure,
                "unit": d.unit,
            }
            for d in product.dimensions
        ],
        "measures": [
            {
                "name": m.name,
                "title": {"zh": m.title.zh, "en": m.title.en},
                "scale": m.scale,
                "unit": m.unit,
                "lower": str(m.lower),
                "upper": str(m.upper),
                **({"empty": m.empty} if m.empty != "error" else {}),
            }
            for m in product.measures
        ],
        "minimumContributors": product.rules.minimum_contributors,
        "zeros": product.zeros,
        "version": {"number": publication.number, "digest": publication.digest},
        "margins": [
            {
                "dimensions": list(m.dimensions),
                "groups": m.groups,
                "released": m.released,
                **({"measures": dict(m.measures)} if m.measures else {}),
            }
            for m in publication.margins
        ],
        **({"unchecked": dict(publication.left_out)} if publication.left_out else {}),
    }


def table_schema(described: Mapping[str, Any]) -> TableSchema:
    """Reads back, at the consumer, what questions a described dataset takes.

    The contributor and the columns that no question can use are the provider's own knowledge, so
    they are empty here.

    Args:
        described: A dataset as its provider described it.

    Raises:
        ProductError: If it describes no table, or one that is not understood.
    """
    literal = described.get(TABLE)
    if not isinstance(literal, dict) or not isinstance(literal.get("@value"), dict):
        raise wrong(TABLE, problems.TABLE_DESCRIBED, literal)
    table = Fields(literal["@value"], TABLE)
    return TableSchema(
        product=str(described.get("@id", "")),
        table=table.text("name"),
        dimensions=tuple(_dimension(part) for part in table.tables("dimensions", most=12)),
        measures=tuple(_measure(part) for part in table.tables("measures", most=32)),
        contributor="",
        minimum_contributors=table.integer("minimumContributors", 3, 10_000),
    )


def _dimension(part: Fields) -> Dimension:
    edges = tuple(
        None if edge is None else _number(edge, part.at("edges"))
        for edge in part.items("edges", most=257, none=True)
    )
    return Dimension(
        name=part.text("name"),
        kind=cast("DimensionKind", part.choice("kind", ("code", "integer", "bin"))),
        codes=part.texts("codes", most=100_000, none=True),
        edges=edges,
        whole=part.flag("whole", default=False),
        disclosure=cast("Label", part.choice("disclosure", ("filter", "group_key", "plaintext"))),
        unit=part.text("unit", "") if part.raw("unit") else "",
    )


def _measure(part: Fields) -> Measure:
    return Measure(
        name=part.text("name"),
        scale=part.integer("scale", 0, 12),
        unit=part.text("unit", "") if part.raw("unit") else "",
        lower=_number(part.text("lower"), part.at("lower")),
        upper=_number(part.text("upper"), part.at("upper")),
    )


def _number(text: object, at: str) -> Decimal:
    try:
        value = Decimal(str(text))
    except ArithmeticError:
        value = Decimal("nan")
    if not value.is_finite():
        raise wrong(at, problems.A_DECIMAL, text)
    return value
