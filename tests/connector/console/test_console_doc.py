"""What docs/console.md says of pages: each that it sends a role to is there, and the role may open it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from connector.compose import hub, participant

if TYPE_CHECKING:
    from connector.console.page import Page

ROOT = Path(__file__).resolve().parents[3]
WAYS = {"en": ("console.md", r"\*([^*]+)\*"), "zh": ("console.zh-CN.md", "“([^”]+)”")}


def rows(language: str) -> dict[str, list[str]]:
    """Per role the titles of the pages that it is sent to."""
    name, titled = WAYS[language]
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    found = {}
    for role, cells in re.findall(r"^\| \*\*(\w+)\*\*[^|]*\|(.*)$", text, re.MULTILINE):
        found[role] = re.findall(titled, cells)
    return found


def pages() -> list[Page]:
    return [page for area in (*participant.AREAS, *hub.AREAS) for page in area.pages]


@pytest.mark.parametrize("language", WAYS)
def test_each_role_is_sent_to_pages_that_it_may_open(language: str):
    sent = rows(language)
    assert set(sent) == {"steward", "cdo", "security", "certifier", "auditor"}
    for role, titles in sent.items():
        assert len(titles) >= 2, role
        for title in titles:
            named = [page for page in pages() if getattr(page.title, language) == title]
            assert any(role in page.may for page in named), f"{role}: {title}"


def paths(language: str, title: str) -> set[str]:
    return {page.path for page in pages() if getattr(page.title, language) == title}


def test_both_languages_send_to_the_same_pages():
    english, chinese = rows("en"), rows("zh")
    for role, titles in english.items():
        pairs = zip(titles, chinese[role], strict=True)
        assert [one for one in pairs if not paths("en", one[0]) & paths("zh", one[1])] == []
