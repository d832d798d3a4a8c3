"""The exclusive lock on a data folder: one process at a time, and a second learns who holds it."""

from __future__ import annotations

import fcntl
import json
import os
from typing import TYPE_CHECKING, Self

from connector.process import problems
from connector.process.errors import SettingsError

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from crypto.words import Spoken


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
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            held = os.pread(handle, 4096, 0)
            os.close(handle)
            raise _held(self._path.parent, held) from error
        self._folder = os.open(self._path.parent, os.O_RDONLY | os.O_CLOEXEC)
        try:
            fcntl.flock(self._folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
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


def _held(data: Path, raw: bytes) -> SettingsError:
    try:
        note = json.loads(raw)
        pid = note["pid"]
        who: Spoken = problems.HOLDER.of(what=note["what"], pid=pid, since=note["since"])
    except (ValueError, KeyError, TypeError):
        who, pid = problems.ANOTHER_PROCESS, None
    return SettingsError(problems.DATA_LOCKED, data=data, who=who, pid=pid)
