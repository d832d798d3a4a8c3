"""docs/privacy.md names drills that exist, in both languages alike."""

from __future__ import annotations

import re
from pathlib import Path

from tests.attack import run

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = ("privacy.md", "privacy.zh-CN.md")
NAME = re.compile(r"`([a-z][a-z_]+_[a-z_]+|recut|repetition|differencing)`")
SETTINGS = {"indicator_carriers", "min_cohort"}


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def named(text: str) -> list[str]:
    return [found for found in NAME.findall(text) if found not in SETTINGS]


def test_every_promise_names_its_drills_and_every_drill_a_promise() -> None:
    for name in PAGES:
        assert set(named(page(name))) == set(run.names()), name


def test_both_languages_say_the_same() -> None:
    shapes = []
    for name in PAGES:
        lines = page(name).splitlines()
        rows = [named(line) for line in lines if line.startswith("|")]
        shapes.append(
            (
                rows,
                sum(line.startswith("- ") for line in lines),
                len(re.findall("^#", page(name), re.MULTILINE)),
            )
        )
    assert shapes[0] == shapes[1]
