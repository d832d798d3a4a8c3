"""Binding to a declared table: labels, codes and bins; and equal meaning for equal questions."""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.codesets import Diagrams, TooComplexError
from policies.errors import QueryError
from policies.plan import bind, keep, looks_at, meaning
from policies.sql import parse
from tests.policies.table import SCHEMA, SIZES

if TYPE_CHECKING:
    from policies.plan import BoundQuery

VERSION = "sha-256:00"
CELLS = list(product(*(range(size) for size in SIZES)))


def bound(where: str, rest: str = "", select: str = "COUNT(*)") -> BoundQuery:
    clause = f" WHERE {where}" if where else ""
    return bind(parse(f"SELECT {select} FROM deliveries{clause} {rest}"), SCHEMA)


def kept(where: str) -> set[tuple[int, ...]]:
    test = keep(bound(where))
    return {cell for cell in CELLS if test is None or test(cell)}


def means(*args: str) -> str:
    return meaning(bound(*args), VERSION)


def refused(sql: str) -> Any:
    with pytest.raises(QueryError) as caught:
        bind(parse(sql), SCHEMA)
    (reason,) = caught.value.reasons
    return reason


def test_a_question_binds_to_positions_and_units() -> None:
    """Dimensions become positions, outputs get unit and scale, an average six places more."""
    query = bind(
        parse(
            "SELECT d.ship_mode, YEAR, AVG(price) AS p, SUM(Qty), COUNT(*) FROM Deliveries d "
            "WHERE lines >= 5 GROUP BY ship_mode, year HAVING p > 3 ORDER BY p DESC, year LIMIT 5"
        ),
        SCHEMA,
    )
    assert query.group_by == (0, 1)
    assert [(o.name, o.unit, o.scale) for o in query.outputs] == [
        ("*:count", "", 0),
        ("qty:sum", "pcs", 0),
        ("price:avg", "CNY", 8),
    ]
    assert query.measures == ("qty", "price")
    assert query.mentioned == ("year", "ship_mode", "lines")
    assert [item.by for item in query.order_by] == ["price:avg", 0]


@pytest.mark.parametrize(
    ("sql", "code", "available"),
    [
        ("SELECT COUNT(*) FROM orders", "question.unknown-table", "deliveries"),
        ("SELECT COUNT(*) FROM deliveries d GROUP BY x.year", "question.unknown-table", ""),
        ("SELECT SUM(weigth) FROM deliveries", "question.unknown-column", "COUNT(*), qty, price"),
        ("SELECT SUM(comment) FROM deliveries", "question.label-never", "qty"),
        ("SELECT SUM(customer) FROM deliveries", "question.contributor", "qty"),
        ("SELECT SUM(year) FROM deliveries", "question.is-dimension", "qty"),
        ("SELECT SUM(city) FROM deliveries", "question.not-in-table", "qty"),
        ("SELECT AVG(late) FROM deliveries", "question.function-not-listed", "sum"),
        ("SELECT COUNT(*) FROM deliveries GROUP BY customer", "question.contributor", "year"),
        ("SELECT COUNT(*) FROM deliveries GROUP BY qty", "question.is-measure", "year"),
        ("SELECT COUNT(*) FROM deliveries GROUP BY lines", "question.label", "year, ship_mode"),
        ("SELECT COUNT(*) FROM deliveries GROUP BY secret_dim", "question.label-never", "year"),
        ("SELECT COUNT(*) FROM deliveries WHERE qty > 3", "question.is-measure", "lines"),
        ("SELECT COUNT(*) FROM deliveries WHERE SUM(qty) > 3", "question.aggregate-in-where", ""),
        ("SELECT year, COUNT(*) FROM deliveries", "question.not-grouped", ""),
        ("SELECT year FROM deliveries GROUP BY year", "question.nothing-aggregated", "COUNT(*)"),
        (
            "SELECT COUNT(*) FROM deliveries WHERE ship_mode = 'BOAT'",
            "question.undeclared-code",
            "AIR",
        ),
        ("SELECT COUNT(*) FROM deliveries WHERE ship_mode > 'A'", "question.no-order", "AIR"),
        ("SELECT COUNT(*) FROM deliveries WHERE year = 2050", "question.undeclared-code", "1992"),
        ("SELECT COUNT(*) FROM deliveries WHERE year > 'x'", "question.undeclared-code", "1992"),
        ("SELECT COUNT(*) FROM deliveries WHERE weight > 10", "question.inside-bin", "10, 20, 50"),
        ("SELECT COUNT(*) FROM deliveries WHERE weight < 15", "question.inside-bin", "10, 20, 50"),
        ("SELECT COUNT(*) FROM deliveries WHERE lines > 5", "question.inside-bin", "1, 5, 10, 20"),
        ("SELECT COUNT(*) FROM deliveries WHERE year > 2000", "question.matches-nothing", ""),
        ("SELECT COUNT(*) FROM deliveries HAVING SUM(qty) > 3", "question.not-an-output", ""),
        ("SELECT COUNT(*) AS n FROM deliveries HAVING m > 3", "question.not-an-output", "n"),
        ("SELECT COUNT(*) AS n FROM deliveries HAVING n > 'x'", "question.not-a-number", ""),
        ("SELECT COUNT(*) FROM deliveries ORDER BY year", "question.not-grouped", ""),
    ],
)
def test_refusals_name_what_is_available(sql: str, code: str, available: str) -> None:
    """Unknown names, labels, codes and bounds are refused, and the error lists what there is."""
    reason = refused(sql)
    assert reason.code == code
    assert available in reason.expected


