"""The auditor's pages in memory: what each shows, in both languages, with hostile names as text."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from sqlalchemy import text
from sqlmodel import select

from connector.areas.audit import dossier_words
from connector.areas.audit.dossier import Depth
from connector.areas.audit.pages import dossiers
from connector.compose.history_words import PERCENT
from connector.store.rows import LogEntryRow
from contracts.evidence import Entry
from tests.areas import AUDIT
from tests.connector.console.conftest import PORT, Browser
from tests.connector.console.door import Door, area, opened
from tests.connector.questions.market import AREAS, Market, publish_deliveries

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.simulators import Net, Party, StandingClock

EVIL = "<img src=x onerror=alert(1)>\u202e'\"{{7*7}}"
MOST_BYTES = 150_000


@pytest.fixture
def market(party: Callable[..., Party], net: Net, clock: StandingClock, tmp_path: Path) -> Market:
    door = Door()
    env = {"VOILE_CONSOLE_PORT": str(PORT)}
    provider = party("acme", areas=(*AREAS, AUDIT, area(door)), pin=["bolt"], env=env)
    consumer = party("bolt", areas=AREAS, pin=["acme"])
    publish_deliveries(provider, tmp_path)
    made = Market(provider, consumer, net, clock)
    vars(made)["door"] = door
    return made


@pytest.fixture
def browser(market: Market) -> Browser:
    return Browser(opened(market.provider), vars(market)["door"], market.provider)


@pytest.fixture
def agreement(market: Market) -> str:
    found = market.agreement()
    for number, year in enumerate((1992, 1993), 1):
        sql = f"SELECT ship_mode, SUM(qty) FROM deliveries WHERE year = {year} GROUP BY ship_mode"
        market.answer(found, sql, questionId=f"question-{number}")
    market.reasons(found, "SELECT MAX(qty) FROM deliveries", questionId="question-3")
    return found


def page(browser: Browser, path: str, status: int = 200) -> str:
    answer = browser.get(path)
    html = answer.get_data(as_text=True)
    assert answer.status_code == status, html[-2000:]
    assert len(answer.data) < MOST_BYTES
    return html


def reads(market: Market) -> list[str]:
    with market.provider.node.db.reading() as session:
        rows = session.exec(select(LogEntryRow).where(LogEntryRow.kind == "ACCESS")).all()
    return [json.loads(row.entry)["to"] for row in rows]


@pytest.mark.long
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_of_an_auditor(market: Market, browser: Browser, agreement: str, language: str):
    """Each is drawn, is small, and leaves its leaf; the firm's own security leaves none."""
    at = quote(agreement, safe="")
    market.provider.node.checkpoints.sign()
    paths = {
        "/evidence": "SEARCHED",
        "/evidence?kind=ANSWER&since=2026-11-01&until=2026-12-31": "SEARCHED",
        f"/evidence?id={at}&decision=deny": "SEARCHED",
        "/evidence/3": "OPENED",
        "/dossiers": "READ",
        f"/dossiers/{at}": "DOSSIER",
        f"/history/{at}": "HISTORY",
    }
    browser.enter("security", language)
    for path in paths:
        page(browser, path)
    assert reads(market) == []
    browser.enter("auditor", language)
    for path in paths:
        page(browser, path)
    assert reads(market) == list(paths.values())
    for path in paths:
        page(browser, path)
    assert len(reads(market)) == len(paths)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_dossier_says_each_heading_once_and_what_each_dot_is(
    browser: Browser, agreement: str, language: str
):
    """Headings, and what opens a table of a chart, differ; each point has its words beside it."""
    browser.enter("security", language)
    for path in ("/dossiers/", "/dossier-file/"):
        html = page(browser, path + quote(agreement, safe=""))
        heads = re.findall(r"<(?:h2|summary)>([^<]+)<", html)
        assert len(heads) == len(set(heads)) > 5
        (figure,) = re.findall(r'<figure class="chart">.*?</svg>', html, re.DOTALL)
        points = re.findall(r"<(?:circle|rect)[^>]*><title>([^<]+)</title>", figure)
        assert len(points) > 4
        said = re.findall(r"<text[^>]*>([^<]+)</text>", figure)
        assert all(point in said for point in points)


