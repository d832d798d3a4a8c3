"""Products built so that something cancels and one or two contributors are left."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

from tests.crypto.disclosure.second_tables import random_product

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

Row = list[Any]
DIMS = ([1], [2], [2, 2], [3], [4], [2, 3])


def built_product(dice: Random) -> dict[str, Any]:
    """One of the kinds below, over some cells, with the last one to four versions of it."""
    kind = dice.choice(KINDS)
    dims = dice.choice(DIMS)
    people = [f"C{i:02}" for i in range(dice.choice([8, 12, 20, 30]))]
    odd = people[: dice.choice([1, 1, 2, 3])]
    cells = [list(key) for key in product(*[range(n) for n in dims])]
    measures, rows = kind(dice, cells, people, odd)
    rules: dict[str, Any] = {"k": dice.choice([3, 5, 5, 8])}
    if dice.random() < 0.2:
        rules["nil"] = "hidden"
    declaration = {"dims": dims, "measures": measures, "rules": rules}
    found = {"declaration": declaration, "products": dice.choice([100_000, 0]), "versions": [rows]}
    if dice.random() < 0.1:
        found["versions"] += _twice(dice, rows, odd)
    for _ in range(dice.choice([0, 0, 0, 1, 1, 2, 3])):
        rows = _later(dice, found["versions"][-1], cells, people, odd)
        found["versions"].append(rows)
    return found


def any_product(dice: Random) -> dict[str, Any]:
    """A random product, or one that is built to cancel."""
    return built_product(dice) if dice.random() < 0.6 else random_product(dice)


def _later(
    dice: Random, rows: list[Row], cells: list[Any], people: list[str], odd: list[str]
) -> list[Row]:
    """Rows move between cells, and a few are placed, taken back or put right meanwhile."""
    rows = [[who, cell, list(values)] for who, cell, values in rows]
    how = dice.choice(["move", "place", "take", "both", "swing", "none"])
    if how in ("move", "both"):
        source, target = dice.choice(cells), dice.choice(cells)
        moved = [row for row in rows if row[1] == source]
        for row in dice.sample(moved, min(len(moved), dice.choice([3, 20, 60]))):
            row[1] = target
    if how in ("place", "both", "swing"):
        template = dice.choice(rows)
        rows += [[who, dice.choice(cells), list(template[2])] for who in odd]
    if how == "swing":  # everybody adds something, which hides the odd ones in one step alone
        cell = dice.choice(cells)
        rows += [[who, cell, list(dice.choice(rows)[2])] for who in people]
    if how == "take":
        rows = [row for row in rows if row[0] not in odd or dice.random() < 0.5]
    return rows


def _twice(dice: Random, rows: list[Row], odd: list[str]) -> list[list[Row]]:
    """Everybody gains the same once more, but for the odd ones: the changes differ by theirs."""
    gained = [row for row in rows if dice.random() < 0.8]
    again = [row for row in gained if row[0] not in odd]
    return [rows + gained, rows + gained + again]


def _spread(
    dice: Random, cells: list[Any], people: list[str], value: Callable[[str], list[int | None]]
) -> list[Row]:
    rows = []
    for who in people:
        for cell in cells:
            rows += [[who, cell, value(who)] for _ in range(dice.choice([1, 1, 2]))]
    return rows


def _measure(name: str, lo: int, hi: int, **more: Any) -> dict[str, Any]:
    return {"name": name, "lo": lo, "hi": hi, "unit": "", **more}


def _ledger(dice: Random, cells: list[Any], people: list[str], odd: list[str]) -> Any:
    rows = []
    for who in people:
        amount = dice.randint(5, 50)
        rows.append([who, cells[0], [amount]])
        if who not in odd:
            rows.append([who, cells[-1], [-amount]])
    return [_measure("amount", -50, 50)], rows


def _complement(dice: Random, cells: list[Any], people: list[str], odd: list[str]) -> Any:
    rows = _spread(dice, cells, people, lambda _: [1])
    for row in rows:
        if row[0] in odd and dice.random() < 0.5:
            row[2] = [0]
    return [_measure("on_time", 0, 1)], rows


def _near_bound(dice: Random, cells: list[Any], people: list[str], odd: list[str]) -> Any:
    top = dice.choice([9, 40])
    rows = _spread(dice, cells, people, lambda who: [top - dice.randint(0, 2) * (who in odd)])
    return [_measure("m", dice.choice([0, -3]), top)], rows


def _billed_paid(dice: Random, cells: list[Any], people: list[str], odd: list[str]) -> Any:
    def value(who: str) -> list[int | None]:
        billed = dice.randint(10, 60)
        return [billed, billed - dice.randint(1, 9) if who in odd else billed]

    scale = dice.choice([0, 0, 2])
    rows = _spread(dice, cells, people, value)
    for row in rows:
        row[2][1] *= 10**scale
    top = dice.choice([60, 80]) * 10**scale
    return [_measure("billed", 0, 60), _measure("paid", 0, top, scale=scale)], rows


def _neither(dice: Random, cells: list[Any], people: list[str], odd: list[str]) -> Any:
    """Two to five indicators of which every row has one, but for a few rows of the odd ones."""
    count = dice.choice([2, 3, 4, 5])

    def value(who: str) -> list[int | None]:
        chosen = -1 if who in odd and dice.random() < 0.5 else dice.randrange(count)
        return [int(i == chosen) for i in range(count)]

    return [_measure(f"i{i}", 0, 1) for i in range(count)], _spread(dice, cells, people, value)


def _gross(dice: Random, cells: list[Any], people: list[str], odd: list[str]) -> Any:
    """A total and its parts; the odd ones have more than the parts say."""
    count = dice.choice([2, 3, 4])

    def value(who: str) -> list[int | None]:
        parts = [dice.randint(1, 9) for _ in range(count)]
        return [sum(parts) + 4 * (who in odd), *parts]

    measures = [_measure("gross", 0, 60), *[_measure(f"p{i}", 0, 10) for i in range(count)]]
    return measures, _spread(dice, cells, people, value)


def _percentages(dice: Random, cells: list[Any], people: list[str], odd: list[str]) -> Any:
    def value(who: str) -> list[int | None]:
        road = dice.randint(10, 90)
        return [road, 100 - road - 5 * (who in odd)]

    rows = _spread(dice, cells, people, value)
    return [_measure("road", 0, 100), _measure("rail", 0, 100)], rows


def _carriers(dice: Random, cells: list[Any], people: list[str], odd: list[str]) -> Any:
    rows = _spread(dice, cells, people, lambda who: [dice.randint(1, 9) * (who in odd)])
    return [_measure("fine", 0, 9)], rows


def _skips(dice: Random, cells: list[Any], people: list[str], odd: list[str]) -> Any:
    def value(who: str) -> list[int | None]:
        empty = dice.random() < (0.5 if who in odd else 0.02 * dice.choice([0, 1]))
        return [None if empty else dice.choice([1, 5, 9]), 1]

    rows = _spread(dice, cells, people, value)
    return [_measure("weight", 0, 9, empty="skip"), _measure("sent", 0, 1)], rows


def _part_inside(dice: Random, cells: list[Any], people: list[str], odd: list[str]) -> Any:
    """A measure is merged over cells of which COUNT is given one by one; the rest is at a bound."""
    top = dice.choice([1, 9])
    first = cells[: max(1, len(cells) // 2)]

    def of(who: str, cell: Any) -> list[int | None]:
        if cell in first:
            return [top if who in odd else dice.choice([0, 0, top])]
        return [dice.choice([0, top]) if dice.random() < 0.03 else 0]

    rows = [[who, cell, of(who, cell)] for who in people for cell in cells for _ in range(2)]
    return [_measure("late", 0, top)], rows


def _big_one(dice: Random, cells: list[Any], people: list[str], odd: list[str]) -> Any:
    """One outweighs the others in what is left after taking one measure from another."""

    def value(who: str) -> list[int | None]:
        a = dice.randint(40, 60)
        return [a, a - (30 if who in odd else 1)]

    return [_measure("a", 0, 60), _measure("b", 0, 60)], _spread(dice, cells, people, value)


KINDS = (
    _ledger,
    _complement,
    _near_bound,
    _billed_paid,
    _neither,
    _gross,
    _percentages,
    _carriers,
    _skips,
    _part_inside,
    _big_one,
)
