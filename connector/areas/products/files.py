"""Files of products in the data folder: the contributions behind what is shown, and scratch."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING, BinaryIO, Final

from connector.areas.products import problems
from connector.engines import problems as data_problems
from connector.engines import problems_reading as reading_problems
from connector.engines.errors import DataError, disk_full
from connector.process.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from connector.areas.products.rows import ProductVersionRow
    from connector.engines.progress import Progress
    from connector.party.node import Node
    from crypto.disclosure.published import PublishedTable

SALT_BYTES: Final = 16
_CHUNK: Final = 1 << 22  # bytes hashed at a time


def stamp(data: Path) -> tuple[int, ...]:
    """Returns what tells that a file is still the one that it was.

    Raises:
        DataError: If it cannot be read, or is a pipe or a device, which ends nowhere.
    """
    try:
        found = data.stat()
    except OSError as error:
        raise _unreadable(data, error.strerror) from error
    if not S_ISREG(found.st_mode):
        raise _unreadable(data, reading_problems.NO_REGULAR_FILE)
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


@contextmanager
def opened(data: Path) -> Iterator[BinaryIO]:
    """Opens the owner's file; a pipe is refused at once instead of waited for.

    Raises:
        OSError: It cannot be opened.
        DataError: It is a pipe or a device.
    """
    number = os.open(data, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(number, "rb") as file:
        if not S_ISREG(os.fstat(number).st_mode):
            raise _unreadable(data, reading_problems.NO_REGULAR_FILE)
        yield file


def source_digest(data: Path, progress: Progress) -> str:
    """Returns the digest of the owner's file.

    Raises:
        DataError: If it cannot be read.
    """
    progress("read", 0.0)
    found = hashlib.sha256()
    try:
        with opened(data) as file:
            while chunk := file.read(_CHUNK):
                found.update(chunk)
    except OSError as error:
        raise _unreadable(data, error.strerror) from error
    return "sha-256:" + found.hexdigest()


def _unreadable(data: Path, reason: object) -> DataError:
    return DataError(data_problems.NO_OPEN, field="data", path=data, reason=reason)


def clean_up(node: Node) -> None:
    """Takes away what a killed process left half done. To be called before any publication."""
    for left in (node.settings.data / "products").glob("scratch-*"):
        shutil.rmtree(left, ignore_errors=True)


@contextmanager
def workplace(node: Node) -> Iterator[Path]:
    """Makes an empty folder of ours alone, and takes it away whatever happens.

    Raises:
        DataError: If the disk is full, there or later inside.
    """
    root = node.settings.data / "products"
    scratch = None
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix="scratch-", dir=root))
        yield scratch
    except OSError as error:
        raise disk_full(str(error)) or error from error
    finally:
        if scratch is not None:
            shutil.rmtree(scratch, ignore_errors=True)


def product_folder(node: Node, product_id: str) -> Path:
    """Returns the folder of a product's private files."""
    folder = node.settings.data / "products" / product_id
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def basis_name(published: PublishedTable) -> str:
    """Returns the file name of the contributions that a table's newest version brings."""
    return f"basis-{published.number}-{published.version[-12:]}.parquet"


def basis_file(folder: Path, previous: ProductVersionRow) -> Path:
    """Returns the contributions behind the values that a version brought.

    Raises:
        StoreError: If they are gone.
    """
    path = folder / previous.basis
    if not path.is_file():
        raise StoreError(problems.BASIS_MISSING, file=path.name, product=previous.product)
    return path


def keep_file(written: Path, path: Path) -> None:
    """Moves a finished file to its place, durably."""
    written.chmod(0o600)
    with written.open("rb") as file:
        os.fsync(file.fileno())
    written.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def forget_strays(folder: Path, *, keep: Collection[str]) -> None:
    """Takes away bases of no version: what a killed process left."""
    for path in folder.glob("basis-*.parquet"):
        if path.name not in keep:
            path.unlink(missing_ok=True)
