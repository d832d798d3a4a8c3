"""Contracts of the Open Data Contract Standard: what is taken over, and that nothing is dropped."""

from __future__ import annotations

import copy
import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog import odcs_words
from catalog.errors import ProductError
from catalog.odcs import read_contract
from catalog.odcs_draft import Imported, draft_contract
from catalog.product_file import read_product
from crypto.words import LANGUAGES, Words
from tests.catalog.test_draft import HAN, INJECTION, TODAY

CONTRACT: dict[str, Any] = {
    "apiVersion": "v3.2.0",
    "kind": "DataContract",
    "id": "53581432-6c55-4ba2-a65f-72344a91553a",
    "version": "1.1.0",
    "status": "active",
    "tags": ["delivery", "交付", "delivery"],
    "description": {"purpose": "Deliveries as they came", "usage": "Planning"},
    "servers": [{"server": "main", "type": "local", "path": "data", "format": "csv"}],
    "slaProperties": [{"property": "latency", "value": 4, "unit": "d"}],
    "price": {"priceAmount": 9.5, "priceCurrency": "EUR"},
    "roles": [{"role": "reader", "access": "read"}],
    "schema": [
        {
            "name": "deliveries",
            "businessName": "Delivery records",
            "logicalType": "object",
            "tags": ["lines"],
            "properties": [
                {"name": "customer", "logicalType": "string", "classification": "restricted"},
                {"name": "order_no", "logicalType": "string", "primaryKey": True},
                {
                    "name": "mode",
                    "physicalName": "Ship Mode",
                    "businessName": "Mode of transport",
                    "logicalType": "string",
                    "classification": "Public",
                    "enum": [{"value": "AIR"}, {"value": "ROAD"}],
                },
                {
                    "name": "price",
                    "logicalType": "number",
                    "physicalType": "DECIMAL(12, 2)",
                    "logicalTypeOptions": {"minimum": 0, "maximum": 999.999},
                    "quality": [{"type": "text", "description": "never negative"}],
                },
                {
                    "name": "at",
                    "logicalType": "timestamp",
                    "logicalTypeOptions": {"timezone": True},
                },
                {"name": "lines", "logicalType": "array", "items": {"logicalType": "string"}},
                {"name": "weight", "physicalType": "double"},
            ],
        },
        {"name": "customers", "properties": [{"name": "customer", "logicalType": "string"}]},
    ],
}


def made(contract: dict[str, Any], language: Any = "en", wanted: str = "deliveries") -> Imported:
    return draft_contract(read_contract(contract, wanted), language, TODAY)


def changed(**more: Any) -> dict[str, Any]:
    return {**copy.deepcopy(CONTRACT), **more}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_contract_becomes_a_product(language: Any):
    """Columns with types, titles, keywords; codes and bounds where the contract has them."""
    found = made(CONTRACT, language)
    product = read_product(found.draft.text)
    assert found.draft.lacking == ()
    assert product.title.en == "Delivery records"
    assert product.description.en == "Deliveries as they came"
    assert product.keywords == ("delivery", "交付", "lines")
    assert product.contributor == "customer"
    assert (product.level, product.offers, product.zone) == (2, (), "UTC")
    columns = {c.name: (c.source, c.type, c.scale, c.labels) for c in product.columns}
    assert columns == {
        "customer": ("customer", "text", 0, ("never",)),
        "order_no": ("order_no", "text", 0, ("never",)),
        "mode": ("Ship Mode", "text", 0, ("group_key",)),
        "price": ("price", "decimal", 2, ("aggregate",)),
        "at": ("at", "timestamp", 0, ("never",)),
        "weight": ("weight", "decimal", 4, ("never",)),
    }
    (dimension,) = product.dimensions
    assert (dimension.title.en, dimension.codes) == ("Mode of transport", ("AIR", "ROAD"))
    (measure,) = product.measures
    assert (measure.lower, measure.upper) == (0, Decimal("1000.00"))


def test_what_has_no_counterpart_is_listed():
    """With its place, in the comments and as values; nothing is dropped."""
    found = made(CONTRACT)
    listed = dict(found.unmapped)
    assert set(listed) == {
        *("version", "status", "description.usage", "servers", "slaProperties", "price", "roles"),
        *("schema[1]", "schema[0].properties[1].primaryKey", "schema[0].properties[3].quality"),
        "schema[0].properties[5]",
    }
    assert json.loads(listed["slaProperties"]) == CONTRACT["slaProperties"]
    for at in listed:
        assert f"# {at}: " in found.draft.text


def leaves(value: Any, at: str = "") -> dict[str, Any]:
    """Every plain value of a contract, by its place."""
    if isinstance(value, dict):
        parts = [leaves(inner, f"{at}.{key}") for key, inner in value.items()]
    elif isinstance(value, list):
        parts = [leaves(inner, f"{at}[{i}]") for i, inner in enumerate(value)]
    else:
        return {at.lstrip("."): value}
    return {place: leaf for part in parts for place, leaf in part.items()}


def test_every_value_is_taken_or_listed():
    """Each leaf of the contract is found again, in the product or among what is listed."""
    found = made(CONTRACT)
    text = found.draft.text
    types = {"string": "text", "number": "decimal", "object": "", "DECIMAL(12, 2)": "decimal(12,2)"}
    types |= {"v3.2.0": "", "DataContract": "", "double": "decimal", 999.999: "1000", "Public": ""}
    types |= {True: "", 0: "0"}
    for place, value in leaves(CONTRACT).items():
        told = any(place.startswith(at) for at, _ in found.unmapped)
        assert told or str(types.get(value, value)) in text, place


