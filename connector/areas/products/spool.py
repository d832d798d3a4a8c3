"""Files that a person hands in: kept in a folder of the home's own until their draft is done.

A name is never a path: what a browser says is cut down to a name to show, and the file itself is
called by a random one. Whoever reads these files later finds them by their draft alone.
"""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from connector.areas.products import problems_drafts as problems
from connector.engines.errors import disk_full
from connector.process.errors import BadRequest, CallerError, NotFound, TooLarge

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path
    from typing import IO

    from connector.party.node import Node

ENDINGS: Final = (".csv", ".csv.gz", ".csv.zst", ".tsv", ".txt", ".parquet", ".xlsx")
_CHUNK: Final = 1 << 20
_LONGEST: Final = 100  # characters of a name
_BLANKS: Final = re.compile(r"\s+")
_ID_BYTES: Final = 12
MOST_LISTED: Final = 200  # names of the import folder


@dataclass(frozen=True, slots=True)
class Spooled:
    """A file that was taken.

    Attributes:
        file: its name in the spool.
        name: as its owner calls it.
        size: bytes.
    """

    file: str
    name: str
    size: int


def spool_folder(node: Node) -> Path:
    """Returns the folder of files handed in, which only the connector may read."""
    folder = node.settings.data / "spool"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def shown_name(given: str) -> str:
    """Returns what a file is called, of what a browser says: no folder, nothing unseen.

    Raises:
        BadRequest: It is no file of a kind that is read.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", given))[-1]
    seen = "".join(c for c in last if unicodedata.category(c)[0] not in "CZ" or c == " ")
    name = _BLANKS.sub(" ", seen).strip(" .")
    ending = ending_of(name)
    if not ending or len(name) <= len(ending):
        raise BadRequest(problems.OTHER_FILE, field="file", name=name[:80], endings=list(ENDINGS))
    return name[: -len(ending)][: _LONGEST - len(ending)] + ending


def ending_of(name: str) -> str:
    """Returns the ending of a file that is read, empty for another."""
    low = name.lower()
    return next((one for one in sorted(ENDINGS, key=len)[::-1] if low.endswith(one)), "")


def take(node: Node, given: str, stream: IO[bytes], *, most: int | None = None) -> Spooled:
    """Keeps a file that is handed in, piece by piece.

    Args:
        node: The node.
        given: Its name, as the browser says it.
        stream: What it holds.
        most: Bytes; None for the setting `intake.upload_bytes`.

    Raises:
        BadRequest: It is empty, or no file of a kind that is read.
        TooLarge: It is larger than is taken.
        DataError: There is no room for it.
    """
    name = shown_name(given)
    limit = node.settings.intake.upload_bytes if most is None else most
    file = node.entropy(_ID_BYTES).hex() + ending_of(name)
    path = spool_folder(node) / file
    problem: CallerError
    try:
        size = _write(path, stream, limit)
        if size is None:
            problem = TooLarge(problems.FILE_TOO_LARGE, name=name, most=f"{limit:,}")
        elif not size:
            problem = BadRequest(problems.FILE_EMPTY, field="file", name=name)
        else:
            return Spooled(file, name, size)
    except BaseException as error:
        path.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise disk_full(str(error)) or error from error
        raise
    path.unlink(missing_ok=True)
    raise problem


def _write(path: Path, stream: IO[bytes], limit: int) -> int | None:
    """Writes a new file, piece by piece; None once it would be larger than is taken."""
    size = 0
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(number, "wb") as target:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > limit:
                return None
            target.write(chunk)
        target.flush()
        os.fsync(target.fileno())
    return size


def on_hand(node: Node) -> list[tuple[str, int]]:
    """Returns names and bytes of the files of the import folder; none if there is no such folder.

    Links are left out: what lies elsewhere is not in it.
    """
    folder = node.settings.intake.folder
    if folder is None or not folder.is_dir():
        return []
    found = []
    with os.scandir(folder) as entries:
        for one in entries:
            if ending_of(one.name) and _is_text(one.name):
                with suppress(FileNotFoundError):  # taken away meanwhile
                    if one.is_file(follow_symlinks=False):
                        found.append((one.name, one.stat(follow_symlinks=False).st_size))
    return sorted(found)[:MOST_LISTED]


def bring_in(node: Node, name: str) -> Spooled:
    """Copies a file of the import folder, by its name there.

    Raises:
        NotFound: There is none of that name.
        DataError: There is no room for it.
    """
    folder = node.settings.intake.folder
    sizes = dict(on_hand(node))
    if folder is None or name not in sizes:
        raise NotFound(problems.NOT_ON_HAND, name=name[:80])
    how = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK  # nor wait at a pipe
    try:
        number = os.open(folder / name, how)
    except OSError as error:
        raise NotFound(problems.NOT_ON_HAND, name=name[:80]) from error
    with os.fdopen(number, "rb") as stream:
        if not stat.S_ISREG(os.fstat(number).st_mode):  # another came in its place
            raise NotFound(problems.NOT_ON_HAND, name=name[:80])
        return take(node, name, stream, most=max(sizes[name], node.settings.intake.upload_bytes))


def forget(node: Node, file: str) -> None:
    """Removes a file of the spool."""
    if file and "/" not in file:
        (spool_folder(node) / file).unlink(missing_ok=True)


def forget_others(node: Node, keep: Collection[str]) -> None:
    """Removes the files that no draft has: what was being handed in when a process ended."""
    folder = node.settings.data / "spool"
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name not in keep:
            with suppress(OSError):
                path.unlink()


def _is_text(name: str) -> bool:
    return name.isprintable() and not name.startswith(".")
