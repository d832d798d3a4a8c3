"""Remembers what was computed from bytes that have not changed.

The drill checks one bundle thousands of times, each time with one file changed. What depends only
on the others is looked up. Nothing is remembered once it is frozen, so that changed copies go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

from crypto.errors import VoileError

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

T = TypeVar("T")


class Memo:
    """A table of results, also of errors, by function and arguments."""

    def __init__(self) -> None:
        self._kept: dict[tuple[Any, ...], tuple[Any, VoileError | None]] = {}
        self._frozen = False

    def freeze(self) -> None:
        """Keep what there is and remember nothing more."""
        self._frozen = True

    def __call__(self, function: Callable[..., T], *arguments: Hashable) -> T:
        """Give ``function(*arguments)``; it must depend on nothing else."""
        key = (function, *arguments)
        found = self._kept.get(key)
        if found is None:
            try:
                found = function(*arguments), None
            except VoileError as raised:
                found = None, raised.kept()
            if not self._frozen:
                self._kept[key] = found
        value, error = found
        if error is not None:
            raise error.kept()
        return cast("T", value)
