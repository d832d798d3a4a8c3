"""How areas become one node: each area's module offers some of four functions.

``prepare(node)`` puts in order what must be before anything is served; ``protocol_routes(node) ->
Blueprint``, ``management_routes(node) -> Blueprint``, ``background(node) -> list[Worker]``.
Handlers of outbox kinds are registered in whichever the area likes. Routes have no prefix of the
public URL: the applications are mounted under it.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from connector.party.management import management_app
from connector.party.web import protocol_app

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Flask

    from connector.party.node import Node, Worker


@dataclass(frozen=True, slots=True)
class Apps:
    """What a node serves, and what works in its background."""

    protocol: Flask
    management: Flask
    workers: tuple[Worker, ...]


def assemble(node: Node, areas: Sequence[str]) -> Apps:
    """Collect routes and workers of the areas, in their order."""
    protocol, management, workers = [], [], []
    for name in areas:
        module = import_module(name)
        if hasattr(module, "prepare"):
            module.prepare(node)
        if hasattr(module, "protocol_routes"):
            protocol.append(module.protocol_routes(node))
        if hasattr(module, "management_routes"):
            management.append(module.management_routes(node))
        if hasattr(module, "background"):
            workers.extend(module.background(node))
    return Apps(protocol_app(node, protocol), management_app(node, management), tuple(workers))
