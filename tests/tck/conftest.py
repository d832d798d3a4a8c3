"""Tests of the replay run real processes: sockets are allowed here, on loopback only."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.e2e.processes import Space

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what lies in this folder."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.enable_socket)


@pytest.fixture
def space(tmp_path: Path) -> Iterator[Space]:
    """An empty space: parties in it end with the test."""
    with Space(tmp_path) as found:
        yield found
