"""Product files are read strictly; every fault names its field and what to do."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.errors import ProductError
from catalog.expressions import FUNCTIONS
from catalog.product_file import read_product
from policies.profile import PURPOSES
from tests.catalog.product_texts import DELIVERIES, changed


def test_the_whole_file_is_understood() -> None:
    """Columns, dimensions with codes, derived measures, rules and labels come out as written."""
    product = read_product(DELIVERIES)
    schema = product.schema
    assert (product.id, product.domain, product.level) == ("delivery-records", "maintenance", 1)
    assert product.title.zh == "交付记录"
    assert product.rules.minimum_contributors == 3
    assert [d.name for d in schema.dimensions] == ["year", "mode", "weight_band"]
    assert schema.dimensions[0].codes == ("2024", "2025", "2026")
    assert [d.kind for d in schema.dimensions] == ["integer", "code", "bin"]
    assert [d.disclosure for d in schema.dimensions] == ["group_key", "group_key", "filter"]
    band = schema.dimensions[2]
    assert band.edges == (Decimal(0), Decimal(10), Decimal(100), None)
    assert band.codes == ("0..9", "10..99", ">=100")
    delay = schema.measure("delay")
    assert delay is not None
    assert (delay.scale, delay.unit, delay.lower, delay.upper) == (0, "d", -30, 30)
    assert schema.contributor == "customer"
    assert dict(schema.others)["cost"] == "never"
    assert product.columns[2].source == "Ship Mode"
    assert product.modes == ("masked", "homomorphic")


@pytest.mark.parametrize(
    ("old", "new", "field", "says"),
    [
        ('contributor = "customer"', 'contributor = "custmer"', "contributor", "declared column"),
        ("level = 1", "level = 4", "level", "from 1 to 3"),
        ("level = 1", "", "level", "got nothing"),
        ('domain = "maintenance"', 'domain = "repairs"', "domain", "one of"),
        ('table = "deliveries"', 'table = "select"', "table", "no word of SQL"),
        ("level = 1", "level = 1\nzeroes = 1", "zeroes", "unknown key"),
        ('type = "date"', 'type = "day"', "column[4].type", "one of text"),
        ('type = "decimal(12, 2)"', 'type = "decimal"', "column[6].type", "decimal(digits"),
        ('disclosure = "never"', 'disclosure = "secret"', "column[1].disclosure", "one of"),
        (
            '["filter", "aggregate"]',
            '["never", "filter"]',
            "column[7].disclosure",
            "`never` alone",
        ),
        ('name = "cost"', 'name = "price"', "column[8].name", "no other column"),
        ('expression = "weight"', 'expression = "cost"', "dimension[3].name", "group_key"),
        ('expression = "weight"', 'expression = "price"', "dimension[3].name", "group_key"),
        (
            'expression = "received - promised"',
            'expression = "cost"',
            "measure[3].name",
            "labelled aggregate",
        ),
        ("range = [2024, 2026]", "range = [2026, 2024]", "dimension[1].range", "first <= last"),
        ("range = [2024, 2026]", "rnge = [2024, 2026]", "dimension[1].rnge", "unknown key"),
        ("range = [2024, 2026]", "", "dimension[1].codes", "exactly one"),
        ("bounds = [0, 1]", 'bounds = [0, 1]\nempty = "null"', "measure[2].empty", "`zero`"),
        (
            "bounds = [0, 1]",
            'bounds = [1, 2]\nempty = "zero"',
            "measure[2].bounds",
            "bounds that hold 0",
        ),
        ("level = 1", 'level = 1\nempty_contributor = "skip"', "empty_contributor", "`drop`"),
        ("level = 1", 'level = 1\nzone = "+08:00"', "zone", "IANA"),
        ("level = 1", 'level = 1\nzone = ""', "zone", ""),
        (
            'codes = ["AIR", "RAIL", "ROAD"]',
            'codes = ["AIR", "AIR"]',
            "dimension[2].codes[2]",
            "no text twice",
        ),
        ("bins = [0, 10, 100, inf]", "bins = [0, 10, 5]", "dimension[3].bins", "ascending"),
        ("bins = [0, 10, 100, inf]", "bins = [0, 10.5]", "dimension[3].bins", "whole numbers"),
        ("bins = [0, 10, 100, inf]", "bins = [nan, 1]", "dimension[3].bins[1]", "a number"),
        ("bounds = [0, 1000]", "bounds = [0, 1000.001]", "measure[1].bounds", "2 decimal"),
        ("bounds = [0, 1000]", "bounds = [0, inf]", "measure[1].bounds", "finite"),
        ("bounds = [0, 1000]", "bounds = [5, 0]", "measure[1].bounds", "lower bound first"),
        ("bounds = [0, 1000]", "bounds = [0, 1e30]", "measure[1].bounds", "finite"),
        ("bounds = [0, 1000]", "", "measure[1].bounds", "array"),
        ('name = "late"', 'name = "mode"', "measure.name", "no other dimension"),
        ("minimum_contributors = 3", "minimum_contributors = 2", "rules.minimum_contributors", ""),
        ("minimum_contributors = 3", "dominance = [[1]]", "rules.dominance", "pairs"),
        ("minimum_contributors = 3", "dominance = []", "rules.dominance", "1 to 5"),
        ('"masked"]', '"plain"]', "offer[1].modes[2]", "one of"),
        ("count = 40", "count = 0", "offer[1].count", "from 1"),
        ("count = 40", "counts = 40", "offer[1].counts", "unknown key"),
        ("2027-12-31Z", "2027-12-31", "offer[1].valid_until", "with its zone"),
        ("2027-12-31Z", "0001-01-01+05:00", "offer[1].valid_until", "with its zone"),
        ("2027-12-31Z", "9999-12-31T23:00:00-05:00", "offer[1].valid_until", "with its zone"),
        ("2027-12-31Z", "2027-02-30Z", "offer[1].valid_until", "with its zone"),
        ("min_cohort = 3", "min_cohort = 2", "offer[1].min_cohort", "from 3"),
        ('aggregator = "did:web:hub.example"', "", "offer[1].aggregator", "DID"),
        ('"did:web:a.example"', '"a.example"', "offer[1].cohort[1]", "a DID"),
        ('modes = ["homomorphic", "masked"]', 'modes = ["masked"]', "offer[1].min_cohort", "only"),
        ('"late:sum"', '"late:max"', "offer[1].measures[1]", "one of"),
        (
            'purposes = ["deliveryReliability", ',
            'purposes = ["anything", ',
            "offer[1].purposes",
            "",
        ),
        ("level = 1", "level = 2", "offer[1].recipients", "named recipients"),
        ("level = 1", "level = 3", "offer[1].recipients", "not offered"),
        ('[title]\nzh = "交付记录"', '[title]\nfr = "x"\nzh = "y"', "title.fr", "unknown key"),
    ],
)
def test_faults_name_their_field(old: str, new: str, field: str, says: str) -> None:
    """The error names the field in the file, what was expected, and a next step."""
    with pytest.raises(ProductError) as caught:
        read_product(changed(old, new))
    assert caught.value.field == field
    assert says in caught.value.message
    assert caught.value.next_step


@pytest.mark.parametrize(
    ("old", "new", "field", "meant"),
    [
        ('contributor = "customer"', 'contributer = "customer"', "contributer", "contributor"),
        ('table = "deliveries"', 'tabel = "deliveries"', "tabel", "table"),
        ("level = 1", "levle = 1", "levle", "level"),
        ('id = "delivery-records"', 'ID = "delivery-records"', "ID", ""),
        ('type = "date"', 'typ = "date"', "column[4].typ", "type"),
        ('"received > promised"', '"1"\nexpresion = "x"', "measure[2].expresion", "expression"),
        ("range = [2024, 2026]", "rnge = [2024, 2026]", "dimension[1].rnge", "range"),
        ("bounds = [0, 1000]", "bound = [0, 1000]", "measure[1].bound", "bounds"),
        ("purposes = [", "purpose = [", "offer[1].purpose", "purposes"),
        ("minimum_contributors", "minimum_contributor", "rules.minimum_contributor", "minimum_c"),
        ("[[measure]]", "[[mesure]]", "mesure", "measure"),
    ],
)
def test_a_misspelt_key_is_named(old: str, new: str, field: str, meant: str) -> None:
    """It is said to be unknown, before the key that it was meant to be is found missing."""
    with pytest.raises(ProductError) as caught:
        read_product(changed(old, new))
    assert caught.value.field == field
    assert caught.value.code == "product.key"
    assert meant in caught.value.next_step


def test_a_byte_order_mark_is_no_fault() -> None:
    """An editor's mark at the beginning of the file changes nothing."""
    assert read_product("\ufeff" + DELIVERIES) == read_product(DELIVERIES)


