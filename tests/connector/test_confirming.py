"""A yes at the terminal: asked again after a wrong answer, in the language of the command."""

from __future__ import annotations

import io
import re

import pytest
import typer

from connector.faces.cli.confirming import confirmed
from connector.faces.cli.tongue import speaking
from crypto.words import LANGUAGES, Language, Words

WHAT = Words("继续？", "go on?")
HAN = re.compile(r"[\u4e00-\u9fff]")


def ask(typed: str, language: Language, patch: pytest.MonkeyPatch) -> bool:
    """Answer with these lines."""
    patch.setattr("sys.stdin", io.StringIO(typed))
    with speaking(language):
        return confirmed(WHAT)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("y\n", True),
        ("YES \n", True),
        ("是\n", True),
        ("n\n", False),
        ("否\n", False),
        ("\n", False),
    ],
)
def test_a_yes_is_a_yes_and_enter_is_none(
    language: Language,
    typed: str,
    meant: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    """In either language; nothing goes to standard output."""
    assert ask(typed, language, monkeypatch) is meant
    assert capsys.readouterr() == (
        "",
        f"{WHAT.said(language)} [y/N]" + ("：" if language == "zh" else ": "),
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_another_answer_is_asked_again(
    language: Language, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """As often as it comes, and what it says is in one language."""
    assert ask("vielleicht\n?\ny\n", language, monkeypatch) is True
    said = capsys.readouterr().err
    assert said.count(WHAT.said(language)) == 3
    lines = said.splitlines()[:-1]
    assert len(lines) == 2
    assert all(bool(HAN.search(line)) is (language == "zh") for line in lines)
    assert "Error" not in said


def test_an_input_that_ends_decides_nothing(monkeypatch: pytest.MonkeyPatch):
    """Neither yes nor no: the command is given up."""
    with pytest.raises(typer.Abort):
        ask("hm\n", "zh", monkeypatch)
