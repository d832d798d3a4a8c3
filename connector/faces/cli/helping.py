"""Commands whose help speaks Chinese or English.

What an operation and its fields are is said where they are declared (`does`). Of the rest English
stands beside what it describes and Chinese in the tables of `help_zh`. Typer prints the English,
`help_sheet` the Chinese: Typer has some of its own words in English only, and cuts off lines
without spaces. What runs, and what is an error, does not pass here.
"""

import os
import sys
from collections.abc import Sequence
from typing import Any

import typer
import typer.core

from connector.faces.cli.does import declare
from connector.faces.cli.headings import place_of
from connector.faces.cli.tongue import speaking, spoken


class HelpingCommand(typer.core.TyperCommand):
    """A command."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.declared = declare(self)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Print the help in the language of who asks."""
        if spoken() == "zh":
            _in_chinese(self, ctx)
        else:
            super().format_help(ctx, formatter)


class HelpingGroup(typer.core.TyperGroup):
    """A command with commands."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.declared = declare(self)

    def list_commands(self, ctx: Any) -> list[str]:
        """List the commands: those of `voile` itself by their headings."""
        listed = super().list_commands(ctx)
        return sorted(listed, key=place_of) if ctx.parent is None else listed

    def main(self, args: Sequence[str] | None = None, *more: Any, **others: Any) -> Any:
        """Run a line in the language that it asks for, decided once."""
        words = sys.argv[1:] if args is None else list(args)
        with speaking(spoken(words, os.environ)):
            return super().main(args, *more, **others)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Print the help in the language of who asks."""
        if spoken() == "zh":
            _in_chinese(self, ctx)
        else:
            super().format_help(ctx, formatter)


def helping(app: typer.Typer) -> None:
    """Make all commands below an application such ones, but those of a class of their own."""
    for command in app.registered_commands:
        if command.cls is typer.core.TyperCommand:
            command.cls = HelpingCommand
    for group in app.registered_groups:
        group.cls = HelpingGroup
        if group.typer_instance is not None:
            helping(group.typer_instance)


def _in_chinese(command: Any, context: Any) -> None:
    from connector.faces.cli.help_sheet import print_help

    print_help(command, context)
