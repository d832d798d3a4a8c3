"""The console without a mouse: in, along the rail, through a form, out of a menu, to the search box."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.chromium import context
from tests.browser.entering import PASSWORD, console, enrolled, invited
from tests.browser.looking import focused, tab_to, unfocused_rings
from tests.e2e.processes import Space

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

    from tests.browser.entering import Person
    from tests.e2e.processes import Running


@pytest.fixture(scope="module")
def desk(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Running, Person, str]]:
    """A hub, a certifier of it, and a link by which another person comes."""
    with Space(tmp_path_factory.mktemp("space"), quiet=True) as space:
        hub = space.party("operator", role="hub").start()
        shell = context(browser)
        _, person = enrolled(shell, invited(hub, "Li", "certifier", "security"), "Li")
        link, other = (invited(hub, name, "security") for name in ("Wang", "Sun"))
        shell.close()
        shell = context(browser)  # of its own: who signs in ends the session before in a browser
        enrolled(shell, other, "Sun")  # from now on inviting takes two
        shell.close()
        yield hub, person, link


@pytest.fixture
def page(desk, window: Callable[..., BrowserContext]) -> Page:
    _, person, _ = desk
    shell = window()
    shell.add_cookies(person.cookies)
    return shell.new_page()


def press(page: Page, key: str) -> None:
    """Press a key that leads to another page."""
    with page.expect_navigation():
        page.keyboard.press(key)


@pytest.mark.long
def test_in_by_keys_alone(desk, window: Callable[..., BrowserContext]):
    """A link of invitation, the password twice, then out and in again by name and password."""
    hub, _, link = desk
    page = window().new_page()
    page.goto(link)
    labels = page.locator("main form label").all_inner_texts()
    assert len(labels) >= 2
    for name in ("password", "again"):
        fill(page, name, PASSWORD)
    press(page, "Enter")
    assert "/invitation/" not in page.url
    page.context.clear_cookies()
    page.goto(f"{console(hub)}/people")
    fill(page, "name", "Wang")
    fill(page, "password", PASSWORD)
    press(page, "Enter")
    assert page.url == f"{console(hub)}/people"


def fill(page: Page, name: str, text: str) -> None:
    """Tab to a field and type."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement?.name") == name:
            page.keyboard.type(text)
            return
    raise AssertionError(f"no field {name} by Tab")


def test_the_rail_and_a_form(desk, page: Page):
    """Past the skip link to a page of the rail, a form filled and sent, what came of it read."""
    hub, *_ = desk
    page.goto(f"{console(hub)}/")
    page.keyboard.press("Tab")
    first = focused(page)
    assert first is not None
    assert first["name"] == "Skip to the content" or "main" in page.evaluate(
        "document.activeElement.hash"
    )
    assert first["shown"]
    tab_to(page, "People")
    press(page, "Enter")
    assert page.url == f"{console(hub)}/people"
    fill(page, "name", "Zhao")
    tab_to(page, "Security")
    page.keyboard.press("Space")
    press(page, "Enter")
    assert page.url.startswith(f"{console(hub)}/inbox/")
    assert page.locator("[role=status]").inner_text()
    assert "Zhao" in page.locator("main table").inner_text()


@pytest.mark.long
@pytest.mark.sweep
@pytest.mark.parametrize("path", ["/people", "/evidence", "/applications", "/verify", "/account"])
def test_what_has_the_focus_shows_it(desk, page: Page, path: str):
    """A ring at each stop of Tab, and the end of the page is reached."""
    hub, *_ = desk
    page.goto(f"{console(hub)}{path}")
    assert unfocused_rings(page) == []


def test_a_menu_is_left_by_escape(desk, page: Page):
    """The menu opens by Enter, closes by Esc, and the focus is where it was."""
    hub, *_ = desk
    page.goto(f"{console(hub)}/people")
    name = tab_to(page, "Li", begins=True)["name"]  # and the roles that one has
    page.keyboard.press("Enter")
    menu = page.locator("details[data-menu]")
    assert menu.get_attribute("open") is not None
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    assert menu.get_attribute("open") is None
    assert (focused(page) or {})["name"] == name


def test_slash_finds_and_question_mark_helps(desk, page: Page):
    """`/` goes to the box of a list, `?` to the help; in a field both are letters."""
    hub, *_ = desk
    page.goto(f"{console(hub)}/participants")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.tagName") == "INPUT"
    page.keyboard.type("/?")
    assert page.evaluate("document.activeElement.value") == "/?"
    assert page.url == f"{console(hub)}/participants"
    page.goto(f"{console(hub)}/people")
    press(page, "?")
    assert page.url == f"{console(hub)}/help"
