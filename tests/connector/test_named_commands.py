"""What our sentences tell a person to type exists."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer

from connector.__main__ import build
from tests.sources import kinds_of

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "README.zh-CN.md", *sorted((ROOT / "docs").glob("*.md"))]
_SAID = re.compile(r"(?:`|: |^)voile ((?:[a-z]+(?: |(?=[^a-z]|$)))+)")


def spoken(path: Path) -> list[str]:
    """The texts of a file that a person reads: all of a page, the strings of a program."""
    if path.suffix == ".md":
        return [path.read_text(encoding="utf-8")]
    kinds = kinds_of(path)
    # a docstring is for those who read the source
    documents = {id(node.value) for node in kinds.get(ast.Expr, ())}
    found = [
        # what is filled in is no word of a command
        "".join(str(v.value) if isinstance(v, ast.Constant) else "{}" for v in node.values)
        for node in kinds.get(ast.JoinedStr, ())
        if id(node) not in documents
    ]
    found += [
        node.value
        for node in kinds.get(ast.Constant, ())
        if id(node) not in documents and isinstance(node.value, str)
    ]
    return found


def named(path: Path) -> set[str]:
    """The commands that a file names."""
    return {said.strip() for text in spoken(path) for said in _SAID.findall(text)}


@cache
def tree() -> Any:
    """All commands, laid out once."""
    return typer.main.get_command(build())


def exists(words: list[str]) -> bool:
    """Whether there is a command of these words; what follows a command are its arguments."""
    command = tree()
    for word in words:
        inner = getattr(command, "commands", None)
        if inner is None:
            return True
        if word not in inner:
            return False
        command = inner[word]
    return True


def test_the_search_sees_commands_that_there_are_none_of():
    """The control: a plural that is no command, and a group without its command, are seen."""
    assert _SAID.findall("see `voile transfers`") == ["transfers"]
    assert not exists(["transfers"])
    assert not exists(["audit", "look"])
    assert exists(["transfer", "list"])
    assert exists(["publish", "product"])


def test_every_command_that_a_sentence_names_exists():
    """In each string of the connector, the policies and the contracts."""
    files = [path for room in ("connector", "policies", "contracts", "catalog")
             for path in sorted((ROOT / room).rglob("*.py"))]  # fmt: skip
    found = {said: path for path in files for said in named(path)}
    assert len(found) > 20
    del found["reads"]  # the name of our readers at a PostgreSQL server
    wrong = {said: str(at) for said, at in found.items() if not exists(said.split())}
    assert wrong == {}


@pytest.mark.sweep
@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_every_command_that_a_page_names_exists(page: Path):
    """In the documentation, too."""
    assert [said for said in named(page) if not exists(said.split())] == []
