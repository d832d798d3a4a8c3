"""Room on the disks of a node: how much is left, and what an error of the system says about it."""

from __future__ import annotations

import errno
import os
import shutil
from typing import TYPE_CHECKING, Final, TypeGuard

from connector.process.errors import StoreError

if TYPE_CHECKING:
    from pathlib import Path

    from connector.process.settings import Settings

# Less than this and the next large change, or the log that SQLite writes ahead, may not fit.
ENOUGH_BYTES: Final = 16 << 20
# a disk, a quota, a largest file size
LACK: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
NEXT: Final = "free space on that disk; it goes on by itself, without a restart"


def lacks_room(error: BaseException) -> TypeGuard[OSError]:
    """Whether the system refused a write because a disk, a quota or a limit of size is used up."""
    return isinstance(error, OSError) and error.errno in LACK


def no_room(error: Exception) -> StoreError:
    """Make the error for a write that found no room; a caller is not told where."""
    failure = StoreError(
        "the disk of this connector is full",
        code="disk-full",
        next_step="nothing was changed; try again once there is room on it",
    )
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


def shortage(settings: Settings) -> str:
    """Say which disk has too little room to go on; empty if all have enough."""
    for folder, free in disks(settings).items():
        if free < ENOUGH_BYTES:
            return (
                f"the disk of `{folder}` is full: {free:,} bytes are left, "
                f"at least {ENOUGH_BYTES:,} are needed"
            )
    return ""
