"""Before a supplier has charged, nothing that it answers depends on its figures."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from contracts.cohort.session import ColumnPlan
from contracts.cohort.widths import MAX_ROWS
from tests.connector.cohort.test_attacks import forged_session, opened

if TYPE_CHECKING:
    from tests.connector.cohort.alliance import Alliance


def _open(alliance: Alliance, agreements: list[str], columns: Any) -> tuple[int, Any]:
    """Open a fresh session with columns of the attacker's choice; the status and the error."""
    session, question, agreement, proof = forged_session(alliance, agreements)
    session["columns"] = columns(session["columns"])
    answer = opened(alliance, session, question, agreement, proof)
    return answer.status, json.loads(answer.body).get("error")


def _bounded(index: int, lower: int, upper: int) -> Any:
    def change(columns: list[dict[str, Any]]) -> list[dict[str, Any]]:
        changed = [dict(column) for column in columns]
        changed[index] |= {"lower": str(lower), "upper": str(upper)}
        return changed

    return change


@pytest.mark.long
def test_bounds_of_a_session_do_not_tell_whether_a_figure_lies_within(alliance: Alliance) -> None:
    """Bounds just below, at and above a supplier's own sum get one and the same refusal."""
    agreements = alliance.agreements()
    available = [units for _, _, units, _ in alliance.stocks["acme"]]
    total = sum(units for _, brand, units, _ in alliance.stocks["acme"] if brand == "A1")
    said = [
        _open(alliance, agreements, _bounded(1, -MAX_ROWS * 100, upper))
        for upper in (1, total - 1, total, total + 1, sum(available), 2 * sum(available))
    ]
    assert [status for status, _ in said] == [403] * len(said)
    assert all(error == said[0][1] for _, error in said)
    assert [reason["code"] for reason in said[0][1]["reasons"]] == ["cohort.bounds"]
    rows = _open(alliance, agreements, _bounded(0, 0, 1))
    assert rows[0] == 403
    assert rows[1]["reasons"][0]["code"] == "cohort.bounds"


@pytest.mark.long
def test_a_session_as_wide_as_declared_or_wider_is_accepted(alliance: Alliance) -> None:
    """The width that declarations ask for is enough, whatever the figures are; wider is taken too."""
    agreements = alliance.agreements()
    assert _open(alliance, agreements, lambda columns: columns)[0] == 200
    wider = _bounded(1, -MAX_ROWS * 1000, MAX_ROWS * 100_000)
    assert _open(alliance, agreements, wider)[0] == 200


@pytest.mark.long
@pytest.mark.parametrize("end", ["lower", "upper"])
def test_one_unit_less_than_declared_is_refused(alliance: Alliance, end: str) -> None:
    """The bound is the declared one times the cap on rows, to the unit, at both ends."""
    agreements = alliance.agreements()

    def narrower(columns: list[dict[str, Any]]) -> list[dict[str, Any]]:
        plan = ColumnPlan.from_json(columns[1])
        less = {"lower": plan.lower + 1} if end == "lower" else {"upper": plan.upper - 1}
        changed = [dict(column) for column in columns]
        changed[1] |= {name: str(value) for name, value in less.items()}
        return changed

    status, error = _open(alliance, agreements, narrower)
    assert (status, error["reasons"][0]["code"]) == (403, "cohort.bounds")
