"""Every page of docs/console-pages.md has a picture, and so has each kind of request."""

from __future__ import annotations

import re
from contextlib import ExitStack
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import pytest

from tests.browser.screens import Scene, every_picture, unseen
from tests.browser.stages import DOWNLOADS, STAGES
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

ROW = re.compile(r"^\| [^|]+ \| `(/[^`]*)` \|", re.MULTILINE)
REQUESTS = {"invite", "key", "publish", "suspension"}


def fits(path: str, scene: Scene) -> bool:
    """Say whether a scene is of the page with a path as the table writes it."""
    parts = re.split(r"\{[a-z_]+\}", path)
    told = "[^?]+".join(map(re.escape, parts))
    return re.fullmatch(told, unquote(urlsplit(scene.url).path)) is not None


def test_what_has_no_scene_is_named():
    """The judge of pictures judges: a page without one is told by its name."""
    scenes = [Scene(page="a.one", url="http://localhost/one")]
    assert unseen(scenes, ["a.one", "a.two"]) == ["a.two"]
    assert fits("/one", scenes[0])
    assert not fits("/one/{id}", scenes[0])


@pytest.mark.slow
@pytest.mark.long
def test_every_page_has_a_picture(browser: Browser, tmp_path: Path):
    """By name, as areas declare them, and by path, as the table of pages has them."""
    with ExitStack() as stack:
        scenes = [scene for stage in STAGES for scene in stage(stack, tmp_path, browser)]
    assert unseen(scenes, every_picture() - DOWNLOADS) == []
    table = ROW.findall((ROOT / "docs/console-pages.md").read_text(encoding="utf-8"))
    assert len(table) > 40
    files = re.compile(r"\.(?:csv|toml|xlsx)$|^/dossier-(?:file|json)/|^/[a-z]+-terms/")
    left = [
        path
        for path in table
        if not files.search(path) and not any(fits(path, one) for one in scenes)
    ]
    assert left == []
    made = {one.name.rpartition("-")[2] for one in scenes if one.page == "people.request"}
    assert made >= REQUESTS
