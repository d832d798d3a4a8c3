"""Whatever waits in the outbox has a name on the page of messages, not only its key."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from pathlib import Path
from typing import TYPE_CHECKING

from connector.areas.dsp import outbound, page_words
from connector.compose.pages.messages import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[3]
OF_PROCESSES = ast.unparse(ast.parse("type(message).__name__"))


def kinds() -> Iterator[tuple[str, str]]:
    """Give what each module of the connector puts into the outbox: module and expression."""
    for path in sorted((ROOT / "connector").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if "Outgoing(" not in text:
            continue
        for call in ast.walk(ast.parse(text)):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "Outgoing":
                (kind,) = [given.value for given in call.keywords if given.arg == "kind"]
                yield ".".join(path.relative_to(ROOT).with_suffix("").parts), ast.unparse(kind)


def test_every_kind_of_message_has_words():
    found = list(kinds())
    assert len(found) > 6
    named = {
        eval(said, vars(importlib.import_module(module)))
        for module, said in found
        if said != OF_PROCESSES
    }
    assert all(isinstance(kind, str) for kind in named)
    of_processes = set(re.findall(r"m\.(\w+Message)\(", inspect.getsource(outbound)))
    assert len(of_processes) > 8
    assert named | of_processes <= KINDS.keys() | page_words.MESSAGES.keys()
