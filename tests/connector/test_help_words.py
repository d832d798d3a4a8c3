"""The help of every command in both languages: nothing missing, nothing too much, nothing cut off."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pytest
import typer

from connector.__main__ import build, main
from connector.faces.cli.client import language
from connector.faces.cli.help_sheet import marks
from connector.faces.cli.help_zh import does_in_chinese, of_in_chinese
from connector.faces.cli.help_zh_own import SHARED, WORDS, Said
from connector.faces.cli.prose import lines
from connector.faces.cli.tongue import spoken
from tests.test_house import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CHINESE = re.compile(r"[\u4e00-\u9fff]")
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff] ?[,;:?!]|[,;:?!] ?[\u4e00-\u9fff]")
NOISE = re.compile(r"[\s│╭╮╰╯─]+")


def walk(command: Any, context: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Every command and group, the whole too: path without `voile`, command, context."""
    yield path, command, context
    for name, inner in getattr(command, "commands", {}).items():
        below = typer.Context(inner, info_name=name, parent=context)
        yield from walk(inner, below, f"{path} {name}".strip())


def tree(name: str = "voile") -> dict[str, tuple[Any, Any]]:
    """Each command as Typer makes it, by its path; the program may be called by another name."""
    root = typer.main.get_command(build())
    found = walk(root, typer.Context(root, info_name=name))
    return {path: (command, context) for path, command, context in found}


ALL = tree()


def bare(text: str) -> str:
    """What is printed, without frames and the ends of lines."""
    return NOISE.sub("", text)


