"""Every page of every role, as each finds it by links, in a space whose firms are hostile.

`make test-all` and CI run these, and `test_journeys.py`, whose people have each fifth page judged
(`tests.browser.hands`). The loop draws every page without a browser (`tests/connector/console`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tests.browser.chromium import context
from tests.browser.judging import judged, read
from tests.browser.looking import no_foreign_requests
from tests.browser.places import hostile_market, lived_in, peopled
from tests.browser.screens import LANGUAGES, every_page
from tests.browser.stages import DOWNLOADS, FIRST, walked
from tests.e2e.processes import Space

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Dialog, Response

    from tests.browser.places import Place

SECONDS = re.compile(r"\b\d+ (?:s|秒)")  # ages of what is looked at twice
BY_FORM = {"own.search"}  # no link leads there, but the search box on top
_STRUCK = """
() => {
  const wrong = [];
  if (window.struck !== undefined) wrong.push("a script of another firm ran");
  for (const one of document.querySelectorAll("*")) {
    for (const {name, value} of one.attributes) {
      if (name.startsWith("on")) wrong.push(`acts: ${one.outerHTML.slice(0, 120)}`);
      if (["href", "src", "action", "formaction", "data", "srcdoc"].includes(name)) {
        const leads = new URL(value, location.href);
        if (leads.origin !== location.origin) wrong.push(`leads away: ${value}`);
      }
    }
  }
  for (const one of document.querySelectorAll("iframe,object,embed,base,img:not([src^='/static/']):not([src^='data:'])"))
    wrong.push(`not ours: ${one.outerHTML.slice(0, 120)}`);
  return wrong;
}
"""


@pytest.fixture(scope="module")
def places(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Place]]:
    """An operator and two firms, with one person of each role in each language."""
    with Space(tmp_path_factory.mktemp("space"), quiet=True) as space:
        found = hostile_market(space)
        peopled(browser, found, LANGUAGES)
        lived_in(browser, found)
        yield found


def opened(
    browser: Browser, place: Place, role: str, language: str, **more: bool
) -> BrowserContext:
    window = context(browser, language=language, **more)
    window.set_default_timeout(30_000)
    window.add_cookies(place.people[role, language])
    return window


def sweep(
    browser: Browser, place: Place, role: str, language: str, passed: set[str]
) -> tuple[list[str], set[str]]:
    """Let a person walk through all pages; judge those not passed yet; give what is wrong."""
    window = opened(browser, place, role, language)
    wrong: list[str] = []
    met: set[str] = set()
    page = window.new_page()
    told = f"{place.kind} {role} {language}"

    def say(what: str) -> None:
        wrong.append(f"{told} {urlsplit(page.url).path}: {what}")

    def struck(dialog: Dialog) -> None:
        say(f"a dialog: {dialog.message}")
        dialog.dismiss()

    def answered(response: Response) -> None:
        if response.status >= 400:
            wrong.append(f"{told} {urlsplit(response.url).path}: {response.status}")

    page.on("dialog", struck)
    page.on("response", answered)
    page.on("pageerror", lambda error: say(str(error)))
    page.on("console", lambda said: said.type in {"error", "warning"} and say(said.text))
    left = {one.name for one in place.pages if role in one.may} - passed
    with no_foreign_requests(page, place.origin):
        for name in walked(page, place.origin, place.pages):
            met.add(name)
            if name not in passed:
                said = judged(page, language)
                said += [f"{urlsplit(page.url).path}: {one}" for one in page.evaluate(_STRUCK)]
                wrong += [f"{told} {name}: {one}" for one in said]
            if not left - met - DOWNLOADS:
                break
    window.close()
    return wrong, met


@pytest.mark.slow
@pytest.mark.long
def test_each_page_is_as_pages_must_be(browser: Browser, places: list[Place]):
    """Accessible in both themes, in one language, light, narrow, its own; whatever firms wrote."""
    wrong: list[str] = []
    met: set[str] = set()
    of_firms: set[str] = set()  # met in Chinese: what the other firm has there differs in no word
    for place in places:
        for language in LANGUAGES:
            passed = of_firms if language == "zh" and place.kind != "hub" else set()
            for role in sorted(place.roles, key=lambda one: one not in FIRST):
                said, seen = sweep(browser, place, role, language, passed)
                wrong += said
                passed |= seen
            met |= passed
    assert not wrong, "\n".join(sorted(set(wrong)))
    assert sorted(every_page() - met - DOWNLOADS - BY_FORM) == []


@pytest.mark.slow
@pytest.mark.long
def test_without_scripts_each_page_says_the_same(browser: Browser, places: list[Place]):
    """What a reader without scripts finds is word for word what the others find."""
    for place in places:
        role = "certifier" if place.kind == "hub" else "cdo"
        window = opened(browser, place, role, "en")
        bare = opened(browser, place, role, "en", scripts=False)
        page, plain = window.new_page(), bare.new_page()
        for name in walked(page, place.origin, place.pages):
            plain.goto(page.url)
            assert plain.evaluate("document.querySelectorAll('.copy').length") == 0
            if SECONDS.sub("", read(plain)) != SECONDS.sub("", read(page)):
                # something came in between, such as a new status document: both are read again
                page.goto(page.url)
                plain.goto(page.url)
            assert SECONDS.sub("", read(plain)) == SECONDS.sub("", read(page)), (place.kind, name)
        window.close()
        bare.close()
