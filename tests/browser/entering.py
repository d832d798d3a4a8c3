"""People of real processes, who come in as people do: by their link, with a password and a code."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pyotp

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

    from tests.e2e.processes import Running

PASSWORD: Final = "A long enough sentence, 1 of many"
ROLES: Final = {
    "participant": ("steward", "cdo", "security", "auditor"),
    "hub": ("certifier", "security", "auditor"),
}


def console(party: Running) -> str:
    """Give the origin of a party's console: `make_home` puts it three ports on."""
    return f"http://localhost:{party.port + 3}"


def invited(party: Running, name: str, *roles: str, language: str = "en") -> str:
    """Invite a person by the command; give the link."""
    chosen = [word for role in roles for word in ("--role", role)]
    done = party.voile("person", "invite", name, *chosen, "--language", language, "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    link: str = json.loads(done.stdout)["link"]
    return link


@dataclass(frozen=True)
class Person:
    """Somebody who can sign in.

    Attributes:
        name: as the person signs in.
        secret: of the second factor.
        cookies: of the session that began with the link.
    """

    name: str
    secret: str
    cookies: list[Any]


def enrolled(window: BrowserContext, link: str, name: str) -> tuple[Page, Person]:
    """Follow a link: password twice, the code of the shown secret; give the page that comes."""
    page = window.new_page()
    page.goto(link)
    secret = (page.locator("code.secret").text_content() or "").replace(" ", "")
    page.fill("[name=password]", PASSWORD)
    page.fill("[name=again]", PASSWORD)
    page.fill("[name=code]", pyotp.TOTP(secret).now())
    page.click("main form button[type=submit], main form button:not([type])")
    page.wait_for_url(lambda url: "/invitation/" not in url)
    return page, Person(name, secret, window.cookies())
