"""The harness itself: the vendored axe-core is the one we took, and each judge can fail."""

from __future__ import annotations

import hashlib
import socketserver
import threading
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING

import pytest

from tests.browser.chromium import PHONE
from tests.browser.looking import (
    AXE,
    axe,
    cut,
    no_foreign_requests,
    quiet,
    tab_to,
    too_wide,
    unfocused_rings,
)
from tests.browser.screens import Scene, every_page, shoot, unseen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page

AXE_SHA256 = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"  # 4.14.1
GOOD = """<!doctype html><html lang="en"><title>Good</title><main><h1>Good</h1>
<a href="/x">first</a> <button>second</button></main></html>"""
BAD = """<!doctype html><html lang="en"><title>Bad</title><main><h1>Bad</h1><input>
<a href="/x">linked</a><div style="width:2000px;color:#999;background:#fff">pale, wide</div>
<img alt="" src="http://localhost:9/x.png"><button style="outline:none">bare</button></main></html>"""


class Pages(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = {"/good": GOOD, "/bad": BAD}.get(self.path, "").encode()
        self.send_response(200 if body else 204)  # to a browser that asks for the site's icon
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[str]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Pages) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_the_vendored_axe_is_the_one_that_was_taken():
    """Its bytes are those of release 4.14.1, and its licence lies beside it."""
    assert hashlib.sha256(AXE.read_bytes()).hexdigest() == AXE_SHA256
    assert AXE.read_text(encoding="utf-8").startswith("/*! axe v4.14.1")
    assert "Mozilla Public License" in AXE.with_name("axe.LICENSE.txt").read_text()


def test_the_judges_are_silent_about_a_good_page(page: Page, site: str):
    """Nothing is said of a page that is as it must be."""
    with no_foreign_requests(page, site), quiet(page):
        page.goto(f"{site}/good")
        assert axe(page) == []
        assert too_wide(page) == []
        assert unfocused_rings(page) == []
        assert tab_to(page, "second")["tag"] == "button"


@pytest.mark.long
def test_each_judge_finds_its_fault(page: Page, window: Callable[..., BrowserContext], site: str):
    """A field without a label, pale text, a foreign picture, a width, a hidden focus."""
    with pytest.raises(AssertionError, match="leave"), no_foreign_requests(page, site):
        page.goto(f"{site}/bad")
    told = "\n".join(axe(page))
    assert "label at input" in told
    assert "color-contrast at div" in told
    assert unfocused_rings(page) == ["button bare"]
    with pytest.raises(AssertionError, match="no `third`"):
        tab_to(page, "third", most=5)
    with pytest.raises(AssertionError, match="Failed to load"), quiet(page):
        page.goto(f"{site}/bad")
    narrow = window(viewport=PHONE).new_page()
    narrow.goto(f"{site}/bad")
    assert len(too_wide(narrow)) == 1


def test_a_box_that_cuts_its_choices_is_found(page: Page):
    """One that is narrower than it need be; not one that fills what there is."""
    box = "<select name=kind style='width:{}'><option>one<option>another, much longer</select>"
    for width, room, found in (("5rem", "40rem", 1), ("auto", "40rem", 0), ("100%", "6rem", 0)):
        page.set_content(f"<main><div style='width:{room}'>{box.format(width)}</div></main>")
        assert len(cut(page)) == found, width


@pytest.mark.sweep
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_window_is_as_it_was_asked_for(
    window: Callable[..., BrowserContext], site: str, language: str, theme: str
):
    """Language, theme and width reach the page; without scripts none runs."""
    page = window(language=language, theme=theme, viewport=PHONE).new_page()
    page.goto(f"{site}/good")
    assert page.evaluate("navigator.language").startswith(language)
    assert page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") == (theme == "dark")
    assert page.evaluate("innerWidth") == PHONE[0]


@pytest.mark.long
def test_pictures_are_taken_of_each_language_theme_and_width(
    browser: Browser, site: str, tmp_path: Path
):
    """A scene gives eight pictures, and a page without a scene is named."""
    prepared: list[str] = []
    scene = Scene(
        page="some.page", url=f"{site}/good", prepare=lambda _, language: prepared.append(language)
    )
    made = shoot(browser, [scene], tmp_path)
    assert len({path.name for path in made}) == 8
    assert all(path.stat().st_size > 500 for path in made)
    assert tmp_path / "some.page-zh-dark-phone.png" in made
    assert sorted(set(prepared)) == ["en", "zh"]
    assert unseen([scene], ["some.page", "other.page"]) == ["other.page"]
    assert isinstance(every_page(), set)