def test_a_steward_may_open_none_of_them(browser: Browser, agreement: str):
    """Its address explains who may."""
    browser.enter("steward")
    for path in ("/evidence", "/evidence/0", "/dossiers", f"/dossiers/{quote(agreement)}"):
        assert browser.get(path).status_code == 403


def test_a_search_keeps_its_filter_in_its_links(market: Market, browser: Browser):
    """The next page, and a kind, are addresses of their own."""
    with market.provider.node.db.transaction() as tx:
        for _ in range(60):
            tx.append(Entry(kind="PRODUCT", to_state="PUBLISHED", query={"product": "parts"}))
    browser.enter("security")
    html = page(browser, "/evidence?id=parts")
    (older,) = re.findall(r'href="([^"]+)" rel="next"', html)
    assert older.startswith("/evidence?id=parts&amp;before=")
    assert html.count('<td class="number"><a href="/evidence/') == 50
    html = page(browser, older.replace("&amp;", "&"))
    assert html.count('<td class="number"><a href="/evidence/') == 10
    assert 'rel="prev"' in html
    assert 'rel="next"' not in html


@pytest.mark.parametrize(
    ("language", "away"), [("zh", "去掉此筛选"), ("en", "take this filter away")]
)
def test_each_filter_has_a_chip_that_takes_it_away(
    browser: Browser, agreement: str, language: str, away: str
):
    """And each party and decision that there is leads to its records."""
    browser.enter("security", language)
    html = page(browser, "/evidence?kind=ANSWER&since=2020-01-01")
    chips = re.findall(r'<li><a href="([^"]+)">', html[html.index('class="chips"') :])
    assert chips[:3] == ["/evidence?since=2020-01-01", "/evidence?kind=ANSWER", "/evidence"]
    assert html.count(away) == 2
    facets = html[html.index('class="facets"') :].split("</p>", 1)[0]
    leads = [one.replace("&amp;", "&") for one in re.findall(r'href="([^"]+)"', facets)]
    counts = [int(one) for one in re.findall(r'class="count">(\d+)<', facets)]
    assert leads
    for href, count in zip(leads, counts, strict=True):
        shown = page(browser, href).count('<td class="number"><a href="/evidence/')
        assert ("party=" in href or "decision=" in href, shown) == (True, count)


def test_wrong_addresses_are_refused_in_words(browser: Browser):
    """A kind, a day and a place that are none."""
    browser.enter("security")
    for path, status in (
        ("/evidence?kind=NONE", 400),
        ("/evidence?since=yesterday", 400),
        ("/evidence/9999", 404),
        ("/evidence/x", 404),
        ("/dossiers/urn:none", 404),
    ):
        assert 'class="refusal"' in page(browser, path, status)


def test_a_record_shows_its_line_text_and_path(market: Market, browser: Browser, agreement: str):
    """The path as a drawing with a table of the same, the text as it was hashed."""
    market.provider.node.checkpoints.sign()
    browser.enter("security")
    html = page(browser, "/evidence/5")
    assert "<svg" in html
    assert "<title>Path of inclusion</title>" in html
    found = market.provider.manage("GET", "/v1/evidence/5")[1]
    for step in found["head"]["path"]:
        assert step["sibling"] in html
        assert step["result"] in html
    assert found["leafHash"] in html
    ours = market.provider.manage("GET", f"/v1/agreements/{agreement}")[1]["providerPid"]
    assert f'href="/dossiers/{quote(ours, safe="")}"' in page(browser, "/evidence/8")


def test_the_history_lays_questions_side_by_side(market: Market, browser: Browser, agreement: str):
    """What was asked and refused, and how near two questions are; no figure of an answer."""
    found = market.provider.manage("GET", f"/v1/questions/history/{quote(agreement)}")[1]
    assert found["compared"] == ["question-2", "question-1"]
    assert found["overlap"] == [[100, 60], [60, 100]]
    browser.enter("auditor")
    html = page(browser, f"/history/{quote(agreement, safe='')}")
    assert PERCENT.filled("en", {"share": 60}) in html
    assert "SELECT MAX(qty) FROM deliveries" in html
    assert "permission 1" in html
    with market.provider.node.db.reading() as session:
        (jws,) = session.execute(text("SELECT jws FROM question_answer LIMIT 1")).one()
    assert jws not in html


