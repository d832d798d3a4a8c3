"""A firm's pages on real nodes: home, questions asked and received, the connector."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import update
from sqlmodel import select

from connector.areas.questions.rows import AskedQuestionRow
from connector.compose.pages.contract_words import USES_OWN, USES_TOLD
from connector.process.errors import Unreachable
from policies.profile import PURPOSES
from tests.areas import ASKING, DSP, OWN, PEOPLE, PRODUCTS, QUESTIONS
from tests.connector.console.conftest import PORT, Browser
from tests.connector.console.door import Door, area
from tests.connector.questions.market import Market, publish_deliveries

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.simulators import Net, Party, StandingClock

MASKED = "masked"
ONE = "SELECT ship_mode, SUM(qty), AVG(price) FROM deliveries GROUP BY ship_mode"
TWO = (
    "SELECT year, ship_mode, SUM(qty) FROM deliveries WHERE region = 'WEST'"
    " GROUP BY year, ship_mode"
)
AREAS = (OWN, PRODUCTS, DSP, QUESTIONS, ASKING)


@pytest.fixture
def firms(
    party: Callable[..., Party], net: Net, clock: StandingClock, tmp_path: Path
) -> tuple[Market, Browser, Browser]:
    """A provider and a consumer, each with a console; the provider has published."""
    doors = Door(), Door()
    env = {"VOILE_CONSOLE_PORT": str(PORT)}
    areas = [(*AREAS, people_of(door)) for door in doors]
    provider = party("acme", areas=areas[0], pin=["bolt"], env=env)
    consumer = party("bolt", areas=areas[1], pin=["acme"], env=env)
    publish_deliveries(provider, tmp_path)
    market = Market(provider, consumer, net, clock)
    browsers = [
        Browser(one.apps.console(), door, one)
        for one, door in ((provider, doors[0]), (consumer, doors[1]))
    ]
    return market, browsers[0], browsers[1]


def people_of(door: Door) -> Any:
    """The door alone: people's rows are there, so that second factors can be counted."""
    from dataclasses import replace

    made = area(door)
    return replace(made, tables=PEOPLE.tables, pages=(), operations={})


def fields(page: str) -> dict[str, Any]:
    """The hidden fields of the question's form."""
    start = page.index('data-form="ask"')
    hidden = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page[start:])
    found: dict[str, Any] = {}
    for name, value in hidden:
        if name == "_form":
            continue
        found.setdefault(name, html.unescape(value))
    return found


def ask(browser: Browser, agreement: str, sql: str, **more: Any) -> Any:
    path = f"/questions/new?agreement={agreement}"
    form = fields(browser.get(path).get_data(as_text=True))
    form |= {"sql": sql, "purpose": "capacityPlanning", "mode": "", "_form": "ask"} | more
    return browser.post(path, form)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_contract_says_what_is_left_as_far_as_its_consumer_knows(firms, language):
    """Before any answer, as the provider tells, and by the answers held where nobody told."""
    market, _, browser = firms
    agreement = market.agreement()
    browser.enter("steward", language)
    path = f"/contracts/{agreement}"

    def uses() -> tuple[str, bool]:
        page = html.unescape(browser.get(path).get_data(as_text=True))
        said = re.search(r"(?:已用 (\d+) 次|(\d+) of \d+ used)", page)
        left = re.search(r"(?:尚余 (\d+) 次|(\d+) left)", page)
        assert said
        assert left
        told = USES_TOLD.said(language) in page
        assert told or USES_OWN.said(language) in page
        numbers = [next(filter(None, found.groups())) for found in (said, left)]
        return "/".join(numbers), told

    limit = int(uses()[0].split("/")[1])
    assert uses() == (f"0/{limit}", False)
    market.answer(agreement, ONE, questionId="urn:uuid:1")
    assert uses() == (f"1/{limit - 1}", True)
    market.answer(agreement, ONE, questionId="urn:uuid:2")  # the same answer, not charged again
    assert uses() == (f"1/{limit - 1}", True)
    market.answer(agreement, TWO, questionId="urn:uuid:3")
    with market.consumer.node.db.transaction() as tx:
        tx.session.execute(update(AskedQuestionRow).values(usage=""))
    assert uses() == (f"2/{limit - 2}", False)


def away(_method: str, url: str, _body: bytes) -> None:
    raise Unreachable(f"nobody at {url}", code="peer-unreachable")


