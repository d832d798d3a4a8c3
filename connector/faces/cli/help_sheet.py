"""The help of a command in Chinese: as Typer lays out the English one, in our words."""

import copy
from typing import Any, Final

import typer.core
from rich.console import Console
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from connector.faces.cli.headings import heading_of
from connector.faces.cli.help_zh import does_in_chinese, of_in_chinese
from connector.faces.cli.prose import Prose

_HELP: Final = "显示此帮助后退出"
# what Typer says in the line of usage, and after the words of a parameter
_PIECES: Final = {"[OPTIONS]": "[选项]", "COMMAND [ARGS]...": "子命令 [参数]…"}
_MARKS: Final = {"env var: ": "环境变量：", "default: ": "默认：", "required": "必填"}


def print_help(command: Any, context: Any) -> None:
    """Print the help of a command.

    Words that are missing stay English: help is never an error.

    Args:
        command: a command of Typer.
        context: of this command, as Typer makes it.
    """
    console = Console(highlight=False)
    console.print()
    console.print(Padding(Prose(usage(command, context), "bold"), (0, 1)))
    console.print()
    path = path_of(context)
    does = does_in_chinese(command, path)
    for number, paragraph in enumerate(filter(None, does.split("\n\n"))):
        console.print(Padding(Prose(paragraph, "dim" if number else ""), (0, 1, 1, 1)))
    shown = [item for item in command.get_params(context) if not getattr(item, "hidden", False)]
    arguments = [item for item in shown if isinstance(item, typer.core.TyperArgument)]
    options = [item for item in shown if item not in arguments]
    for title, parameters in (("参数", arguments), ("选项", options)):
        _print_panel(console, title, [_row(item, command, context) for item in parameters])
    panels: dict[str, list[tuple[Text, Prose]]] = {}
    names = command.list_commands(context) if hasattr(command, "commands") else ()
    for name in names:
        it = command.commands[name]
        if not it.hidden:
            title = "命令" if path else heading_of(name).zh
            panels.setdefault(title, []).append(_listed(f"{path} {name}".strip(), name, it))
    for title, rows in panels.items():
        _print_panel(console, title, rows)


def path_of(context: Any) -> str:
    """Give the path of the command of a context, without `voile`."""
    names: list[str] = []
    while context.parent is not None:
        names.insert(0, context.command.name)
        context = context.parent
    return " ".join(names)


def usage(command: Any, context: Any) -> str:
    """Give the line of usage."""
    pieces = [_PIECES.get(piece, piece) for piece in command.collect_usage_pieces(context)]
    return f"用法：{context.command_path} {' '.join(pieces)}"


def marks(parameter: Any, context: Any) -> tuple[str, str]:
    """Give how a parameter is written, and what Typer says after its words, as its default.

    Typer gives the latter behind the words of the parameter, so it is asked without any.
    """
    bare = copy.copy(parameter)
    bare.help = ""
    name, said = bare.get_help_record(context)
    found = []
    for mark in filter(None, said.removeprefix("[").removesuffix("]").split("; ")):
        begins = next((known for known in _MARKS if mark.startswith(known)), "")
        found.append(_MARKS.get(begins, "") + mark.removeprefix(begins))
    return name, f"[{'；'.join(found)}]" if found else ""


def _row(parameter: Any, command: Any, context: Any) -> tuple[Text, Prose]:
    name, said = marks(parameter, context)
    helps = parameter.opts == ["--help"]
    words = _HELP if helps else of_in_chinese(command, path_of(context), parameter)
    spelled, _, kind = name.partition(" <")
    kind = f" <{kind}" if kind else ""
    return Text.assemble((spelled, "bold cyan"), (kind, "yellow")), Prose(words, remark=said)


def _listed(path: str, name: str, command: Any) -> tuple[Text, Prose]:
    does = does_in_chinese(command, path)
    return Text(name, style="bold cyan"), Prose(does.split("\n\n")[0])


def _print_panel(console: Console, title: str, rows: list[tuple[Text, Prose]]) -> None:
    if not rows:
        return
    table = Table.grid(padding=(0, 2), expand=True)
    table.add_column(no_wrap=True)
    table.add_column(ratio=1)
    for row in rows:
        table.add_row(*row)
    console.print(Panel(table, title=title, title_align="left", border_style="dim"))
