"""A node under the profile `tck`, with the kit in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.connector.profiles.kit import Judged, Kit, judged, settings_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.simulators import StandingClock


@pytest.fixture
def node(tmp_path: Path, clock: StandingClock) -> Iterator[Judged]:
    """A node that has just started."""
    found = judged(settings_of(tmp_path, clock), clock, Kit())
    yield found
    found.node.close()
