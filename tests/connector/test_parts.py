"""The parts of the command line: a process imports the one whose command it runs."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
import typer

from connector.__main__ import DEMO, build
from connector.faces import cli
from connector.faces.cli.parts import PARTS, Part

EVERY = (*PARTS, DEMO)
IMPORTED = """
import sys
from connector.__main__ import main
sys.argv = ["voile", *sys.argv[1:]]
try:
    main()
finally:
    print(*(name for name in sys.modules if name.startswith("connector.")))
"""


def tree(command: Any) -> Any:
    """What can be typed: names, and for each its parameters as they are written."""
    if hasattr(command, "commands"):
        return {name: tree(inner) for name, inner in command.commands.items()}
    return [(one.name, one.opts, one.required) for one in command.params]


def made(only: str = "") -> dict[str, Any]:
    """The commands of an application."""
    found = tree(typer.main.get_command(cli.build(DEMO, only=only)))
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("part", EVERY, ids=lambda part: part.module.rpartition(".")[2])
def test_a_part_has_the_commands_that_it_names(part: Part) -> None:
    app = typer.Typer()
    app.callback()(lambda: None)
    part.register(app)
    found = typer.main.get_command(app)
    assert tuple(vars(found)["commands"]) == part.names


def test_no_two_parts_name_one_command() -> None:
    names = [name for part in EVERY for name in part.names]
    assert len(set(names)) == len(names)
    assert sorted(tree(typer.main.get_command(build()))) == sorted(names)


@pytest.mark.parametrize("name", [name for part in EVERY for name in part.names])
def test_what_is_made_for_one_command_has_it_whole(name: str) -> None:
    assert made(name)[name] == made()[name]


@pytest.mark.parametrize("first", ["", "--version", "no-such-command", "-h", "serv"])
def test_whatever_is_no_command_gets_all_of_them(first: str) -> None:
    assert made(first) == made()


def test_a_process_imports_no_other_part() -> None:
    """What serves for months has only its own in memory."""
    ended = subprocess.run(
        [sys.executable, "-c", IMPORTED, "serve", "--help"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    loaded = set(ended.stdout.splitlines()[-1].split())
    assert "connector.faces.cli.process" in loaded, ended.stderr
    others = {part.module for part in EVERY} - {"connector.faces.cli.process"}
    assert not loaded & others
