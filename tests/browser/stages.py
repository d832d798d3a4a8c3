"""What `make screens` shows: a hub and two firms that trade, each page as each kind of person finds it.

Pages are found as people find them: from the rail, by links. A page whose address names something is
shown with the first thing that a link leads to.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlsplit

from playwright.sync_api import Error

from tests.browser.chromium import context
from tests.browser.entering import invited
from tests.browser.places import Place, peopled
from tests.browser.screens import LANGUAGES, Scene
from tests.browser.undertaken import WIZARD, acts_wait, drafted, hand_of, invite_waits
from tests.e2e.processes import Space
from tests.e2e.readme_market import open_market
from tests.e2e.test_membership import run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import ExitStack
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext
    from playwright.sync_api import Page as Tab

    from connector.console.page import Page
DOWNLOADS: Final[set[str]] = set()  # pages that turned out to be files
MOST_VISITS: Final = 200  # of one person, for links to follow
FIRST: Final = ("cdo", "certifier")  # they may do most


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


def walk(
    browser: Browser, place: Place, role: str, passed: set[str]
) -> tuple[list[Scene], set[str]]:
    """Follow links as a person of a role; give scenes of the pages not passed yet, and all met."""
    window = context(browser)
    window.add_cookies(place.people[role, "en"])
    tab = window.new_page()
    met: dict[str, str] = {}
    left = {one.name for one in place.pages if role in one.may} - passed
    for name in walked(tab, place.origin, place.pages):
        met[name] = tab.url  # where the tab is now
        if not left - met.keys() - DOWNLOADS:
            break
    window.close()
    first = next(iter(met), "")  # differs between roles
    shown = {name: url for name, url in met.items() if name == first or name not in passed}
    return [scene(place, role, name, url) for name, url in shown.items()], set(met)


def scene(place: Place, role: str, page: str, url: str, name: str = "") -> Scene:
    """Make a scene of a page as a person of a role finds it."""

    def prepare(window: BrowserContext, language: str) -> None:
        window.add_cookies(place.people[role, language])

    told = "-".join(filter(None, (place.kind, role, name)))
    return Scene(page=page, url=url, prepare=prepare, name=told)


def market(stack: ExitStack, folder: Path, browser: Browser) -> list[Scene]:
    """A hub, a seller and a buyer who trade, one who applies; drafts, and acts that wait."""
    from connector.compose import hub as operator
    from connector.compose import participant

    space = stack.enter_context(Space(folder, quiet=True))
    seller, buyer = open_market(space)
    (hub,) = [party for party in space.parties if party.name == "operator"]
    agreed = run(buyer, "negotiate", seller.did, "deliveries", "--wait")
    terms = ("-a", agreed["agreement"], "-p", "deliveryReliability")
    never = "SELECT customer, COUNT(*) FROM deliveries GROUP BY customer"
    run(buyer, "ask", never, *terms, ok=False)  # a column that its owner labelled `never`
    (refused,) = buyer.manage("GET", "/v1/questions")[1]["questions"]
    run(buyer, "ask", "SELECT mode, COUNT(*), SUM(quantity) FROM deliveries GROUP BY mode", *terms)
    late = space.party("late", hub=hub.did).start()
    run(late, "apply", "--name", "Late Parts Ltd", "--name-zh", "后来零件有限公司",
        "--legal-id", "529900T8BM49AURSDO55")  # fmt: skip
    firm = [page for area in participant.AREAS for page in area.pages]
    places = [
        Place(seller, "seller", firm),
        Place(buyer, "buyer", firm),
        Place(hub, "hub", [page for area in operator.AREAS for page in area.pages]),
    ]
    outside = [_outside(place) for place in places[::2]]
    peopled(browser, places, LANGUAGES)
    waiting = _undertaken(browser, *places)
    scenes = [*outside, *(scene(places[0], "cdo", page, url) for page, url in _own(places[0]))]
    at = f"{places[1].origin}/questions/{refused['questionId']}"
    scenes.append(scene(places[1], "cdo", "asking.answer", at, "refused"))
    for place in places:  # what many things have in common, and nothing has
        for name, sought in (("found", seller.did), ("nothing", "no-such-id")):
            at = f"{place.origin}/search?id={quote(sought, safe='')}"
            scenes.append(scene(place, place.roles[0], "own.search", at, name))
    for place in places:
        passed: set[str] = set()
        for role in sorted(place.roles, key=lambda one: one not in FIRST):
            made, met = walk(browser, place, role, passed)
            scenes += made
            passed |= met
    return [*scenes, *waiting]


def _outside(place: Place) -> Scene:
    """What stands before the console: signing in, or a link of invitation that nobody uses."""
    if place.kind == "hub":
        return Scene(page="console.sign-in", url=f"{place.origin}/sign-in")
    return Scene(page="console.invitation", url=invited(place.party, "Guest", "steward"))


def _own(place: Place) -> list[tuple[str, str]]:
    pages = {"account": "/account", "factor": "/account/factor", "help": "/help",
             "error": "/no-such-page"}  # fmt: skip
    return [(f"console.{name}", place.origin + path) for name, path in pages.items()]


def _undertaken(browser: Browser, seller: Place, buyer: Place, hub: Place) -> list[Scene]:
    """A product half made, each of its steps; a request of each kind, to whom it waits for."""
    steward = hand_of(browser, seller.party, seller.people["steward", "en"])
    path = drafted(steward, seller.party, buyer.party.did)
    pages = {
        one.path.rpartition("/")[2]: one.name for one in seller.pages if "/drafts/" in one.path
    }
    scenes = [
        scene(seller, "steward", pages[step], f"{seller.origin}{path}/{step}", "draft")
        for step in WIZARD
    ]
    cdo = hand_of(browser, seller.party, seller.people["cdo", "en"])
    invite = invite_waits(cdo, "steward")
    asked = acts_wait(seller.party, hub.party, buyer.party)
    for name, (party, at) in {"invite": (seller.party, invite), **asked}.items():
        place, role = (hub, "certifier") if party is hub.party else (seller, "security")
        scenes.append(scene(place, role, "people.request", f"{place.origin}{at}", name))
    return scenes


STAGES: Final[list[Callable[[ExitStack, Path, Browser], list[Scene]]]] = [market]
