"""Importing a library without what it would import besides, where it can do without."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def without(*names: str) -> Iterator[None]:
    """Import in here as if these packages were not installed; what is imported already stays.

    Some libraries load others, if they are there, for terminals of developers: a process that
    serves would hold them for nothing.

    Args:
        names: of packages.
    """
    hidden = [name for name in names if name not in sys.modules]
    for name in hidden:
        sys.modules[name] = None  # type: ignore[assignment]  # the import system's own sign
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]