def printed(
    path: str,
    env: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *more: str,
) -> str:
    """The help of a command as the console script prints it."""
    for name in ("VOILE_LANG", "VOILE_HOME", "VOILE_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {"COLUMNS": "80", **env}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "argv", ["voile", *path.split(), *more, "--help"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    return capsys.readouterr().out


def own_of(path: str) -> set[str]:
    """The arguments and options of a command that have words of their own: no operation has them."""
    command, _ = ALL[path]
    fields = command.declared.of
    return {item.opts[0] for item in command.params if item.help and item.name not in fields}


def test_no_other_command_has_words():
    """Chinese words of a command or an option that has gone are found here."""
    assert len(ALL) > 50
    assert set(WORDS) <= set(ALL)
    assert [path for path, said in WORDS.items() if set(said.of) - own_of(path)] == []
    assert set(SHARED) <= {name for path in ALL for name in own_of(path)}


@pytest.mark.parametrize("path", ALL)
def test_a_command_has_its_words_from_one_place(path):
    """From its operation, or from itself; the same of each argument and option: all have some."""
    command, _ = ALL[path]
    said = WORDS.get(path, Said())
    assert command.help
    assert bool(said.does) is (command.declared.does is None)
    assert own_of(path) <= {*said.of, *SHARED}
    assert [item.opts for item in command.params if not item.help] == []
    texts = [does_in_chinese(command, path)]
    texts += [of_in_chinese(command, path, item) for item in command.params]
    for text in texts:
        assert CHINESE.search(text)
        assert not HALF_WIDTH.search(text)
        assert not text.endswith((".", "。")) or "\n\n" in text


def test_what_is_said_in_the_same_words_is_said_so_in_both():
    """Options of one name: the same English, the same Chinese, and the other way round."""
    to, back = defaultdict(set), defaultdict(set)
    for path, (command, _) in ALL.items():
        for item in command.params:
            if item.help:
                said = of_in_chinese(command, path, item)
                to[item.opts[0], item.help].add(said)
                back[item.opts[0], said].add(item.help)
    assert [key for key, said in to.items() if len(said) > 1] == []
    assert [key for key, said in back.items() if len(said) > 1] == []


@pytest.mark.sweep
@pytest.mark.parametrize("path", ALL)
def test_the_chinese_help_prints_all_words(path, monkeypatch, capsys):
    """Each word and each mark, in eighty columns and in fifty; nothing in English but names."""
    command, context = ALL[path]
    for columns in ("80", "50"):
        out = printed(path, {"VOILE_LANG": "zh", "COLUMNS": columns}, monkeypatch, capsys)
        said = bare(out)
        assert re.search(r"用法：(?:\S*?)voile", said)
        assert bare(does_in_chinese(command, path)) in said
        for item in command.params:
            words = of_in_chinese(command, path, item)
            assert bare(words + marks(item, context)[1]) in said
        for name, inner in getattr(command, "commands", {}).items():
            words = does_in_chinese(inner, f"{path} {name}".strip())
            assert bare(words.split("\n\n")[0]) in said
        for english in ("Usage", "Options", "Arguments", "Commands", "required", "default", "exit"):
            assert english not in said


@pytest.mark.sweep
@pytest.mark.parametrize("path", ALL)
def test_marks_are_those_of_the_english_help(path, monkeypatch, capsys):
    """What is required, what the default is, which variable of the environment is read."""
    en = bare(printed(path, {"VOILE_LANG": "en", "COLUMNS": "200"}, monkeypatch, capsys))
    zh = bare(printed(path, {"VOILE_LANG": "zh", "COLUMNS": "200"}, monkeypatch, capsys))
    for english, chinese in (
        ("[required]", "必填"),
        ("[envvar:", "环境变量："),
        ("[default:", "默认："),
    ):
        assert zh.count(chinese) == en.count(english)


@pytest.mark.sweep
@pytest.mark.parametrize("path", ALL)
def test_in_english_typer_prints_what_stands_in_the_code(path, monkeypatch, capsys):
    """As if there were no Chinese."""
    out = printed(path, {"VOILE_LANG": "en", "LANG": "zh_CN.UTF-8"}, monkeypatch, capsys)
    called = re.search(r"Usage: (.*?voile)", out)  # as the tests were started
    assert called
    command, context = tree(called[1])[path]
    kind = typer.core.TyperGroup if hasattr(command, "commands") else typer.core.TyperCommand
    kind.format_help(command, context, context.make_formatter())
    assert out.rstrip() == capsys.readouterr().out.rstrip()
    assert not CHINESE.search(out.replace("可用不可见", ""))


def test_commands_that_list_others_print_them_in_chinese_without_being_asked(monkeypatch, capsys):
    """`voile audit` alone prints its help."""
    monkeypatch.setenv("VOILE_LANG", "zh")
    monkeypatch.setattr(sys, "argv", ["voile", "audit"])
    with pytest.raises(SystemExit):
        main()
    said = capsys.readouterr()
    assert "存证" in said.out + said.err


def home(folder: Path, text: str) -> str:
    """A home with this in its settings."""
    folder.mkdir()
    (folder / "voile.toml").write_text(text, encoding="utf-8")
    return str(folder)


def test_the_order_in_which_the_language_is_chosen(tmp_path):
    """The option, the variable, the home, a Chinese locale, and else English."""
    zh, en = home(tmp_path / "zh", 'language = "zh"\n'), home(tmp_path / "en", 'language = "en"\n')
    assert spoken([], {}) == "en"
    assert spoken(["ask", "--home", zh], {}) == "zh"
    assert spoken(["ask", f"--home={zh}/voile.toml"], {}) == "zh"
    assert spoken(["ask", "--", "--home", zh], {}) == "en"
    assert spoken(["ask", "--home"], {"VOILE_HOME": zh}) == "zh"
    assert spoken(["ask", "--home", en], {"VOILE_HOME": zh}) == "en"
    assert spoken([], {"VOILE_HOME": en, "VOILE_LANGUAGE": "zh"}) == "zh"
    assert spoken([], {"VOILE_HOME": en, "LANG": "zh_CN.UTF-8"}) == "en"
    assert spoken([], {"VOILE_HOME": str(tmp_path / "none"), "LANG": "zh_CN.UTF-8"}) == "zh"
    assert spoken([], {"VOILE_HOME": zh, "LANG": "en_US.UTF-8"}) == "zh"
    assert spoken([], {"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}) == "en"
    assert spoken([], {"LC_ALL": "", "LC_MESSAGES": "zh_TW", "LANG": "en_US"}) == "zh"
    assert spoken([], {"VOILE_LANG": "en", "LANG": "zh_CN.UTF-8", "VOILE_HOME": zh}) == "en"
    assert spoken([], {"VOILE_LANG": "zh", "LANG": "en_US.UTF-8"}) == "zh"
    assert spoken([], {"VOILE_LANG": "klingon", "LANG": "zh_CN"}) == "zh"
    assert spoken(["ask", "--lang", "zh"], {"VOILE_LANG": "en"}) == "zh"
    assert spoken(["ask", "--lang=en"], {"LANG": "zh_CN.UTF-8"}) == "en"
    assert spoken(["init", "x", "--language", "zh"], {"VOILE_LANG": "en"}) == "zh"


@pytest.mark.parametrize("text", ["language = ", 'language = "fr"', "language = 7", "\0"])
def test_a_home_that_cannot_be_read_is_no_error_of_the_help(text, tmp_path, monkeypatch, capsys):
    """Its own commands say what is wrong with it."""
    broken = home(tmp_path / "home", text)
    assert spoken(["--home", broken], {}) == "en"
    assert spoken(["--home", str(tmp_path / "none")], {}) == "en"
    assert "Usage" in printed("doctor", {"VOILE_HOME": broken}, monkeypatch, capsys)


def test_a_home_that_says_nothing_speaks_as_its_commands_do(tmp_path):
    """The default of the settings, then."""
    assert spoken(["--home", home(tmp_path / "home", "")], {}) == "zh"


def test_the_demonstration_takes_the_language_of_the_locale(monkeypatch):
    """It has no home; what is asked for wins."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    assert language("") == "en"
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert language("") == "zh"
    assert language("en") == "en"


TEXTS = sorted(
    {does_in_chinese(command, path) for path, (command, _) in ALL.items()}
    | {
        of_in_chinese(command, path, item)
        for path, (command, _) in ALL.items()
        for item in command.params
    }
)


@pytest.mark.parametrize("width", [4, 9, 16, 23, 40, 79])
def test_lines_are_broken_as_chinese_is(width):
    """Nothing is lost, nothing is too wide, no comma begins a line and no bracket ends one."""
    from rich.cells import cell_len

    for text in (text.replace("\n\n", "") for text in TEXTS):
        broken = lines(text, width)
        assert bare("".join(broken)) == bare(text)
        assert max(map(cell_len, broken)) <= width
        if width >= 9:
            assert not [line for line in broken if line[0] in "，。；：、）" or line[-1] == "（"]
    assert lines("以 FINALIZED 结束", 15) == ["以 FINALIZED", "结束"]
    assert lines("一二三四五六七", 12) == ["一二三四五", "六七"]
    assert lines("", 12) == []


def test_chinese_help_imports_nothing_that_works():
    """Tables of words, and what lays them out."""
    program = (
        "import sys\nfrom connector.__main__ import main\nsys.argv = ['voile', 'ask', '--help']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print(*sorted({m.split('.')[0] for m in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "VOILE_LANG": "zh", "PYTHONUTF8": "1"},
    )
    assert "用法" in done.stdout
    heavy = {"duckdb", "sqlglot", "sqlalchemy", "sqlmodel", "flask", "waitress", "cryptography"}
    assert not heavy & set(done.stdout.splitlines()[-1].split())
