"""The report says what was found, in two languages, and nothing is fetched to show it."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest

from connector.demo import report
from tests.connector.demo.samples import EVIL, cell, drill, findings, question, step

_VOID = {"meta", "input", "br", "link"}


class _Page(HTMLParser):
    """Collects what a test asks about; complains about tags that do not close."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.languages: list[str] = []
        self.titles: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.ids += [found["id"]] if found.get("id") else []
        self.languages += [found["lang"]] if found.get("lang") and tag in {"span", "div"} else []
        self.links += [v for k, v in attrs if k in {"src", "href", "action", "data"} and v]
        if tag == "svg":
            assert found.get("role") == "img"
            self.titles |= set((found.get("aria-labelledby") or "").split())
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)


def _page(text: str) -> _Page:
    page = _Page()
    page.feed(text)
    page.close()
    return page


def test_the_page_is_well_formed_and_fetches_nothing():
    """Every tag closes, no id stands twice, and the only links are to places on the page."""
    text = report.as_html(findings())
    page = _page(text)
    assert page.open == []
    assert len(page.ids) == len(set(page.ids))
    assert page.links
    assert all(link.startswith("#") for link in page.links)
    assert not re.search(r"https?://|@import|url\((?!#)", text)


def test_both_languages_stand_on_the_page():
    """Each text stands once in English and once in Chinese; the switch needs no script."""
    page = _page(report.as_html(findings()))
    assert page.languages.count("en") == page.languages.count("zh") > 20
    assert {"lang-en", "lang-zh", "theme-light", "theme-dark"} <= set(page.ids)


def test_every_chart_has_a_title_and_a_description():
    """Charts name their title and description, and both are there."""
    page = _page(report.as_html(findings()))
    assert page.titles
    assert page.titles <= set(page.ids)


def test_an_attack_says_who_what_came_and_what_follows():
    """Each attack has its words in both languages, and whether it came to something."""
    found = findings()
    text = report.as_html(found)
    for said in ("An attack", "一次攻击", "this came back", "得到了这个", "nothing follows"):
        assert said in text
    found.drills.append(drill(held=False))
    assert report.as_html(found).count("did not hold") == text.count("did not hold") + 1


def test_words_from_outside_are_escaped():
    """What a question or a refusal says cannot become markup."""
    text = report.as_html(findings())
    assert EVIL not in text
    assert "&lt;script&gt;alert" in text


@pytest.mark.parametrize(
    ("steps", "ok"),
    [
        ((step("one"), step("two")), True),
        ((step("one"), step("two", ok=False)), False),
        ((step("one"), step("two", error="it broke")), False),
    ],
)
def test_the_verdict_is_that_of_the_steps(steps, ok):
    """One check that does not hold, or one step that stops, and the run has not held."""
    found = findings(*steps)
    assert found.ok is ok
    assert report.as_json(found)["ok"] is ok
    assert ("Everything that had to hold, held." in report.as_html(found)) is ok


def test_a_step_that_was_not_reached_is_said():
    """A run that stopped half-way has not held, and names what it did not reach."""
    found = findings(step("one"))
    found.planned = ["one", "audit"]
    assert not found.ok
    assert "audit" in report.as_html(found)


def test_a_step_without_checks_has_not_held():
    """A step that checked nothing proves nothing."""
    empty = step("one")
    assert empty.ok
    assert not type(empty)(name="x", title=empty.title, seconds=0.0).ok


def test_the_json_has_the_agreed_shape(tmp_path):
    """report.json has exactly the agreed keys; numbers are decimal strings or null."""
    found = findings()
    page, data = report.write(found, tmp_path)
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    read = json.loads(data.read_text(encoding="utf-8"))
    assert set(read) == {"version", "ok", "steps", "questions"}
    assert all(set(one) == {"name", "seconds", "ok"} for one in read["steps"])
    assert [q["id"] for q in read["questions"]] == ["masked", "heat", "finest", "small"]
    for asked in read["questions"]:
        assert set(asked) == {"id", "sql", "mode", "providers", "cells"}
        for one in asked["cells"]:
            assert set(one) == {
                "key",
                "measure",
                "unit",
                "value",
                "reason",
                "plaintext",
                "equal",
            }
            assert (one["value"] is None) == (one["reason"] is not None)
            assert one["value"] is None or re.fullmatch(r"-?\d+(\.\d+)?", one["value"])


def test_a_withheld_number_is_not_drawn():
    """A chart of a question without any released number still draws, and bears no value."""
    found = findings()
    found.questions = [question(cell(None), cell(None, key={"brand": "B2"}))]
    text = report.as_html(found)
    assert "no number was released" in text
    assert 'class="hatched"' in text
