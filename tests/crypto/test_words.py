"""Words agree with what is counted, whoever fills them, and no text writes a plural in brackets."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Final

import pytest

from crypto.words import Words, verbatim
from tests.sources import parsed

ROOT: Final = Path(__file__).parents[2]
ROOMS: Final = ("connector", "catalog", "policies", "crypto", "contracts")
IN_BRACKETS: Final = re.compile(r"[a-z]\((?:s|es|ies)\)")
CELLS: Final = Words("{count} 格", "{count} {count|cell is|cells are} withheld")


@pytest.mark.parametrize(
    ("count", "en"),
    [
        (1, "1 cell is withheld"),
        ("1", "1 cell is withheld"),
        (0, "0 cells are withheld"),
        (21, "21 cells are withheld"),
        ("1,001", "1,001 cells are withheld"),
    ],
)
def test_what_is_counted_agrees_with_its_number(count: object, en: str):
    """As a number or as a page writes it; Chinese has one form."""
    assert CELLS.of(count=count).said("en") == en
    assert CELLS.of(count=count).said("zh") == f"{count} 格"
    assert CELLS.places == {"count"}


def test_what_nobody_counted_is_said_all_the_same():
    """A place that nothing fills is of no number."""
    assert CELLS.said("en") == "— cells are withheld"


def test_what_fills_a_place_is_no_form_of_it():
    """Bars and braces of a value, and of a text that is final, stay what they are."""
    assert CELLS.of(count="{count|a|b}").said("en") == "{count|a|b} cells are withheld"
    assert verbatim("{count|a|b}").said("en") == "{count|a|b}"


def test_no_text_writes_a_plural_in_brackets():
    """`{count|cell|cells}` says it right."""
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") == "Words"
        and any(IN_BRACKETS.search(part) for part in _texts(node))
    ]
    assert not found


def _texts(call: ast.Call) -> list[str]:
    return [
        one.value
        for argument in call.args
        for one in ast.walk(argument)
        if isinstance(one, ast.Constant) and isinstance(one.value, str)
    ]
