"""Tests with real processes: sockets are allowed here, on loopback only."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.processes import VOILE, Space, environment
from tests.e2e.stranger import Stranger
from tests.waiting import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what lies in this folder: real processes, sockets to loopback."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.enable_socket)


@pytest.fixture
def space(tmp_path: Path) -> Iterator[Space]:
    """An empty space: start parties in it; they end with the test."""
    with Space(tmp_path) as found:
        yield found


@pytest.fixture
def stranger() -> Iterator[Callable[..., Stranger]]:
    """Make parties that are no connector and behave as the test says."""
    made: list[Stranger] = []

    def make(name: str = "stranger", **options: Any) -> Stranger:
        found = Stranger(name, **options)
        made.append(found)
        return found

    yield make
    for found in made:
        found.close()


@pytest.fixture
def run_in() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run `voile` as from a shell in a folder: ``run_in(folder, "status")``."""

    def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*VOILE, *arguments],
            cwd=folder,
            env=environment(),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    return run