def test_only_purposes_that_the_contract_grants_can_be_chosen(firms):
    """Also while the provider cannot be asked: the contract itself says them."""
    market, _, browser = firms
    agreement = market.agreement()
    browser.enter("steward")
    market.net.fault = away
    page = browser.get(f"/questions/new?agreement={agreement}").get_data(as_text=True)
    select_ = page[page.index('name="purpose"') :].split("</select>")[0]
    body = market.consumer.manage("GET", f"/v1/agreements/{agreement}")[1]["body"]
    granted = {
        name
        for name in PURPOSES
        if any(f"/purpose/{name}" in json.dumps(one) for one in body["permission"])
    }
    assert set(re.findall(r'<option value="(\w+)"', select_)) == granted
    assert 0 < len(granted) < len(PURPOSES)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_question_asked_on_the_page_is_the_one_of_the_api(firms, language):
    """The same stored bytes come by either way, under the same id, and are charged once."""
    market, _, browser = firms
    agreement = market.agreement()
    browser.enter("steward", language)
    chooser = browser.get("/questions/new").get_data(as_text=True)
    named = market.consumer.manage("GET", f"/v1/agreements/{agreement}")[1]["consumerPid"]
    assert f'value="{named}"' in chooser
    assert agreement in chooser
    done = ask(browser, agreement, ONE)
    assert done.status_code == 303, done.get_data(as_text=True)
    question = done.location.rsplit("/", 1)[1]
    page = browser.get(f"/questions/{question}")
    text = page.get_data(as_text=True)
    assert page.status_code == 200
    with market.consumer.node.db.reading() as session:
        row = session.exec(select(AskedQuestionRow)).one()
        stored = row.jws
    told = market.answer(agreement, ONE, questionId=question)
    assert (told["signature"], told["repeated"]) == (stored, True)
    assert told["usage"]["left"] == told["usage"]["limit"] - 1
    for cell in told["answer"]["cells"]:
        assert f"<bdi>{cell['key']['ship_mode']}</bdi>" in text
    assert "<svg" in text
    assert ("每格" in text or "准确值" in text) if language == "zh" else "exact figures" in text
    listed = browser.get("/questions").get_data(as_text=True)
    assert f'href="/questions/{question}"' in listed


def test_a_file_holds_what_the_command_prints(firms):
    """CSV of the page and of `voile ask --csv` are one; for Excel it begins with a mark."""
    from connector.faces.cli.answer_table import AnswerTable

    market, _, browser = firms
    agreement = market.agreement()
    told = market.answer(agreement, TWO)
    browser.enter("steward")
    path = f"/questions/{told['questionId']}/answer.csv"
    plain, excel = browser.get(path), browser.get(f"{path}?bom=1")
    assert plain.get_data(as_text=True) == AnswerTable(TWO, told["answer"], "en").csv()
    assert excel.get_data() == b"\xef\xbb\xbf" + plain.get_data()
    book = browser.get(path.replace(".csv", ".xlsx"))
    assert book.headers["Content-Disposition"].endswith('.xlsx"')
    first, second = (
        CalamineWorkbook.from_filelike(io.BytesIO(book.get_data()))
        .get_sheet_by_name(name)
        .to_python()
        for name in ("Answer", "Withheld")
    )
    listed = list(csv.reader(io.StringIO(plain.get_data(as_text=True))))
    assert [row[:2] for row in first] == [row[:2] for row in listed]
    figures = {row[0] + row[1]: row[2] for row in listed[1:]}
    for row in first[1:]:
        text = figures[row[0] + row[1]]
        assert row[2] == (float(text) if text else "")
    assert len(second) - 1 == sum(not text for text in figures.values())
    shown = browser.get(path.removesuffix("/answer.csv")).get_data(as_text=True)
    assert f'href="{path.replace(".csv", ".xlsx")}"' in shown
    assert browser.get("/questions/none/answer.xlsx").status_code == 404
    assert plain.headers["Content-Disposition"].startswith("attachment; ")
    shown = browser.get(f"/questions/{told['questionId']}").get_data(as_text=True)
    withheld = told["answer"]["withheld"]
    assert withheld
    assert shown.count('class="withheld"') >= len(withheld)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_known_before_asking(firms, language):
    """A check says mode, cost and margins, and charges nothing; a refused one says why."""
    market, _, browser = firms
    agreement = market.agreement()
    browser.enter("cdo", language)
    done = ask(browser, agreement, ONE, _form="check")
    assert done.status_code == 303, done.get_data(as_text=True)
    text = browser.get(done.location).get_data(as_text=True)
    assert ("会获准" if language == "zh" else "would be granted") in text
    left = "剩余 12 次，共 12 次" if language == "zh" else "12 of 12 left now"
    assert left in text
    page = market.consumer.manage(
        "GET", f"/v1/product-pages/deliveries?provider={market.provider.did}"
    )[1]
    margin = next(one for one in page["margins"] if one["dimensions"] == ["ship_mode"])
    assert str(margin["groups"]) in text
    assert ONE in html.unescape(text)
    refused = ask(browser, agreement, "SELECT customer, SUM(qty) FROM deliveries GROUP BY customer",
                  _form="check")  # fmt: skip
    text = browser.get(refused.location).get_data(as_text=True)
    assert ("不会获准" if language == "zh" else "would be refused") in text
    with market.consumer.node.db.reading() as session:
        assert session.exec(select(AskedQuestionRow)).all() == []


