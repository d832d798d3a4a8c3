"""One browser for each worker, a window for each test, real processes behind it.

::

    def test_something(window, space):
        page = window(language="zh", theme="dark", viewport=PHONE).new_page()
        page.goto(url)
        assert axe(page) == []

Where no Chromium is, these tests are skipped and say so; `.ci/run` installs one.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.chromium import ABSENT, chromium, context, launch
from tests.e2e.conftest import run_in, space  # noqa: F401 -- fixtures, the same here

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what drives the browser: it starts processes, too, and opens sockets to loopback."""
    for item in items:
        if HERE in item.path.parents and "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.enable_socket)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The worker's browser."""
    if chromium() is None:
        pytest.skip(ABSENT)
    if importlib.util.find_spec("playwright") is None:
        pytest.skip("no playwright here: make tools")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = launch(playwright)
        yield found
        found.close()


@pytest.fixture
def window(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Open windows: ``window(language="zh", theme="dark", viewport=PHONE, scripts=False)``."""
    opened: list[BrowserContext] = []

    def make(**options: Any) -> BrowserContext:
        found = context(browser, **options)
        found.set_default_timeout(30_000)
        opened.append(found)
        return found

    yield make
    for found in opened:
        found.close()


@pytest.fixture
def page(window: Callable[..., BrowserContext]) -> Page:
    """A page in a window as most have it: English, light, a desk's width."""
    return window().new_page()
