"""What a total says of its suppliers' data versions and bounds."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from sqlmodel import select

from connector.areas.cohort import consumer_rows as keeping
from connector.areas.cohort.rows import ProviderSessionRow
from connector.areas.cohort.telling import with_release
from connector.client.answer_words import providers_versions, said_of_bounds
from connector.faces.cli.answer_table import AnswerTable
from contracts.cohort import states
from tests.connector.cohort.alliance import PURPOSE, SQL, SUPPLIERS
from tests.connector.cohort.test_attacks import post
from tests.connector.cohort.test_tables import membership, ready

if TYPE_CHECKING:
    from tests.connector.cohort.alliance import Alliance


@pytest.mark.long
def test_a_supplier_with_older_parts_is_named(alliance: Alliance) -> None:
    """Its newest version beside the oldest that parts of its table stand at; no cell of it."""
    rows = [*alliance.stocks["acme"], *((plant, "C3", 5, "1.00") for plant in range(30))]
    alliance.publish("acme", [*rows, (3, "B2", 17, "1.00")])  # one plant's change of B2 is held
    answer = alliance.answer(alliance.agreements())["answer"]
    did = {name: alliance.suppliers[name].did for name in SUPPLIERS}
    told = {d: (v["number"], v["oldest"]) for d, v in answer["dataVersions"].items()}
    assert told == {did["acme"]: (2, 1), did["bolt"]: (1, 1), did["cogs"]: (1, 1)}
    assert all({"key", "statuses", "values"} == set(cell) for cell in answer["cells"])
    said = {line.split()[0]: line for line in providers_versions(answer, "en")}
    older = f"{did['acme']} data version 2 (parts still as of 1 or later)"
    assert said[did["acme"]] == older
    assert said[did["bolt"]] == f"{did['bolt']} data version 1"
    for row in csv.DictReader(io.StringIO(AnswerTable(SQL, answer, "en").csv())):
        assert (row["note"] == older) == (row["status"] == "released")


@pytest.mark.long
def test_that_parts_are_older_is_told_with_the_release_only(alliance: Alliance) -> None:
    """Neither a trial, nor an acceptance, nor a contribution: its charge may go back."""
    alliance.publish("acme", [*alliance.stocks["acme"], (3, "B2", 17, "1.00")])
    agreements = alliance.agreements()
    body = {"agreements": agreements, "sql": SQL, "purpose": PURPOSE, "explain": True}
    status, explained = alliance.buyer.manage("POST", "/v1/questions", body)
    assert status == 200
    assert "oldest" not in str(explained)
    alliance.answer(agreements)
    (session,) = alliance.sessions()
    acme = alliance.suppliers["acme"]
    with acme.node.db.reading() as db:
        (row,) = db.exec(select(ProviderSessionRow))
    kept = json.loads(keeping.row_of(alliance.buyer.node, session).acceptances)
    told: dict[str, Any] = {}
    for step, sent in (
        ("roster", {"acceptances": {did: one["acceptance"] for did, one in kept.items()}}),
        ("contribute", {"cleared": row.cleared_jws}),
        ("end", {"outcome": row.outcome_jws}),
    ):
        answer = post(alliance, alliance.buyer, acme, f"cohorts/{session}/{step}", sent)
        assert answer.status == 200, (step, answer.body)
        told[step] = json.loads(answer.body)
    assert told["end"]["oldest"] == 1
    assert all("oldest" not in told[step] for step in ("roster", "contribute"))
    for state in states.PROVIDER.values():
        row.state = state
        assert bool(with_release(row)) == (state == states.SETTLED)


@pytest.mark.long
def test_bounds_of_a_total_are_told(alliance: Alliance) -> None:
    """They are the same for all, or there is no total."""
    answer = alliance.answer(alliance.agreements())["answer"]
    available, cost = answer["measures"]
    assert available == {"name": "available", "unit": "pcs", "lower": "-100", "upper": "10000"}
    assert (cost["lower"], cost["upper"]) == ("0", "1000")
    assert "available [-100, 10000] pcs; cost [0, 1000] CNY" in said_of_bounds(answer, "en")


@pytest.mark.long
def test_other_bounds_of_one_supplier_are_refused(alliance: Alliance) -> None:
    """Wider bounds of one would hide rows of the others that stand at theirs."""
    roster = (*SUPPLIERS, "dune")
    alliance.supplier("dune", dearest=2000, cohort=roster)
    alliance.space.settle(alliance.buyer, *alliance.suppliers.values())
    for name in SUPPLIERS:
        alliance.publish(name, alliance.stocks[name], cohort=roster)
        alliance.agreed.pop(name)
    agreements = alliance.agreements(roster)
    assert set(alliance.reasons(agreements)) == {"cohort.table.differs.measures"}
    pairs = list(zip(roster, agreements, strict=True))
    for pair in pairs:
        status, body = ready(alliance, *pair)
    assert status == 403
    (reason,) = body["error"]["reasons"]
    assert reason["code"] == "cohort.table.differs.measures"
    assert reason["given"] == alliance.suppliers["acme"].did
    for name in roster:
        row = membership(alliance, name)
        assert row is None or row.marks_jws == ""
