"""How areas become one node: what each brings, in their order."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from connector.console.app import console_app
from connector.party.area import Areas
from connector.party.management import management_app
from connector.party.routes import routes_of
from connector.party.web import protocol_app

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from flask import Flask

    from connector.party.area import Area
    from connector.party.node import Node
    from connector.process.job import Worker


@dataclass(frozen=True, slots=True)
class Apps:
    """What a node serves, and what works in its background."""

    protocol: Flask
    management: Flask
    workers: tuple[Worker, ...]
    console: Callable[[], Flask] | None = None  # made when it is served, once


def assemble(node: Node, areas: Sequence[Area]) -> Apps:
    """Put the areas together; once a node.

    All services are there before anything is prepared, all is prepared before anything is served.
    """
    node.services.add(Areas(tuple(areas)))
    for area in areas:
        for service in area.services(node):
            node.services.add(service)
    for area in areas:
        area.prepare(node)
    for area in areas:
        for kind, handler in area.handlers(node).items():
            node.outbox.on(kind, handler)
    protocol = [area.protocol(node) for area in areas if area.protocol is not None]
    management = [routes_of(node, area.name, area.operations) for area in areas]
    jobs = [job for area in areas for job in area.jobs(node)]
    return Apps(
        protocol_app(node, protocol),
        management_app(node, management),
        tuple(jobs),
        _console(node, areas),
    )


def _console(node: Node, areas: Sequence[Area]) -> Callable[[], Flask] | None:
    """Say how to make the console; None where the settings have none, or nobody lets people in."""
    door = next((area.door for area in areas if area.door is not None), None)
    if node.settings.console is None or door is None:
        return None
    pages = node.services[Areas].pages
    return cache(lambda: console_app(node, pages, door(node)))
