"""A firm with its people, on a database of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.connector.people.firm import Firm

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.simulators import Party, StandingClock


@pytest.fixture
def firm(party: Callable[..., Party], clock: StandingClock) -> Firm:
    """A participant that has people."""
    return Firm.make(party, clock)
