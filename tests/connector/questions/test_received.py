"""What an owner sees of the questions that others asked: who, what, when, under which contract."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text
from sqlmodel import delete, select

from connector.areas.questions.deciding import charge_key
from connector.areas.questions.rows import ChargeRow
from connector.compose.received_operations import Wanted
from connector.compose.received_walk import places_of
from connector.faces.cli.moments import read_moment
from connector.faces.cli.received_lines import CSV_HEADS, csv_row, say_received
from connector.process.errors import SettingsError
from connector.process.ports import unix_ms
from connector.store.rows import LogDetailRow, LogEntryRow
from contracts.evidence import Entry
from crypto.words import LANGUAGES
from tests.connector.questions.market import questions

if TYPE_CHECKING:
    from tests.connector.questions.market import Market

BY_YEAR = "SELECT year, SUM(qty) FROM deliveries GROUP BY year"
NOBODY = "did:web:nobody.example"
EVIL = ("=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠A")


def received(market: Market, query: str = "") -> Any:
    status, found = market.provider.manage("GET", f"/v1/questions/received{query}")
    assert status == 200, found
    return found


def test_an_answer_a_repeat_and_a_refusal(market: Market) -> None:
    """Each with text, asker, contract, product, offer; what came, what was charged, and why not."""
    agreement = market.agreement()
    market.answer(agreement, BY_YEAR, questionId="urn:test:q:1")
    market.clock.advance(5)
    market.answer(agreement, BY_YEAR + " ", questionId="urn:test:q:2")
    asked = unix_ms(market.clock.now())
    reasons = market.reasons(
        agreement, "SELECT MAX(qty) FROM deliveries", questionId="urn:test:q:3"
    )
    refused, again, first = received(market)["questions"]
    for row in (refused, again, first):
        assert row["counterparty"] == market.consumer.did
        assert row["agreement"] == agreement
        assert row["product"] == "deliveries"
        assert row["offer"].startswith("deliveries:standard:")
        assert row["purpose"] == "capacityPlanning"
        assert row["mode"] == "masked"
    assert first["sql"] == BY_YEAR
    assert first["state"] == "answered"
    assert first["cells"] == {
        "released": 4,
        "withheld": 0,
        "leftOut": 0,
        "partly": 0,
        "figuresShown": 4,
        "figuresMerged": 0,
        "figuresWithheld": 0,
    }
    assert (first["charged"], first["answeredAs"]) == (True, None)
    assert (again["charged"], again["answeredAs"]) == (False, "urn:test:q:1")
    assert again["cells"] == first["cells"]
    assert (refused["state"], refused["charged"]) == ("refused", False)
    assert [reason["code"] for reason in refused["reasons"]] == reasons
    assert refused["sql"] == "SELECT MAX(qty) FROM deliveries"
    assert refused["asked"] == asked == first["asked"] + 5000


def test_what_is_charged_is_what_the_count_says(market: Market) -> None:
    """As many questions say that they were charged as are charged."""
    agreement = market.agreement()
    for sql in (*questions(4), *questions(4)):
        market.answer(agreement, sql)
    rows = received(market)["questions"]
    assert len(rows) == 8
    with market.provider.node.db.reading() as session:
        charged = {row.key for row in session.exec(select(ChargeRow))}
    assert {charge_key(row["questionId"]) for row in rows if row["charged"]} == charged
    assert len(charged) == 4


def test_filters_and_pages(market: Market) -> None:
    """Each filter by itself and several; pages give each question once, the newest first."""
    wide, narrow = market.agreement(), market.agreement("narrow")
    for number, sql in enumerate(questions(5)):
        market.clock.advance(60)
        market.answer(wide if number % 2 else narrow, sql, questionId=f"urn:test:q:{number}")
    market.reasons(wide, "SELECT MAX(qty) FROM deliveries", questionId="urn:test:q:5")
    everything = received(market)["questions"]
    times = [row["asked"] for row in everything]
    assert [row["questionId"] for row in everything] == [
        f"urn:test:q:{n}" for n in (5, 4, 3, 2, 1, 0)
    ]

    def ids(query: str) -> list[int]:
        return [int(row["questionId"][-1]) for row in received(market, query)["questions"]]

    assert ids(f"?agreement={wide}") == [5, 3, 1]
    assert ids("?state=refused") == [5]
    assert ids(f"?state=answered&agreement={narrow}") == [4, 2, 0]
    assert ids("?state=open") == ids("?state=ended") == []
    assert ids("?product=deliveries") == [5, 4, 3, 2, 1, 0]
    assert ids("?product=other") == []
    assert ids(f"?counterparty={market.consumer.did}&limit=2") == [5, 4]
    assert ids(f"?counterparty={NOBODY}") == []
    assert ids(f"?since={times[-2]}&until={times[2]}") == [2, 1]
    seen, before = [], ""
    while True:
        page = received(market, f"?limit=2&state=answered{before}")
        seen += [row["questionId"] for row in page["questions"]]
        if page["next"] is None:
            break
        before = f"&before={page['next']}"
    assert seen == [f"urn:test:q:{n}" for n in (4, 3, 2, 1, 0)]
    assert market.provider.manage("GET", "/v1/questions/received?state=lost")[0] == 400
    assert market.provider.manage("GET", "/v1/questions/received?limit=1001")[0] == 400


def test_one_id_under_two_contracts_is_two_questions(market: Market) -> None:
    """What was charged under one is no matter of the other; a total may be called as a question."""
    ids = sorted([market.agreement(), market.agreement("narrow")])
    name = "Q" * 22
    market.answer(ids[0], BY_YEAR, questionId=name)
    with market.provider.node.db.transaction() as tx:
        tx.append(
            Entry(
                kind="QUESTION",
                role="provider",
                counterparty=market.consumer.did,
                agreement=ids[1],
                process=name,
                query={"mode": "homomorphic"},
                msg={"direction": "in", "type": "CohortQuestion", "id": name},
            )
        )
    told = {row["agreement"]: row for row in received(market)["questions"]}
    assert set(told) == {*ids}
    assert (told[ids[0]]["state"], told[ids[0]]["charged"]) == ("answered", True)
    assert told[ids[1]]["charged"] is False


def test_more_rows_than_are_read_at_once(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    """What one statement reads bounds the memory, and nothing of the list."""
    monkeypatch.setattr("connector.compose.received_walk.STEP", 2)
    agreement = market.agreement()
    for sql in questions(5):
        market.answer(agreement, sql)
    page = received(market)
    assert len({row["leaf"] for row in page["questions"]}) == 5
    assert page["next"] is None
    assert received(market, f"?agreement={agreement}")["questions"] == page["questions"]
    assert received(market, "?limit=5")["next"] is None
    assert received(market, "?limit=4")["next"] == page["questions"][3]["leaf"]


def test_the_log_is_walked_and_never_sorted(market: Market) -> None:
    """Else each page of a long log would sort all questions that there are."""
    if market.provider.node.db.engine.dialect.name != "sqlite":
        pytest.skip("a server knows how many there are of each kind, and plans by that")
    market.answer(market.agreement(), BY_YEAR)
    party = market.consumer.did
    for wanted in (
        Wanted(),
        Wanted(counterparty=party),
        Wanted(since=0, until=10**13),
        Wanted(product="deliveries", counterparty=party, state="answered"),
    ):
        with market.provider.node.db.reading() as session:
            query = places_of(session, wanted).limit(10)
            said = query.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
            plan = " ".join(str(row) for row in session.execute(text(f"EXPLAIN QUERY PLAN {said}")))
            assert "SCAN log_entry" in plan or "SEARCH log_entry USING INDEX sqlite_auto" in plan
            assert "B-TREE" not in plan
            assert len(session.exec(query).all()) == 1


def test_a_clock_that_was_set_back_hides_nothing(market: Market) -> None:
    """A time is that of each leaf, whatever its place."""
    agreement = market.agreement()
    for turn, sql in enumerate(questions(3)):
        market.answer(agreement, sql, questionId=f"urn:test:q:{turn}")
        market.clock.advance(60)
    rows = received(market)["questions"]
    with market.provider.node.db.transaction() as tx:
        last = tx.session.get_one(LogEntryRow, rows[0]["leaf"])
        last.time_ms = rows[2]["asked"]
        tx.session.add(last)
    found = received(market, f"?until={rows[1]['asked']}")["questions"]
    assert [row["questionId"][-1] for row in found] == ["2", "0"]
    seen, before = [], ""
    for _ in range(3):
        page = received(market, f"?agreement={agreement}&limit=1{before}")
        seen += [row["questionId"][-1] for row in page["questions"]]
        before = f"&before={page['next']}"
    assert page["next"] is None
    assert sorted(seen) == ["0", "1", "2"]


def test_our_own_questions_are_not_among_them(market: Market) -> None:
    """Who asks has leaves of the same kind."""
    market.answer(market.agreement(), BY_YEAR)
    status, found = market.consumer.manage("GET", "/v1/questions/received")
    assert (status, found) == (200, {"questions": [], "next": None})


def test_one_that_cannot_be_read_hides_no_other(market: Market) -> None:
    """An erased text is none; a damaged leaf says so."""
    agreement = market.agreement()
    for sql in questions(3):
        market.answer(agreement, sql)
    newest, middle, oldest = received(market)["questions"]
    with market.provider.node.db.transaction() as tx:
        damaged, erased = (tx.session.get(LogEntryRow, place["leaf"]) for place in (newest, middle))
        damaged.entry = b"no leaf"
        tx.session.add(damaged)
        tx.session.execute(delete(LogDetailRow).where(LogDetailRow.entry_id == erased.entry_id))
    found = received(market)["questions"]
    assert found[0]["unreadable"]
    assert found[0]["questionId"] == newest["questionId"]
    assert "state" not in found[0]
    assert found[1] == middle | {"sql": None, "purpose": None}
    assert found[2] == oldest
    for row in found:
        assert len(csv_row(row, "en")) == len(CSV_HEADS)


def row_of(**more: Any) -> dict[str, Any]:
    """A question as the API gives it."""
    return {
        "leaf": 7,
        "questionId": "urn:q",
        "counterparty": "did:web:bolt.example",
        "agreement": "urn:a",
        "asked": 0,
        "name": {"zh": "客户", "en": "Customer"},
        "state": "answered",
        "mode": "masked",
        "sql": "SELECT 1",
        "purpose": "credit",
        "cells": {"released": 1, "withheld": 2, "leftOut": 3},
        "charged": True,
    } | more


@pytest.mark.parametrize("evil", EVIL)
def test_no_cell_of_the_csv_is_a_formula(evil: str) -> None:
    """Whatever an asker writes: text, purpose, id, its name."""
    row = row_of(sql=evil, purpose=evil, questionId=evil, name={"zh": evil, "en": evil})
    out = io.StringIO()
    csv.writer(out).writerow(csv_row(row, "en"))
    (cells,) = csv.reader(io.StringIO(out.getvalue()))
    assert sum(cell.startswith("'") for cell in cells) == 4
    assert not any(
        cell.startswith(EVIL[:4]) or cell[:1] in "=@\t\r＝＋－＠" for cell in cells if cell
    )


@pytest.mark.parametrize("tongue", LANGUAGES)
def test_lines_in_both_languages(
    tongue: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """State, asker, contract, text, cells, charge; and where to go on."""
    monkeypatch.setenv("VOILE_LANG", tongue)
    rows = [row_of(answeredAs="urn:other", charged=False), row_of(state="open", cells=None)]
    say_received({"questions": rows, "next": 7})
    said = capsys.readouterr().out
    zh = tongue == "zh"
    for words in ("客户" if zh else "Customer", "urn:a", "SELECT 1", "1970-01-01 00:00:00"):
        assert words in said
    assert ("已发布 1 格，不发布 2 格" if zh else "1 cell released, 2 withheld") in said
    assert (
        "未计次，答案同 urn:other" if zh else "not charged, with the answer to urn:other"
    ) in said
    assert "--before 7" in said
    say_received({"questions": [], "next": None})
    assert capsys.readouterr().out.strip() == (
        "没有这样的提问" if zh else "there are no such questions"
    )


def test_days_and_moments() -> None:
    """A day has a start and an end, in UTC; anything else is refused."""
    day = 86_400_000
    assert read_moment("1970-01-02") == day
    assert read_moment("1970-01-02", end=True) == 2 * day
    assert read_moment("1970-01-02T08:00:00+08:00", end=True) == day
    assert read_moment("") is None
    for wrong in ("yesterday", "1970-13-01", "1970-01-02T08:00:00", "19700102xx"):
        with pytest.raises(SettingsError):
            read_moment(wrong)