@pytest.mark.parametrize(
    ("where", "same"),
    [
        ("year > 1994", "NOT year <= 1994"),
        ("year > 1994", "year >= 1995"),
        ("year > 1994", "year > 1994.5"),
        ("year > 1994", "1994 < year"),
        ("year > 1994", "year IN (1995, 1996, 1997, 1998)"),
        ("year > 1994", "NOT year BETWEEN 1992 AND 1994"),
        ("year > 1994", "year = '1995' OR year >= 1996"),
        ("year <> 1994", "year < 1994 OR year > 1994"),
        ("weight >= 10", "NOT weight < 10"),
        ("weight < 20", "weight IN ('<10', '10..<20')"),
        ("lines > 4", "lines >= 5"),
        ("lines <= 9", "lines < 10"),
        ("lines > 4.5", "lines >= 5"),
        ("ship_mode NOT IN ('AIR', 'SHIP')", "ship_mode IN ('TRUCK', 'RAIL')"),
        ("year > 1994 AND ship_mode = 'AIR'", "ship_mode = 'AIR' AND NOT (year <= 1994)"),
        ("NOT (year > 1994 OR ship_mode = 'AIR')", "year <= 1994 AND ship_mode <> 'AIR'"),
        ("year >= 1992", ""),
        ("year = 1992 OR year <> 1992", "ship_mode IN ('AIR', 'RAIL', 'SHIP', 'TRUCK')"),
    ],
)
def test_syntactic_variants_mean_the_same(where: str, same: str) -> None:
    """The attack of averaging by rewriting: all spellings of one filter share one digest."""
    assert kept(where) == kept(same)
    assert means(where) == means(same)


@pytest.mark.parametrize(
    ("select", "rest", "select2", "rest2"),
    [
        ("COUNT(*), SUM(qty)", "", "SUM(qty) AS s, COUNT(*) AS n, SUM(qty)", ""),
        ("year, COUNT(*)", "GROUP BY year", "COUNT(*) AS n, d.year", "d GROUP BY d.year"),
        (
            "COUNT(*)",
            "GROUP BY year, ship_mode",
            "ship_mode, COUNT(*)",
            "GROUP BY ship_mode, year",
        ),
        (
            "COUNT(*) AS n, SUM(qty)",
            "HAVING NOT (n <= 3 OR SUM(qty) < 2)",
            "COUNT(*), SUM(qty)",
            "HAVING SUM(qty) >= 2.0 AND COUNT(*) > 3",
        ),
    ],
)
def test_names_and_order_of_columns_do_not_matter(
    select: str, rest: str, select2: str, rest2: str
) -> None:
    """Aliases, repeated outputs, order of columns and of conditions leave the meaning alone."""
    one = bind(parse(f"SELECT {select} FROM deliveries {rest}"), SCHEMA)
    two = bind(parse(f"SELECT {select2} FROM deliveries {rest2}"), SCHEMA)
    assert meaning(one, VERSION) == meaning(two, VERSION)


def test_different_questions_mean_different_things() -> None:
    """Another code, output, grouping, order, limit, HAVING or data version is another question."""
    variants = [
        bound("year > 1994"),
        bound("year > 1995"),
        bound("year > 1994", select="SUM(qty)"),
        bound("year > 1994", "GROUP BY year"),
        bound("year > 1994", "GROUP BY year LIMIT 3"),
        bound("year > 1994", "GROUP BY year ORDER BY year DESC"),
        bound("year > 1994", "GROUP BY year HAVING COUNT(*) > 3"),
        bound("ship_mode = 'AIR'"),
    ]
    digests = {meaning(query, VERSION) for query in variants}
    digests |= {meaning(variants[0], "sha-256:01")}
    assert len(digests) == len(variants) + 1


