"""Every code that a reason can bear is said in Chinese and in English."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from policies.phrases import LANGUAGES, PHRASES, render, sentence
from policies.reasons import Reason

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("connector", "policies", "contracts", "catalog", "crypto")
FAMILIES = ("policy", "question", "agreement", "transfer", "participant", "plan", "answer", "next")
CODE = re.compile(rf"({'|'.join(FAMILIES)})(\.[a-z_A-Z]+)+")


def reasons_in(tree: ast.AST) -> set[str]:
    """The constant ``code=`` and ``next=`` of every ``Reason(…)`` in a module."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Reason":
            for keyword in node.keywords:
                if keyword.arg in ("code", "next") and isinstance(keyword.value, ast.Constant):
                    found.add(str(keyword.value.value))
    return found - {""}


def sources() -> dict[str, ast.AST]:
    return {
        str(path.relative_to(ROOT)): ast.parse(path.read_text(encoding="utf-8"))
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
    }


def test_every_reason_in_the_source_is_said_in_both_languages() -> None:
    """Codes and next steps of all reasons anywhere in the five rooms have a zh and an en phrase."""
    missing = {
        (code, where)
        for where, tree in sources().items()
        for code in reasons_in(tree)
        if code not in PHRASES
    }
    assert not missing


def test_every_code_in_the_policies_room_is_said_in_both_languages() -> None:
    """Also codes that are passed on or stand in tables: every literal of their form is a phrase."""
    missing = {
        (node.value, where)
        for where, tree in sources().items()
        if where.startswith(("policies/", "connector/questions/"))
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and CODE.fullmatch(node.value)
        and node.value not in PHRASES
    }
    assert not missing


@pytest.mark.parametrize("code", sorted(PHRASES))
def test_phrases_say_something_in_their_language(code: str) -> None:
    """Both are there, the Chinese one is Chinese, and both have the same placeholders."""
    zh, en = PHRASES[code]
    assert re.search(r"[\u4e00-\u9fff]", zh)
    assert not re.search(r"[\u4e00-\u9fff]", en)
    names = re.compile(r"\{(\w+)\}")
    assert set(names.findall(zh)) == set(names.findall(en))


def test_a_reason_is_a_sentence_with_its_values() -> None:
    """Placeholders are filled from the reason; a missing one shows as a dash."""
    reason = Reason(
        code="policy.purpose", expected="capacityPlanning", given="credit", next="next.negotiate"
    )
    assert sentence(reason, "en") == (
        "The contract does not grant the purpose credit; it grants capacityPlanning. "
        "Negotiate a new contract."
    )
    assert (
        sentence(reason, "zh")
        == "合约未授予用途 credit；已授予：capacityPlanning。请协商一份新合约。"
    )
    assert "—" in render("policy.purpose", "en")
    assert render("no.such.code", "zh") == "no.such.code"
    assert LANGUAGES == ("zh", "en")


def test_reasons_survive_json() -> None:
    """What a peer sends is read back; what is no text in it is dropped, never an error."""
    reason = Reason(code="policy.count", given="5", params={"operator": "lteq", "n": 3})
    assert Reason.from_json(reason.to_json()) == reason
    odd = Reason.from_json({"code": "x", "given": 7, "params": {"a": [], "b": True}})
    assert odd == Reason(code="x")
