"""What is empty in a product file is refused, or is none and no wider for it: never everybody.

The keys are those that the readers themselves say they know, so a new key is tried by itself.
"""

from __future__ import annotations

import copy
import json
import re
from decimal import Decimal
from typing import Any, Final

import pytest

from catalog import reading_file
from catalog.errors import ProductError
from catalog.product_file import empty_terms, read_declaration
from catalog.toml_fields import Fields
from crypto.record_kinds import fields_of

BUYER: Final = "did:web:buyer.example"
COLUMNS: Final = [
    {"name": "customer", "type": "text", "disclosure": "never"},
    {"name": "year", "type": "integer", "disclosure": "group_key"},
    {"name": "price", "type": "decimal(12,2)", "disclosure": "aggregate"},
]
TABLE: Final[dict[str, Any]] = {
    "id": "deliveries",
    "table": "deliveries",
    "domain": "maintenance",
    "level": 1,
    "contributor": "customer",
    "title": {"en": "Deliveries"},
    "rules": {"minimum_contributors": 5},
    "column": COLUMNS,
    "dimension": [
        {"name": "year", "range": [2024, 2026]},
        {"name": "since", "expression": "year - 2000", "bins": [0, 10, 100]},
    ],
    "measure": [{"name": "price", "scale": 2, "bounds": [0, 100]}],
    "offer": [
        {
            "purposes": ["planning"],
            "modes": ["masked", "homomorphic"],
            "aggregator": "did:web:hub.example",
            "cohort": [BUYER, "did:web:a.example", "did:web:b.example"],
            "recipients": [BUYER],
        }
    ],
}
READ: Final = TABLE | {"reading": {"column": {"price": {"decimal": ","}}}}
STORED: Final = TABLE | {"source": {"database": "warehouse", "table": "sales"}}
FILE: Final[dict[str, Any]] = {
    "id": "parts",
    "kind": "file",
    "domain": "production",
    "level": 1,
    "offer": [{"formats": ["HttpData-PULL"], "recipients": [BUYER], "purposes": ["planning"]}],
}
FILES: Final = {"table": TABLE, "with a reading": READ, "of a database": STORED, "of a file": FILE}
EMPTY: Final[tuple[Any, ...]] = ([], "", 0, {}, False)
# an empty value that is taken is as if the key were left out, which is no wider: why
NONE: Final = {
    ("", "keywords", "[]"): "there are no keywords",
    ("", "measure", "[]"): "only rows are counted",
    ("", "offer", "[]"): "nobody can ask",
    ("", "rules", "{}"): "the rules are the usual ones, which are the documented defaults",
    ("", "reading", "{}"): "the file is written as usual",
    ("", "separate_rows", "False"): "the stricter of the two",
    ("rules", "equations", "[]"): "no relation is known",
    ("rules", "mixed_versions", "False"): "the stricter of the two",
    ("dimension", "whole", "False"): "values have fractions: less can be answered at an edge",
    ("reading", "column", "{}"): "all columns are written alike",
    ("reading.column.price", "percent", "False"): "no column is a percentage",
    ("source", "append_only", "False"): "the stricter of the two",
}
# these say what they say
SAID: Final = {
    ("measure", "scale", "0"): "no decimal places",
}


