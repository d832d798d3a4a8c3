"""No test depends on how quick the machine is: loops look at least once, and no time is a bound."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

TESTS = Path(__file__).parents[1]
CLOCKS = ("monotonic", "perf_counter")
SHORT = 20  # seconds; what a busy machine may take for anything


def _asks_the_clock(node: ast.AST) -> bool:
    return any(isinstance(one, ast.Attribute) and one.attr in CLOCKS for one in ast.walk(node))


def _hasty(tree: ast.AST) -> Iterator[str]:
    """Find loops that may run zero times, and assertions that something took less than so long."""
    for parent in ast.walk(tree):
        for body in (getattr(parent, name, None) for name in ("body", "orelse", "finalbody")):
            if not isinstance(body, list):
                continue
            for node, following in zip(body, (*body[1:], None), strict=False):
                if isinstance(node, ast.While) and _asks_the_clock(node.test):
                    fails = node.orelse or isinstance(following, ast.Raise)
                    if not fails or isinstance(node.test, ast.BoolOp):
                        yield f"line {node.lineno}: a loop by a deadline that may run zero times"
                if isinstance(node, ast.Assert) and _asks_the_clock(node.test):
                    yield from _short(node)


def _short(node: ast.Assert) -> Iterator[str]:
    took = any(isinstance(one, ast.BinOp) and isinstance(one.op, ast.Sub) for one in ast.walk(node))
    numbers = [one.value for one in ast.walk(node.test) if isinstance(one, ast.Constant)]
    if took and any(isinstance(number, int | float) and number < SHORT for number in numbers):
        yield f"line {node.lineno}: asserts that something took less than so many seconds"


def test_nothing_waits_less_than_a_busy_machine_needs():
    """Every loop by a deadline looks once, or fails; no assertion takes a short time for granted."""
    texts = {path: path.read_text(encoding="utf-8") for path in sorted(TESTS.rglob("*.py"))}
    found = [
        f"{path.relative_to(TESTS)}: {what}"
        for path, text in texts.items()
        if any(clock in text for clock in CLOCKS)
        for what in _hasty(ast.parse(text))
    ]
    assert found == [], "use `tests.waiting`"


def test_the_finder_finds_what_it_is_for():
    """The loop that once left its variable unset, and a time that an idle machine needs."""
    loop = "while len(seen) < 2 and time.monotonic() < deadline:\n    why = look()\nassert why"
    assert len(list(_hasty(ast.parse(loop)))) == 1
    assert len(list(_hasty(ast.parse("assert time.monotonic() - began < 1.0")))) == 1
    fails = "while time.monotonic() < deadline:\n    look()\nraise AssertionError"
    assert list(_hasty(ast.parse(fails))) == []
