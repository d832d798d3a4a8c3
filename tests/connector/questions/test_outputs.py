"""An answer output by output: what is given, what is listed as withheld, and what it takes."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest

from connector.areas.questions.answers import Cells, chosen, total_cells
from connector.areas.questions.outputs import asked_outputs, cell_of
from connector.areas.questions.sizes import most_bytes
from connector.areas.questions.verified_cells import check_cell, check_withheld
from crypto.canonical import canonical
from crypto.disclosure.groups import Block, GroupAnswer
from crypto.disclosure.statuses import Output, OutputAnswer
from policies.plan import BoundQuery, bind
from policies.sql import parse
from tests.policies.table import SCHEMA

FROM = "SELECT COUNT(*), COUNT(price), SUM(price), AVG(price) FROM deliveries GROUP BY ship_mode"
ROWS, COUNT, SUM, AVG = "*:count", "price:count", "price:sum", "price:avg"
WITHHELD = OutputAnswer("withheld")


def bound(end: str = "") -> BoundQuery:
    return bind(parse(f"{FROM} {end}"), SCHEMA)


def group(
    key: int, rows: int | None = 9, count: int | None = 7, total: int | None = 1000, **more: Any
) -> GroupAnswer:
    """Make one group: None is withheld; an average needs both."""
    found = {
        ROWS: _released(rows),
        COUNT: _released(count),
        SUM: _released(total),
        AVG: WITHHELD
        if count is None or total is None
        else OutputAnswer("released", (total, count), 6)
        if count
        else OutputAnswer("empty"),
    }
    outputs = tuple(found[output.name] for output in bound().outputs)
    made = GroupAnswer(key=(key,), outputs=outputs, blocks=(None,) * 4, of_version=1, base=(key,))
    return replace(made, **more)


def _released(value: int | None) -> OutputAnswer:
    return WITHHELD if value is None else OutputAnswer("released", (value,), 6)


def answered(end: str, *groups: GroupAnswer, least: int = 0) -> Cells:
    """Answer a question with these groups."""
    asked = bound(end)
    cells = [cell_of(asked, one, least=least, marks={}) for one in groups]
    return chosen(asked, cells, most_bytes(asked, groups, cells, least=least))


def modes(cells: Any) -> list[str]:
    return [cell["key"]["ship_mode"] for cell in cells]


def test_outputs_are_asked_for_by_kind() -> None:
    """COUNT of a measure is no row count; an average asks for both of its parts at once."""
    assert asked_outputs(bound()) == (
        Output("rows"),
        Output("average", "price"),
        Output("count", "price"),
        Output("sum", "price"),
    )


def test_what_is_released_is_given_and_the_rest_has_its_status() -> None:
    """One withheld measure takes nothing from the others; an average of none is empty."""
    found = answered("", group(0, total=None), group(1, count=0, total=0), group(2, 9, 8, -1234))
    assert found.released[0]["values"] == {ROWS: "9", COUNT: "7", SUM: None, AVG: None}
    assert found.released[0]["statuses"] == {SUM: "withheld", AVG: "withheld"}
    assert found.released[1]["values"] == {ROWS: "9", COUNT: "0", SUM: "0.00", AVG: None}
    assert found.released[1]["statuses"] == {AVG: "empty"}
    assert found.released[2]["values"][AVG] == "-1.54250000"
    assert found.released[2]["statuses"] == {}
    assert found.withheld == ()


def test_a_cell_of_which_nothing_is_released_has_a_reason() -> None:
    """Statuses too where the outputs differ, and what helps where it differs."""
    nothing = OutputAnswer("blocked")
    blocked = group(0, outputs=(nothing,) * 4, base=())
    block = Block(groups=((1,), (2,)), widen=((0, (3,)),), releasable=True)
    merged = OutputAnswer("merged")
    same = group(1, outputs=(merged,) * 4, blocks=(block,) * 4, base=())
    unlike = group(2, outputs=(merged, WITHHELD, merged, merged), blocks=(block, None, block, None))
    found = answered("", blocked, same, unlike).withheld
    assert found[0] == {"key": {"ship_mode": "AIR"}, "reason": "blocked"}
    help_of_1 = {"togetherWith": [{"ship_mode": "SHIP"}], "widen": {"year": ["1995"]}}
    assert found[1] == {"key": {"ship_mode": "RAIL"}, "reason": "merged", **help_of_1}
    assert found[2]["statuses"] == {ROWS: "merged", AVG: "withheld", COUNT: "merged", SUM: "merged"}
    help_of_2 = help_of_1 | {"togetherWith": [{"ship_mode": "RAIL"}]}
    assert found[2]["advice"] == {ROWS: help_of_2, COUNT: help_of_2}
    assert "togetherWith" not in found[2]


def test_a_larger_group_is_demanded_of_each_output() -> None:
    """Who has the contributors is given, who may not have them is not."""
    few = group(0)
    outputs = (OutputAnswer("released", (9,), 30), *few.outputs[1:])
    found = answered("", replace(few, outputs=outputs), group(1), least=20)
    assert found.released[0]["statuses"] == dict.fromkeys((COUNT, SUM, AVG), "minGroupSize")
    assert found.released[0]["values"] == {ROWS: "9", COUNT: None, SUM: None, AVG: None}
    assert found.withheld == ({"key": {"ship_mode": "RAIL"}, "reason": "minGroupSize"},)


@pytest.mark.parametrize("end", ["", "HAVING AVG(price) > 5", "HAVING NOT AVG(price) > 5"])
def test_a_larger_group_tells_nobody_from_few_by_nothing(end: str) -> None:
    """Nobody has a price, or a few have: one answer, in every output and under HAVING."""
    told = []
    for carriers in (0, 1, 6):
        parts = OutputAnswer("released", (carriers * 9,), carriers)
        average = replace(parts, values=(carriers * 9, carriers)) if carriers else None
        outputs = (
            OutputAnswer("released", (9,), 30),
            average or OutputAnswer("empty"),
            replace(parts, values=(carriers,)),
            parts,
        )
        told.append(answered(end, replace(group(0), outputs=outputs), least=20))
    assert told[0] == told[1] == told[2]
    assert "minGroupSize" in canonical(list(told[0].released + told[0].withheld)).decode()
    assert "empty" not in canonical(list(told[0].released + told[0].withheld)).decode()


def test_what_has_no_rows_stays_empty_under_a_larger_group() -> None:
    """It follows from the partition, which is public."""
    nothing = group(0, outputs=(OutputAnswer("empty"),) * 4, base=())
    assert answered("", nothing, least=20).withheld[0]["reason"] == "empty"


def test_having_on_what_is_not_released_lists_the_cell_and_never_drops_it() -> None:
    """Unknown is neither met nor missed; known parts may decide without it."""
    hidden = group(1, total=None)
    found = answered("HAVING SUM(price) > 5", group(0), hidden, group(2, total=1))
    assert modes(found.released) == ["AIR"]
    assert found.filtered == 1
    assert found.withheld == (
        {
            "key": {"ship_mode": "RAIL"},
            "reason": "having",
            "statuses": {SUM: "withheld", AVG: "withheld"},
        },
    )
    met = answered("HAVING SUM(price) > 5 OR COUNT(*) = 9", hidden)
    assert modes(met.released) == ["RAIL"]
    missed = answered("HAVING SUM(price) > 5 AND COUNT(*) = 8", hidden)
    assert (missed.released, missed.withheld, missed.filtered) == ((), (), 1)
    opposite = answered("HAVING NOT SUM(price) > 5", hidden)
    assert modes(opposite.withheld) == ["RAIL"]


@pytest.mark.parametrize(("way", "first"), [("", ["SHIP", "AIR"]), (" DESC", ["AIR", "SHIP"])])
def test_what_has_no_figure_comes_last_and_limit_counts_what_is_given(
    way: str, first: list[str]
) -> None:
    """In either direction, among themselves by their codes; withheld cells are listed besides."""
    groups = [group(0, total=9), group(1, total=None), group(2, total=3), group(3, total=None)]
    order = f"ORDER BY SUM(price){way}"
    assert modes(answered(order, *groups).released) == [*first, "RAIL", "TRUCK"]
    nothing = replace(groups[1], outputs=(WITHHELD,) * 4)
    limited = answered(f"{order} LIMIT 2", groups[0], nothing, *groups[2:])
    assert modes(limited.released) == first
    assert (modes(limited.withheld), limited.filtered) == (["RAIL"], 1)
    downwards = answered("ORDER BY ship_mode DESC", *groups)
    assert modes(downwards.released) == ["TRUCK", "SHIP", "RAIL", "AIR"]


def test_a_total_averages_over_the_rows_with_a_value() -> None:
    """Its cells have the same form; the average of nothing is empty."""
    sums = {"price": 500}
    found = total_cells(
        bound("HAVING AVG(price) > 1"),
        [((0,), sums, {"price": 2, "*": 4}), ((1,), {"price": 0}, {"price": 0, "*": 4})],
        [(2,)],
        reason="cohort",
    )
    (cell,) = found.released
    assert cell["values"] == {ROWS: "4", COUNT: "2", SUM: "5.00", AVG: "2.50000000"}
    assert [(c["key"]["ship_mode"], c["reason"]) for c in found.withheld] == [
        ("RAIL", "having"),
        ("SHIP", "cohort"),
    ]


ENDS = ("", "HAVING SUM(price) > 5", "HAVING AVG(price) > 5 OR COUNT(*) > 3", "LIMIT 1", "LIMIT 0")


@pytest.mark.parametrize("end", [*ENDS, "HAVING AVG(price) > 5 ORDER BY SUM(price) LIMIT 2"])
@pytest.mark.parametrize("least", [0, 20])
def test_what_an_answer_takes_at_most_depends_on_no_figure(end: str, least: int) -> None:
    """Under one pattern of what is withheld: any figures, any contributors, the same bound."""
    dice = random.Random(end + str(least))
    for _ in range(60):
        pattern = [[dice.random() < 0.3 for _ in range(3)] for _ in range(4)]
        bounds = set()
        for _ in range(6):
            groups = [_drawn(dice, key, hidden) for key, hidden in enumerate(pattern)]
            found = answered(end, *groups, least=least)
            cells = (*found.released, *found.withheld)
            assert sum(len(canonical(cell)) + 1 for cell in cells) <= found.most_bytes
            bounds.add(found.most_bytes)
            _check_form(found)
        assert len(bounds) == 1


def _drawn(dice: random.Random, key: int, hidden: list[bool]) -> GroupAnswer:
    wide = dice.choice([0, 1, 10**30])
    drawn = group(
        key,
        None if hidden[0] else dice.randint(1, 10),
        None if hidden[1] else dice.choice([0, 3, wide]),
        None if hidden[2] else dice.choice([0, -wide, 10**25]),
    )
    outputs = tuple(
        replace(one, carriers=dice.choice([5, 30])) if one.status == "released" else one
        for one in drawn.outputs
    )
    return replace(drawn, outputs=outputs)


def _check_form(found: Cells) -> None:
    """What we write, we would believe."""
    names = {ROWS, COUNT, SUM, AVG}
    for cell in found.released:
        assert check_cell(cell, {"ship_mode"}, names, old=False) is None
    for cell in found.withheld:
        assert check_withheld(cell, {"ship_mode"}, names) is None
