"""Random products in the form of the test vectors: awkward shapes, and shapes built to cancel."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from random import Random

Row = list[Any]  # contributor, finest cell, values
UNITS = ("", "CNY", " cny ", "kg")


def random_product(dice: Random) -> dict[str, Any]:
    """A declaration and the rows of one to four versions."""
    dims = dice.choice([[1], [2], [3], [4], [2, 2], [2, 3], [3, 2], [2, 2, 2], [1, 3], [5]])
    measures = [_measure(dice, f"m{i}") for i in range(dice.choice([0, 1, 1, 2, 2, 3, 3, 4, 5]))]
    if len(measures) > 3:  # many forms: keep the table small
        dims = dice.choice([[1], [2], [3], [2, 2]])
    declaration: dict[str, Any] = {"dims": dims, "measures": measures, "rules": _rules(dice)}
    if measures and dice.random() < 0.15:
        names = ["rows", *[m["name"] for m in measures]]
        chosen = dice.sample(names, min(len(names), 2))
        declaration["equations"] = [{n: dice.choice([-3, -1, 1, 2, 100]) for n in chosen}]
    found: dict[str, Any] = {"declaration": declaration, "products": dice.choice([100_000, 0])}
    people = [f"C{i:02}" for i in range(dice.choice([3, 6, 10, 15, 30]))]
    rows = _rows(dice, dims, measures, people)
    found["versions"] = [rows]
    for _ in range(dice.choice([0, 0, 1, 1, 2, 3])):
        rows = _changed(dice, rows, dims, measures, people)
        found["versions"].append(rows)
    if dice.random() < 0.15:
        found["migrate"] = _migrate(dice, found["versions"][0], dims)
    return found


def _measure(dice: Random, name: str) -> dict[str, Any]:
    lo, hi = dice.choice(
        [(0, 1), (0, 1), (0, 1), (0, 50), (0, 50), (-50, 50), (-1, 1), (2, 40), (0, 3), (-7, 0)]
    )
    made: dict[str, Any] = {"name": name, "lo": lo, "hi": hi, "unit": dice.choice(UNITS)}
    if dice.random() < 0.2 and (lo, hi) != (0, 1):
        made["scale"] = dice.choice([1, 2])
    made["empty"] = dice.choice(["zero", "zero", "zero", "skip"])
    if dice.random() < 0.2:
        made["columns"] = [dice.choice(["a", "b"])]
    return made


def _rules(dice: Random) -> dict[str, Any]:
    k = dice.choice([3, 3, 4, 5, 8])
    rules: dict[str, Any] = {"k": k}
    if dice.random() < 0.3:
        rules["dominance"] = dice.choice([[[1, 60]], [[3, 90]], [[1, 90], [2, 95]]])
    if dice.random() < 0.3:
        rules["p"] = dice.choice([1, 20, 50])
    if dice.random() < 0.3:
        rules["indicator_carriers"] = dice.randint(3, k)
    if dice.random() < 0.2:
        rules["nil"] = "hidden"
    if dice.random() < 0.2:
        rules["mixed_versions"] = True
    return rules


def _value(dice: Random, measure: dict[str, Any]) -> int | None:
    lo, hi = measure["lo"], measure["hi"]
    if dice.random() < 0.07:
        return None
    return dice.choice([lo, hi, 0, dice.randint(lo, hi), dice.randint(lo, hi), hi + 3])


def _rows(
    dice: Random, dims: list[int], measures: list[dict[str, Any]], people: list[str]
) -> list[Row]:
    cells = [list(key) for key in product(*[range(n) for n in dims])]
    dice.shuffle(cells)
    cells = cells[: max(1, len(cells) - dice.choice([0, 0, 1, 2]))]
    style = dice.choice(["plain", "plain", "cancel", "exclude", "bound", "few"])
    rows: list[Row] = []
    for cell in cells:
        there = people if dice.random() < 0.5 else dice.sample(people, dice.randint(1, len(people)))
        for who in there:
            times = dice.choice([1, 1, 1, 2, 3])
            rows += [[who, cell, [_value(dice, m) for m in measures]] for _ in range(times)]
        if dice.random() < 0.2:
            who = dice.choice(people)
            rows += [[who, cell, [_value(dice, m) for m in measures]] for _ in range(8)]
    if style == "cancel":  # what is booked is booked back, but for one or two contributors
        rows += [
            [who, dice.choice(cells), [None if v is None else -v for v in values]]
            for who, _, values in rows
            if who not in people[: dice.choice([1, 2, 4])]
        ]
    elif style == "exclude" and measures:  # every row carries one measure alone, almost
        for row in rows:
            row[2] = [max(m["lo"], 0) for m in measures]
            i = dice.randrange(len(measures))
            row[2][i] = min(1, measures[i]["hi"])
        for row in dice.sample(rows, min(len(rows), dice.choice([1, 2, 3]))):
            row[2] = [max(m["lo"], 0) for m in measures]
    elif style == "bound":
        for row in rows:
            if dice.random() < 0.97:
                row[2] = [m["hi"] for m in measures]
    elif style == "few":
        for row in rows:
            if row[0] not in people[:3]:
                row[2] = [0 for m in measures]
    return rows


def _changed(
    dice: Random,
    rows: list[Row],
    dims: list[int],
    measures: list[dict[str, Any]],
    people: list[str],
) -> list[Row]:
    cells = [list(key) for key in product(*[range(n) for n in dims])]
    rows = [[who, cell, list(values)] for who, cell, values in rows]
    for _ in range(dice.choice([0, 1, 1, 2, 3])):
        kind = dice.choice(["one", "move", "many", "drop", "values", "new", "back", "cell"])
        if kind == "one":
            rows.append([dice.choice(people), dice.choice(cells), _values(dice, measures)])
        elif kind == "move":
            for row in dice.sample(rows, min(len(rows), dice.choice([1, 5, 20]))):
                row[1] = dice.choice(cells)
        elif kind == "many":
            chosen = dice.sample(cells, dice.randint(1, len(cells)))
            rows += [[who, cell, _values(dice, measures)] for who in people for cell in chosen]
        elif kind == "drop":
            rows = [row for row in rows if dice.random() < 0.95]
        elif kind == "values":
            for row in dice.sample(rows, min(len(rows), dice.choice([1, 3, 40]))):
                row[2] = _values(dice, measures)
        elif kind == "new":
            rows += [[f"D{i}", dice.choice(cells), _values(dice, measures)] for i in range(6)]
        elif kind == "back":
            who = dice.choice(people)
            rows = [row for row in rows if row[0] != who]
        elif kind == "cell":
            cell = dice.choice(cells)
            rows = [row for row in rows if row[1] != cell]
    return rows


def _values(dice: Random, measures: list[dict[str, Any]]) -> list[int | None]:
    return [_value(dice, m) for m in measures]


def _migrate(dice: Random, rows: list[Row], dims: list[int]) -> dict[str, Any]:
    """Safe cells that obey the old rules on rows at least: each has many contributors, or is blocked."""
    occupied = sorted({tuple(cell) for _, cell, _ in rows})
    parts: list[list[tuple[int, ...]]] = []
    for key in occupied:
        if parts and dice.random() < 0.4:
            dice.choice(parts).append(key)
        else:
            parts.append([key])
    safe, blocked = [], []
    for part in parts:
        who = {row[0] for row in rows if tuple(row[1]) in part}
        if len(who) >= 8:
            safe.append([list(key) for key in part])
        else:
            blocked += [list(key) for key in part]
    return {"safe": safe, "blocked": blocked}
