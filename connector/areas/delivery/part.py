"""A file that is being fetched: it grows beside its name, and takes the name when it is whole.

`FILE.part` holds what has come; `FILE.part.json` the version it is of, so that a later fetch, even
of another process, can go on where this one stopped. Nothing else of ours lies there.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Self

from connector.areas.delivery import problems
from connector.process.errors import BadRequest, Conflict

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

CHUNK: Final = 1 << 20
LEFT_FREE: Final = 64 << 20  # bytes of the disk that a fetch does not take
_LOOK_EVERY: Final = 32 << 20


class Part:
    """The growing file; use it as a context manager."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self._path = out.with_name(out.name + ".part")
        self._note = out.with_name(out.name + ".part.json")
        self._hashed = hashlib.sha256()
        self.tag = ""
        self.size = 0
        self._looked = 0

    def __enter__(self) -> Self:
        """Open it, and read what is there of an earlier fetch.

        Raises:
            Conflict: The file is there already.
            BadRequest: Nothing can be written there.
        """
        if self.out.exists():
            raise Conflict(problems.OUT_EXISTS, field="out", out=self.out)
        try:
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        except OSError as error:
            raise BadRequest(
                problems.OUT_UNWRITABLE, field="out", out=self._path, why=error.strerror
            ) from error
        self._file = os.fdopen(handle, "r+b")
        self.tag = self._noted()
        if self.tag:
            while chunk := self._file.read(CHUNK):
                self._hashed.update(chunk)
                self.size += len(chunk)
        else:
            self._file.truncate(0)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it; what has come stays for another fetch, if it is known what it is of."""
        with suppress(OSError):  # a full disk, said before; what is whole was written through
            self._file.close()
        if not self.size or not self.tag:
            self.forget()

    def begin(self, tag: str) -> None:
        """Begin anew with a version; an empty tag says that it cannot be gone on with."""
        self._file.seek(0)
        self._file.truncate(0)
        self._hashed, self.size, self.tag = hashlib.sha256(), 0, tag
        self._looked = 0
        self._note.unlink(missing_ok=True)
        if tag:
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW  # unlinked just now
            with os.fdopen(os.open(self._note, flags, 0o600), "w", encoding="ascii") as file:
                file.write(json.dumps({"tag": tag}))

    def write(self, piece: bytes) -> None:
        """Take the next bytes.

        Raises:
            Conflict: The disk is nearly full, or does not take them.
        """
        self._hashed.update(piece)
        try:
            self._file.write(piece)
        except OSError as error:
            raise _unwritten(error) from error
        self.size += len(piece)
        if self.size - self._looked >= _LOOK_EVERY:
            self._looked = self.size
            if shutil.disk_usage(self._path.parent).free < LEFT_FREE:
                raise Conflict(problems.DISK_NEARLY_FULL)

    @property
    def digest(self) -> str:
        """Digest of what has come."""
        return "sha-256:" + self._hashed.hexdigest()

    def finish(self) -> None:
        """Give it its name, durably.

        Raises:
            Conflict: The disk is full, or the name was taken meanwhile.
        """
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
            os.link(self._path, self.out)  # unlike a rename it overwrites nothing
        except OSError as error:
            raise _unwritten(error) from error
        self.forget()
        folder = os.open(self.out.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def forget(self) -> None:
        """Take away what is left of it."""
        self._path.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)

    def _noted(self) -> str:
        try:
            found = json.loads(self._note.read_text(encoding="ascii"))
        except (OSError, ValueError):
            return ""
        tag = found.get("tag") if isinstance(found, dict) else None
        return tag if isinstance(tag, str) else ""


def _unwritten(error: OSError) -> Conflict:
    return Conflict(problems.DISK_WRITE, field="out", why=error.strerror)
