"""The exclusive lock on a data folder: one process at a time, and a second learns who holds it."""

from __future__ import annotations

import fcntl
import json
import os
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from connector.process import problems
from connector.process.errors import SettingsError

if TYPE_CHECKING:
    from datetime import datetime

    from crypto.words import Spoken

GLANCES: Final = 4  # tries: who only looks whether the lock is held has it for a moment
GLANCE_SECONDS: Final = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who holds a data folder, as it says itself; nothing of who says nothing."""

    what: str = ""  # the command
    pid: int | None = None
    since: str = ""  # ISO 8601, with its offset


class FolderLock:
    """Holds ``data``/lock while the process lives; the kernel frees it however the process ends.

    The folder itself is locked too, where the file system can: deleting the file lets nobody in.
    """

    def __init__(self, data: Path, *, what: str, now: datetime) -> None:
        self._path = data / "lock"
        self._what = what
        self._since = now.isoformat(timespec="seconds")
        self._handle: int | None = None
        self._folder: int | None = None

    def __enter__(self) -> Self:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            _patiently(handle)
        except OSError as error:
            held = os.pread(handle, 4096, 0)
            os.close(handle)
            raise _held(self._path.parent, held) from error
        self._folder = os.open(self._path.parent, os.O_RDONLY | os.O_CLOEXEC)
        try:
            _patiently(self._folder)
        except BlockingIOError as error:
            os.close(handle)
            self._let_go()
            raise _held(self._path.parent, b"") from error
        except OSError:  # a network file system that locks no folders
            self._let_go()
        note = {"pid": os.getpid(), "since": self._since, "what": self._what}
        os.ftruncate(handle, 0)
        os.pwrite(handle, json.dumps(note).encode(), 0)
        self._handle = handle
        return self

    def __exit__(self, *_: object) -> None:
        if self._handle is not None:
            os.ftruncate(self._handle, 0)
            os.close(self._handle)
            self._handle = None
        self._let_go()

    def _let_go(self) -> None:
        if self._folder is not None:
            os.close(self._folder)
            self._folder = None


def holder(data: Path) -> Holder | None:
    """Look who holds a data folder; nothing is changed, and a process that starts is not refused.

    Args:
        data: the data folder.

    Returns:
        The holder, or None where nobody holds it or there is no such folder.

    Raises:
        OSError: the folder may not be looked at.
    """
    for path in (data / "lock", data):
        with suppress(FileNotFoundError):
            handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
            try:
                fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return Holder() if path == data else _note(os.pread(handle, 4096, 0))
            finally:
                os.close(handle)
    return None


def holds(pid: int, data: Path) -> bool | None:
    """Whether a process has the lock of a folder open; None if the system does not tell.

    The number that a holder notes is its own only where both see the same processes: in another
    container it is somebody else's here.
    """
    opened = Path("/proc") / str(pid) / "fd"
    if not Path("/proc/self/fd").is_dir():
        return None
    lock = (data / "lock").stat()
    try:
        names = list(opened.iterdir())
    except FileNotFoundError:
        return False
    except PermissionError:
        return None
    for name in names:
        with suppress(OSError):
            if os.path.samestat(name.stat(), lock):
                return True
    return False


def _patiently(handle: int) -> None:
    """Take the lock, or raise BlockingIOError when it is held for longer than somebody looks."""
    for left in reversed(range(GLANCES)):
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if not left:
                raise
            time.sleep(GLANCE_SECONDS)
        else:
            return


def _note(raw: bytes) -> Holder:
    """Read what the holder says of itself."""
    try:
        note = json.loads(raw)
        return Holder(what=str(note["what"]), pid=int(note["pid"]), since=str(note["since"]))
    except (ValueError, KeyError, TypeError):
        return Holder()


def _held(data: Path, raw: bytes) -> SettingsError:
    found = _note(raw)
    who: Spoken = problems.ANOTHER_PROCESS
    if found.pid is not None:
        who = problems.HOLDER.of(what=found.what, pid=found.pid, since=found.since)
    return SettingsError(problems.DATA_LOCKED, data=data, who=who, pid=found.pid)
