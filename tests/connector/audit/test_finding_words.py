"""Every finding can be said in both languages."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from connector.areas.audit import told
from connector.areas.audit.finding_words import FINDINGS
from tests.sources import nodes

ROOT = Path(__file__).resolve().parents[3]
SOURCES = [
    *(ROOT / "contracts" / "audit").glob("*.py"),
    *(ROOT / "connector/areas/audit").glob("*.py"),
]
MAKERS = {"Finding": None, "verdict": 0, "question": 0, "finding": 0, "add": 0, "accuse": 0}


def codes() -> set[str]:
    """Every code that a check gives, as far as it stands as a text at a finding."""
    found = set()
    for path in SOURCES:
        for node in nodes(path, ast.Call):
            label = getattr(node.func, "id", getattr(node.func, "attr", ""))
            given = (
                [k.value for k in node.keywords if k.arg == "code"] if label == "Finding" else []
            )
            if label in MAKERS and MAKERS[label] is not None:
                given += node.args[:1]
            elif label in ("_finding", "_unchecked", "_either"):
                given += node.args[:2]
            found |= {
                one.value
                for one in given
                if isinstance(one, ast.Constant)
                and isinstance(one.value, str)
                and one.value.replace("-", "").isalpha()
                and one.value.islower()
            }
    return found


@pytest.mark.long
def test_every_code_of_a_finding_has_words() -> None:
    """What a check can say, a Chinese reader is told in Chinese."""
    assert {"split-view", "leaf-changed", "wrong-mark", "checkpoint"} <= codes()
    assert not codes() - set(FINDINGS)


def test_a_finding_is_said_with_its_facts() -> None:
    """English is the text itself; Chinese names leaf, what is quoted, and the keys once."""
    finding = {
        "level": "proof",
        "code": "split-view",
        "where": "A",
        "text": "`did:web:a.example` showed another log; verified with `abc` (pinned)",
        "leaf": 7,
        "keys": [{"thumbprint": "abc", "trust": "pinned"}],
    }
    assert told(finding, "en") == finding["text"]
    assert told(finding, "zh") == (
        "出示过两本不同的日志；第 7 行；涉及 `did:web:a.example`；核验通过的密钥：`abc`（信任文件里写明）"
    )
    odd = {"level": "finding", "code": "not-known-here", "where": "x", "text": "something"}
    assert told(odd, "zh") == "something"


@pytest.mark.parametrize("code", sorted(FINDINGS))
def test_words_are_in_their_language(code: str) -> None:
    """Chinese is Chinese, English has none."""
    words = FINDINGS[code]
    assert any("\u4e00" <= sign <= "\u9fff" for sign in words.zh)
    assert words.en.isascii()
