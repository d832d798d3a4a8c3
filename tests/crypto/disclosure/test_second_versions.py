"""Single rules of the second edition that the vectors show only in passing."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest

from crypto.disclosure.bits import members
from crypto.disclosure.declaration import (
    Conflict,
    Declaration,
    DeclaredMeasure,
    Protection,
    Refused,
)
from crypto.disclosure.making import make_table
from crypto.disclosure.memory import MemorySource
from crypto.disclosure.renewing import MAX_VERSIONS, renew_table
from crypto.disclosure.rules import Rules
from crypto.disclosure.statuses import Output, answer_set, parts_of_versions
from tests.crypto.disclosure.built_tables import any_product
from tests.crypto.disclosure.second_attack import second_edition
from tests.crypto.disclosure.second_plain import Shown, products
from tests.crypto.disclosure.second_vectors import Product

AMOUNT = DeclaredMeasure(name="amount", lower=-100, upper=100)
RULES = Protection(rules=Rules(minimum_contributors=3))


def declared(*measures: DeclaredMeasure, **more: Any) -> Declaration:
    return Declaration(
        sizes=(2,), measures=measures, protection=more.pop("protection", RULES), **more
    )


def ledger_rows(people: int, but: int) -> list[Any]:
    """Everybody books 10 and books it back, but for some."""
    booked = [[f"C{i:02}", (0,), [10 + i]] for i in range(people)]
    return booked + [[w, (1,), [-v]] for w, _, (v,) in booked[but:]]


def test_a_conflict_withholds_or_stops_as_the_owner_declared() -> None:
    """`on_conflict = refuse` names the form that fails, and nothing is made."""
    withheld = Product(declared(AMOUNT))
    withheld.publish(ledger_rows(12, 1))
    assert withheld.table is not None
    assert sum(map(len, withheld.table.withheld)) == 1
    refusing = Product(declared(AMOUNT, protection=replace(RULES, on_conflict="refuse")))
    with pytest.raises(Refused, match=r"`amount` would tell too much .* coarser codes") as told:
        refusing.publish(ledger_rows(12, 1))
    assert isinstance(told.value, Conflict)
    assert (told.value.found.example.rule, told.value.found.example.had) == ("carriers", 1)
    assert refusing.table is None
    refusing.publish(ledger_rows(12, 6))


def test_each_output_of_a_set_has_its_own_status() -> None:
    """The count of a set is released where its sum is withheld, and so is its average."""
    product = Product(declared(AMOUNT))
    product.publish(ledger_rows(12, 1))
    outputs = [Output("rows"), *[Output(k, "amount") for k in ("sum", "count", "average")]]
    assert product.table is not None
    found = answer_set(product.table, (None,), outputs)
    assert [one.status for one in found.outputs] == ["released", "withheld", "released", "withheld"]
    assert found.outputs[0].values == (23,)
    with pytest.raises(ValueError, match="expected a measure of the table"):
        answer_set(product.table, (None,), [Output("sum", "rows")])


def test_the_change_of_a_measure_that_is_never_0_is_judged_itself() -> None:
    """Everybody's one order of 8 becomes two of 4, and one pays 1 more: rows and both ends change
    with everybody, the sum with one alone.
    """
    people = [f"C{i}" for i in range(9)]
    for lower, more in ((2, 1), (0, 1), (2, 0)):
        product = Product(declared(DeclaredMeasure(name="price", lower=lower, upper=9)))
        first = product.publish([[who, (0,), [8]] for who in people])
        assert first.held == ()
        then = [[who, (0,), [4]] for who in people * 2]
        then[0] = [people[0], (0,), [4 + more]]
        assert product.publish(then).held == ((0,) if more else ())


def test_a_product_has_twelve_versions() -> None:
    """The thirteenth is refused; one that changes nothing counts."""
    product = Product(declared(AMOUNT))
    for _ in range(MAX_VERSIONS):
        product.publish(ledger_rows(12, 6))
    with pytest.raises(Refused, match="at most 12 data versions"):
        product.publish(ledger_rows(12, 6))


def test_later_versions_keep_the_declaration_but_for_codes() -> None:
    """Codes are appended; measures, bounds and rules stay."""
    made = make_table(declared(AMOUNT), MemorySource([]))
    other = declared(replace(AMOUNT, upper=101))
    with pytest.raises(ValueError, match="codes appended at most"):
        renew_table(made.table, MemorySource([]), declaration=other)
    wider = replace(made.table.declaration, sizes=(3,))
    rows = [(f"C{i}", (2,), (1, i)) for i in range(6)]
    renewed = renew_table(made.table, MemorySource(rows), declaration=wider)
    assert renewed.table.base == (((2,),),)
    with pytest.raises(ValueError, match="codes appended at most"):
        renew_table(renewed.table, MemorySource(rows), declaration=made.table.declaration)


def test_a_table_without_rows_or_without_measures_is_a_table() -> None:
    """Nothing is released of nothing; counts need no measure."""
    empty = make_table(declared(AMOUNT), MemorySource([])).table
    assert empty.base == ()
    assert answer_set(empty, (None,), [Output("rows")]).outputs[0].status == "empty"
    counts = Product(declared())
    counts.publish([[f"C{i}", (i % 2,), []] for i in range(12)])
    assert counts.table is not None
    assert answer_set(counts.table, (None,), [Output("rows")]).outputs[0].values == (12,)


def test_the_parts_of_a_mixed_total_name_their_versions() -> None:
    """A held cell is of the version in which it was as shown; the others are of the newest."""
    product = Product(declared(protection=replace(RULES, mixed_versions=True)))
    rows = [[f"C{i}", (c,), []] for i in range(9) for c in (0, 1)]
    product.publish(rows)
    more = [[f"C{i}", (0,), []] for i in range(9)]
    product.publish([*rows, *more, ["C1", (1,), []]])
    table = product.table
    assert table is not None
    assert table.newest.held == (1,)
    found = answer_set(table, (None,), [Output("rows")])
    assert found.of_version is None
    assert found.outputs[0].values == (27,)
    assert {v: members(c) for v, c in parts_of_versions(table, 0b11).items()} == {2: [0], 1: [1]}


def test_blocked_cells_are_blocked_and_waiting_ones_read_as_empty() -> None:
    """Rows too few to be shown from the start are withheld; those that come later wait."""
    product = Product(declared())
    few = [["A", (0,), []], ["B", (0,), []]]
    product.publish(few)
    table = product.table
    assert table is not None
    assert table.newest.blocked == ((0,),)
    assert answer_set(table, (None,), [Output("rows")]).outputs[0].status == "blocked"
    product.publish([*few, ["A", (1,), []]])
    table = product.table
    assert table.newest.blocked + table.newest.pending == ((0,), (1,))
    assert answer_set(table, (frozenset([1]),), [Output("rows")]).outputs[0].status == "empty"
    assert answer_set(table, (frozenset([1]),), [Output("rows")]).of_version == 1
    product.publish([[f"C{i}", (c,), []] for i in range(5) for c in (0, 1)])
    assert answer_set(product.table, (None,), [Output("rows")]).outputs[0].values == (10,)


def test_integers_have_no_width() -> None:
    """Sums beyond 64 bits are exact, and judged so."""
    top = 10**30
    big = DeclaredMeasure(name="big", lower=0, upper=top)
    product = Product(declared(big))
    product.publish([[f"C{i}", (i % 2,), [top - i]] for i in range(20)])
    assert product.table is not None
    found = answer_set(product.table, (None,), [Output("sum", "big")])
    assert found.outputs[0].values == (20 * top - 190,)


def test_order_of_rows_and_names_of_contributors_change_no_cell() -> None:
    """Cells and withheld ones depend on what contributors have, not on order, hash or name."""
    rows = ledger_rows(14, 2)
    tables = []
    for seed in range(4):
        dice = random.Random(seed)
        names = [f"{dice.getrandbits(40):x}" for _ in range(14)]
        renamed = [[names[int(w[1:])], cell, values] for w, cell, values in rows]
        dice.shuffle(renamed)
        product = Product(declared(AMOUNT))
        tables.append(product.publish(renamed).table)
    assert len({(t.base, t.cells, t.withheld, t.newest.values) for t in tables}) == 1


@pytest.mark.parametrize("seed", range(25))
def test_hidden_zeros_leave_no_cell_that_reads_as_empty(seed: int) -> None:
    """Every finest cell is blocked or in a base cell that has enough contributors, for ever."""
    dice = random.Random(seed)
    protection = replace(RULES, zeros="hidden")
    product = Product(Declaration(sizes=(3, 3), measures=(AMOUNT,), protection=protection))
    domain = {(a, b) for a in range(3) for b in range(3)}
    for _ in range(3):
        cells = dice.sample(sorted(domain), dice.choice([1, 4, 8, 9]))
        people = dice.choice([2, 5, 9])
        rows = [
            [f"C{i}", cell, [dice.randint(-9, 9)]]
            for cell in cells
            for i in range(people)
            for _ in range(dice.choice([0, 1, 2]))
        ]
        table = product.publish(rows).table
        covered = [key for keys in table.base for key in keys] + list(table.newest.blocked)
        assert sorted(covered) == sorted(domain)
        assert table.newest.pending == ()
        for c, since in enumerate(table.newest.since):
            assert sum(any(f) for f in product.brought[since, c].values()) >= 3


def test_carriers_of_an_output_are_a_lower_bound_on_what_is_behind_it() -> None:
    """Of one cell the number is exact, of several no more than there are; over all versions."""
    exact = 0
    for seed in range(40):
        vector = any_product(random.Random(seed))
        published = second_edition(vector)
        if published is None:
            continue
        product, results = published
        shown, table = Shown(vector, results), product.table
        assert table is not None
        for version in range(1, len(table.versions) + 1):
            for codes in products(table.declaration.sizes):
                cells = shown.inside(codes)
                for i, measure in enumerate(table.figures[1:], 1):
                    if measure.name.startswith("present("):
                        continue
                    asked = [Output("sum", measure.name)]
                    wanted = tuple(map(frozenset, codes))
                    (one,) = answer_set(table, wanted, asked, version=version).outputs
                    behind = len(_carrying(shown, i, cells, version))
                    assert one.carriers <= behind
                    if one.status == "released" and len(cells) == 1:
                        assert one.carriers == behind
                        exact += 1
    assert exact > 50


def _carrying(shown: Shown, figure: int, cells: Any, version: int) -> set[str]:
    """Who carries a figure in some of the cells."""
    state = shown.states[version - 1]
    return {who for c in cells for who, figures in state[c].items() if figures[figure]}
