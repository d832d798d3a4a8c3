"""Lists for the owner in which one item that cannot be read hides no other.

What lies in the database was written by a peer's words or by an older version: a list is no place
to find out. An item that cannot be read stands there by its id, with the reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar

from crypto.errors import VoileError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Item = TypeVar("Item")

# what reading stored text raises: our own errors, JSON that is none, a field that is not there
UNREADABLE: Final = (VoileError, ValueError, LookupError, TypeError, AttributeError)


def each(
    items: Iterable[Item],
    show: Callable[[Item], dict[str, Any]],
    name: Callable[[Item], dict[str, Any]],
) -> list[dict[str, Any]]:
    """Show every item.

    Args:
        items: what the list is of.
        show: gives one as the list shows it.
        name: gives what stands for one that cannot be read, without reading it: its id, its state.

    Returns:
        The items in their order; one that cannot be read has `unreadable`, which says why.
    """
    return [_one(item, show, name) for item in items]


def _one(
    item: Item, show: Callable[[Item], dict[str, Any]], name: Callable[[Item], dict[str, Any]]
) -> dict[str, Any]:
    try:
        return show(item)
    except UNREADABLE as error:
        return {**name(item), "unreadable": why(error)}


def why(error: BaseException) -> str:
    """Say why something stored cannot be read, never with what stands in it."""
    if isinstance(error, VoileError):
        return error.message
    return f"what is stored of it cannot be read ({type(error).__name__})"
