"""What an auditor is shown of products and answers: rules, counts of what is public, digests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from connector.areas.products import audited
from connector.compose import participant
from connector.faces.cli.report_sheet import print_report
from connector.faces.cli.tongue import speaking
from crypto.canonical import digest_bytes
from tests.connector.audit.audited import BY_YEAR, Audited, console, spelled
from tests.connector.questions.market import PRODUCT, Market, publish_deliveries

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.simulators import Net, Party, StandingClock


@pytest.fixture
def market(party: Callable[..., Party], net: Net, clock: StandingClock, tmp_path: Path) -> Market:
    provider = party("acme", areas=participant.AREAS, pin=["bolt"], env=console(23_510))
    consumer = party("bolt", areas=participant.AREAS, pin=["acme"], env=console(23_511))
    publish_deliveries(provider, tmp_path)
    return Market(provider, consumer, net, clock)


def test_a_product_shows_an_auditor_its_rules_and_what_is_released(market: Market):
    """Whoever has a role of the owner beside it sees all; nothing is counted of rows for others."""
    one = Audited(market.provider, market.clock)
    path = "/v1/products/deliveries"
    whole = one.party.manage("GET", path)[1]
    for token in (one.drawn("steward"), one.drawn("cdo", "auditor")):
        assert one.party.manage("GET", path, token=token)[1] == whole
    status, shown = one.party.manage("GET", path, token=one.key)
    assert status == 200
    assert {name for name in whole if shown[name] != whole[name]} == {"report"}
    assert shown["protection"]["minimumContributors"] == 5
    assert shown["protection"]["dominance"] == [[1, 75], [2, 85]]
    assert set(shown["report"]) == {"product", "edition", "version", "margins"}
    for told, kept in zip(whole["report"]["margins"], shown["report"]["margins"], strict=True):
        assert kept == {name: told[name] for name in audited.OF_MARGIN}
        assert "rows" in told


def test_a_list_of_products_counts_no_rows_for_an_auditor(market: Market):
    """Neither rows nor cells; name, level, offers and version as for everybody."""
    one = Audited(market.provider, market.clock)
    (whole,) = one.party.manage("GET", "/v1/products")[1]["products"]
    (shown,) = one.party.manage("GET", "/v1/products", token=one.key)[1]["products"]
    assert {*whole} - {*shown} == {"rows", "cells", "rowsAtFinest"}
    assert shown == {name: whole[name] for name in shown}


def test_an_error_of_the_owners_data_is_a_code_for_an_auditor():
    """Its text may quote a value of the rows."""
    why = {"code": "value-unread", "message": "row 7: `Wang Wei`", "next": "correct row 7"}
    last = {"at": "2026-11-01T00:00:00Z", "state": "failed", "scheduled": True, "error": why}
    for language, said in (("zh", "原因只告知所有者"), ("en", "why is told to the owner alone")):
        told = {"code": "value-unread", "message": said, "next": ""}
        line = audited.line({"id": "parts", "rows": 3, "refresh": {"last": last}}, language)  # type: ignore[arg-type]
        assert line == {"id": "parts", "refresh": {"last": {**last, "error": told}}}
        job = audited.job({"job": "1", "report": {"rows": 3}, "error": why}, language)  # type: ignore[arg-type]
        assert job == {"job": "1", "report": None, "error": told}
    assert audited.job({"job": "1", "state": "running"}, "en") == {
        "job": "1",
        "state": "running",
        "report": None,
    }


def test_a_publication_is_watched_without_its_report(market: Market, tmp_path: Path):
    """State and stage are everybody's who may watch; the figures are the owner's."""
    one = Audited(market.provider, market.clock)
    body = {"product": PRODUCT, "data": str(tmp_path / "deliveries.csv")}
    status, job = one.party.manage("POST", "/v1/products", body)
    assert status == 202
    status, shown = one.party.manage("GET", f"/v1/products/jobs/{job['job']}", token=one.key)
    assert (status, shown["product"], shown["report"]) == (200, "deliveries", None)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_auditor_sees_what_was_asked_and_no_figure_of_the_answer(market: Market, language: str):
    """Text, state, counts, the digest that the log names; whoever may ask sees the figures."""
    one = Audited(market.consumer, market.clock)
    made = market.answer(market.agreement(), BY_YEAR, questionId="question-1")
    figures = spelled(made["answer"])
    assert figures
    steward = one.firm.join("Sun", "steward")
    for session, sees in ((one.session, False), (steward, True)):
        one.firm.people.set_language(one.firm.visitor(session).actor.name, language)  # type: ignore[arg-type]
        one.enter(session)
        status, html = one.get("/questions/question-1")
        assert status == 200
        assert all(figure in html for figure in figures) is sees
        assert any(figure in html for figure in figures) is sees
        assert (digest_bytes(made["signature"].encode()) in html) is not sees
        assert ("question_id=" in html) is sees
        assert ("/answer.csv" in html) is sees
        assert ("/answer.xlsx" in html) is sees
        assert "SUM(qty)" in html
        for file in ("answer.csv", "answer.xlsx"):
            status, held = one.get(f"/questions/question-1/{file}")
            assert status == (200 if sees else 403), file
            assert all(figure.replace(",", "") in held for figure in figures) is sees
    said = "审计员看到格数" if language == "zh" else "An auditor sees counts"
    one.enter(one.session)
    assert said in one.get("/questions/question-1")[1]


def test_an_auditor_takes_a_bundle_that_opens_nothing(market: Market):
    """Answers are among what is opened: who answers for the firm's evidence decides that."""
    one = Audited(market.provider, market.clock)
    path = "/v1/audit/bundle"
    status, refused = one.party.manage("POST", f"{path}?opened=all", token=one.key)
    assert (status, refused["error"]["code"]) == (403, "role-missing")
    assert one.reads() == []
    assert one.party.manage("POST", f"{path}?opened=none", token=one.key)[0] == 200
    security = one.drawn("security")
    assert one.party.manage("POST", f"{path}?opened=all", token=security)[0] == 200
    assert [leaf["policy"]["opened"] for leaf in one.reads()] == [False, True]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_command_prints_what_an_auditor_is_shown(
    market: Market, capsys: pytest.CaptureFixture[str], language: Any
):
    """Rules and margins, where the owner's report has counts."""
    one = Audited(market.provider, market.clock)
    shown = one.party.manage("GET", "/v1/products/deliveries", token=one.key)[1]
    with speaking(language):
        print_report(shown["report"] | {"protection": shown["protection"]})
    out = capsys.readouterr().out
    assert ("最少贡献者" if language == "zh" else "least contributors") in out
    assert "1: 75 %, 2: 85 %" in out
    assert "year x ship_mode" in out
