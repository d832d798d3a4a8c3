"""Help in Chinese: of operations and their fields as declared, of all else as the tables say.

English of the latter stands beside the options and in the docstrings.
"""

from typing import Any

from connector.faces.cli.help_zh_own import SHARED, WORDS


def does_in_chinese(command: Any, path: str) -> str:
    """Say what a command of Typer does; without words its English ones: help is never an error."""
    declared = getattr(command, "declared", None)
    if declared is not None and declared.does is not None:
        return str(declared.does.said("zh"))
    own = WORDS[path].does if path in WORDS else ""
    return own or command.help or ""


def of_in_chinese(command: Any, path: str, parameter: Any) -> str:
    """Say what an argument or an option of a command is; without words its English ones."""
    declared = getattr(command, "declared", None)
    if declared is not None and parameter.name in declared.of:
        return str(declared.of[parameter.name].said("zh"))
    spelled = parameter.opts[0]
    own = WORDS[path].of.get(spelled, "") if path in WORDS else ""
    return own or SHARED.get(spelled, "") or parameter.help or ""
