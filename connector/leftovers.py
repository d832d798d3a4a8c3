"""What a command that fails half-way leaves behind: nothing."""

from __future__ import annotations

import shutil
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@contextmanager
def undone_on_failure() -> Iterator[Callable[[Path], None]]:
    """Give a function that is told of each path before something is made there.

    If the block fails, whatever was not there when it was told goes away again: the path with the
    folders that were made for it, or the files that came into a folder that was there.
    """
    made: list[Path] = []
    held: dict[Path, frozenset[Path]] = {}

    def note(path: Path) -> None:
        path = path.absolute()
        if path.is_dir():
            held.setdefault(path, frozenset(path.iterdir()))
        elif not path.exists():
            missing = [path, *(folder for folder in path.parents if not folder.exists())]
            made.append(missing[-1])

    try:
        yield note
    except BaseException:
        for folder, before in held.items():
            with suppress(OSError):
                made.extend(p for p in folder.iterdir() if p not in before and not p.is_dir())
        for path in made:
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                with suppress(OSError):
                    path.unlink()
        raise
