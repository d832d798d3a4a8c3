"""A single customer's figure from a series of ordinary totals: differences, complements, roll-ups,
trackers.

Who: two consumers who pool their answers, each with half of the series.
Knows: that customer c0 is alone with his orders in the west, of the old kind, in week 5.
Source: privacy.md 4; disclosure.md 2, the theorem.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.attack.tables import Measure, Row, Table
from tests.crypto.disclosure.reference import row_space, spans

if TYPE_CHECKING:
    from tests.attack.scene import Scene
    from tests.attack.told import Told


REGIONS, KINDS, WEEKS = ("N", "S", "W"), ("new", "old"), tuple(f"w{n}" for n in range(1, 7))
VICTIM = ("W", "old", "w5")
SERIES = (
    "region IN ('N','S','W')",
    "NOT (region = 'W' AND kind = 'old' AND week = 'w5')",
    "region = 'W' AND kind = 'old' AND week = 'w5'",
    "region = 'W' AND kind = 'old'",
    "region = 'W' AND kind = 'old' AND week <> 'w5'",
    "region = 'W' AND kind = 'old' AND week IN ('w4','w5')",
    "region = 'W' AND kind = 'old' AND week = 'w4'",
    "region = 'W' AND week = 'w5'",
    "region = 'W' AND week = 'w5' AND kind = 'new'",
    "kind = 'old' AND week = 'w5'",
    "kind = 'old' AND week = 'w5' AND region <> 'W'",
    "region = 'N' OR (region = 'W' AND kind = 'old' AND week = 'w5')",  # a tracker
    "region = 'N'",
)
GROUPED = (
    "region",
    "kind",
    "week",
    "region, kind",
    "region, week",
    "kind, week",
    "region, kind, week",
)


def attack(scene: Scene, told: Told) -> None:
    table = Table(
        {"region": REGIONS, "kind": KINDS, "week": WEEKS},
        [Measure("amount", 0, 9000, "CNY")],
        _rows(),
    )
    assert table.publish(scene, "series"), table.told
    cells = [(r, k, w) for r in REGIONS for k in KINDS for w in WEEKS]
    known: list[list[int]] = []
    for number, where in enumerate(SERIES):
        who = (scene.mallory, scene.eve)[number % 2]
        if table.number(who, f"SELECT SUM(amount) FROM held WHERE {where}") is not None:
            known.append([int(_matches(cell, where)) for cell in cells])
    for number, names in enumerate(GROUPED):
        who = (scene.mallory, scene.eve)[number % 2]
        answered = table.cells(who, f"SELECT {names}, SUM(amount) FROM held GROUP BY {names}")
        for key, (figure, *_) in answered.items():
            if figure is not None:
                wanted = dict(zip(names.split(", "), key, strict=True))
                known.append([int(_in(cell, wanted)) for cell in cells])
    told.tried.append(
        f"{len(SERIES)} totals and {len(GROUPED)} groupings, split between two consumers"
    )
    told.came.append(f"{len(known)} released sums")
    rows = {cell: {row[0] for row in table.rows if row[1] == cell} for cell in cells}
    space = row_space(known)
    for cell in cells:
        if len(rows[cell]) in range(1, 5):
            what = f"the sum of {'/'.join(cell)}, where {len(rows[cell])} contributors are"
            told.check(
                f"{what}, follows from no combination",
                holds=not spans(space, [int(c == cell) for c in cells]),
            )


def _rows() -> list[Row]:
    rows: list[Row] = []
    for region in REGIONS:
        for kind in KINDS:
            for week in WEEKS:
                cell = (region, kind, week)
                people = (
                    [0] if cell == VICTIM else range(2) if cell == ("S", "new", "w2") else range(20)
                )
                rows += [(f"c{i}", cell, (300 + 17 * i + 5 * len(rows) % 90,)) for i in people]
    return rows


def _in(cell: tuple[str, ...], wanted: dict[str, str]) -> bool:
    named = dict(zip(("region", "kind", "week"), cell, strict=True))
    return all(named[name] == code for name, code in wanted.items())


def _matches(cell: tuple[str, ...], where: str) -> bool:
    """Say which cells a condition of ours covers, by the language of this file."""
    named = dict(zip(("region", "kind", "week"), cell, strict=True))
    text = where.replace("NOT (", "not (").replace("AND", "and").replace("OR", "or")
    text = text.replace("<>", "!=").replace(" IN (", " in (").replace(" = ", " == ")
    return bool(eval(text, {"__builtins__": {}}, named))
