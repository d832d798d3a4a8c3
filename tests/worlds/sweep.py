"""Every route of both protocol listeners, by everybody, with nonsense; and the owner's, by nobody.

The routes come from `docs/api.md`, of which another test holds that it lists exactly what is served.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.connector.test_api_docs import documented
from tests.worlds.caller import call

if TYPE_CHECKING:
    from tests.worlds.space import World

ID = "urn:uuid:00000000-0000-4000-8000-000000000000"
LISTENERS = (("Participant", "protocol"), ("Participant", "management"))
LISTENERS += (("Hub", "protocol"), ("Hub", "management"))
BODIES = (b"{}", b"[1]", b'{"a":', b'{"session":null,"question":{"v":1}}', b"\xff")


def routes(who: str, listener: str) -> list[tuple[str, str]]:
    """Give each method and path with its parameters, in order."""
    return sorted(documented(f"{who}, {listener} listener"))


def filled(path: str) -> str:
    """Put an id into every parameter."""
    return re.sub(r"\{[^}]+\}", ID, path)


def sweep(world: World) -> None:
    """Ask everything of acme and of the hub."""
    for who, party in (("Participant", world.acme), ("Hub", world.hub)):
        callers = {
            "nobody": None,
            "the consumer": world.mallory,
            "a stranger": world.eve,
            "another supplier": world.callers["bolt"],
            "the operator": world.callers["hub"] if who == "Participant" else None,
        }
        for method, path in routes(who, "protocol"):
            for name, caller in callers.items():
                for body in BODIES if method in {"POST", "PUT"} else (None,):
                    label = f"{name} sends {body!r}"
                    call(world.book, label, party, method, filled(path), body, who=caller)


def guarded(world: World) -> None:
    """Ask the owners' own routes without their token: nobody else has one."""
    for who, party in (("Participant", world.acme), ("Hub", world.hub)):
        for method, path in routes(who, "management"):
            body = b"{}" if method in {"POST", "PUT"} else None
            for token in ({}, {"Authorization": "Bearer x"}):
                manage(world, party, method, filled(path), body, token)


def manage(world, party, method, path, body, headers) -> None:
    """Send one request to a management listener."""
    from tests.e2e.processes import request

    status, found, data = request(party.port + 1, method, path, body, headers)
    world.book.routes.add((party.name, method, path))
    world.book.note(
        f"{bool(headers)}: {method} {path} of {party.name}", status, list(found.items()), data
    )
