"""What `make screens` shows: a hub and two firms that trade, each page as each kind of person finds it.

Pages are found as people find them: from the rail, by links. A page whose address names something is
shown with the first thing that a link leads to.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from playwright.sync_api import Error

from tests.browser.chromium import context
from tests.browser.entering import ROLES, console, enrolled, invited
from tests.browser.screens import LANGUAGES, Scene
from tests.e2e.processes import Space
from tests.e2e.readme_market import open_market
from tests.e2e.test_membership import run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from contextlib import ExitStack
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext
    from playwright.sync_api import Page as Tab

    from connector.console.page import Page
    from tests.e2e.processes import Running

DOWNLOADS: Final[set[str]] = set()  # pages that turned out to be files
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


def walked(tab: Tab, origin: str, pages: Sequence[Page]) -> Iterator[str]:
    """Follow links from the first page; give each page's name once, while the tab is there."""
    met: set[str] = set()
    waiting, seen = ["/"], {"/"}
    while waiting and len(seen) < MOST_VISITS:
        path = waiting.pop(0)
        if (said := _named(path, pages)) in met:
            continue
        try:
            tab.goto(origin + path)
        except Error as error:  # a file to be kept is no page to be seen
            if "Download is starting" not in error.message:
                raise
            DOWNLOADS.add(said)
            met.add(said)
            continue
        hrefs = tab.locator("a[href^='/']").evaluate_all("all => all.map(a => a.pathname)")
        name = _named(urlsplit(tab.url).path, pages)
        if name and name not in met:
            met.add(name)
            yield name
        for href in hrefs:
            known = _named(href, pages)
            if known and known not in met and href not in seen:
                seen.add(href)
                waiting.append(href)


def _named(path: str, pages: Sequence[Page]) -> str:
    fitting = [one for one in pages if pattern(one).fullmatch(path)]
    # as routes are chosen: what is named goes before what may be anything
    best = max(fitting, key=lambda one: (-one.path.count("{"), len(one.path)), default=None)
    return best.name if best else ""


def found(window: BrowserContext, origin: str, pages: Sequence[Page]) -> dict[str, str]:
    """Follow links from the first page; give an address for each page's name that was met."""
    tab = window.new_page()
    met: dict[str, str] = {}
    for name in walked(tab, origin, pages):
        met[name] = tab.url  # where the tab is now
    tab.close()
    return met


def scenes_of(
    browser: Browser,
    party: Running,
    role: str,
    kind: str,
    pages: Sequence[Page],
    links: Mapping[str, str],
) -> list[Scene]:
    """Let a person of a role in, in each language, and give the pages that it finds."""
    sessions = {}
    for language in LANGUAGES:
        window = context(browser, language=language)
        page, person = enrolled(window, links[language], named(role, language))
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


def named(role: str, language: str) -> str:
    """Name a person of a role."""
    return f"{role}-{language}"


def market(stack: ExitStack, folder: Path, browser: Browser) -> list[Scene]:
    """A hub, a seller and a buyer with a contract and an answered question, one who applies."""
    from connector.compose import hub as operator
    from connector.compose import participant

    space = stack.enter_context(Space(folder, quiet=True))
    seller, buyer = open_market(space)
    (hub,) = [party for party in space.parties if party.name == "operator"]
    agreed = run(buyer, "negotiate", seller.did, "deliveries", "--wait")
    question = "SELECT mode, COUNT(*), SUM(quantity) FROM deliveries GROUP BY mode"
    run(buyer, "ask", question, "-a", agreed["agreement"], "-p", "deliveryReliability")
    late = space.party("late", hub=hub.did).start()
    run(late, "apply", "--name", "Late Parts Ltd", "--name-zh", "后来零件有限公司",
        "--legal-id", "529900T8BM49AURSDO55")  # fmt: skip
    firm = [page for area in participant.AREAS for page in area.pages]
    sides: list[tuple[Running, str, Sequence[Page]]] = [
        (seller, "seller", firm),
        (buyer, "buyer", firm),
        (hub, "hub", [page for area in operator.AREAS for page in area.pages]),
    ]
    roles = [
        (party, role, kind, pages)
        for party, kind, pages in sides
        for role in ROLES["hub" if kind == "hub" else "participant"]
    ]
    # all are invited before two of them make inviting a matter of four eyes
    links = [
        {one: invited(party, named(role, one), role, language=one) for one in LANGUAGES}
        for party, role, _kind, _pages in roles
    ]
    return [
        scene
        for (party, role, kind, pages), link in zip(roles, links, strict=True)
        for scene in scenes_of(browser, party, role, kind, pages, link)
    ]


STAGES: Final[list[Callable[[ExitStack, Path, Browser], list[Scene]]]] = [market]
