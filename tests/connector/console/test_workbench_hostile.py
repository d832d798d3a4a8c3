"""What a foreign firm writes is only text on a firm's pages, and no formula in its files."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from typing import TYPE_CHECKING

import pytest

from connector.areas.products.publish import publish
from connector.areas.questions import attempt_at
from connector.client.received_csv import csv_row
from connector.compose.asking_operations import Ask
from connector.compose.pages.answer import ANSWER, python_of
from connector.compose.pages.asking_now import AskingNow
from connector.console.page import Visit, Visitor
from connector.party.operation import Call
from connector.process.actor import Actor
from tests.connector.cohort.alliance import PURPOSE, SQL
from tests.connector.cohort.conftest import alliance, first_alliance  # noqa: F401 -- fixtures
from tests.connector.console.test_workbench import ask, firms  # noqa: F401 -- a fixture
from tests.waiting import until

if TYPE_CHECKING:
    from tests.connector.cohort.alliance import Alliance

TAG = "<script>alert(1)</script>"
QUOTED = '"><img src=x onerror=alert(1)>'
CODES = ("=1+1", "<i>x</i>", "@SUM(A1)", "O'Brien", "\u202egnp.exe")
PRODUCT = f"""
id = "hostile"
title = {{ zh = {json.dumps(TAG)}, en = {json.dumps(QUOTED)} }}
domain = "production"
level = 1
table = "hostile"
contributor = "customer"
separate_rows = true
column = [
  {{ name = "customer", type = "integer", disclosure = "never" }},
  {{ name = "kind", type = "text", disclosure = "group_key" }},
  {{ name = "qty", type = "integer", disclosure = "aggregate" }},
]
dimension = [ {{ name = "kind", title = {{ zh = {json.dumps(TAG)}, en = {json.dumps(TAG)} }}, codes = {json.dumps(CODES[:4])} }} ]
measure = [ {{ name = "qty", title = {{ zh = {json.dumps(QUOTED)}, en = {json.dumps(QUOTED)} }}, unit = {json.dumps(TAG[:16])}, bounds = [0, 50] }} ]
[[offer]]
name = "standard"
purposes = ["capacityPlanning"]
modes = ["masked"]
"""
ASKED = "SELECT kind, SUM(qty) FROM hostile GROUP BY kind"


def test_what_a_provider_writes_is_text(firms, tmp_path):  # noqa: F811
    """Titles, units and codes of others come escaped on each page, and as no formula in a file."""
    market, _, browser = firms
    data = tmp_path / "hostile.csv"
    with data.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["customer", "kind", "qty"])
        writer.writerows([n % 40, CODES[n % 4], n % 50] for n in range(2000))
    publish(market.provider.node, PRODUCT, data)
    offer = market.provider.manage("GET", "/v1/products/hostile")[1]["offers"][0]["@id"]
    body = {"provider": market.provider.did, "dataset": "hostile", "offer": offer}
    pid = market.consumer.manage("POST", "/v1/negotiations", body)[1]["pid"]
    market.settle()
    agreement = market.consumer.manage("GET", f"/v1/negotiations/{pid}")[1]["agreement"]
    market.transfer(agreement)
    browser.enter("steward", "zh")
    new = browser.get(f"/questions/new?agreement={agreement}").get_data(as_text=True)
    assert html.escape(TAG) in new
    done = ask(browser, agreement, ASKED)
    assert done.status_code == 303, done.get_data(as_text=True)
    answer = browser.get(done.location).get_data(as_text=True)
    assert "&lt;i&gt;x" in answer
    for page in (new, answer, browser.get("/questions").get_data(as_text=True)):
        assert "<script>" not in page
        assert "<img src=x" not in page
        assert "<i>" not in page
    saved = browser.get(f"{done.location}/answer.csv").get_data(as_text=True)
    (_, *rows) = csv.reader(io.StringIO(saved))
    assert {"'=1+1", "'@SUM(A1)", "<i>x</i>", "O'Brien"} == {row[0] for row in rows}


def test_what_is_asked_of_us_is_text(firms):  # noqa: F811
    """The text of a question is a stranger's, also where it is refused."""
    market, own, _ = firms
    agreement = market.agreement()
    market.ask(agreement, f'SELECT SUM(qty) AS "{TAG}" FROM deliveries')
    market.ask(agreement, f'SELECT "{QUOTED}" FROM deliveries')
    own.enter("steward")
    page = own.get(f"/received?counterparty={TAG}&state=&product={QUOTED}").get_data(as_text=True)
    page += own.get("/received").get_data(as_text=True)
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("text", ["=1+1", "+1", "-x", "@A1", "\t=1", "＝1", "\r=1"])
def test_no_cell_of_what_was_received_is_a_formula(text):
    row = {"asked": 0, "counterparty": text, "agreement": text, "questionId": text, "sql": text,
           "purpose": text, "product": text, "offer": text, "mode": text, "unreadable": text}  # fmt: skip
    for cell in csv_row(row, "en")[1:]:
        assert cell == "" or cell.startswith("'"), cell


