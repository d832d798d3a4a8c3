"""Two connectors whose people negotiate by the forms of their pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.areas import ASKING, COHORT, DELIVERY, MEMBERSHIP, PRODUCTS, QUESTIONS
from tests.connector.consuming.desk import ENV, Desk
from tests.connector.dsp.area import AREAS
from tests.connector.dsp.conftest import Pair, Puppet

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.simulators import Net, Party, StandingClock

# all that the pages read, with a constant shelf in the protocol
WHOLE = (AREAS[0], MEMBERSHIP, PRODUCTS, AREAS[1], DELIVERY, QUESTIONS, COHORT, ASKING)


@pytest.fixture
def pair(party: Callable[..., Party], net: Net, clock: StandingClock) -> Pair:
    """A provider and a consumer that pin each other, and a third whose messages tests write."""
    provider = party("acme", areas=WHOLE, pin=["bolt", "crow"], env=ENV)
    consumer = party("bolt", areas=WHOLE, pin=["acme", "crow"], env=ENV)
    return Pair(provider, consumer, net, clock)


@pytest.fixture
def puppet(party: Callable[..., Party], net: Net) -> Puppet:
    found = Puppet(party("crow", pin=["acme", "bolt"]), net)
    net.fault = found.hear
    return found


@pytest.fixture
def buyer(pair: Pair) -> Desk:
    return Desk(pair.consumer)


@pytest.fixture
def seller(pair: Pair) -> Desk:
    return Desk(pair.provider)
