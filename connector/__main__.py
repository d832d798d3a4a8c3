"""The command `voile`: the command line of a connector, and the demonstration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from connector.faces import cli
from connector.faces.cli.parts import Part

if TYPE_CHECKING:
    import typer

DEMO: Final = Part("connector.demo.command", ("demo",))


def build() -> typer.Typer:
    """Make the application with all commands."""
    return cli.build(DEMO)


def main() -> None:
    """Run it."""
    cli.main(DEMO)


if __name__ == "__main__":
    main()
