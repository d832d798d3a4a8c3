"""Room on the disks of a node: how much is left, and what an error of the system says about it."""

from __future__ import annotations

import errno
import os
import shutil
from typing import TYPE_CHECKING, Final, TypeGuard

from connector.process import problems
from connector.process.errors import StoreError

if TYPE_CHECKING:
    from pathlib import Path

    from connector.process.settings import Settings
    from crypto.words import Spoken

# Less than this and the next large change, or the log that SQLite writes ahead, may not fit.
ENOUGH_BYTES: Final = 16 << 20
# a disk, a quota, a largest file size
LACK: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
NEXT: Final = problems.FREE_SPACE


def lacks_room(error: BaseException) -> TypeGuard[OSError]:
    """Whether the system refused a write because a disk, a quota or a limit of size is used up."""
    return isinstance(error, OSError) and error.errno in LACK


def no_room(error: Exception) -> StoreError:
    """Make the error for a write that found no room; a caller is not told where."""
    failure = StoreError(problems.OWN_DISK_FULL)
    failure.reason = str(error)
    return failure


def disks(settings: Settings) -> dict[Path, int]:
    """Give the bytes left on each disk that a node writes to, by one folder on it.

    The home holds the anchor of the log, the data folder everything else; most have both on one.
    """
    found: dict[int, Path] = {}
    for folder in (settings.data, settings.home):
        found.setdefault(os.stat(folder).st_dev, folder)  # noqa: PTH116 -- beside the other of os
    return {folder: shutil.disk_usage(folder).free for folder in found.values()}


def shortage(settings: Settings) -> Spoken | None:
    """Say which disk has too little room to go on; nothing if all have enough."""
    for folder, free in disks(settings).items():
        if free < ENOUGH_BYTES:
            return problems.DISK_SHORT.of(
                folder=folder, left=f"{free:,}", least=f"{ENOUGH_BYTES:,}"
            )
    return None
