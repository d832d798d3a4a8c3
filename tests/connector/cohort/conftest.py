"""The alliance of `tests.connector.cohort.alliance`: made once, copied for each test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.connector.cohort.alliance import Alliance, make, reopen
from tests.simulators import Net, Party, StandingClock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def first_alliance(tmp_path_factory: pytest.TempPathFactory) -> Alliance:
    """A hub, three suppliers and a buyer with agreements, closed."""
    folder, net, clock = tmp_path_factory.mktemp("alliance"), Net(), StandingClock()
    found = make(lambda name, **o: Party.make(folder, name, net, clock, **o), folder)
    found.agreements()
    for party in (found.hub, found.buyer, *found.suppliers.values()):
        party.close()
    return found


@pytest.fixture
def alliance(
    first_alliance: Alliance, tmp_path: Path, net: Net, clock: StandingClock
) -> Iterator[Alliance]:
    """A hub that adds up, three suppliers, one buyer, of this test's own."""
    found = reopen(first_alliance, tmp_path, net, clock)
    yield found
    for party in (found.hub, found.buyer, *found.suppliers.values()):
        party.close()