def test_a_check_is_nobody_elses(firms):
    market, _, browser = firms
    agreement = market.agreement()
    browser.enter("cdo")
    where = ask(browser, agreement, ONE, _form="check").location
    browser.enter("steward")
    assert ONE not in html.unescape(browser.get(where).get_data(as_text=True))


def test_a_refused_question_keeps_what_was_written(firms):
    """The page comes again with the reasons and the text; its own page tells it, too."""
    market, _, browser = firms
    agreement = market.agreement()
    browser.enter("steward")
    sql = "SELECT region, SUM(qty) FROM deliveries GROUP BY region"
    done = ask(browser, agreement, sql)
    text = html.unescape(done.get_data(as_text=True))
    assert done.status_code == 403
    assert 'class="refusal"' in text
    assert sql in text
    with market.consumer.node.db.reading() as session:
        row = session.exec(select(AskedQuestionRow)).one()
    assert row.state == "refused"
    code = row.reasons.split('"code": "')[1].split('"')[0]
    assert code in text
    own = browser.get(f"/questions/{row.question}").get_data(as_text=True)
    assert code in own


@pytest.mark.parametrize("language", ["zh", "en"])
def test_questions_received_are_listed_filtered_and_saved(firms, language):
    market, browser, _ = firms
    agreement = market.agreement()
    market.answer(agreement, ONE)
    market.reasons(agreement, "SELECT region, SUM(qty) FROM deliveries GROUP BY region")
    browser.enter("steward", language)
    text = html.unescape(browser.get("/received").get_data(as_text=True))
    assert ONE in text
    assert market.consumer.did in text
    only = html.unescape(browser.get("/received?state=refused").get_data(as_text=True))
    assert ONE not in only
    assert "GROUP BY region" in only
    assert browser.get("/received?since=nonsense&before=x&state=odd").status_code == 200
    assert ONE not in browser.get("/received?until=2001-01-01").get_data(as_text=True)
    saved = browser.get("/received.csv?bom=1").get_data(as_text=True)
    rows = list(csv.reader(io.StringIO(saved.removeprefix("\ufeff"))))
    assert saved.startswith("\ufeff")
    assert len(rows) == 3
    assert any(ONE in row for row in rows)


@pytest.mark.long
@pytest.mark.sweep
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("path", ["/", "/connector", "/connector/messages", "/questions",
                                  "/received", "/questions/new"])  # fmt: skip
def test_pages_of_an_empty_home_and_of_a_used_one(firms, path, language):
    """None is empty of words, none fails, none weighs much."""
    market, own, other = firms
    market.answer(market.agreement(), ONE)
    for browser in (own, other):
        browser.enter("security" if path.startswith("/connector") else "steward", language)
        if path.startswith("/connector"):
            assert browser.get(path).status_code == 200
            browser.enter("cdo", language)
        page = browser.get(path)
        assert page.status_code == 200, page.get_data(as_text=True)
        assert len(page.get_data()) < 150_000
        text = page.get_data(as_text=True)
        assert "None" not in re.sub(r"<[^>]*>", " ", text)


