"""The owner's data as files: one, or those of a folder that the product file names by a pattern."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from stat import S_ISDIR
from typing import TYPE_CHECKING, Final

from connector.areas.products.files import source_digest, stamp
from connector.engines import problems as data_problems
from connector.engines import problems_reading as problems
from connector.engines.errors import DataError
from connector.party.private_files import check_public

if TYPE_CHECKING:
    from pathlib import Path

    from catalog.product import Product
    from catalog.reading import Reading
    from connector.engines.progress import Progress
    from connector.party.node import Node

ENDINGS: Final = (".csv", ".csv.gz", ".csv.zst", ".parquet")  # of files in a folder
MOST_FILES: Final = 2000


@dataclass(frozen=True, slots=True)
class Data:
    """What is read, as it lay when the publication began.

    Attributes:
        path: The file or folder that the owner named.
        files: The files of the folder in their order; none if it is a file.
        stamps: What tells that they are still the same.
    """

    path: Path
    files: tuple[Path, ...]
    stamps: tuple[tuple[int, ...], ...]

    def digests(self, progress: Progress) -> tuple[str, ...]:
        """Returns the digest of the whole, then of each file of a folder.

        Raises:
            DataError: If one cannot be read.
        """
        if not self.files:
            return (source_digest(self.path, progress),)
        found = [source_digest(file, progress) for file in self.files]
        listed = "".join(
            f"{digest} {file.name}\n" for file, digest in zip(self.files, found, strict=True)
        )
        return "sha-256:" + hashlib.sha256(listed.encode(errors="replace")).hexdigest(), *found


def find_data(node: Node, product: Product, path: Path) -> Data:
    """Finds the files of a product's data, and looks at each.

    Raises:
        DataError: It is a folder and the product file does not say so, or the other way round; a
            file of it is a link, a pipe or none.
        Forbidden: A file of it is one of the connector's own.
    """
    try:
        is_folder = S_ISDIR(path.stat().st_mode)
    except OSError as error:
        raise _unreadable(path, error) from error
    _check_name(str(path))
    reading = product.reading
    if is_folder != bool(reading.files):
        problem = problems.NO_FOLDER if is_folder else problems.NOT_A_FOLDER
        raise DataError(problem, field="data", name=path.name)
    if not is_folder:
        return Data(path, (), (stamp(path),))
    files = tuple(
        check_public(node.settings, file, suffixes=ENDINGS) for file in files_of(path, reading)
    )
    return Data(path, files, tuple(map(stamp, files)))


def files_of(path: Path, reading: Reading) -> tuple[Path, ...]:
    """Returns the files of a folder that are named like the pattern, in their order.

    Raises:
        DataError: There are none, or too many, or one is a link, a pipe or a folder.
    """
    try:
        with os.scandir(path) as entries:
            listed = sorted(
                (entry for entry in entries if reading.names(entry.name)), key=lambda e: e.name
            )
    except OSError as error:
        raise _unreadable(path, error) from error
    if not listed:
        raise DataError(problems.NO_FILES, field="data", name=path.name, pattern=reading.files)
    if len(listed) > MOST_FILES:
        raise DataError(
            problems.TOO_MANY_FILES,
            field="data",
            name=path.name,
            pattern=reading.files,
            most=MOST_FILES,
        )
    for entry in listed:
        _check_name(entry.name)
        if not entry.is_file(follow_symlinks=False):
            raise DataError(problems.LINKED, field="data", name=entry.name)
    return tuple(path / entry.name for entry in listed)


def check_unchanged(node: Node, product: Product, before: Data) -> None:
    """Refuses data that were written while they were read: their digest would be that of others.

    Raises:
        DataError: They were.
    """
    if find_data(node, product, before.path) != before:
        raise DataError(problems.CHANGED, field="data", name=before.path.name)


def _check_name(name: str) -> None:
    """Refuses a name of bytes that are no UTF-8: what reads files cannot be told of it."""
    try:
        name.encode()
    except UnicodeEncodeError:
        told = name.encode(errors="backslashreplace").decode()
        raise DataError(problems.NAME_NO_TEXT, field="data", name=told) from None


def _unreadable(path: Path, error: OSError) -> DataError:
    return DataError(data_problems.NO_OPEN, field="data", path=path, reason=error.strerror)
