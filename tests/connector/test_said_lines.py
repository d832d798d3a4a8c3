"""Every line that a command prints is words in both languages, or is in no language at all."""

from __future__ import annotations

import ast
import json
import re
from typing import TYPE_CHECKING

import pytest

from connector.faces.cli import report
from connector.faces.cli.client import Failed
from crypto.words import LANGUAGES, Words
from tests.sources import nodes
from tests.test_house import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HAN = re.compile(r"[\u4e00-\u9fff]")
WORD = re.compile(r"[A-Za-z]{2,}")
FACES = sorted((ROOT / "connector" / "faces" / "cli").glob("*.py"))
PRINTING = [*FACES, ROOT / "connector" / "demo" / "command.py"]
SPEAKING = sorted({*PRINTING, *(ROOT / "connector").rglob("*.py")})
# what prints: `say` takes words, the others what was said already or is in no language
WORDED = {"say", "said"}
BARE = {"put", "print", "write", "confirm", "_indented"}
# printed as they are: the name of the program, a command of the shell, the name of a file
BY_NAME = {"voile: ", "  kill ", "report.html"}

NAMES = (["postgresql"],)  # spelled as their owners do, and in English as a command takes them
OTHER_LANGUAGE = Words("English", "中文")  # the link to it names each language in its own


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    """The calls of a module, by the name of what is called."""
    for node in nodes(path, ast.Call):
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        yield name, node


def texts(node: ast.AST) -> Iterator[str]:
    """The literal texts that come out of an expression: no keys, formats, words of both kinds."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        for part in node.values:
            yield from texts(part)
    elif isinstance(node, ast.FormattedValue | ast.Starred):
        yield from texts(node.value)
    elif isinstance(node, ast.IfExp):
        yield from texts(node.body)
        yield from texts(node.orelse)
    elif isinstance(node, ast.BinOp | ast.BoolOp):
        for part in ast.iter_child_nodes(node):
            yield from texts(part)


@pytest.mark.parametrize("path", PRINTING, ids=lambda path: path.name)
def test_no_line_is_worded_where_it_is_printed(path: Path):
    """`say` gets words; what is printed bare holds no word of either language."""
    wrong = []
    for name, call in calls(path):
        given = [text for argument in call.args[:1] for text in texts(argument)]
        if name in WORDED:
            wrong += [f"{call.lineno}: {text!r}" for text in given if text not in LANGUAGES]
        elif name in BARE:
            worded = [text for text in given if WORD.search(text) or HAN.search(text)]
            wrong += [f"{call.lineno}: {text!r}" for text in worded if text not in BY_NAME]
    assert wrong == []


def written(path: Path) -> Iterator[tuple[int, Words]]:
    """The words that a module writes out."""
    for name, call in calls(path):
        if name == "Words" and len(call.args) == 2:
            try:
                zh, en = (ast.literal_eval(argument) for argument in call.args)
            except ValueError:
                continue
            yield call.lineno, Words(zh, en)


def test_words_stand_in_both_languages():
    """Chinese in the first, none in the second, and the same places in both."""
    wrong, count = [], 0
    for path in SPEAKING:
        for line, words in written(path):
            count += 1
            if words == OTHER_LANGUAGE:
                continue
            zh, en = (
                WORD.findall(re.sub(r"\{\w+\}", "", text).casefold())
                for text in (words.zh, words.en)
            )
            silent = zh not in (en, *NAMES) and not HAN.search(words.zh)
            apart = Words(words.zh, words.zh).places != Words(words.en, words.en).places
            if silent or apart or HAN.search(words.en):
                wrong.append(f"{path.relative_to(ROOT)}:{line}: {words}")
    assert count > 200
    assert wrong == []


def test_the_look_finds_what_it_is_for():
    """English in a line is seen, a key of a mapping is not."""

    def given(source: str) -> list[str]:
        return list(texts(ast.parse(source, mode="eval").body))

    assert given("f'wrote {x}' if zh else 'b' + c") == ["wrote ", "b"]
    assert given("f'{row[\"state\"]:>6}  {said(W)}'") == ["  "]


def test_what_a_peer_says_steers_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """An error may quote it: neither lines nor JSON carry what a terminal would obey."""
    error = Failed(409, {"error": {"message": "a\x1b]0;x\x07\u009b1m\u202eb", "next": "c\x1bd"}})
    report(error, as_json=False)
    report(error, as_json=True)
    said = "".join(capsys.readouterr())
    assert not [c for c in said if not c.isprintable() and c != "\n"]
    assert json.loads(said.splitlines()[0])["error"]["next"] == "c\x1bd"
