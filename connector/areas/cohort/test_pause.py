"""A test setting: sessions of ours wait between their two phases while a file lies at a place.

With `testing.cohort_gate` a demonstration or a test can change the world just between the phases,
for instance revoke a supplier, and see what a real session does about it. Whoever opens the gate
removes the file; a session that has come to it leaves a second file, named `….reached`.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

LONGEST_SECONDS: Final = 60.0
_POLL_SECONDS: Final = 0.02


def wait_at(gate: Path | None) -> None:
    """Wait while the gate is shut; without the setting, or without the file, do not wait.

    Args:
        gate: Where the file would lie, or None.
    """
    if gate is None or not gate.exists():
        return
    gate.with_name(f"{gate.name}.reached").touch()
    until = time.monotonic() + LONGEST_SECONDS
    while gate.exists() and time.monotonic() < until:
        time.sleep(_POLL_SECONDS)
