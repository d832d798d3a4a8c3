"""The attacks of privacy.md §4 on protected tables, each with what it would have got."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from crypto.disclosure import ProtectedTable, Rules, answer, first_version, statistics
from tests.crypto.disclosure.reference import Cell, Row, per_cell, row_space, spans

MODES = 4
DISTRICTS = 12
DIMENSIONS = (
    ("year", ("2025", "2026")),
    ("mode", tuple(f"m{i}" for i in range(MODES))),
    ("district", tuple(f"d{i}" for i in range(DISTRICTS))),
)
VICTIM = "the only customer of its district"


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    """A firm's books: customers live in one district each, and one district has a single one."""
    dice = random.Random(20261121)
    made = [
        Row((dice.randrange(2), dice.randrange(MODES), district), f"c{district}.{c}", (amount, 1))
        for district in range(DISTRICTS - 1)
        for c in range(3 + 2 * district)
        for amount in [dice.randrange(1, 100)]
        for _ in range(4)
    ]
    made += [Row((y, 1, DISTRICTS - 1), VICTIM, (77, 1)) for y in (0, 1)]
    return made


@pytest.fixture(scope="module")
def table(rows: list[Row]) -> ProtectedTable:
    cells = per_cell(rows)
    return first_version(
        {c: statistics(f.values(), figures=3, depth=2) for c, f in cells.items()},
        dimensions=DIMENSIONS,
        measures=("amount", "late"),
        rules=Rules(),
        zeros="shown",
        fetch=lambda wanted: {c: cells[c] for c in wanted},
        salt="00" * 16,
    )


class Attacker:
    """Keeps every released number as an equation over the finest cells."""

    def __init__(self, table: ProtectedTable) -> None:
        self.table = table
        self.known: list[list[int]] = []
        self.withheld = 0

    def total(self, keep, group_by=()) -> None:
        for one in answer(self.table, group_by=group_by, measures=("amount",), keep=keep):
            if one.status == "withheld":
                self.withheld += 1
            else:
                self.known.append(
                    [
                        int(keep(c) and tuple(c[d] for d in group_by) == one.key)
                        for c in self.table.cells
                    ]
                )

    def can_compute(self, wanted) -> bool:
        return spans(row_space(self.known), [int(wanted(c)) for c in self.table.cells])


def victims(cell: Cell) -> bool:
    return cell[2] == DISTRICTS - 1


def test_differencing_n_against_n_minus_one(table: ProtectedTable) -> None:
    """`everyone` minus `everyone but the victim's district` is not to be had."""
    attacker = Attacker(table)
    attacker.total(lambda _: True)
    attacker.total(lambda c: not victims(c))
    assert not attacker.can_compute(victims)
    assert attacker.withheld == 1


def test_complement(table: ProtectedTable) -> None:
    """Asking for the complement within each margin gives nothing either."""
    attacker = Attacker(table)
    for dimension, (_, codes) in enumerate(table.dimensions):
        for code in range(len(codes)):
            attacker.total(lambda c, d=dimension, k=code: c[d] != k)
            attacker.total(lambda c, d=dimension, k=code: c[d] == k and not victims(c))
    assert not attacker.can_compute(victims)


def test_roll_up_minus_visible_cells(table: ProtectedTable) -> None:
    """A margin's total minus its released cells leaves a sum of at least one whole safe cell."""
    attacker = Attacker(table)
    for group_by in [(), (0,), (1,), (2,), (0, 1), (0, 2), (1, 2), (0, 1, 2)]:
        attacker.total(lambda _: True, group_by)
    assert not attacker.can_compute(victims)
    for year in (0, 1):
        assert not attacker.can_compute(lambda c, y=year: victims(c) and c[0] == y)


def test_tracker(table: ProtectedTable) -> None:
    """Schlörer's tracker: padding a forbidden set with a large allowed one does not free it."""
    attacker = Attacker(table)
    for pad in range(DISTRICTS - 1):
        attacker.total(lambda c, p=pad: c[2] == p)
        attacker.total(lambda c, p=pad: c[2] == p or victims(c))
        attacker.total(lambda c, p=pad: c[2] != p or victims(c))
        attacker.total(lambda c, p=pad: not (c[2] == p or victims(c)))
    assert not attacker.can_compute(victims)


def test_forty_random_questions_and_two_colluding_consumers(table: ProtectedTable) -> None:
    """Two askers who put forty random questions each together know sums of safe cells only."""
    dice = random.Random(7)
    attacker = Attacker(table)
    for _ in range(80):
        chosen = {c for c in table.cells if dice.random() < 0.5}
        wide = {c[:2] for c in chosen}
        attacker.total(chosen.__contains__)
        attacker.total(lambda c, w=wide: c[:2] in w or victims(c))
        attacker.total(lambda c, w=wide: c[:2] in w and not victims(c))
    space = row_space(attacker.known)
    for index, size in enumerate(table.size_of):
        places = [i for i, m in enumerate(table.membership) if m == index]
        assert all(len({v[i] for i in places}) == 1 for v in space)
        assert size == len(places)
    assert not attacker.can_compute(victims)


def test_repeating_and_rewording_buys_nothing(table: ProtectedTable) -> None:
    """The same cells asked in another way get the same numbers: there is nothing to average."""
    first = answer(table, group_by=[0], measures=("amount",), keep=lambda c: c[2] > 4)
    again = answer(table, group_by=[0], measures=("amount",), keep=lambda c: not c[2] <= 4)
    third = answer(table, group_by=[0], measures=("amount",), keep=lambda c: c[2] >= 5)
    assert first == again == third


def test_the_attack_works_on_plain_answers(table: ProtectedTable, rows: list[Row]) -> None:
    """The same differencing on unprotected totals gives the victim away: the test can fail."""
    everyone = sum(row.values[0] for row in rows)
    others = sum(row.values[0] for row in rows if not victims(row.cell))
    assert everyone - others == 2 * 77
    whole = row_space([[1] * len(table.cells), [int(not victims(c)) for c in table.cells]])
    assert spans(whole, [int(victims(c)) for c in table.cells])
    assert all(isinstance(x, Fraction) for row in whole for x in row)
