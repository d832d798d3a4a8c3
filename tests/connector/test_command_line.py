"""Every command of ``voile``: with --json it prints JSON whatever goes wrong, and what helps."""

from __future__ import annotations

import json
import sys
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import pytest
import typer

from connector.__main__ import build, main
from connector.faces.cli import fronted
from connector.party.home import Plan, make_home
from tests.e2e.processes import free_ports

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NO_JSON = {("demo",), ("hub",)}  # they run processes and talk to whoever watches


def commands(
    command: Any = None, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command and its path."""
    command = command or typer.main.get_command(build())
    for name, inner in getattr(command, "commands", {}).items():
        yield from commands(inner, (*path, name))
    if not hasattr(command, "commands"):
        yield path, command


ALL = dict(commands())
WITH_JSON = [path for path in ALL if path not in NO_JSON]


def words(path: tuple[str, ...], home: Path) -> list[str]:
    """A command with something for each argument and option that it needs."""
    found = list(path)
    for parameter in ALL[path].params:
        name = parameter.opts[0]
        if name == "--home":
            found += ["--home", str(home)]
        elif parameter.required and name.startswith("--"):
            found += [name, str(home / "out") if name == "--out" else "x"]
        elif parameter.required:
            found.append("7" if path == ("outbox", "retry") else str(home / "thing"))
    return [*found, "--json"]


def run(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> tuple[int, str]:
    """Run the command line as the console script does; give exit code and standard output."""
    monkeypatch.setattr(sys, "argv", ["voile", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    code = ended.value.code
    assert isinstance(code, int)
    return code, capsys.readouterr().out


def check(code: int, said: str) -> dict[str, Any]:
    """One JSON value that names a code, says what is wrong, and what to do."""
    assert code != 0
    value = json.loads(said)
    error: dict[str, Any] = value["error"]
    assert error["code"]
    assert error["message"]
    assert error["next"]
    return error


def test_the_list_of_commands_is_not_empty():
    """The walk over the commands finds them, and each takes --json."""
    assert len(ALL) > 40
    assert not [path for path in ALL if not any("--json" in p.opts for p in ALL[path].params)]


@pytest.mark.sweep
@pytest.mark.parametrize("path", WITH_JSON, ids=" ".join)
def test_without_a_home_each_command_answers_in_json(path, tmp_path, monkeypatch, capsys):
    """A home, a bundle, a DID that is none: valid JSON with code, message and next step."""
    check(*run(words(path, tmp_path / "none"), monkeypatch, capsys))


@pytest.mark.parametrize("path", WITH_JSON, ids=" ".join)
def test_misuse_is_json_too(path, tmp_path, monkeypatch, capsys):
    """An option that there is none of: not a box for people, but JSON, and exit code 2."""
    arguments = [*words(path, tmp_path / "none"), "--nonsense"]
    code, said = run(arguments, monkeypatch, capsys)
    error = check(code, said)
    assert code == 2
    assert error["code"] == "usage"
    assert "--nonsense" in error["message"]
    assert " ".join(path) in error["next"]


@pytest.mark.sweep
@pytest.mark.enable_socket  # to a port of this machine that nobody listens on
@pytest.mark.parametrize("path", WITH_JSON, ids=" ".join)
def test_with_a_connector_that_does_not_run(path, tmp_path, monkeypatch, capsys):
    """Commands that need a running one say so; the others do their work, or say what is wrong."""
    if path[-1] in {"serve", "doctor", "export", "trust", "renew", "init"} or path in {
        ("status",),
        ("down",),
    }:
        pytest.skip("works, or runs, without one")
    home = tmp_path / "acme"
    port = free_ports(4)
    make_home(
        home, Plan(did="did:web:acme.example", public_url="https://acme.example", port=port), {}
    )
    check(*run(words(path, home), monkeypatch, capsys))


def test_the_version_names_what_decides_how_data_are_kept(monkeypatch, capsys):
    """Voile, Python, the SQLite that is linked, DuckDB."""
    code, said = run(["--version"], monkeypatch, capsys)
    assert code == 0
    found = dict(line.split(maxsplit=1) for line in said.splitlines())
    assert list(found) == ["voile", "Python", "SQLite", "DuckDB"]
    assert found["voile"] == version("voile")
    assert found["Python"] == ".".join(map(str, sys.version_info[:3]))
    assert found["DuckDB"] == version("duckdb")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_file_that_is_not_there_is_said_to_be_missing(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    language: str,
):
    """Of a product file and of a data file; one that is there and is no text is something else."""
    home = tmp_path / "home"
    make_home(home, Plan(did="did:web:acme.example", public_url="https://acme.example"), {})
    there, gone, odd = tmp_path / "p.toml", tmp_path / "gone.toml", tmp_path / "odd.toml"
    there.write_text("")
    odd.write_bytes(b"\xff")
    said = {}
    for name, files in {"product": [gone], "data": [there, gone], "odd": [odd]}.items():
        given = ["publish", *map(str, files), "--home", str(home), "--lang", language, "--json"]
        error = check(*run(given, monkeypatch, capsys))
        said[name] = (error["code"], error["message"])
    missing = "there is no {} file `{}`" if language == "en" else "没有{}文件 `{}`"
    product, data = ("product", "data") if language == "en" else ("产品", "数据")
    assert said["product"] == ("product-file", missing.format(product, gone))
    assert said["data"] == ("data-file", missing.format(data, gone))
    assert said["odd"][0] == "product-file"
    assert "UTF-8" in said["odd"][1]


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_every_command_takes_a_language(path: tuple[str, ...]) -> None:
    assert any("--lang" in each.opts for each in ALL[path].params)


def test_a_language_before_the_command_is_that_of_the_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for given in (["--lang", "zh", "serve"], ["--lang=zh", "serve"], ["serve", "--lang", "zh"]):
        _, said = run([*given, "--home", str(tmp_path / "none"), "--json"], monkeypatch, capsys)
        assert "没有设置" in json.loads(said)["error"]["message"], said


@pytest.mark.parametrize(
    "given",
    [
        *(["--lang", "zh"], ["--lang", "zh", "person"], ["person", "--lang", "zh"]),
        *(["person", "--lang=zh"], ["person", "--help", "--lang", "zh"]),
        ["person", "list", "--help", "--lang", "zh"],
    ],
    ids=" ".join,
)
def test_help_is_in_the_language_asked_for_wherever_it_stands(
    given: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And it is no error to ask for it: nothing more is said."""
    monkeypatch.setattr(sys, "argv", ["voile", *given])
    with pytest.raises(SystemExit):
        main()
    said = capsys.readouterr()
    assert "用法：voile" in said.out
    assert "选项" in said.out
    assert said.err == ""


def test_a_language_is_moved_from_nowhere_else() -> None:
    """What stands behind another option may be its value; one without a value says so."""
    assert fronted(["ask", "--sql", "--lang", "zh"]) == ["ask", "--sql", "--lang", "zh"]
    assert fronted(["person", "invite", "--lang", "zh", "X"]) == [
        *("--lang", "zh"),
        *("person", "invite", "X"),
    ]
    assert fronted(["person", "--lang"]) == ["--lang"]
    assert fronted([]) == []
