"""What `make screens` shows: a hub and two firms that trade, each page as each kind of person finds it.

Pages are found as people find them: from the rail, by links. A page whose address names something is
shown with the first thing that a link leads to.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from tests.browser.chromium import context
from tests.browser.entering import ROLES, console, enrolled, invited
from tests.browser.screens import LANGUAGES, Scene
from tests.e2e.firm import publish
from tests.e2e.processes import Space

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import ExitStack
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext

    from connector.console.page import Page
    from tests.e2e.processes import Running

MOST_VISITS: Final = 200  # of one person, for links to follow


def pattern(page: Page) -> re.Pattern[str]:
    """Give what addresses of a page look like."""
    parts = re.split(r"(\{[a-z_]+\})", page.path)
    shown = [
        re.escape(part)
        if not part.startswith("{")
        else ".+"
        if part[1:-1] in page.slashes
        else "[^/]+"
        for part in parts
    ]
    return re.compile("".join(shown))


def found(window: BrowserContext, origin: str, pages: Sequence[Page]) -> dict[str, str]:
    """Follow links from the first page; give an address for each page's name that was met."""
    met: dict[str, str] = {}
    waiting, seen = ["/"], {"/"}
    tab = window.new_page()
    while waiting and len(seen) < MOST_VISITS:
        tab.goto(origin + waiting.pop(0))
        here = urlsplit(tab.url).path
        name = next((one.name for one in pages if pattern(one).fullmatch(here)), "")
        if name:
            met.setdefault(name, tab.url)
        for href in tab.locator("a[href^='/']").evaluate_all("all => all.map(a => a.pathname)"):
            known = next((one.name for one in pages if pattern(one).fullmatch(href)), "")
            if known and known not in met and href not in seen:
                seen.add(href)
                waiting.append(href)
    tab.close()
    return met


def scenes_of(
    browser: Browser, party: Running, role: str, kind: str, pages: Sequence[Page]
) -> list[Scene]:
    """Let a person of a role in, in each language, and give the pages that it finds."""
    sessions = {}
    for language in LANGUAGES:
        name = f"{role}-{language}"
        window = context(browser, language=language)
        link = invited(party, name, role, language=language)
        page, person = enrolled(window, link, name)
        page.close()
        sessions[language] = person.cookies
        addresses = found(window, console(party), pages) if language == LANGUAGES[-1] else {}
        window.close()

    def prepare(window: BrowserContext, language: str) -> None:
        window.add_cookies(sessions[language])

    return [
        Scene(page=name, url=url, prepare=prepare, name=f"{kind}-{role}")
        for name, url in addresses.items()
    ]


def market(stack: ExitStack, folder: Path, browser: Browser) -> list[Scene]:
    """A hub, a firm that offers, and one that looks: what a day in the data space begins with."""
    from connector.compose import hub as operator
    from connector.compose import participant

    space = stack.enter_context(Space(folder, quiet=True))
    hub = space.party("hub", role="hub").start()
    acme = space.party("acme", hub=hub.did).start()
    publish(acme, folder)
    sides: list[tuple[Running, str, Sequence[Page]]] = [
        (acme, "participant", [page for area in participant.AREAS for page in area.pages]),
        (hub, "hub", [page for area in operator.AREAS for page in area.pages]),
    ]
    return [
        scene
        for party, kind, pages in sides
        for role in ROLES[kind]
        for scene in scenes_of(browser, party, role, kind, pages)
    ]


STAGES: Final[list[Callable[[ExitStack, Path, Browser], list[Scene]]]] = [market]
