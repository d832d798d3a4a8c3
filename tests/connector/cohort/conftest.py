"""The alliance of `tests.connector.cohort.alliance` as a fixture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.connector.cohort.alliance import Alliance, make

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.simulators import Party


@pytest.fixture
def alliance(party: Callable[..., Party], tmp_path: Path) -> Alliance:
    """A hub that adds up, three suppliers, one buyer."""
    return make(party, tmp_path)
