"""What only persons leave behind: a product half made, and acts that wait for a second person.

Called once persons are in: from then on four eyes are in force, and each act waits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.browser.chromium import context
from tests.browser.entering import console
from tests.browser.hands import Hand
from tests.e2e.readme_market import product_file
from tests.e2e.test_membership import seen

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import Any

    from playwright.sync_api import Browser

    from tests.e2e.processes import Running

WIZARD: Final = ("columns", "preview", "offer", "seen", "publish")


def hand_of(browser: Browser, party: Running, cookies: Sequence[Any]) -> Hand:
    """Give a person its own window again, in English."""
    window = context(browser)
    window.set_default_timeout(60_000)
    window.add_cookies(list(cookies))
    return Hand(window.new_page(), console(party), "en")


def drafted(hand: Hand, seller: Running, buyer: str) -> str:
    """Take a file through the wizard up to its last page, under a name of its own; give the path."""
    page = hand.page
    hand.open("/new-product")
    page.set_input_files("main input[type=file]", str(rows_of(seller, "returns")))
    hand.send("upload", ":has(input[type=file])")
    hand.wait(lambda page: page.locator("form[data-form=columns]").count() == 1)
    path = page.url.removeprefix(hand.origin).rpartition("/")[0]
    for name in page.locator("form[data-form=columns] [name$=_unit]").all():
        name.fill(name.input_value() or "pcs")
    for box in page.locator("form[data-form=columns] [name$=_confirmed]").all():
        box.check()
    hand.send("columns")
    hand.open(f"{path}/offer?template=trial")
    hand.fill(recipients=buyer, id="returns", table="returns", title_zh="退货", title_en="Returns")
    page.select_option("[name=level]", "2")
    hand.send("offer")
    hand.open(f"{path}/preview")
    hand.wait(lambda page: page.locator("[data-again]").count() == 0)
    hand.send("preview")
    hand.wait(lambda page: page.locator("[data-again]").count() == 0)
    return path


def invite_waits(hand: Hand, role: str) -> str:
    """Invite somebody, as a person; give the path of the request."""
    hand.open("/people")
    hand.fill(name="Somebody else")
    hand.tick("roles", role)
    hand.send("invite")
    return hand.page.url.removeprefix(hand.origin)


def acts_wait(seller: Running, hub: Running, firm: Running) -> dict[str, tuple[Running, str]]:
    """Ask by the command for what waits for others; give whose request each is, and its path."""
    file = seller.home.parent / "stock.toml"
    text = product_file().replace('"deliveries"', '"stock"').replace("level = 1", "level = 2")
    named = f'name = "standard", recipients = ["{firm.did}"],'  # level 2 goes to named firms alone
    text = text.replace('name = "standard",', named)
    file.write_text(text, encoding="utf-8")
    data = rows_of(seller, "stock")
    sight = seen(hub, "participants", firm)
    acts: tuple[tuple[str, Running, tuple[str, ...]], ...] = (
        ("key", seller, ("key", "add", "reports", "--role", "steward")),
        ("publish", seller, ("publish", str(file), str(data))),
        ("suspension", hub,
         ("hub", "suspend", firm.did, "--seen", sight, "--reason", "its reports are late")),
    )  # fmt: skip
    made: dict[str, tuple[Running, str]] = {}
    for name, party, words in acts:
        before = _waiting(party)
        done = party.voile(*words)
        (id_,) = _waiting(party) - before or {f"none: {done.stdout}{done.stderr}"}
        made[name] = party, f"/inbox/{id_}"
    return made


def rows_of(seller: Running, name: str) -> Path:
    """Write the rows of README's file with other customers: no rows are sold twice."""
    head, *lines = (seller.home.parent / "deliveries.csv").read_text(encoding="utf-8").splitlines()
    file = seller.home.parent / f"{name}.csv"
    file.write_text("\n".join([head, *(name[0] + one for one in lines)]) + "\n", encoding="utf-8")
    return file


def _waiting(party: Running) -> set[str]:
    status, told = party.manage("GET", "/v1/approvals?box=all&state=pending")
    assert status == 200, told
    return {one["id"] for one in told["approvals"]}
