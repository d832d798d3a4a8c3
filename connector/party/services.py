"""What the areas of a node share with each other and with its routes, found by its type."""

from __future__ import annotations

from typing import Any, TypeVar, cast

S = TypeVar("S")


class Services:
    """Plain values, one of each type; made with the node and gone with it."""

    def __init__(self) -> None:
        self._held: dict[type[Any], object] = {}

    def add(self, value: object) -> None:
        """Take a value in.

        Raises:
            ValueError: there is one of this type already.
        """
        kind = type(value)
        if kind in self._held:
            raise ValueError(f"this node has a `{kind.__name__}` already")
        self._held[kind] = value

    def __getitem__(self, kind: type[S]) -> S:
        """Give the value of a type.

        Raises:
            LookupError: no area of this node brings one.
        """
        found = self._held.get(kind)
        if found is None:
            raise LookupError(f"no area of this node brings a `{kind.__name__}`")
        return cast("S", found)

    def __contains__(self, kind: type[Any]) -> bool:
        """Whether an area of this node brings one."""
        return kind in self._held
