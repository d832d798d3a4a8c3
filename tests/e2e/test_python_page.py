"""docs/python.md works: its Python, run in its order with real processes, prints what it shows."""

from __future__ import annotations

import io
import re
import tokenize
from contextlib import redirect_stdout
from typing import TYPE_CHECKING, Any

import pytest

from tests.conftest import ROOT
from tests.e2e.readme_market import open_market

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.processes import Space

PAGES = ("docs/python.md", "docs/python.zh-CN.md")
HERE = re.compile(r"python3 - <<'EOF'\n(.*?)^EOF$", re.MULTILINE | re.DOTALL)
_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page: str) -> list[tuple[str, str]]:
    """The fenced blocks of a page: language and text."""
    return _FENCE.findall((ROOT / page).read_text(encoding="utf-8"))


def bare(code: str) -> list[str]:
    """The tokens of a piece of code without its comments."""
    read = tokenize.generate_tokens(io.StringIO(code).readline)
    return [one.string for one in read if one.type not in {tokenize.COMMENT, tokenize.NL}]


def squeezed(text: str) -> list[str]:
    """Lines without blanks at their ends."""
    return [line.rstrip() for line in text.strip().splitlines()]


@pytest.mark.long
def test_what_the_page_shows_is_what_comes(
    space: Space, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every piece of code, in its order; where output is shown beneath, to the letter."""
    open_market(space)
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    found = blocks(PAGES[0])
    shown = 0
    for (language, code), (next_language, expected) in zip(
        found, [*found[1:], ("", "")], strict=True
    ):
        if language != "python":
            continue
        out = io.StringIO()
        with redirect_stdout(out):
            exec(compile(code, PAGES[0], "exec"), names)
        if next_language == "text":
            shown += 1
            assert squeezed(out.getvalue()) == squeezed(expected), code
        else:
            assert not out.getvalue(), code
    assert shown >= 10


def test_both_pages_show_the_same_code() -> None:
    """In Chinese with other comments; what it prints is the same."""
    english, chinese = (blocks(page) for page in PAGES)
    assert len(english) == len(chinese)
    for (language, one), (other_language, other) in zip(english, chinese, strict=True):
        assert language == other_language
        if language == "python":
            assert bare(one) == bare(other)
        elif language == "text":
            assert one == other


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_the_readme_example_compiles_and_names_the_page(page: str) -> None:
    """It is among what test_readme.py runs; it has the names that the page explains."""
    texts = [text for language, text in blocks(page) if language == "sh"]
    (code,) = [code for text in texts for code in HERE.findall(text)]
    compile(code, page, "exec")
    assert "Connector(" in code
    assert ".ask(" in code
    assert PAGES[page == "README.zh-CN.md"] in (ROOT / page).read_text(encoding="utf-8")
