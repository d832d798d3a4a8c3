"""The drills can fail: an answer that leaks is called a leak, a drill that breaks is no success."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from tests.attack import adversary, run
from tests.attack.__main__ import main
from tests.attack.drills import billed_minus_paid, differencing, ledger_all_paid_but_one
from tests.attack.told import Told, fine
from tests.crypto.disclosure.second_attack import Spoils

if TYPE_CHECKING:
    from tests.attack.tables import Row, Table


class Leaky:
    """A scene whose supplier answers everything from the rows, exactly: what no drill may accept."""

    def __init__(self, *, withhold: bool = False) -> None:
        self.attackers: dict[str, Any] = {}
        self.mallory = self.eve = self
        self.acme = self
        self.did = "did:web:nobody.example"
        self.withhold = withhold

    def fresh(self, word: str) -> str:
        return word

    def publish(self, _supplier: Any, _text: str, _header: str, _rows: Any) -> tuple[bool, Any]:
        return True, {}


def answered(leaky: Leaky, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let tables be answered from their rows, with no rule at all."""

    def number(table: Table, _who: Any, sql: str) -> Decimal | None:
        if leaky.withhold:
            return None
        rows = [row for row in table.rows if _covered(table, row, sql)]
        return Decimal(sum(_value(table, row, sql) for row in rows))

    monkeypatch.setattr("tests.attack.tables.Table.number", number)
    monkeypatch.setattr("tests.attack.tables.Table.cells", lambda *_: {})


def _value(table: Table, row: Row, sql: str) -> Decimal:
    if "COUNT(*)" in sql:
        return Decimal(1)
    name = sql.split("SUM(")[1].split(")", maxsplit=1)[0]
    measure = next(m for m in table.measures if m.name == name)
    value = Decimal(row[2][table.column(measure.column or name)])
    return min(value / (1000 if measure.expression else 1), Decimal(measure.upper))


def _covered(table: Table, row: Row, sql: str) -> bool:
    where = sql.partition(" WHERE ")[2]
    return not where or differencing._matches(row[1], where)


@pytest.mark.parametrize("name", ["ledger_all_paid_but_one", "billed_minus_paid", "differencing",
                                  "rest_of_four", "complement_of_an_indicator"])  # fmt: skip
def test_a_drill_against_a_leaky_answer_says_that_it_leaks(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    leaky = Leaky()
    answered(leaky, monkeypatch)
    told = run.run_one(name, run.drill(name).attack, leaky)  # type: ignore[arg-type]
    assert told.verdict == "LEAKED", told
    assert told.leaked
    assert run.summary([told]) == "attack: 0 drills held, 1 leaked"
    assert any("INFERRED" in line for line in run.lines(told))


def test_the_same_drill_against_withheld_answers_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    leaky = Leaky(withhold=True)
    answered(leaky, monkeypatch)
    for drill in (ledger_all_paid_but_one, billed_minus_paid):
        told = run.run_one("ledger_all_paid_but_one", drill.attack, leaky)  # type: ignore[arg-type]
        assert told.verdict == "held", told


def test_a_drill_that_breaks_or_looks_at_nothing_is_no_success() -> None:
    def broken(_scene: Any, _told: Told) -> None:
        raise KeyError("x")

    told = run.run_one("x", broken, Leaky())  # type: ignore[arg-type]
    assert told.verdict == "BROKEN"
    idle = run.run_one("x", lambda _scene, _told: None, Leaky())  # type: ignore[arg-type]
    assert idle.verdict == "BROKEN"
    assert run.summary([told, idle]) == "attack: 0 drills held, 0 leaked, 2 broke"


@pytest.mark.parametrize(
    ("carriers", "need", "holds"),
    [
        ([10] * 5, 5, True),
        ([10] * 4, 5, False),
        ([100, 1, 1, 1, 1, 1], 5, False),
        ([10, 10, 10], 3, True),
        ([60, 30, 4, 3, 3], 5, False),
        ([50, 30, 3, 1, 1], 3, False),
    ],
)
def test_what_is_fine_by_the_default_rules(carriers: list[int], need: int, *, holds: bool) -> None:
    assert fine(carriers, need) is holds


def test_only_a_number_of_the_rows_is_a_leak() -> None:
    told = Told("x")
    told.judge("x", None, {"a": 7})
    told.judge("x", 8, {"a": 7})
    told.judge("x", 0, {"a": 0})
    assert not told.leaked
    told.judge("x", 7, {"a": 7})
    assert len(told.leaked) == 1


def test_every_drill_says_who_attacks_and_what_he_knows() -> None:
    assert len(run.names()) >= 20
    for name in run.names():
        text = run.drill(name).__doc__
        assert "\nWho: " in text, name
        assert "\nKnows: " in text, name
        assert "\nSource: " in text, name


def test_drills_are_listed_and_chosen(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def listed(*arguments: str) -> list[str]:
        monkeypatch.setattr("sys.argv", ["tests.attack", *arguments])
        assert main() == 0
        return capsys.readouterr().out.split()

    assert listed("--list") == run.names()
    chosen = listed("--list", "--only", "totals_*", "--only", "recut")
    assert chosen == [n for n in run.names() if n.startswith("totals_") or n == "recut"]
    with pytest.raises(SystemExit) as wrong:
        listed("--only", "nothing_like_it")
    assert wrong.value.code == 2
    assert "--list" in capsys.readouterr().err


def test_the_report_as_json_has_all_that_was_seen() -> None:
    told = Told("ledger_all_paid_but_one", tried=["a"], came=["b"], held=["c"])
    found = json.loads(json.dumps(told.to_json()))
    assert found["verdict"] == "held"
    assert (found["tried"], found["came"], found["held"], found["leaked"]) == (
        ["a"],
        ["b"],
        ["c"],
        [],
    )


def _breached(seed: int) -> Spoils:
    """An adversary that finds something in one table, and breaks on another."""
    if seed == 13:
        raise KeyError("a table like no other")
    spoils = Spoils()
    spoils.judge("state", "rows", ((seed,), (0,)), {"a": 1 if seed == 11 else 0}, 5, {})
    return spoils


@pytest.mark.long
def test_the_tables_are_attacked_in_portions_and_what_is_found_is_said_with_its_seed() -> None:
    said: list[str] = []
    found = adversary.rampage(10, 5, say=said.append, attack=_breached, size=2)
    assert (found.attacked, found.tried, found.held) == (5, {"state": 4}, False)
    assert sorted(line.split(":")[0] for line in found.found) == ["seed 11", "seed 13"]
    assert set(found.found) < set(said)
    assert said[-1] == "5 of 5 tables, 2 findings"
    assert found.line().startswith("tables: 5 attacked, seeds 10 to 14: 2 findings in 4")
    assert json.loads(json.dumps(found.to_json()))["held"] is False


@pytest.mark.long
def test_tables_that_hold_are_said_to_hold_and_none_at_all_are_not() -> None:
    assert adversary.portion(adversary.one_table, 1, 2)[0] == 2
    assert adversary.rampage(10, 1, say=lambda _: None, attack=_breached).held
    assert not adversary.rampage(10, 0, say=lambda _: None).held