def test_who_may_open_what(firms):
    """Security asks nothing; an auditor reads what was asked, and no page of the connector."""
    _, browser, _ = firms
    allowed = {
        "steward": {"/", "/questions", "/questions/new", "/received", "/connector"},
        "cdo": {"/", "/questions", "/questions/new", "/received", "/connector"},
        "security": {"/", "/connector", "/connector/messages"},
        "auditor": {"/questions", "/received"},
    }
    paths = set().union(*allowed.values())
    for role, mine in allowed.items():
        browser.enter(role)
        for path in paths - {"/connector/messages"}:
            other = 303 if path == "/" else 403  # who has no first page is led to another
            assert browser.get(path).status_code == (200 if path in mine else other), (role, path)
    browser.enter("security")
    made = browser.post("/questions/new", {"_csrf": browser.token("/"), "_form": "ask"})
    assert made.status_code == 403


def test_management_keys_are_made_and_revoked_on_the_page(firms):
    """A token is shown once; others than security see no keys."""
    market, browser, _ = firms
    browser.enter("security")
    csrf = browser.token("/connector")
    form = {"_csrf": csrf, "_form": "add", "name": "erp", "roles": ["security"]}
    assert browser.post("/connector", form).status_code == 303
    page = browser.get("/connector").get_data(as_text=True)
    (token,) = re.findall(r'class="once">.*?data-copy="([\w-]{43})"', page, re.DOTALL)
    assert token not in browser.get("/connector").get_data(as_text=True)
    form = {"_csrf": csrf, "_form": "revoke", "key": "erp"}
    for tick in ({}, {"revoke_understood": "yes"}, {"revoke_understood": "other"}):
        unsure = browser.post("/connector", form | tick)
        assert unsure.status_code == 400
        assert "console-not-confirmed" in unsure.get_data(as_text=True)
    more = {"_csrf": csrf, "_form": "add", "name": "other", "roles": ["security"]}
    assert browser.post("/connector", more).status_code == 303
    sure = form | {"revoke_understood": "erp"}
    half = browser.post("/connector", sure | {"_language": "en"}).get_data(as_text=True)
    ticks = re.findall(r'name="revoke_understood" type="checkbox" value="(\w+)"( checked)?', half)
    assert {"erp": " checked", "other": ""}.items() <= dict(ticks).items(), "of one key alone"
    done = browser.post("/connector", sure)
    assert done.status_code == 303
    keys = market.provider.manage("GET", "/v1/management-keys")[1]["keys"]
    assert [one["name"] for one in keys if one.get("revoked")] == ["erp"]
    browser.enter("steward")
    assert "erp" not in browser.get("/connector").get_data(as_text=True)


def test_the_connector_page_names_what_is_wrong(firms):
    """A key file that others read is misconfigured, and says what mends it."""
    market, browser, _ = firms
    browser.enter("security")
    good = browser.get("/connector").get_data(as_text=True)
    market.provider.node.settings.data.chmod(0o755)
    bad = browser.get("/connector").get_data(as_text=True)
    assert "chmod 700" not in good
    assert "chmod 700" in bad
    assert bad.count('class="badge bad"') > good.count('class="badge bad"')
    assert 'class="badge bad"' in browser.get("/").get_data(as_text=True)


def test_the_rail_of_each_role_is_short(firms):
    """The connector stands in the rail of security; others come to it from their first page."""
    _, browser, _ = firms
    for role, inside in (("security", True), ("steward", False), ("cdo", False)):
        browser.enter(role)
        page = browser.get("/").get_data(as_text=True)
        rail = page.split('<nav class="rail"')[1].split("</nav>")[0]
        assert ('href="/connector"' in rail) is inside
        assert 'href="/connector"' in page


def test_a_question_is_changed_in_the_mode_that_was_insisted_on(firms):
    """What was asked in a mode by choice opens with that mode; else with the cheapest that fits."""
    market, _, browser = firms
    agreement = market.agreement()
    browser.enter("steward")
    for mode, chosen in (("masked", "masked"), ("", "")):
        done = ask(browser, agreement, ONE, mode=mode and MASKED)
        question = done.location.rsplit("/", 1)[1]
        page = browser.get(f"/questions/new?again={question}").get_data(as_text=True)
        select_ = page[page.index('name="mode"') :]
        picked = re.search(
            r'<option value="([^"]*)"[^>]*selected', select_[: select_.index("</select>")]
        )
        assert (picked[1] if picked else "") == (chosen and MASKED), select_[:600]
