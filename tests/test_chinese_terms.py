"""One Chinese word for each thing: those that were given up stand in no code and no document."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("catalog", "connector", "contracts", "crypto", "policies")
SUFFIXES = frozenset({".py", ".html", ".js", ".json"})
# what is given up: what is said instead
RETIRED = {
    "遮蔽|遮盖|掩蔽": "屏蔽",
    "不放出|被保留|格保留|保留 ?\\{withheld\\}|保留的数字|发布/保留": "扣下",
    "需方|需求方|(?<!采)买方": "使用方",
    "运营者|枢纽": "运营方",
}
STORY = "采购方"  # the buying firm of the demonstration, and of what is told of it
TOLD_IN = re.compile(r"connector/demo/.*|README\.zh-CN\.md|docs/(report|glossary)\.md")


def texts() -> list[Path]:
    code = [one for room in ROOMS for one in (ROOT / room).rglob("*") if one.suffix in SUFFIXES]
    docs = [*(ROOT / "docs").glob("*.md"), *(ROOT / "docs").glob("*.json")]
    return [*code, *docs, ROOT / "README.zh-CN.md", ROOT / "CHANGELOG.md"]


def found(pattern: str) -> list[str]:
    said = re.compile(pattern)
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}"
        for path in texts()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if said.search(line)
    ]


@pytest.mark.parametrize("pattern", RETIRED)
def test_a_word_that_was_given_up_stands_nowhere(pattern: str):
    assert found(pattern) == [], f"say {RETIRED[pattern]}"


def test_the_buying_firm_is_of_the_story_alone():
    """Whoever has a contract to use data is its consumer, whatever the firm does with them."""
    elsewhere = [one for one in found(STORY) if not TOLD_IN.match(one)]
    assert elsewhere == []
