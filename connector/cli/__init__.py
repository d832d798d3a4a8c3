"""The command line ``voile``: each area registers its commands; these import what they need."""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module
from typing import Final

import typer

from crypto.errors import VoileError

AREAS: Final = (
    "connector.cli.process",
    "connector.cli.token",
    "connector.cli.audit",
    "connector.cli.hub",
    "connector.cli.membership",
    "connector.cli.products",
    "connector.cli.contracts",
    "connector.cli.ask",
    "connector.cli.outbox",
    "connector.cli.demo",
)

FAILED: Final = 1  # refused or failed
USAGE: Final = 2  # wrong use or configuration


def build() -> typer.Typer:
    """Make the application with the commands of all areas."""
    app = typer.Typer(
        name="voile",
        help="Answers private questions under contract: usable, not visible. 可用不可见",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    for area in AREAS:
        import_module(area).register(app)
    return app


def main() -> None:
    """Run the command line; print an error as one line and the next step."""
    try:
        build()()
    except VoileError as error:
        sys.exit(report(error, as_json="--json" in sys.argv))
    except BrokenPipeError:  # whoever read our output has gone, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.exit(FAILED)
    except OSError as error:
        if error.filename is None and not _full(error):  # about no file of the operator's: our bug
            raise
        sys.exit(report(_unusable(error), as_json="--json" in sys.argv))


def _full(error: OSError) -> bool:
    from connector.room import lacks_room

    return lacks_room(error)


def _unusable(error: OSError) -> VoileError:
    """Make the error for a file or folder that the system does not let us use."""
    from connector.errors import SettingsError

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
    """Print an error; give the exit code."""
    from connector.errors import SettingsError, error_json

    if as_json:
        sys.stdout.write(json.dumps(error_json(error), ensure_ascii=False) + "\n")
    else:
        sys.stderr.write(f"voile: {error.message}\n")
        if error.next_step:
            sys.stderr.write(f"  next: {error.next_step}\n")
    return USAGE if isinstance(error, SettingsError) else FAILED
