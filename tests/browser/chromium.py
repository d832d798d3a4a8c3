"""Which browser the tests drive: the machine's own Chromium, never one that is fetched."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Playwright

SETTING: Final = "CHROMIUM"  # path of another one
NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
ABSENT: Final = f"no Chromium here: install it, or name one by {SETTING}"

Theme = Literal["light", "dark"]
LOCALES: Final = {"en": "en-GB", "zh": "zh-CN"}
DESK: Final = (1280, 900)
PHONE: Final = (360, 740)


def chromium() -> str | None:
    """Give the path of a Chromium, or None."""
    return next(filter(None, map(shutil.which, (os.environ.get(SETTING, ""), *NAMES))), None)


def launch(playwright: Playwright) -> Browser:
    """Start the browser; inside a container it is root and has little shared memory."""
    arguments = ["--disable-dev-shm-usage", "--disable-background-networking", "--no-first-run"]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    return playwright.chromium.launch(executable_path=chromium(), args=arguments)


def context(
    browser: Browser,
    *,
    language: str = "en",
    theme: Theme = "light",
    viewport: tuple[int, int] = DESK,
    scripts: bool = True,
) -> BrowserContext:
    """Open a window of its own: no cookies, no cache of another's.

    Args:
        browser: the browser.
        language: what the browser asks for: "en" or "zh".
        theme: what the system prefers.
        viewport: width and height in CSS pixels.
        scripts: whether pages may run any.
    """
    return browser.new_context(
        locale=LOCALES[language],
        color_scheme=theme,
        viewport={"width": viewport[0], "height": viewport[1]},
        java_script_enabled=scripts,
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
    )
