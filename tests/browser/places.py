"""A data space for judges of pages: an operator and two firms that trade, each hostile to the others.

Whatever a firm can write for others to read is a text that strikes where it is taken for more than
a text. One person of each role can sign in, in each language.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from tests.browser.chromium import context
from tests.browser.entering import ROLES, console, enrolled, invited
from tests.e2e.readme_market import rows
from tests.e2e.test_membership import known, run, seen
from tests.waiting import until, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from playwright.sync_api import Browser

    from connector.console.page import Page
    from tests.e2e.processes import Running, Space

# what strikes: a script, an attribute, an address; `struck` is looked for afterwards
SCRIPT: Final = '"><script>struck=1;alert("struck")</script><img src=x onerror="struck=1">'
SHORT: Final = "'\"><svg/onload=struck=1>{{7*7}}"
ADDRESS: Final = "javascript:struck=1//https://evil.example/struck"
CODE: Final = "<img/src=//evil.example/struck>"
PRODUCT: Final = f"""
id = "deliveries"
table = "deliveries"
domain = "maintenance"
level = 1
contributor = "customer"
keywords = ['''{SHORT}''', "javascript:struck"]
title = {{ en = '''Deliveries {SCRIPT}''', zh = '''交付 {SCRIPT}''' }}
description = {{ en = '''{SCRIPT} {ADDRESS}''', zh = '''{SCRIPT} {ADDRESS}''' }}
column = [
  {{ name = "customer", type = "text", disclosure = "never" }},
  {{ name = "year", type = "integer", disclosure = "group_key" }},
  {{ name = "mode", type = "text", disclosure = "group_key" }},
  {{ name = "quantity", type = "integer", disclosure = "aggregate" }},
]
dimension = [
  {{ name = "year", range = [2023, 2024] }},
  {{ name = "mode", codes = ["AIR", "RAIL", "ROAD", "SEA", '''{CODE}'''], title = {{ en = '''{SCRIPT}''', zh = '''{SCRIPT}''' }} }},
]
measure = [ {{ name = "quantity", unit = '''{SHORT}''', bounds = [0, 100], title = {{ en = '''{SCRIPT}''', zh = '''{SCRIPT}''' }} }} ]
offer = [ {{ name = "standard", purposes = ["deliveryReliability"], modes = ["masked"], count = 100 }} ]
"""


@dataclass
class Place:
    """One party with its pages and its people.

    Attributes:
        party: its process.
        kind: seller, buyer or hub.
        pages: what its areas declare.
        people: cookies of the session of each role and language.
    """

    party: Running
    kind: str
    pages: Sequence[Page]
    people: dict[tuple[str, str], list[Any]] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        return console(self.party)

    @property
    def roles(self) -> tuple[str, ...]:
        return ROLES["hub" if self.kind == "hub" else "participant"]


def certified(hub: Running, firms: Iterable[tuple[Running, str]]) -> None:
    """Have firms apply under a name, and the operator approve."""
    for firm, name in firms:
        applied(firm, name)
        terms = {"did": firm.did, "seen": seen(hub, "applications", firm)}
        status, told = hub.manage("POST", "/v1/hub/applications/approve", terms)
        assert status == 200, told
        until(lambda firm=firm: known(firm)["standing"] == "certified")
        until(lambda firm=firm: known(firm)["statusDocument"]["current"])


def applied(firm: Running, name: str) -> None:
    """Apply under a name, with a number that is as hostile as it may be long."""
    form = {
        "nameEn": f"{firm.name.capitalize()} {name}",
        "nameZh": f"{firm.name}公司 {name}",
        "legalId": f"{firm.name}{SHORT}"[:64],
        "roles": ["provider", "consumer"],
    }
    status, told = firm.manage("POST", "/v1/membership/apply", form)
    assert status == 201, told


def hostile_market(space: Space) -> list[Place]:
    """Start an operator, a seller, a buyer and one who applies; let them trade and quarrel."""
    from connector.compose import hub as operator
    from connector.compose import participant

    hub = space.party("operator", role="hub").start()
    seller = space.party("seller", hub=hub.did).start()
    buyer = space.party("buyer", hub=hub.did).start()
    certified(hub, [(seller, SCRIPT), (buyer, SCRIPT)])
    lines = [line.split(",") for line in rows().splitlines()]
    lines = [[*line[:3], line[5]] for line in lines]
    for number, line in enumerate(lines[1:]):
        line[2] = CODE if number % 5 == 0 else line[2]
    for name in ("returns", "deliveries"):
        file = space.folder / f"{name}.toml"
        file.write_text(PRODUCT.replace('"deliveries"', f'"{name}"'), encoding="utf-8")
        data = space.folder / f"{name}.csv"
        mark = "" if name == "deliveries" else "R"  # other customers: no rows are sold twice
        kept = [lines[0], *([mark + line[0], *line[1:]] for line in lines[1:])]
        data.write_text("\n".join(map(",".join, kept)), encoding="utf-8")
        run(seller, "publish", str(file), str(data))
    wait_for(
        lambda: buyer.manage("GET", "/v1/search?text=deliveries")[1],
        lambda found: bool(found["hits"]),
    )
    terms = ("negotiate", seller.did, "deliveries", "--wait")
    agreed = run(buyer, *terms)["agreement"]
    run(buyer, *terms, ok=False)  # there is one: the seller ends this negotiation
    for sql in (
        f"SELECT mode, COUNT(*), SUM(quantity) FROM deliveries WHERE mode <> '{CODE}' GROUP BY mode",
        "SELECT mode, COUNT(*), SUM(quantity) FROM deliveries GROUP BY mode",
    ):
        run(buyer, "ask", sql, "-a", agreed, "-p", "deliveryReliability")
    ended = run(buyer, "negotiate", seller.did, "returns", "--wait")["agreement"]
    status, told = buyer.manage("POST", f"/v1/agreements/{ended}/end", {"reason": SCRIPT})
    assert status == 200, told
    applied(space.party("late", hub=hub.did).start(), SCRIPT)
    firm = [page for area in participant.AREAS for page in area.pages]
    return [
        Place(seller, "seller", firm),
        Place(buyer, "buyer", firm),
        Place(hub, "hub", [page for area in operator.AREAS for page in area.pages]),
    ]


def peopled(browser: Browser, places: Sequence[Place], languages: Sequence[str]) -> None:
    """Let one person of each role and language in at each place; all are invited beforehand."""
    links = [
        (place, role, language, invited(place.party, f"{role}-{language}", role, language=language))
        for place in places
        for role in place.roles
        for language in languages
    ]
    for place, role, language, link in links:
        window = context(browser, language=language)
        _, person = enrolled(window, link, f"{role}-{language}")
        place.people[role, language] = person.cookies
        window.close()


def lived_in(browser: Browser, places: Sequence[Place]) -> None:
    """Leave what only persons leave: a draft of a product, and a request that waits for another."""
    seller = places[0]
    window = context(browser)
    window.add_cookies(seller.people["steward", "en"])
    page = window.new_page()
    page.goto(f"{seller.origin}/new-product")
    page.set_input_files("input[type=file]", str(seller.party.home.parent / "deliveries.csv"))
    page.click("form[data-form=upload]:has(input[type=file]) button[type=submit]")
    page.wait_for_url("**/columns")
    window.close()
    for place in places:
        role = "certifier" if place.kind == "hub" else "cdo"
        window = context(browser)
        window.add_cookies(place.people[role, "en"])
        page = window.new_page()
        page.goto(f"{place.origin}/people")
        page.fill("form[data-form=invite] [name=name]", "Somebody else")
        page.check(f"form[data-form=invite] [name=roles][value={role}]")
        page.click("form[data-form=invite] button[type=submit]")
        page.wait_for_url("**/inbox/*")
        window.close()
