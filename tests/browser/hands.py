"""A person at work in a browser: what it does is counted, as a person would count it.

Each fifth page that a person comes to is judged; `test_every_page.py` judges all of every role.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from tests.browser.chromium import context
from tests.browser.entering import console, enrolled
from tests.browser.judging import judged
from tests.e2e.processes import Running, voile
from tests.ports import free_ports
from tests.waiting import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Browser, Page

JUDGED: Final = 5  # one of so many pages is
SEND = "button[type=submit], button:not([type])"


@dataclass
class Hand:
    """One person: its page, and what it did.

    Attributes:
        page: the page that it sees.
        origin: of the console.
        language: that it reads.
        steps: what was done: pages opened, links followed, forms sent.
        typed: how many fields were filled, chosen or ticked.
        begun: when it began to be counted, seconds.
        passed: paths of the pages that it came to.
    """

    page: Page
    origin: str
    language: str
    steps: list[str] = field(default_factory=list)
    typed: int = 0
    begun: float = field(default_factory=time.monotonic)
    passed: set[str] = field(default_factory=set)

    def count_anew(self) -> None:
        """Begin to count."""
        self.steps, self.typed, self.begun = [], 0, time.monotonic()

    def rail(self, path: str) -> None:
        """Follow a link of the rail."""
        self.page.click(f".rail a[href='{path}']")
        self._done(f"rail {path}")

    def follow(self, selector: str) -> None:
        """Follow a link of the page."""
        self.page.locator(f"main a{selector}").first.click()
        self._done(f"link {selector}")

    def open(self, path: str) -> None:
        """Open an address that a person has from elsewhere, or look at a page again."""
        self.page.goto(f"{self.origin}{path}")

    def fill(self, **fields: str) -> None:
        """Type into fields, by name."""
        for name, text in fields.items():
            self.page.fill(f"main [name='{name}']", text)
            self.typed += 1

    def tick(self, name: str, value: str = "") -> None:
        """Tick a box."""
        chosen = f"[value='{value}']" if value else ""
        self.page.check(f"main [name='{name}']{chosen}")
        self.typed += 1

    def send(self, form: str, within: str = "") -> None:
        """Send a form that goes well."""
        at = f"main form[data-form='{form}']{within}"
        with self.page.expect_navigation():
            self.page.locator(at).locator(SEND).first.click()
        self._done(f"form {form}")

    def wait(self, holds: Callable[[Page], bool]) -> None:
        """Look at a page again until something stands there."""
        deadline = time.monotonic() + PATIENCE
        while not holds(self.page):
            assert time.monotonic() < deadline, self.page.locator("main").inner_text()
            self.page.wait_for_timeout(150)
            self.page.reload()

    def _done(self, what: str) -> None:
        self.page.wait_for_load_state()
        refused = self.page.locator("main > .refusal")
        assert refused.count() == 0, f"{what}: {refused.first.inner_text()}"
        self.steps.append(what)
        path = urlsplit(self.page.url).path
        if path not in self.passed and len(self.passed) % JUDGED == 0:
            wrong = judged(self.page, self.language)
            assert not wrong, f"{what}: {wrong}"
        self.passed.add(path)


def made(folder: Path, name: str, language: str, *arguments: str) -> tuple[Running, str]:
    """Make a home as a person does, by the command; give the party and the link it printed."""
    port = free_ports()
    party = Running(name, folder / name, port)
    done = voile(
        "init", str(party.home), "--did", party.did, "--public-url", party.url,
        "--loopback-http", "--language", language, "--json", *arguments,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return party, json.loads(done.stdout)["invitation"]


def came(browser: Browser, party: Running, link: str, name: str, language: str) -> Hand:
    """Come by a link, in a window of one's own."""
    window = context(browser, language=language)
    window.set_default_timeout(60_000)
    page, _ = enrolled(window, link, name)
    return Hand(page, console(party), language)
