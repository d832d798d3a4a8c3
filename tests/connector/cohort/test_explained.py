"""A total explained is a total asked, but for the cells; and nothing that is refused tells a figure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from policies.phrases import PHRASES
from tests.connector.cohort.alliance import PURPOSE, SQL
from tests.connector.cohort.test_attacks import forged_session, opened, with_dune

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.connector.cohort.alliance import Alliance


def explained(alliance: Alliance, agreements: list[str], sql: str, purpose: str) -> Any:
    body = {"agreements": agreements, "sql": sql, "purpose": purpose, "explain": True}
    status, found = alliance.buyer.manage("POST", "/v1/questions", body)
    assert status == 200, found
    return found["explain"]


def other_roster(alliance: Alliance) -> list[str]:
    """Every offer names three; a fourth is asked with them."""
    alliance.supplier("dune", cohort=("acme", "bolt", "cogs", "dune"))
    alliance.space.settle(alliance.buyer, *alliance.suppliers.values())
    return alliance.agreements(("acme", "bolt", "cogs", "dune"))


def puppet(alliance: Alliance) -> list[str]:
    """A supplier of another supplier's legal group."""
    return with_dune(alliance, group="ID-acme")


def revoked(alliance: Alliance) -> list[str]:
    agreements = alliance.agreements()
    alliance.revoke("cogs")
    return agreements


def other_unit(alliance: Alliance) -> list[str]:
    return with_dune(alliance, unit="t")


def as_it_was(alliance: Alliance) -> list[str]:
    return alliance.agreements()


REFUSED: list[tuple[Callable[[Alliance], list[str]], str, str, set[str]]] = [
    (other_roster, SQL, PURPOSE, {"cohort.roster.other"}),
    (puppet, SQL, PURPOSE, {"cohort.member.related"}),
    (revoked, SQL, PURPOSE, {"participant.not-certified"}),
    (other_unit, SQL, PURPOSE, {"cohort.table.differs.measures"}),
    (as_it_was, SQL, "credit", {"policy.purpose"}),
    (as_it_was, "SELECT MAX(cost) FROM stock", PURPOSE, {"question.single-values"}),
]


@pytest.mark.long
@pytest.mark.parametrize(("before", "sql", "purpose", "codes"), REFUSED)
def test_what_would_be_refused_is_explained_as_refused(
    alliance: Alliance,
    before: Callable[[Alliance], list[str]],
    sql: str,
    purpose: str,
    codes: set[str],
) -> None:
    """Roster, members, standing, declarations, terms and text: the same codes from the
    explanation and from asking; nothing is charged by either.
    """
    agreements = before(alliance)
    used = [alliance.used(name, a) for name, a in alliance.agreed.items()]
    told = explained(alliance, agreements, sql, purpose)
    assert (told["allowed"], {reason["code"] for reason in told["reasons"]}) == (False, codes)
    status, body = alliance.ask(agreements, sql, purpose=purpose)
    assert status in (400, 403)
    assert {reason["code"] for reason in body["error"]["reasons"]} == codes
    assert [alliance.used(name, a) for name, a in alliance.agreed.items()] == used


@pytest.mark.long
def test_what_others_decide_is_said_to_be_theirs(alliance: Alliance) -> None:
    """Each provider allows it and says that the cohort decides the cells: a total that releases nothing
    because one holds a cell in one plant only was allowed by all.
    """
    agreements = alliance.agreements()
    sql = "SELECT SUM(available) FROM stock WHERE brand = 'D4'"
    told = explained(alliance, agreements, sql, PURPOSE)
    assert (told["allowed"], told["decides"], told["reasons"]) == (True, "cohort.decides", [])
    assert {word["decides"] for word in told["providers"].values()} == {"cohort.decides"}
    assert PHRASES["cohort.decides"][1] == "allowed by us; the cohort decides the cells."
    assert alliance.answer(agreements, sql)["answer"]["cells"] == []


@pytest.mark.long
def test_a_total_that_was_answered_is_explained_as_answered(alliance: Alliance) -> None:
    """With its question id it comes from here, also when the contract's count is used up."""
    agreements = alliance.agreements()
    alliance.answer(agreements, question_id="urn:uuid:total-1")
    body = {"agreements": agreements, "sql": SQL, "purpose": PURPOSE, "explain": True}
    with_id = body | {"questionId": "urn:uuid:total-1"}
    told = alliance.buyer.manage("POST", "/v1/questions", with_id)[1]["explain"]
    assert (told["allowed"], told["repeated"]) == (True, True)
    other = with_id | {"sql": SQL.replace("GROUP", "WHERE brand = 'A1' GROUP")}
    assert alliance.buyer.manage("POST", "/v1/questions", other)[0] == 409


@pytest.mark.long
@pytest.mark.parametrize("side", ["lower", "upper"])
def test_no_refusal_tells_a_figure(alliance: Alliance, side: str) -> None:
    """A buyer that narrows a column bound by bound learns nothing: each one narrower than what is
    declared is refused, whether the supplier's figure would fit it or not.
    """
    agreements = alliance.agreements()
    session, question, agreement, proof = forged_session(alliance, agreements)
    answers = []
    widest = (1 << 32) - 1  # every figure is far below, and what is declared just above
    for bound in (widest, 1):
        columns = [
            {**column, side: str(bound if side == "upper" else 0)} for column in session["columns"]
        ]
        narrowed = {**session, "columns": columns}
        answer = opened(alliance, narrowed, question, agreement, proof)
        answers.append((answer.status, json.loads(answer.body)))
    assert answers[0] == answers[1]
    assert [r["code"] for r in answers[0][1]["error"]["reasons"]] == ["cohort.bounds"]