def test_a_refused_purpose_or_function_comes_with_those_there_are() -> None:
    """Whoever guesses a name wrongly is told the names."""
    with pytest.raises(ProductError) as caught:
        read_product(changed('purposes = ["deliveryReliability", ', 'purposes = ["anything", '))
    assert all(f"`{name}`" in caught.value.message for name in PURPOSES)
    with pytest.raises(ProductError) as caught:
        read_product(changed('"received - promised"', '"epoch(received)"'))
    assert all(name in caught.value.message for name in FUNCTIONS)


CALLS = {
    "if": "if(price > 1, 1, 0)",
    "extract": "extract(hour from received)",
    "date_diff": "date_diff('day', promised, received)",
    "date_trunc": "date_trunc('month', received)",
    "strftime": "strftime(received, '%Y')",
    "cast": "cast(price as integer)",
    **{name: f"{name}(weight, 5)" for name in ("coalesce", "nullif", "least", "greatest")},
    **{name: f"{name}(price, 1)" for name in ("round", "left", "right", "substring", "concat")},
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_that_is_listed_is_taken(name: str) -> None:
    """What the error and the documentation list can be written."""
    call = CALLS.get(name, f"{name}(received)")
    text = changed('expression = "received - promised"', f'expression = "{call}"\nscale = 1')
    assert read_product(text).measures[2].expression.columns


@pytest.mark.parametrize(
    "expression",
    [
        "(SELECT max(price) FROM other)",
        "read_csv('/etc/passwd')",
        "received - promised; DROP TABLE x",
        "other.price",
        "getenv('HOME')",
        "sum(price)",
        "row_number() over ()",
        "1",
        "price +",
        "received - promisd",
        "cast(price as blob)",
        "price IN (SELECT 1)",
        "random() < price",
        "x -> x + price",
        "current_date - promised",
    ],
)
def test_expressions_reach_nothing_but_the_row(expression: str) -> None:
    """Queries, functions that read files or the clock, aggregates, unknown columns are refused."""
    text = changed('expression = "received - promised"', f'expression = "{expression}"')
    with pytest.raises(ProductError) as caught:
        read_product(text)
    assert caught.value.field == "measure[3].expression"
    assert caught.value.code == "product.expression"


@pytest.mark.parametrize(
    "expression",
    [
        "date_diff('day', promised, received)",
        "CASE WHEN received > promised AND price > 10 THEN 1 ELSE 0 END",
        "price * (1 - 0.05)",
        "coalesce(weight, 0) // 7",
        "greatest(price, 0) + least(weight, 5)",
    ],
)
def test_row_level_expressions_are_taken(expression: str) -> None:
    """Arithmetic, comparisons, CASE, dates and defaults over declared columns are fine."""
    text = changed('expression = "received - promised"', f'expression = "{expression}"\nscale = 2')
    assert read_product(text).measures[2].expression.columns


def test_later_keys_have_defaults() -> None:
    """A file without them is read as before, and what must not change compares as before."""
    product = read_product(DELIVERIES)
    assert (product.zone, product.empty_contributor) == ("", "error")
    assert {measure.empty for measure in product.measures} == {"error"}
    shape = product.shape()
    assert set(shape) == {
        *("contributor", "contributorCase", "dimensions", "measures", "rules", "zeros", "columns")
    }
    assert shape["contributorCase"] == "exact"
    assert [set(m) - {"name", "expression", "scale", "bounds"} for m in shape["measures"]] == [
        {"unit"},
        set(),
        {"unit"},
    ]


def test_files_that_are_not_toml_or_too_long() -> None:
    """Text that is not TOML is one error with the parser's place; so is a huge file."""
    with pytest.raises(ProductError, match="not TOML") as caught:
        read_product('id = "x"\nlevel\ntable = 1')
    assert "line 2" in caught.value.message
    with pytest.raises(ProductError, match="at most"):
        read_product("#" * 300_000)


def test_too_many_cells_are_refused() -> None:
    """The product of the codes is limited, more tightly if empty cells are to be hidden."""
    wide = changed("range = [2024, 2026]", "range = [1, 90000]")
    hidden = changed("level = 1", 'level = 1\nzeros = "hidden"', text=wide)
    assert read_product(wide).dimensions[0].codes[-1] == "90000"
    with pytest.raises(ProductError, match="combinations"):
        read_product(hidden)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200), st.integers(0, len(DELIVERIES)), st.integers(0, 60))
def test_any_damage_gives_a_product_or_one_error(junk: str, at: int, length: int) -> None:
    """Whatever is pasted over a file, reading gives a product or a `ProductError`."""
    with suppress(ProductError):
        assert read_product(DELIVERIES[:at] + junk + DELIVERIES[at + length :]).schema
