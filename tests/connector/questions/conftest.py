"""The market of `tests.connector.questions.market` as a fixture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.connector.questions.market import AREAS, Market, publish_deliveries

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.simulators import Net, Party, StandingClock


@pytest.fixture
def market(party: Callable[..., Party], net: Net, clock: StandingClock, tmp_path: Path) -> Market:
    """A provider that has published its deliveries, and a consumer."""
    provider = party("acme", areas=AREAS, pin=["bolt", "crow"])
    consumer = party("bolt", areas=AREAS, pin=["acme", "crow"])
    publish_deliveries(provider, tmp_path)
    return Market(provider, consumer, net, clock)
