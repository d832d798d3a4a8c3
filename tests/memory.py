"""Where tests write: in memory, if the machine has some to spare.

A connector makes sure that what it acknowledged is on the disk, some ten milliseconds for each of a
hundred thousand transactions of the tests; no test takes the power away. Who wants the disk says so
by TMPDIR.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import MutableMapping

SHARED: Final = Path("/dev/shm")
LEAST: Final = 4 << 30  # bytes free there; a run takes far less, for a test's folder goes with it
ROOT: Final = "PYTEST_DEBUG_TEMPROOT"  # pytest's own name for the parent of its temporary folders


def use(env: MutableMapping[str, str], place: Path = SHARED) -> bool:
    """Have pytest put temporary folders into memory; say whether it does."""
    if env.keys() & {ROOT, "TMPDIR"} or not _fits(place):
        return False
    env[ROOT] = str(place)
    return True


def _fits(place: Path) -> bool:
    """Whether one can write there, run what was written, and has room."""
    if not place.is_dir() or not os.access(place, os.W_OK):
        return False
    found = os.statvfs(place)
    return not found.f_flag & os.ST_NOEXEC and found.f_bavail * found.f_frsize >= LEAST
