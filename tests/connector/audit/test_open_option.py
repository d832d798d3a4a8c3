"""`--open` alone, before another option, and with the ids of sessions."""

from __future__ import annotations

from typing import Any

import pytest
import typer

from connector.faces.cli import build

ID = "-qnMGIOuNzYuJJg9PFzeiA"  # an id may begin with a hyphen


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((), []),
        (("--open",), ["all"]),
        (("--open", "--json"), ["all"]),
        (("--open", ID), [ID]),
        (("--open", "AAAAAAAAAAAAAAAAAAAAAA", "--json"), ["AAAAAAAAAAAAAAAAAAAAAA"]),
        (("--open", ID, "--open"), [ID, "all"]),
        ((f"--open={ID}", "--open", "--open", ID), [ID, "all", ID]),
    ],
)
def test_open_takes_a_session_or_stands_alone(words: tuple[str, ...], expected: Any) -> None:
    """Whatever comes next: options keep their meaning."""
    command: Any = typer.main.get_command(build())
    export = command.commands["audit"].commands["export"]
    context = export.make_context("export", ["--home", "h", "--out", "folder", *words])
    assert list(context.params["opened"] or ()) == expected
    assert str(context.params["out"]) == "folder"
    assert context.params["as_json"] == ("--json" in words)
