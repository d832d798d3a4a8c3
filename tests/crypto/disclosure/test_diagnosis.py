"""The owner is told which form asked for what on which set: tables whose cause is known."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest

from crypto.disclosure.declaration import Declaration, DeclaredMeasure, Protection, Refused
from crypto.disclosure.diagnosis import MOST_EXAMPLES, Lack
from crypto.disclosure.rules import Rules
from tests.crypto.disclosure.built_tables import any_product
from tests.crypto.disclosure.second_vectors import Product, declared

BILLED = DeclaredMeasure(name="billed", lower=0, upper=500, unit="CNY")
PAID = replace(BILLED, name="paid")
RULES = Protection(rules=Rules(minimum_contributors=5))
STATES = ("open", "shipped", "closed", "cancelled")


def product(*measures: DeclaredMeasure, sizes: tuple[int, ...] = (2,)) -> Product:
    return Product(Declaration(sizes=sizes, measures=measures, protection=RULES))


def test_a_difference_that_one_contributor_carries_is_named() -> None:
    """All have paid what was billed, but for one: form, set, carriers, and whom it concerns."""
    rows = [[f"C{i:02}", (c,), [100 + i, 100 + i]] for i in range(20) for c in (0, 1)]
    rows[1][2] = [101, 40]
    rows[2][2] = [101, 180]  # so that the difference has both signs
    found = product(BILLED, PAID).publish(rows).findings
    one = found.withheld[0]
    assert found.withheld_count == len(found.withheld)
    assert one.measure == 2
    assert one.example == Lack(
        form="billed − paid", uses=(1, 2), rule="carriers", needed=5, had=one.example.had
    )
    assert 1 <= one.example.had < 5
    assert one.always == (1,)
    assert found.without == {1: found.withheld_count}
    assert found.forms["billed − paid"] == found.withheld_count
    assert not one.inside


def test_the_set_is_told_by_its_codes() -> None:
    """The ledger of code 1 of the second dimension alone is cancelled but for two."""
    amount = DeclaredMeasure(name="amount", lower=-500, upper=500)
    rows = []
    for i in range(20):
        rows += [[f"C{i:02}", (c, 0), [300 + i]] for c in (0, 1)]
        rows.append([f"C{i:02}", (0, 1), [100 + i]])
        rows.append([f"C{i:02}", (1, 1), [-100 - i if i > 1 else -7]])
    found = product(amount, sizes=(2, 2)).publish(rows).findings
    (one,) = found.withheld
    assert (one.example.form, one.example.needed, one.example.had) == ("amount", 5, 2)
    assert one.where == (0b11, 0b10)
    assert found.narrowed == (0, 1)
    assert one.rows == 20
    assert one.codes in ((0b01, 0b10), (0b10, 0b10))


def test_what_was_merged_in_vain_is_told_with_what_it_lacked() -> None:
    """One row of 200 is in none of four states: rows − Σ has one carrier, whatever is merged."""
    states = [DeclaredMeasure(name=name, lower=0, upper=1) for name in STATES]
    rows = []
    for i in range(40):
        for j in range(5):
            state = [int(k == (i + j) % 4) for k in range(4)]
            rows.append([f"C{i:02}", (i % 2,), state])
    rows[7][2] = [0, 0, 0, 0]
    found = product(*states).publish(rows).findings
    (rest,) = found.left_over
    assert rest.measure == 4
    assert rest.codes == (0b10,)  # in code 0 it is nil, which is fine
    lack = rest.lacks[0]
    assert {one.form for one in rest.lacks} == {lack.form}
    assert lack == Lack(
        form="rows − open − shipped − closed − cancelled",
        uses=(1, 2, 3, 4),
        rule="carriers",
        needed=3,
        had=1,
    )


def test_blocked_rows_say_which_rules_they_broke() -> None:
    """Six contributors, one of them with nearly all rows: too few nowhere, one too large."""
    rows: list[Any] = [[f"C{i}", (0,), []] for i in range(6)]
    rows += [["C0", (0,), []] for _ in range(200)]
    rows += [["C0", (1,), []]]
    strict = Protection(rules=Rules(minimum_contributors=5, dominance=((1, 80),)))
    made = Product(Declaration(sizes=(2,), measures=(), protection=strict)).publish(rows)
    found = made.findings
    assert made.table.newest.blocked == ((0,), (1,))
    assert (found.finest, found.unsafe) == (2, 2)
    assert found.broken["dominance_1_80"] == 2
    assert found.broken["minimum_contributors"] == 1
    (rest,) = found.left_over
    assert (rest.measure, rest.codes, rest.items) == (0, (0b11,), 2)
    lack, guessed = rest.lacks
    assert (guessed.rule, guessed.needed, guessed.had) == ("p_percent", 10, 1)  # 4 beside 202
    assert (lack.rule, lack.largest, lack.needed) == ("dominance", 1, 80)
    assert lack.had == 98  # 202 of 207 rows, rounded up


def test_a_held_cell_says_what_its_change_lacked() -> None:
    """One row more in code 1; code 0 gains a row of everybody."""
    kept = product(BILLED)
    rows = [[f"C{i:02}", (c,), [100 + i]] for i in range(20) for c in (0, 1)]
    kept.publish(rows)
    more = [[f"C{i:02}", (0,), [50]] for i in range(20)]
    made = kept.publish([*rows, *more, ["C03", (1,), [50]]])
    (held,) = made.findings.held
    assert made.held == (1,)
    assert held.codes == (0b10,)
    assert (held.when, held.lack.rule, held.lack.had, held.new) == ("change", "carriers", 1, False)


def test_families_that_do_not_fit_are_told() -> None:
    """A table too large to guard all says which families it leaves out."""
    wide = Product(Declaration(sizes=(40, 40, 40), measures=(), protection=RULES))
    rows = [[f"C{i}", (a, b, 0), []] for i in range(9) for a in (0, 1) for b in (0, 1, 2)]
    left = wide.publish(rows).findings.left_out
    assert {(family.kind, len(family.grouping)) for family in left} == {("two", 2)}


@pytest.mark.long
def test_every_withheld_cell_is_accounted_for() -> None:
    """On random and built tables: as many diagnoses as withheld cells, and each lacks something."""
    dice = random.Random(20)
    seen = {"withheld": 0, "inside": 0, "held": 0, "left over": 0}
    for _ in range(150):
        vector = any_product(dice)
        kept = Product(declared(vector["declaration"]), most_products=vector["products"])
        before = 0
        for rows in vector["versions"]:
            try:
                made = kept.publish(rows, vector.get("migrate"))
            except Refused:
                break
            found = made.findings
            now = sum(map(len, made.table.withheld))
            assert found.withheld_count == now - before
            assert len(found.withheld) == min(MOST_EXAMPLES, now - before)
            before = now
            for one in found.withheld:
                assert one.failed
                assert lacking(one.example)
                assert one.measure not in one.always
                assert all(one.where)
                if one.inside:
                    pairs = zip(one.where, one.codes, strict=True)
                    assert not any(part & ~codes for part, codes in pairs)
                seen["withheld"] += 1
                seen["inside"] += one.inside
            for held in found.held:
                assert lacking(held.lack)
                seen["held"] += 1
            for rest in found.left_over:
                assert rest.lacks
                assert all(map(lacking, rest.lacks))
                seen["left over"] += 1
    assert all(seen.values()), seen


def lacking(lack: Lack) -> bool:
    return lack.had > lack.needed if lack.rule == "dominance" else lack.had < lack.needed
