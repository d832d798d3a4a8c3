"""The parts of the command line: which module has which commands.

A process imports the one part that it needs: a connector that serves for months keeps none of the
others in memory, and a command starts sooner. A test holds the names against what modules register.
"""

from dataclasses import dataclass
from importlib import import_module
from typing import Final

import typer


@dataclass(frozen=True, slots=True)
class Part:
    """A module with commands.

    Attributes:
        module: its full name; it has a function `register` that adds them to an application.
        names: of its commands and groups of commands, as they are typed after `voile`.
    """

    module: str
    names: tuple[str, ...]

    def register(self, app: typer.Typer) -> None:
        """Import it, and add its commands."""
        import_module(self.module).register(app)


PARTS: Final = tuple(
    Part(f"connector.faces.cli.{module}", names)
    for module, names in (
        ("process", ("init", "serve", "doctor")),
        ("running", ("status", "down")),
        ("token", ("token",)),
        ("management_keys", ("key",)),
        ("people", ("person",)),
        ("keys", ("keys",)),
        ("approvals", ("approval",)),
        ("audit", ("audit",)),
        ("evidence", ("evidence",)),
        ("hub", ("hub",)),
        ("membership", ("apply", "membership", "search")),
        ("products", ("publish", "products", "withdraw", "unpublish", "renew")),
        ("product", ("product",)),
        (
            "contracts",
            (
                "catalog", "negotiate", "accept", "negotiation", "negotiations", "terminate",
                "explain", "transfer",
            ),
        ),
        ("agreements", ("agreement", "agreements")),
        ("ask", ("ask",)),
        ("asked", ("questions",)),
        ("outbox", ("outbox",)),
    )
)  # fmt: skip