def test_the_same_in_python_is_a_program_that_asks_it(firms):  # noqa: F811
    """It compiles, whatever stands in the question, and asks what was asked."""
    market, _, _ = firms
    agreement = market.agreement()
    sql = "SELECT year,\n  SUM(qty)\nFROM deliveries WHERE ship_mode = 'AIR' GROUP BY year"
    told = market.answer(agreement, sql)
    row = attempt_at(market.consumer.node, told["questionId"])
    assert row is not None
    asked = {}

    class Asker:
        def ask(self, sql, **more):
            asked.update(more, sql=sql)
            return []

    code = python_of(row).replace("from connector.client import Connector\n", "")
    exec(compile(code, "page", "exec"), {"Connector": Asker})
    assert asked == {
        "sql": sql, "agreement": agreement, "purpose": "capacityPlanning",
        "question_id": told["questionId"],
    }  # fmt: skip


@pytest.mark.long
def test_a_total_is_asked_without_waiting(alliance: Alliance):  # noqa: F811
    """It goes on in the background; its page tells how far it is, then the API's own answer."""
    buyer, agreements = alliance.buyer, tuple(alliance.agreements())
    node = buyer.node
    who = Actor("person", "p", frozenset({"steward"}))
    body = Ask(agreements=agreements, sql=SQL, purpose=PURPOSE)
    now = node.services[AskingNow]
    now.pool.start()
    made = now.ask(node, Call(actor=who, body=body))
    question = made["question_id"]
    until(lambda: not now.running(question), 240)
    now.pool.stop()
    assert now.failure(question) is None
    visitor = Visitor(actor=who, name="Li", language="en", session="s")
    shown = ANSWER.view(node, Visit(visitor=visitor, path={"id": question}))
    told = buyer.manage("POST", "/v1/questions", {"agreements": list(agreements),
                        "sql": SQL, "purpose": PURPOSE, "questionId": question})[1]  # fmt: skip
    assert told["repeated"] is True
    assert len(shown["answer"]["rows"]) == len(told["answer"]["cells"]) + len(
        told["answer"]["withheld"]
    )
    assert len(shown["firms"]) == 3
    assert not shown["running"]


@pytest.mark.parametrize("name", ["2026/11/first", "50% of?it#all", "a b/answer.csv", "=1\u4e2d"])
def test_an_id_of_whoever_asks_leads_to_its_own_page(firms, name):  # noqa: F811
    """By the API an id is any text: a provider refuses some, and their pages open all the same."""
    market, _, browser = firms
    sql = "SELECT ship_mode, SUM(qty) FROM deliveries GROUP BY ship_mode"
    status, _ = market.ask(market.agreement(), sql, questionId=name)
    assert status == 502
    browser.enter("steward")
    listed = browser.get("/questions").get_data(as_text=True)
    (href,) = re.findall(r'<th scope="row" class="sql"><a href="([^"]+)"', listed)
    page = browser.get(html.unescape(href))
    assert page.status_code == (404 if name.endswith("/answer.csv") else 200)
    assert html.escape(name) in page.get_data(as_text=True)