def test_hostile_text_is_text(market: Market, browser: Browser, agreement: str):
    """Whatever another firm called a message, a product or a reason."""
    with market.provider.node.db.transaction() as tx:
        leaf = tx.append(
            Entry(
                kind="REFUSAL",
                counterparty=EVIL,
                agreement=agreement,
                process=EVIL,
                msg={"direction": "in", "type": EVIL, "id": EVIL},
                policy={"decision": "deny", "reasons": [EVIL]},
                query={"product": EVIL, "mode": EVIL},
            )
        )
        tx.session.execute(text("UPDATE dsp_agreement SET dataset = :evil"), {"evil": EVIL})
    browser.enter("security")
    at = quote(agreement, safe="")
    for path in (
        "/evidence",
        f"/evidence?id={quote(EVIL)}",
        f"/evidence/{leaf.index}",
        "/dossiers",
        f"/dossiers/{at}",
        f"/dossier-file/{at}",
    ):
        html = page(browser, path)
        assert "<img src=x" not in html
        assert "\u202e" not in html
        assert "49" not in re.findall(r"alert\(1\)&gt;.{0,20}", html)
        assert "&lt;img src=x" in html


def test_the_file_is_a_download_with_a_policy_of_its_own(browser: Browser, agreement: str):
    """Not shown in the console's own origin, and without a script."""
    browser.enter("auditor", "zh")
    at = quote(agreement, safe="")
    answer = browser.get(f"/dossier-file/{at}")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"].endswith("sandbox")
    assert "<script" not in answer.get_data(as_text=True)
    told = browser.get(f"/dossier-json/{at}")
    assert told.headers["Content-Disposition"].startswith("attachment")
    assert json.loads(told.data)["agreement"] == agreement


def test_of_many_things_that_lack_a_page_lists_some_and_the_files_all(
    market: Market, browser: Browser, agreement: str, monkeypatch: pytest.MonkeyPatch
):
    """A page stays light, however much lacks; it says how much that is."""
    market.clock.advance(2 * 86_400)
    with market.provider.node.db.transaction() as tx:
        tx.session.execute(text("DELETE FROM log_entry WHERE kind IN ('ANSWER', 'REFUSAL')"))
    monkeypatch.setattr(dossiers, "MOST_GAPS", 1)
    browser.enter("auditor", "en")
    path = f"/dossiers/{quote(agreement, safe='')}"
    shown = page(browser, path)
    lacking = json.loads(page(browser, path.replace("dossiers", "dossier-json")))["gaps"]
    assert len(lacking) > 1
    assert shown.count('class="refusal"') == 1
    assert f"{len(lacking)} in all: here are the first 1" in shown
    whole = page(browser, path.replace("dossiers", "dossier-file"))
    assert all(gap["text"]["en"] in whole for gap in lacking)


def test_a_page_of_a_long_contract_says_how_far_it_looked(
    browser: Browser, agreement: str, monkeypatch: pytest.MonkeyPatch
):
    """Nothing is said of all leaves where only some were read; the files read more."""
    browser.enter("auditor", "en")
    path = f"/dossiers/{quote(agreement, safe='')}"
    whole, some = dossier_words.NO_GAPS.en, dossier_words.NO_GAPS_READ.en
    shown = page(browser, path)
    assert whole in shown
    assert "were read here" not in shown
    monkeypatch.setattr(dossiers, "PAGE", Depth(read=8, shown=2))
    shown = page(browser, path)
    assert "the first 8 were read here; either file reads up to 5,000" in shown
    assert some in shown
    assert whole not in shown
    kept = page(browser, path.replace("dossiers", "dossier-file"))
    assert whole in kept
    assert "were read here" not in kept
