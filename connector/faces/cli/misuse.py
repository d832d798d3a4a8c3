"""Errors of use – no such option, a value that is none – said in the language of the command.

Typer says them in English only. What it found is in its exceptions, and those of pydantic behind
them; a sentence of theirs that is not known here is passed on as it is.
"""

import re
from typing import Any, Final

import typer

from connector.faces.cli import problems
from connector.process.errors import SettingsError, VoileError
from crypto.words import verbatim

# click's base of all errors of use, whichever click Typer brings: BadParameter, UsageError, this
MISUSE: Final[type[Exception]] = typer.BadParameter.__mro__[2]

_SENTENCES: Final = (
    (re.compile(r"No such command '(.*?)'\."), "没有命令 `{}`"),
    (
        re.compile(r"No such command '(.*?)'\. Did you mean (.*)\?"),
        "没有命令 `{}`；可能是 {}",
    ),
    (re.compile(r"Missing command\."), "缺少子命令"),
    (re.compile(r"Got unexpected extra argument\(s\) \((.*)\)"), "多余的参数：{}"),
    (re.compile(r"Option '(.*)' requires an argument\."), "选项 {} 后须给出值"),
    (re.compile(r"Option '(.*)' requires (\d+) arguments\."), "选项 {} 后须给出 {} 个值"),
    (re.compile(r"Option '(.*)' does not take a value\."), "选项 {} 不带值"),
    (re.compile(r"(.*) is not one of (.*?)\.?"), "{} 不在可选值之中：{}"),
    (re.compile(r"Value (.*) is not a valid (.*)\."), "{} 不是有效的 {}"),
)
# kinds of pydantic's errors: places are filled from what it says of each
_VALUES: Final = {
    "int_parsing": "应为整数",
    "int_type": "应为整数",
    "int_from_float": "应为整数",
    "float_parsing": "应为数字",
    "float_type": "应为数字",
    "bool_parsing": "应为是或否",
    "greater_than_equal": "应不小于 {ge}",
    "greater_than": "应大于 {gt}",
    "less_than_equal": "应不大于 {le}",
    "less_than": "应小于 {lt}",
    "finite_number": "应为有限的数",
    "enum": "应为其中之一：{expected}",
    "literal_error": "应为其中之一：{expected}",
}


def misused(error: Exception) -> VoileError:
    """Make the error for words that are no command, or not as it wants them."""
    said = str(getattr(error, "format_message", lambda: error)())
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "voile"
    words = verbatim(_in_chinese(error), said[:1].lower() + said[1:])
    return SettingsError(problems.MISUSED, said=words, command=path)


def usage(error: Exception) -> str:
    """Give the line of usage in Chinese, of the command that was misused."""
    from connector.faces.cli.help_sheet import usage as line

    context = getattr(error, "ctx", None)
    return line(context.command, context) if context is not None else ""


def _in_chinese(error: Exception) -> str:
    kind, message = type(error).__name__, str(getattr(error, "message", error))
    if kind == "NoSuchOption":
        likely = "、".join(getattr(error, "possibilities", None) or ())
        likely = f"；可能是 {likely}" if likely else ""
        return f"没有选项 `{getattr(error, 'option_name', '')}`{likely}"
    parameter = getattr(error, "param", None)
    if kind == "MissingParameter":
        choices = getattr(getattr(parameter, "type_descriptor", None), "choices", None) or ()
        among = f"；应为其中之一：{'、'.join(map(str, choices))}" if choices else ""
        sort = "选项" if getattr(parameter, "param_type_name", "") == "option" else "参数"
        return f"缺少{sort} {_name(parameter)}{among}"
    if parameter is not None:
        return f"{_name(parameter)} 的值无效：{_value(error, message)}"
    return _sentence(message)


def _name(parameter: Any) -> str:
    hint = str(parameter.get_error_hint()).partition(" (")[0] if parameter is not None else ""
    return hint.replace("'", "")


def _value(error: Exception, message: str) -> str:
    """Say what is wrong with a value: as pydantic found it, where that is behind the error."""
    behind = getattr(error.__cause__, "errors", None)
    found: dict[str, Any] = behind()[0] if behind is not None else {}
    if words := _VALUES.get(str(found.get("type", ""))):
        return f"`{found.get('input')}` {words.format_map(found.get('ctx') or {})}"
    return _sentence(message.removeprefix("Value error, "))


def _sentence(message: str) -> str:
    for known, words in _SENTENCES:
        if found := known.fullmatch(message):
            return words.format(*found.groups())
    return message
