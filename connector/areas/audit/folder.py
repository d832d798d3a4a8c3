"""A bundle as a folder: written once, read without following anything that is not a plain file."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Final

from connector.areas.audit import problems
from connector.process.errors import CallerError
from contracts.audit.layout import VERIFIER, FileDigest, is_path
from contracts.audit.report import UNREADABLE, Finding

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_FILES: Final = 200_000
MAX_BYTES: Final = 4 << 30
MAX_DEPTH: Final = 4
_SECOND: Final = Path(__file__).with_name("verify.py")


class Unreadable(CallerError):  # noqa: N818 -- named as the other errors of the shell
    """A folder or a file that cannot be read at all."""

    exit_code: Final = UNREADABLE


def second_verifier() -> bytes:
    """Give the second verifier, as it is released and written beside every bundle."""
    return _SECOND.read_bytes()


def verifier_beside(folder: Path) -> str:
    """Say whether the verifier in a bundle's folder is ours: "same", "other" or "none"."""
    place = folder / VERIFIER
    if not os.path.lexists(place):
        return "none"
    ours = second_verifier()
    try:
        return "same" if _read(place, len(ours)) == ours else "other"
    except Unreadable:  # too large, no plain file, or closed to us: not ours, in any case
        return "other"


class Writer:
    """Writes the files of a bundle and remembers their digests."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.digests: dict[str, FileDigest] = {}
        try:
            folder.mkdir(mode=0o700, parents=True)
        except FileExistsError as error:
            raise Unreadable(problems.BUNDLE_EXISTS, folder=folder) from error

    def add(self, path: str, chunks: Iterable[bytes]) -> None:
        """Write one file."""
        assert is_path(path), path
        place = self.folder / path
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        digest, size = hashlib.sha256(), 0
        with place.open("xb") as file:
            for chunk in chunks:
                file.write(chunk)
                digest.update(chunk)
                size += len(chunk)
        self.digests[path] = FileDigest(size, digest.hexdigest())


def read_folder(folder: Path) -> tuple[dict[str, bytes], tuple[Finding, ...]]:
    """Read every plain file below a folder but ``verify.py``, which no bundle vouches for.

    Returns:
        The bytes by path, and a finding for everything that is no plain file with a plain name:
        symbolic links, devices, odd names, folders within folders without end.

    Raises:
        Unreadable: the folder cannot be read, or is beyond all measure.
    """
    if not folder.is_dir() or folder.is_symlink():
        raise Unreadable(problems.NO_FOLDER, folder=folder)
    files: dict[str, bytes] = {}
    odd: list[Finding] = []
    total = 0
    waiting: list[tuple[Path, str, int]] = [(folder, "", 0)]
    while waiting:
        place, prefix, depth = waiting.pop()
        try:
            entries = sorted(os.scandir(place), key=lambda entry: entry.name)
        except OSError as error:
            raise _unreadable(place, error) from error
        for entry in entries:
            path = prefix + entry.name
            shown = path.encode("utf-8", "backslashreplace").decode("utf-8")
            if entry.is_dir(follow_symlinks=False) and depth < MAX_DEPTH:
                waiting.append((place / entry.name, f"{path}/", depth + 1))
            elif not entry.is_file(follow_symlinks=False) or not is_path(path):
                text = "neither a plain file nor a folder with a plain name"
                odd.append(Finding(code="file-odd", where=shown, text=text))
            elif path != VERIFIER:  # it is not evidence
                files[path] = _read(place / entry.name, MAX_BYTES - total)
                total += len(files[path])
            if len(files) + len(odd) > MAX_FILES:
                raise Unreadable(problems.BUNDLE_TOO_LARGE, most=MAX_FILES, folder=folder)
    if not files:
        raise Unreadable(problems.FOLDER_EMPTY, folder=folder)
    return files, tuple(odd)


def read_file(path: Path, *, max_bytes: int) -> bytes:
    """Read one file that a person named."""
    try:
        size = path.stat().st_size
        if size > max_bytes:
            raise Unreadable(problems.FILE_TOO_LARGE, path=path, size=size)
        return path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from error


def _read(path: Path, left: int) -> bytes:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(handle, "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode) or status.st_size > left:
                raise Unreadable(problems.FILE_ODD, path=path)
            return file.read(left + 1)
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> Unreadable:
    return Unreadable(problems.UNREADABLE, path=path, why=error.strerror)
