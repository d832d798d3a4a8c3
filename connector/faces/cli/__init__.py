"""The command line ``voile``: each area registers its commands; these import what they need.

CLI modules do not use ``from __future__ import annotations``: Typer reads the annotations.
"""

import json
import os
import sys
from typing import Annotated, Final, Protocol

import typer

from connector.faces.cli import (
    agreements,
    ask,
    audit,
    contracts,
    hub,
    keys,
    management_keys,
    membership,
    outbox,
    process,
    products,
    token,
)
from connector.faces.cli.client import begin, printed
from connector.faces.cli.helping import HelpingGroup, helping
from connector.faces.cli.tongue import spoken
from connector.faces.cli.version import shown
from crypto.errors import VoileError
from crypto.words import Words


class Commands(Protocol):
    """A module with commands."""

    def register(self, app: typer.Typer) -> None:
        """Add them."""
        ...


COMMANDS: Final[tuple[Commands, ...]] = (
    process,
    token,
    management_keys,
    keys,
    audit,
    hub,
    membership,
    products,
    contracts,
    agreements,
    ask,
    outbox,
)

# click's base of all errors of use, whichever click Typer brings: BadParameter, UsageError, this
_MISUSE: Final[type[Exception]] = typer.BadParameter.__mro__[2]
NEXT: Final = Words("下一步", "next")
FAILED: Final = 1  # refused or failed
USAGE: Final = 2  # wrong use or configuration


def build(*more: Commands) -> typer.Typer:
    """Make the application with the commands of all areas, and with more of who stands above."""
    app = typer.Typer(
        name="voile",
        cls=HelpingGroup,
        help="Answers private questions under contract: usable, not visible. 可用不可见",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    app.callback()(_global)
    for module in (*COMMANDS, *more):
        module.register(app)
    helping(app)
    return app


def _global(
    _version: Annotated[
        bool,
        typer.Option("--version", callback=shown, is_eager=True, help="Print versions and stop."),
    ] = False,
) -> None:
    """Take what stands before a command."""


def main(*more: Commands) -> None:
    """Run the command line; print an error as one line and the next step, or as JSON."""
    as_json = "--json" in sys.argv
    begin()
    try:
        code = build(*more)(standalone_mode=not as_json)
        sys.exit(code if isinstance(code, int) else 0)
    except _MISUSE as error:  # only with --json: else Typer prints it, and how it is used
        sys.exit(report(_misused(error), as_json=True))
    except VoileError as error:
        sys.exit(report(error, as_json=as_json))
    except BrokenPipeError:  # whoever read our output has gone, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.exit(FAILED)
    except OSError as error:
        if error.filename is None and not _full(error):  # about no file of the operator's: our bug
            raise
        sys.exit(report(_unusable(error), as_json=as_json))


def _misused(error: Exception) -> VoileError:
    """Make the error for words that are no command, or not as it wants them."""
    from connector.process.errors import SettingsError

    said = str(getattr(error, "format_message", lambda: error)())
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "voile"
    return SettingsError(said[:1].lower() + said[1:], code="usage", next_step=f"see {path} --help")


def _full(error: OSError) -> bool:
    from connector.process.room import lacks_room

    return lacks_room(error)


def _unusable(error: OSError) -> VoileError:
    """Make the error for a file or folder that the system does not let us use."""
    from connector.process.errors import SettingsError

    if _full(error):
        where = f" of `{error.filename}`" if error.filename else " that was written to"
        return SettingsError(
            f"the disk{where} is full", code="disk-full", next_step="free space on it, then again"
        )
    return SettingsError(
        f"`{error.filename}` cannot be used: {(error.strerror or 'unknown').lower()}",
        code="file-unusable",
        next_step="check the path, its owner and its permissions, and that the disk has room",
    )


def report(error: VoileError, *, as_json: bool) -> int:
    """Print an error; give the exit code. As JSON after a result it goes to standard error."""
    from connector.process.errors import SettingsError, error_json

    tongue = spoken()
    if as_json:
        stream = sys.stderr if printed() else sys.stdout
        stream.write(json.dumps(error_json(error, tongue), ensure_ascii=False) + "\n")
    else:
        sys.stderr.write(f"voile: {error.said(tongue)}\n")
        if step := error.following(tongue):
            sys.stderr.write(f"  {NEXT.said(tongue)}: {step}\n")
    return USAGE if isinstance(error, SettingsError) else FAILED