ATOMS = st.sampled_from(
    [
        "year > 1994",
        "year <= 1996",
        "year = 1993",
        "year IN (1992, 1998)",
        "ship_mode = 'AIR'",
        "ship_mode <> 'SHIP'",
        "weight >= 20",
        "weight < 10",
        "lines > 4",
        "lines <= 9",
    ]
)
FILTERS = st.recursive(
    ATOMS,
    lambda inner: (
        st.builds("NOT ({})".format, inner)
        | st.builds("({}) AND ({})".format, inner, inner)
        | st.builds("({}) OR ({})".format, inner, inner)
    ),
    max_leaves=6,
)


def _brute(text: str, cell: tuple[int, ...]) -> bool:
    """Evaluate a filter on one cell with Python's own eval, from a value of each code."""
    values = {
        "year": int(SCHEMA.dimensions[0].codes[cell[0]]),
        "ship_mode": SCHEMA.dimensions[1].codes[cell[1]],
        "weight": (5, 15, 30, 60)[cell[2]],
        "lines": (2, 7, 15)[cell[3]],
    }
    python = text.replace("<>", "!=").replace(" = ", " == ")
    for word in ("NOT", "AND", "OR", "IN"):
        python = python.replace(word + " ", word.lower() + " ")
    return bool(eval(python, {"__builtins__": {}}, values))


@pytest.mark.long
@settings(max_examples=150, deadline=None)
@given(FILTERS)
def test_filters_keep_what_plain_evaluation_keeps(text: str) -> None:
    """The diagram keeps exactly the cells that evaluating the condition on each cell keeps."""
    expected = {cell for cell in CELLS if _brute(text, cell)}
    try:
        found = kept(text)
    except QueryError as error:
        assert error.reasons[0].code == "question.matches-nothing"  # noqa: PT017
        found = set()
    assert found == expected


@settings(max_examples=150, deadline=None)
@given(FILTERS, FILTERS)
def test_equal_filters_have_equal_meaning_and_others_not(one: str, other: str) -> None:
    """Two filters have the same digest exactly when they keep the same cells."""
    try:
        same_cells = kept(one) == kept(other)
        same_meaning = means(one) == means(other)
    except QueryError:
        return
    assert same_cells == same_meaning


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_diagrams_are_a_boolean_algebra(data: st.DataObject) -> None:
    """De Morgan, double negation, absorption and commutativity hold as equality of nodes."""
    diagrams = Diagrams((3, 2, 4))

    def node() -> int:
        dimension = data.draw(st.integers(0, 2))
        size = (3, 2, 4)[dimension]
        return diagrams.codes(dimension, data.draw(st.sets(st.integers(0, size - 1))))

    a, b, c = (diagrams.either(node(), diagrams.both(node(), node())) for _ in range(3))
    assert diagrams.negate(diagrams.negate(a)) == a
    assert diagrams.negate(diagrams.both(a, b)) == diagrams.either(
        diagrams.negate(a), diagrams.negate(b)
    )
    assert diagrams.both(a, diagrams.either(a, b)) == a
    assert diagrams.both(a, diagrams.either(b, c)) == diagrams.either(
        diagrams.both(a, b), diagrams.both(a, c)
    )
    assert diagrams.both(a, b) == diagrams.both(b, a)


def test_support_names_the_dimensions_that_matter() -> None:
    """A dimension that is mentioned but makes no difference is not looked at."""
    assert looks_at(bound("lines > 4 AND ship_mode = 'AIR' AND year >= 1992")) == (1, 3)
    assert looks_at(bound("")) == ()


def test_diagrams_are_capped() -> None:
    """A filter that would need more nodes than the cap is refused, not computed."""
    diagrams = Diagrams((50, 50, 50), max_nodes=5)
    made = [diagrams.codes(0, [code]) for code in range(3)]
    assert len(set(made)) == 3
    with pytest.raises(TooComplexError):
        diagrams.codes(0, [3])


def test_numbers_with_and_without_places_are_one_number() -> None:
    """`HAVING n > 3` and `> 3.00` mean the same; negative bounds work."""
    one = meaning(bound("", "HAVING COUNT(*) > 3"), VERSION)
    assert one == meaning(bound("", "HAVING COUNT(*) > 3.00"), VERSION)
    query = bound("", "HAVING COUNT(*) > -3")
    assert query.having is not None
    assert query.having.holds({"*:count": Decimal(0)})
