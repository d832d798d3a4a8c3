"""The command `voile`: the command line of a connector, and the demonstration."""

from __future__ import annotations

from connector.demo import command as demo
from connector.faces import cli


def main() -> None:
    """Run it."""
    cli.main(demo)


if __name__ == "__main__":
    main()
