"""What a command that fails half-way leaves behind: nothing, and never less than was there."""

from __future__ import annotations

import shutil
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Leftovers:
    """What a command makes, told as it goes."""

    def __init__(self) -> None:
        """Nothing is made yet."""
        self._made: list[Path] = []
        self._held: dict[Path, frozenset[Path]] = {}
        self._above: list[Path] = []  # the deepest first

    def before(self, path: Path) -> None:
        """Tell of a path before something is made there, or in it."""
        path = path.absolute()
        if path.is_dir():
            self._held.setdefault(path, frozenset(path.iterdir()))
        elif not path.exists():
            self._made.append(path)
            self.on_the_way(path)

    def on_the_way(self, path: Path) -> None:
        """Tell of a path before the folders that lead to it are made, and no more than these."""
        self._above.extend(folder for folder in path.absolute().parents if not folder.exists())

    def ours(self, path: Path) -> None:
        """Tell of a path that was made here, and by nobody else."""
        self._made.append(path.absolute())

    def take_away(self) -> None:
        """Take away what was made: the paths, and files that came into folders that were there.

        Folders that were made on the way go if nothing else lies in them: another home may have
        been made there meanwhile.
        """
        for folder, before in self._held.items():
            with suppress(OSError):
                self._made.extend(p for p in folder.iterdir() if p not in before and not p.is_dir())
        for path in self._made:
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                with suppress(OSError):
                    path.unlink()
        for folder in self._above:
            with suppress(OSError):
                folder.rmdir()


@contextmanager
def undone_on_failure() -> Iterator[Leftovers]:
    """Give what is to be told of each path; if the block fails, that is taken away again."""
    left = Leftovers()
    try:
        yield left
    except BaseException:
        left.take_away()
        raise
