"""The market of `tests.connector.questions.market` as a fixture: made once, copied for each test."""

from __future__ import annotations

import shutil
from functools import cache
from typing import TYPE_CHECKING

import pytest

from tests import templates
from tests.connector.questions.market import AREAS, Market, publish_deliveries
from tests.postgres import databases
from tests.simulators import Net, Party, StandingClock

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PINS = {"acme": ["bolt", "crow"], "bolt": ["acme", "crow"]}


@cache
def published() -> Path:
    """A folder with the homes of both and what was published, closed."""
    folder, net, clock = templates.place(), Net(), StandingClock()
    made = [
        Party.make(folder, name, net, clock, areas=AREAS, pin=pin) for name, pin in PINS.items()
    ]
    publish_deliveries(made[0], folder)
    for one in made:
        one.close()
    return folder


@pytest.fixture
def market(party: Callable[..., Party], net: Net, clock: StandingClock, tmp_path: Path) -> Market:
    """A provider that has published its deliveries, and a consumer."""
    if databases.SERVER:  # what lies in a database of a server is not copied with the home
        provider, consumer = (party(name, areas=AREAS, pin=pin) for name, pin in PINS.items())
        publish_deliveries(provider, tmp_path)
        return Market(provider, consumer, net, clock)
    shutil.copytree(published(), tmp_path, dirs_exist_ok=True)
    provider, consumer = (
        Party.reopen(tmp_path / name, net, clock, areas=AREAS, pin=pin)
        for name, pin in PINS.items()
    )  # `party` closes what is open on its network
    return Market(provider, consumer, net, clock)
