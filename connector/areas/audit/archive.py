"""A bundle on its way from the node to the command: a tar stream of plain files, nothing else."""

from __future__ import annotations

import io
import tarfile
from typing import IO, TYPE_CHECKING, Final

from connector.areas.audit import problems
from connector.areas.audit.folder import Unreadable
from contracts.audit.layout import is_path

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from _typeshed import ReadableBuffer

PIECE: Final = 1 << 16


class _Sink(io.RawIOBase):
    """Collects what tarfile writes until it is taken."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: ReadableBuffer, /) -> int:
        piece = bytes(data)
        self._pieces.append(piece)
        return len(piece)

    def take(self) -> bytes:
        taken, self._pieces = b"".join(self._pieces), []
        return taken


def pack(folder: Path) -> Iterator[bytes]:
    """Yield a tar of the plain files below a folder."""
    sink = _Sink()
    with tarfile.open(fileobj=sink, mode="w|", format=tarfile.PAX_FORMAT) as tar:
        for path in sorted(folder.rglob("*")):
            if not path.is_file() or path.is_symlink():
                continue
            info = tarfile.TarInfo(path.relative_to(folder).as_posix())
            info.size = path.stat().st_size
            info.mode = 0o600
            with path.open("rb") as file:
                tar.addfile(info, file)
            yield sink.take()
    yield sink.take()


def unpack(stream: IO[bytes], folder: Path) -> int:
    """Write the plain files of a tar below a folder that is not there yet.

    Returns:
        The number of files.

    Raises:
        Unreadable: the folder is there, or the tar holds anything but plain files and names.
    """
    try:
        folder.mkdir(mode=0o700, parents=True)
    except FileExistsError as error:
        raise Unreadable(problems.BUNDLE_EXISTS, folder=folder) from error
    count = 0
    try:
        with tarfile.open(fileobj=stream, mode="r|") as tar:
            for member in tar:
                source = tar.extractfile(member) if member.isreg() else None
                if source is None or not is_path(member.name):
                    raise Unreadable(problems.MEMBER_ODD, member=f"{member.name[:100]!a}")
                place = folder / member.name
                place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                with place.open("xb") as file:
                    while piece := source.read(PIECE):
                        file.write(piece)
                count += 1
    except tarfile.TarError as error:
        raise Unreadable(problems.HALF_A_BUNDLE) from error
    return count