def toml(value: object) -> str:
    """Write a value as TOML has it within a line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {toml(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return str(value) if isinstance(value, Decimal) else json.dumps(value, ensure_ascii=False)


def text_of(product: dict[str, Any]) -> str:
    return "\n".join(f"{key} = {toml(value)}" for key, value in product.items())


def keys_of(product: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> set[tuple[str, str]]:
    """Every key that a reader of this file asks for, with the table in which it stands."""
    found: set[tuple[str, str]] = set()
    real = Fields.only

    def only(self: Fields, *names: str) -> None:
        found.update((self.at("")[:-1] if self.at("") else "", name) for name in names)
        real(self, *names)

    with monkeypatch.context() as patch:
        patch.setattr(Fields, "only", only)
        read_declaration(text_of(product))
    return found


def with_empty(product: dict[str, Any], table: str, key: str, value: object) -> dict[str, Any]:
    made = copy.deepcopy(product)
    at: Any = made
    for part in table.split(".") if table else ():
        name, _, place = part.partition("[")
        at = at.setdefault(name, {})
        at = at[int(place[:-1]) - 1] if place else at
    at[key] = value
    return made


def without(product: dict[str, Any], table: str, key: str) -> dict[str, Any]:
    made = with_empty(product, table, key, None)
    at: Any = made
    for part in table.split(".") if table else ():
        name, _, place = part.partition("[")
        at = at[name][int(place[:-1]) - 1] if place else at[name]
    del at[key]
    return made


@pytest.mark.parametrize("kind", FILES)
def test_emptiness_of_any_key_is_refused_or_none(kind: str, monkeypatch: pytest.MonkeyPatch):
    product = FILES[kind]
    keys = keys_of(product, monkeypatch)
    assert {("", "offer"), ("offer[1]", "recipients")} <= keys, "the readers are seen"
    taken, refused = set(), []
    for table, key in sorted(keys):
        if table.startswith(("column[2]", "column[3]", "dimension[1]")):
            continue  # as the others of their kind
        for value in EMPTY:
            try:
                found = read_declaration(text_of(with_empty(product, table, key, value)))
            except ProductError as error:
                refused.append(error)
                continue
            entry = (re.sub(r"\[\d+\]", "", table), key, str(value))
            assert entry in NONE or entry in SAID, f"{table}.{key} = {value!r} is taken"
            if entry in NONE:
                assert found == read_declaration(text_of(without(product, table, key))), entry
            taken.add(entry)
    assert taken, "some are none, and harmless"
    for error in refused:
        assert all(error.said(one) and error.following(one) for one in ("zh", "en")), error


def test_each_exception_is_one(monkeypatch: pytest.MonkeyPatch):
    """What stands in the lists above is taken somewhere: none of them is left over."""
    found = {
        (re.sub(r"\[\d+\]", "", table), key)
        for product in FILES.values()
        for table, key in keys_of(product, monkeypatch)
    }
    assert {(table, key) for table, key, _ in (*NONE, *SAID)} <= found


def test_the_records_of_a_reading_are_tried_whole(monkeypatch: pytest.MonkeyPatch):
    """A field of theirs is a key of the table: so each was in the test above."""
    keys = keys_of(READ, monkeypatch)
    for record, table in ((reading_file._Table, "reading"), (reading_file._Column, "")):
        at = table or "reading.column.price"
        assert {(at, one.key) for one in fields_of(record)} <= keys


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ("table", "recipients"),
        ("table", "measures"),
        ("table", "dimensions"),
        ("table", "cohort"),
        ("of a file", "recipients"),
        ("of a file", "purposes"),
    ],
)
def test_an_empty_list_of_an_offer_says_what_to_write(kind: str, key: str):
    text = text_of(with_empty(FILES[kind], "offer[1]", key, []))
    with pytest.raises(ProductError) as caught:
        read_declaration(text)
    error = caught.value
    assert error.code == "product.empty-list"
    assert f"`offer[1].{key}`" in error.said("en")
    assert f"`offer[1].{key}`" in error.said("zh")
    assert "leave the key out" in error.following("en")
    assert "删去此键" in error.following("zh")


@pytest.mark.parametrize("kind", FILES)
def test_what_was_published_with_an_empty_list_means_what_it_meant(kind: str):
    """A stored file is read as ever: the list is none. That can be found, and said."""
    text = text_of(with_empty(FILES[kind], "offer[1]", "recipients", []))
    left_out = text_of(without(FILES[kind], "offer[1]", "recipients"))
    assert read_declaration(text, stored=True) == read_declaration(left_out)
    assert empty_terms(text) == (("standard", "recipients"),)
    assert empty_terms(left_out) == ()


@pytest.mark.parametrize("rules", ["[]", '""', "0", "false"])
def test_rules_that_are_no_table_are_not_the_usual_ones(rules: str):
    text = text_of({key: one for key, one in TABLE.items() if key != "rules"})
    with pytest.raises(ProductError, match="rules"):
        read_declaration(f"{text}\nrules = {rules}")
    assert read_declaration(f"{text}\nrules = {rules}", stored=True) == read_declaration(text)
