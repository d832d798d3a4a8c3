"""A refusal on a page: what, by which rule, where to go on, what proves it, where the log has it."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from connector.compose import hub, participant
from connector.compose.describing_errors import modules, problems
from connector.console import words
from connector.console.render import Renderer, Speech
from connector.console.ways import WAYS, way
from connector.process.errors import Refused
from connector.process.logs import logger
from crypto.errors import VoileError
from policies.phrases import PHRASES, render
from policies.reasons import Reason

if TYPE_CHECKING:
    from tests.connector.console.conftest import Browser

REASON = Reason(
    code="question.contributor", rule="question", clause="1:8", given="customer",
    next="next.declared-names", params={"allowed": "year"},
)  # fmt: skip
PAGES = [page for area in (*participant.AREAS, *hub.AREAS) for page in area.pages]


def drawn(problem: VoileError, language: Any = "en", **more: Any) -> str:
    """What the component shows to somebody who may open every page."""
    text = (
        '{% import "console/parts.html" as p with context %}'
        "{{ p.refusal(problem, process=process) }}"
    )
    around = {
        "problem": problem, "process": "", "reference": "", "language": language, "given": {},
        "way": lambda one: way(one, lambda at: next((p for p in PAGES if p.path == at), None)),
        "record_of": lambda process: f"/evidence?process={process}" if process else "",
    } | more  # fmt: skip
    environment = Renderer("").environment
    return environment.from_string(text).render(around | {"c": Speech(words, language)})


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("zh", ("您的每次查阅都会记录在案", "3 天后")),
        ("en", ("your reads are logged", "in 3 days")),
    ],
)
def test_an_auditor_is_told_what_is_logged_and_how_long_it_lasts(
    browser: Browser, language: Any, told: tuple[str, str]
):
    """End as a time with its ISO form on focus, and days left; nobody else has the banner."""
    token = browser.enter("auditor", language)
    html = browser.get("/notes").get_data(as_text=True)
    assert told[0] in html
    assert told[1] not in html  # no end that was named
    now = int(browser.party.node.clock.now().timestamp() * 1000)
    ends = replace(browser.door.open[token], grant_ends=now + 3 * 86_400_000 + 1)
    browser.door.open[token] = ends
    html = browser.get("/notes").get_data(as_text=True)
    banner = html[html.index('class="banner"') :].split("</p>", 1)[0]
    assert all(one in banner for one in told)
    assert re.search(r'<time tabindex="0" datetime="[^"]+Z"', banner)
    browser.enter("steward", language)
    assert told[0] not in browser.get("/notes").get_data(as_text=True)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_it_says_what_by_which_rule_and_where_to_go_on(language: Any):
    html = drawn(Refused(reasons=(REASON,)), language, process="q-1", reference="0a1b2c3d")
    assert render(REASON, language).rstrip("。.") in html  # as API and commands say it
    assert {"zh": "可以怎样提问", "en": "how questions may be asked"}[language] in html
    assert "<code>1:8</code>" in html
    assert re.search(r'<a class="button plain" href="/catalogue">[^<]+</a>', html)
    assert 'href="/evidence?process=q-1"' in html
    assert "<code>0a1b2c3d</code>" in html


def test_each_of_several_reasons_names_its_own_rule():
    other = Reason(code="policy.purpose", rule="permission/0", clause="/permission/0/constraint")
    html = drawn(Refused(reasons=(REASON, other)))
    assert html.count("<li>") == 2
    assert "<code>permission/0</code>" in html


def test_what_is_no_leaf_and_leads_nowhere_offers_no_link():
    assert "<a " not in drawn(VoileError("something", code="something-else"))


def test_every_way_leads_from_something_that_is_said_to_a_page_that_there_is():
    known = {*PHRASES, *(one.code for module in modules() for one in problems(module).values())}
    paths = {page.path for page in PAGES}
    assert sorted(code for code in WAYS if code not in known) == []
    assert sorted(path for path in WAYS.values() if path not in paths) == []


@pytest.mark.parametrize(
    ("text", "status", "event"), [("full", 409, "not-done"), ("crash", 500, "crashed")]
)
def test_the_log_has_what_was_not_done_by_the_reference_on_the_page(
    browser: Browser, text: str, status: int, event: str
):
    """What was typed stays, also where the failure is ours; the log has no word of it."""
    browser.enter("steward")
    form = {"_csrf": browser.token("/notes"), "_form": "add", "text": text}
    stream = io.StringIO()
    object.__setattr__(browser.party.node, "log", logger(stream=stream))
    answer = browser.post("/notes", form)
    html = answer.get_data(as_text=True)
    assert answer.status_code == status
    assert f'name="text" type="text" value="{text}"' in html
    found = re.search(r"<code>([0-9a-f]{8})</code>", html)
    assert found
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    (line,) = [one for one in lines if one.get("reference") == found[1]]
    assert line["event"] == event
    assert line["endpoint"] == "notes_list"