@pytest.mark.parametrize("word", ["restricted", "confidential", "internal", "3", "公开吗"])
def test_what_is_not_public_is_never(word: str):
    """Whatever the classification's word is, but public or none."""
    contract = changed()
    for each in contract["schema"][0]["properties"]:
        each["classification"] = word
    found = made(contract)
    assert found.draft.lacking == ("dimension",)
    assert 'disclosure = "group_key"' not in found.draft.text
    assert 'disclosure = "aggregate"' not in found.draft.text
    listed = dict(found.unmapped)
    assert listed["schema[0].properties[2].enum"] == "AIR, ROAD"
    assert listed["schema[0].properties[3].logicalTypeOptions"] == "0 .. 999.999"


def test_one_of_several_objects_is_named():
    """Without a name, or with a wrong one, those that there are are told."""
    for wanted in ("", "stock"):
        with pytest.raises(ProductError, match="deliveries") as caught:
            read_contract(CONTRACT, wanted)
        assert "--object" in caught.value.next_step
        assert "--object" in caught.value.following("zh")
    with pytest.raises(ProductError, match="no object"):
        read_contract(changed(schema=[]))
    only = changed(schema=[{"name": "x", "properties": [{"name": "y", "logicalType": "map"}]}])
    with pytest.raises(ProductError, match="can be a column"):
        read_contract(only)
    assert read_contract(changed(schema=CONTRACT["schema"][1:])).object == "customers"


TEXTS = st.one_of(st.text(max_size=30), st.sampled_from(INJECTION))


@settings(deadline=None)
@given(st.lists(TEXTS, max_size=6), TEXTS, TEXTS, st.lists(TEXTS, max_size=4), TEXTS)
def test_nothing_in_a_contract_is_code(
    names: list[str], title: str, purpose: str, tags: list[str], code: str
):
    """Any name, title, tag, value: the draft is read strictly, and is no more than was drafted."""
    contract = changed(tags=tags, slaProperties=[{"property": title, "value": purpose}])
    chosen = contract["schema"][0]
    chosen |= {"businessName": title, "description": purpose}
    chosen["properties"][2]["enum"] = [{"value": code}, {"value": "ROAD"}]
    kinds = [{"value": "a"}, {"value": "b"}]
    chosen["properties"].append({"name": "kind", "logicalType": "string", "enum": kinds})
    chosen["properties"] += [{"name": n, "logicalType": "string", "businessName": n} for n in names]
    found = made(contract)
    assert all(line.isprintable() for line in found.draft.text.split("\n"))
    product = read_product(found.draft.text)
    assert (product.level, product.offers) == (2, ())
    assert product.rules.minimum_contributors == 5
    assert {c.name for c in product.columns if c.labels != ("never",)} <= {
        *("mode", "price", "kind")
    }


def test_more_properties_than_a_product_can_have():
    """Those in use are declared, then others while there is room; the rest is listed."""
    contract = changed()
    more = [{"name": f"列 {n}" * 20, "logicalType": "string"} for n in range(3000)]
    contract["schema"][0]["properties"] += [*more, {"name": "a\x00b", "logicalType": "string"}]
    found = made(contract)
    product = read_product(found.draft.text)
    assert 100 < len(product.columns) <= 500
    assert [measure.name for measure in product.measures] == ["price"]
    listed = dict(found.unmapped)
    declared = {column.source for column in product.columns}
    for place, each in enumerate(contract["schema"][0]["properties"]):
        told = f"schema[0].properties[{place}]" in listed
        assert told is (each.get("physicalName", each["name"]) not in declared)


def test_the_comments_speak_both_languages():
    """With the same places."""
    found = [each for each in vars(odcs_words).values() if isinstance(each, Words)]
    for words in (each for each in found if each is not odcs_words.ONE):
        assert HAN.search(words.zh)
        assert not HAN.search(words.en)
        assert Words(words.zh, words.zh).places == Words(words.en, words.en).places


def with_property(**more: Any) -> dict[str, Any]:
    contract = changed()
    contract["schema"][0]["properties"].append({"name": "grade", **more})
    return contract


@pytest.mark.parametrize(
    "codes", [["--5", "1"], ["9" * 5000, "1"], ["1", "01"], ["-", "1"], ["٣", "1"], ["", "1"]]
)
def test_whole_numbers_that_are_none(codes: list[str]) -> None:
    """They are no codes, and nothing else is changed by them."""
    draft = made(with_property(logicalType="integer", enum=codes)).draft.text
    assert 'name = "grade", type = "integer", disclosure = "never"' in draft


@pytest.mark.parametrize(
    "tag",
    ["PII", "pii:name", "gdpr", "Confidential", "highly-sensitive", "personal data", "个人信息"],
)
def test_tags_that_classify(tag: str) -> None:
    """A column with such a tag is of no use, as one that is classified so."""
    free = {"logicalType": "string", "enum": ["a", "b"]}
    draft = made(with_property(**free, tags=["delivery", tag])).draft.text
    assert 'name = "grade", type = "text", disclosure = "never"' in draft
    for open_ in ({}, {"tags": ["delivery", "shipping"]}, {"tags": ["public"]}):
        draft = made(with_property(**free, **open_)).draft.text
        assert 'name = "grade", type = "text", disclosure = "group_key"' in draft
