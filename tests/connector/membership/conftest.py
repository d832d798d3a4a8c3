"""A space for membership's tests."""

import pytest

from tests.connector.space import HUB_AREAS, Space


@pytest.fixture
def space(party):
    """A hub that has just started."""
    hub = party("hub", areas=HUB_AREAS, role="hub")
    made = Space(hub, party)
    made.renew()
    return made
