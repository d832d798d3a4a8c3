"""A published product as a DSP dataset."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft201909Validator
from referencing import Registry, Resource

from catalog.dcat import TABLE, Publication, ShownMargin, dataset, offers, table_schema
from catalog.errors import ProductError
from catalog.product_file import read_product
from policies.odrl import parse_policy, same_terms
from policies.profile import V
from tests.catalog.product_texts import DELIVERIES, changed

if TYPE_CHECKING:
    from pathlib import Path

PRODUCT = read_product(DELIVERIES)
PUBLICATION = Publication(
    number=2,
    digest="sha-256:00",
    published="2026-11-21T09:00:00Z",
    margins=(
        ShownMargin(("year",), 3, 3, {}),
        ShownMargin(("year", "mode"), 9, 7, {"price": 5, "late": 7}),
    ),
)
SERVICE = {"@id": "x", "@type": "DataService", "endpointURL": "https://acme.example/dsp/2025-1"}


def shown() -> dict[str, object]:
    made: dict[str, object] = json.loads(json.dumps(dataset(PRODUCT, PUBLICATION, service=SERVICE)))
    return made


def test_it_is_a_dsp_dataset(vectors: Path) -> None:
    """The dataset satisfies the schema of DSP 2025-1, offers and distribution included."""
    schemas = {}
    for path in (vectors / "dsp").rglob("*-schema.json"):
        schema = json.loads(path.read_text("utf-8"))
        schemas[schema["$id"]] = schema
    registry: Registry[object] = Registry().with_resources(
        (uri, Resource.from_contents(schema)) for uri, schema in schemas.items()
    )
    root = schemas["https://w3id.org/dspace/2025/1/catalog/dataset-schema.json"]
    whole = {"@context": ["https://w3id.org/dspace/2025/1/context.jsonld"], **shown()}
    found = Draft201909Validator(root, registry=registry).iter_errors(whole)
    assert [error.message for error in found] == []


def test_the_offers_say_what_the_file_says() -> None:
    """Each mode has a permission; every operand of the file stands in it, as strings."""
    (offer,) = shown()["hasPolicy"]  # type: ignore[misc]
    policy = parse_policy(offer, kind="Offer")
    assert same_terms(policy, offers(PRODUCT)[0])
    assert "target" not in offer
    masked, homomorphic = offer["permission"]
    assert masked["action"] == homomorphic["action"] == V + "query"

    def terms(rule: dict[str, list[dict[str, object]]]) -> dict[object, object]:
        return {c["leftOperand"]: (c["operator"], c["rightOperand"]) for c in rule["constraint"]}

    common = {
        "odrl:purpose": (
            "isAnyOf",
            [V + "purpose/deliveryReliability", "https://example.org/purpose/audit"],
        ),
        "odrl:count": ("lteq", "40"),
        "odrl:dateTime": ("lteq", "2027-12-31Z"),
        V + "membership": ("isAnyOf", ["https://example.org/space"]),
        V + "minGroupSize": ("gteq", "5"),
        V + "measure": ("isAnyOf", ["late:sum", "*:count"]),
        V + "dimension": ("isAnyOf", ["year", "mode"]),
    }
    assert terms(masked) == {**common, V + "queryMode": ("isAnyOf", ["masked"])}
    assert terms(homomorphic) == {
        **common,
        V + "queryMode": ("isAnyOf", ["homomorphic"]),
        V + "minCohort": ("gteq", "3"),
        V + "aggregator": ("eq", "did:web:hub.example"),
        V + "cohortMember": (
            "isAnyOf",
            ["did:web:a.example", "did:web:b.example", "did:web:c.example"],
        ),
    }


def test_changed_terms_are_another_offer() -> None:
    """An offer's id changes with its terms and with nothing else."""
    same = read_product(changed("Delivery records", "Deliveries"))
    other = read_product(changed("count = 40", "count = 41"))
    assert offers(same)[0].uid == offers(PRODUCT)[0].uid
    assert offers(other)[0].uid != offers(PRODUCT)[0].uid


def test_the_consumer_reads_the_same_schema() -> None:
    """From the description alone a consumer knows dimensions, codes, scales, units and bounds."""
    read, own = table_schema(shown()), PRODUCT.schema
    assert read.dimensions == own.dimensions
    assert read.measures == own.measures
    assert (read.product, read.table) == (own.product, own.table)
    assert read.minimum_contributors == own.minimum_contributors


def test_nothing_of_the_rules_or_the_contributor_is_shown() -> None:
    """`k` is public; dominance, p%, the contributor, unused columns, counts of rows are not."""
    text = json.dumps(shown())
    for secret in ("customer", "cost", "dominance", "percent", "Ship Mode"):
        assert secret not in text
    table = shown()[TABLE]["@value"]  # type: ignore[index, call-overload]
    assert table["minimumContributors"] == 3
    assert table["measures"][0]["upper"] == "1000"
    assert "clamped" not in text, "how many rows lie out of bounds is a count of unprotected rows"
    assert table["margins"] == [
        {"dimensions": ["year"], "groups": 3, "released": 3},
        {
            "dimensions": ["year", "mode"],
            "groups": 9,
            "released": 7,
            "measures": {"price": 5, "late": 7},
        },
    ]
    assert "unchecked" not in table


def test_families_that_are_not_checked_are_named() -> None:
    """What combinations are not checked on stands on the product page."""
    some = [{"kind": "two", "grouping": ["year"], "further": "mode", "sets": 9}]
    left_out = {"count": 1, "sets": 9, "some": some}
    made = dataset(PRODUCT, replace(PUBLICATION, left_out=left_out), service=SERVICE)
    assert made[TABLE]["@value"]["unchecked"] == left_out


@pytest.mark.parametrize("wrong", [None, {}, {"@value": {}}, {"@value": {"name": "x"}}])
def test_other_descriptions_are_refused(wrong: object) -> None:
    """A dataset of another connector, or a damaged one, is one error."""
    with pytest.raises(ProductError):
        table_schema({"@id": "x", TABLE: wrong})
