"""Files as they lie: packed by gzip or Zstandard or not at all, read as a stream with bounds."""

from __future__ import annotations

import gzip
import sys
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
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


@dataclass(slots=True)
class Budget:
    """What all packed files of one publication hold together: the bounds are of all of them.

    Attributes:
        size: How many bytes came out so far.
        packed: How many they took on disk.
    """

    size: int = 0
    packed: int = 0


class _Bounded:
    """What a packed file holds, as long as it is within bounds."""

    def __init__(self, path: Path, raw: BinaryIO, unpacked: Reader, budget: Budget) -> None:
        self._path = path
        self._raw = raw
        self._unpacked = unpacked
        self._budget = budget
        self._at = 0  # of the file on disk, when it was looked at last

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
        budget, at = self._budget, self._raw.tell()
        budget.size += len(found)
        budget.packed += at - self._at
        self._at = at
        if budget.size > MOST or budget.size > max(FREE, MOST_TIMES * budget.packed):
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
def unpacked(path: Path, budget: Budget | None = None) -> Iterator[Reader]:
    """Opens a file, packed or not, for its content.

    Args:
        path: The file.
        budget: What other files took already; None if it is the only one.

    Raises:
        DataError: If what unpacks it is not installed.
    """
    budget = budget or Budget()
    with path.open("rb") as raw:
        head = raw.read(4)
        raw.seek(0)
        if head.startswith(_GZIP):
            with gzip.GzipFile(fileobj=raw, mode="rb") as file:
                yield _Bounded(path, raw, file, budget)
        elif head.startswith(_ZSTD):
            with _zstd(raw) as file:
                yield _Bounded(path, raw, file, budget)
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
