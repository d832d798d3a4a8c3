"""Files as they lie: packed by gzip or Zstandard or not at all, read as a stream with bounds."""

from __future__ import annotations

import gzip
import sys
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, Final, Protocol

from connector.engines import file_words as files
from connector.engines import problems, problems_reading
from connector.engines.errors import DataError

if TYPE_CHECKING:
    import io
    from collections.abc import Iterator
    from pathlib import Path

CHUNK: Final = 1 << 20
MOST: Final = 32 << 30  # bytes that a packed file may hold
MOST_TIMES: Final = 250  # how many times as much as it takes on disk; beyond is no text but a trap
FREE: Final = 256 << 20  # bytes up to which nobody counts the times
_GZIP: Final = b"\x1f\x8b"
_ZSTD: Final = b"\x28\xb5\x2f\xfd"


class Reader(Protocol):
    """A stream of bytes."""

    def read(self, size: int, /) -> bytes:
        """Returns at most so many of the next bytes; none at the end."""
        ...


class _Bounded:
    """What a packed file holds, as long as it is within bounds."""

    def __init__(self, path: Path, raw: BinaryIO, unpacked: Reader) -> None:
        self._path = path
        self._raw = raw
        self._unpacked = unpacked
        self._size = 0

    def read(self, size: int, /) -> bytes:
        """Returns the next bytes.

        Raises:
            DataError: If the file is damaged, or holds more than it may.
        """
        failures: tuple[type[Exception], ...] = (OSError, EOFError, zlib.error, *_zstd_errors())
        try:
            found = self._unpacked.read(size)
        except failures as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise
            raise DataError(problems_reading.DAMAGED, field="data", name=self._path.name) from error
        self._size += len(found)
        if self._size > MOST or self._size > max(FREE, MOST_TIMES * self._raw.tell()):
            raise DataError(
                problems_reading.EXPANDS,
                field="data",
                name=self._path.name,
                most=MOST >> 30,
                times=MOST_TIMES,
            )
        return found


def is_packed(path: Path) -> bool:
    """Says whether a file is packed in a way that is unpacked while it is read."""
    with path.open("rb") as file:
        return file.read(4).startswith((_GZIP, _ZSTD))


@contextmanager
def unpacked(path: Path) -> Iterator[Reader]:
    """Opens a file, packed or not, for its content.

    Raises:
        DataError: If what unpacks it is not installed.
    """
    with path.open("rb") as raw:
        head = raw.read(4)
        raw.seek(0)
        if head.startswith(_GZIP):
            with gzip.GzipFile(fileobj=raw, mode="rb") as file:
                yield _Bounded(path, raw, file)
        elif head.startswith(_ZSTD):
            with _zstd(raw) as file:
                yield _Bounded(path, raw, file)
        else:
            yield raw


def _zstd(raw: BinaryIO) -> io.BufferedIOBase:
    try:
        if sys.version_info >= (3, 14):
            from compression.zstd import ZstdFile
        else:
            from backports.zstd import ZstdFile
    except ImportError as error:
        raise DataError(
            problems.FORMAT,
            field="data",
            what=files.COMPRESSED.of(by="Zstandard", ending=".zst"),
            helps=files.INSTALL_ZSTD,
        ) from error
    opened: io.BufferedIOBase = ZstdFile(raw, mode="rb")
    return opened


def _zstd_errors() -> tuple[type[Exception], ...]:
    try:
        if sys.version_info >= (3, 14):
            from compression.zstd import ZstdError
        else:
            from backports.zstd import ZstdError
    except ImportError:
        return ()
    return (ZstdError,)
