"""Pictures of every page, to be looked at: ``make screens``.

    python -m tests.browser.screens [--out DIR] [--way zh-dark-phone]… [NAME…]

NAME is a part of a page's name.

Each page of the console is shown in zh and en, light and dark, at a desk's width and a phone's. A
*stage* is a function that starts what there is to see and gives its scenes; a page that no scene
shows is named at the end, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.browser.chromium import ABSENT, DESK, PHONE, chromium, context, launch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from playwright.sync_api import Browser, BrowserContext

OUT: Final = Path(".cache/screens")
LANGUAGES: Final = ("zh", "en")
THEMES: Final = ("light", "dark")
WIDTHS: Final = {"desk": DESK, "phone": PHONE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One page as one person sees it.

    Attributes:
        page: name of the page, as its `Page` has it: AREA.WORD.
        url: whole address.
        prepare: makes a window ready: signs the person in, in the window's language.
        name: which state of the page this is, where there are several.
    """

    page: str
    url: str
    prepare: Callable[[BrowserContext, str], None] = lambda _window, _language: None
    name: str = ""


WAYS: Final = tuple(f"{a}-{b}-{c}" for a in LANGUAGES for b in THEMES for c in WIDTHS)


def shoot(
    browser: Browser, scenes: Iterable[Scene], out: Path, chosen: Iterable[str] = WAYS
) -> list[Path]:
    """Take the pictures: ``OUT/PAGE[-NAME]-LANGUAGE-THEME-WIDTH.png``."""
    made: list[Path] = []
    out.mkdir(parents=True, exist_ok=True)
    ways = [tuple(one.split("-")) for one in chosen]
    for scene in scenes:
        for language, theme, width in ways:
            window = context(browser, language=language, theme=theme, viewport=WIDTHS[width])
            try:
                scene.prepare(window, language)
                page = window.new_page()
                answer = page.goto(scene.url)
                wrong = answer is not None and answer.status >= 400
                assert not wrong or scene.page == "console.error", (scene.page, scene.name)
                parts = [scene.page, scene.name, language, theme, width]
                made.append(out / f"{'-'.join(filter(None, parts))}.png")
                page.screenshot(path=made[-1], full_page=True)
            finally:
                window.close()
    return made


def unseen(scenes: Iterable[Scene], pages: Iterable[str]) -> list[str]:
    """Give the pages of the console that no scene shows."""
    return sorted(set(pages) - {scene.page for scene in scenes})


def every_page() -> set[str]:
    """Give the names of all pages that areas declare."""
    from connector.compose import hub, participant

    return {page.name for area in (*participant.AREAS, *hub.AREAS) for page in area.pages}


def every_picture() -> set[str]:
    """Give the names of all that is to be seen: also what the console itself draws."""
    own = ("account", "error", "factor", "help", "invitation", "sign-in")
    return every_page() | {f"console.{name}" for name in own}


def main(arguments: list[str]) -> int:
    """Show every page; give 1 where one is not shown."""
    parser = argparse.ArgumentParser(prog="make screens", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--way", action="append", choices=WAYS)
    given = parser.parse_args(arguments)
    if chromium() is None:
        sys.stderr.write(f"{ABSENT}\n")
        return 1
    from playwright.sync_api import sync_playwright

    from tests.browser.stages import DOWNLOADS, STAGES

    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        browser = launch(stack.enter_context(sync_playwright()))
        scenes = [scene for stage in STAGES for scene in stage(stack, folder, browser)]
        left = unseen(scenes, every_picture() - DOWNLOADS)
        chosen = given.names or [""]
        wanted = [one for one in scenes if any(name in one.page for name in chosen)]
        made = shoot(browser, wanted, given.out, given.way or WAYS)
    print(f"{len(made)} pictures in {given.out}")
    if left:
        print(f"pages that no scene shows: {', '.join(left)}")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
