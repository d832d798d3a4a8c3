"""docs/api.md lists every route, and no other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from connector.compose import hub as operator
from connector.compose import participant

DOCS = Path(__file__).resolve().parents[2] / "docs" / "api.md"
LINE = re.compile(r"^\| `(GET|POST|PUT|DELETE) (/\S*)` \|")
AREAS = {"Participant": participant.AREAS, "Hub": operator.AREAS}
ROLES = {"Participant": "participant", "Hub": "hub"}


def documented(section: str) -> set[tuple[str, str]]:
    text = DOCS.read_text(encoding="utf-8")
    part = text.split(f"\n## {section}\n", 1)[1].split("\n## ", 1)[0]
    return {
        (found[1], found[2])
        for line in part.splitlines()
        if (found := LINE.match(line)) is not None
    }


def served(app) -> set[tuple[str, str]]:
    return {
        (method, re.sub(r"<(?:[^:<>]+(?:\([^)]*\))?:)?(\w+)>", r"{\1}", rule.rule))
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


@pytest.mark.parametrize("who", ["Participant", "Hub"])
@pytest.mark.parametrize("which", ["protocol", "management"])
def test_the_documentation_lists_exactly_the_routes(party, who, which):
    """A new route without its line, or a line without its route, fails."""
    made = party("acme", areas=AREAS[who], role=ROLES[who])
    assert documented(f"{who}, {which} listener") == served(getattr(made.apps, which))
