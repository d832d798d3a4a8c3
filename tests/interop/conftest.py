"""The live run is collected only when it is asked for: `pytest -m interop tests/interop`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", "interop: drives a live Eclipse EDC, see docs/interop.md")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the live run out of the ordinary suite."""
    asked = "interop" in (config.getoption("markexpr") or "")
    return True if collection_path.name == "test_live.py" and not asked else None
