"""The command `voile`: the command line of a connector, and the demonstration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.demo import command as demo
from connector.faces import cli

if TYPE_CHECKING:
    import typer


def build() -> typer.Typer:
    """Make the application with all commands."""
    return cli.build(demo)


def main() -> None:
    """Run it."""
    cli.main(demo)


if __name__ == "__main__":
    main()
