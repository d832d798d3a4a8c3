"""The shop of `tests.connector.delivery.shop` as a fixture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.connector.delivery.shop import AREAS, Shop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.simulators import Net, Party, StandingClock


@pytest.fixture
def shop(
    party: Callable[..., Party], net: Net, clock: StandingClock, tmp_path: Path
) -> Iterator[Shop]:
    """A provider with one file on offer, and a consumer."""
    provider = party("acme", areas=AREAS, pin=["bolt"])
    consumer = party("bolt", areas=AREAS, pin=["acme"])
    made = Shop(provider, consumer, net, clock, tmp_path)
    net.fault = made.sink.hear
    made.publish()
    yield made
    for flow in made.flows:
        flow.close()
