"""Lists for the owner in which one item that cannot be read hides no other.

What lies in the database was written by a peer's words or by an older version: a list is no place
to find out. An item that cannot be read stands there by its id, with the reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar

from crypto.errors import VoileError
from crypto.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from crypto.words import Language

Item = TypeVar("Item")
AT_ONCE: Final = 500  # ids in one statement

# what reading stored text raises: our own errors, JSON that is none, a field that is not there
_STORED: Final = Words(
    "所存的内容无法读取（{kind}）", "what is stored of it cannot be read ({kind})"
)
UNREADABLE: Final = (VoileError, ValueError, LookupError, TypeError, AttributeError)


def batches(items: Sequence[Item], size: int = AT_ONCE) -> Iterator[Sequence[Item]]:
    """Give a list in parts, as many of it as one statement asks for."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def each(
    items: Iterable[Item],
    show: Callable[[Item], dict[str, Any]],
    name: Callable[[Item], dict[str, Any]],
    language: Language = "en",
) -> list[dict[str, Any]]:
    """Show every item.

    Args:
        items: what the list is of.
        show: gives one as the list shows it.
        name: gives what stands for one that cannot be read, without reading it: its id, its state.
        language: in which it says why one cannot be read.

    Returns:
        The items in their order; one that cannot be read has `unreadable`, which says why.
    """
    return [_one(item, show, name, language) for item in items]


def _one(
    item: Item,
    show: Callable[[Item], dict[str, Any]],
    name: Callable[[Item], dict[str, Any]],
    language: Language,
) -> dict[str, Any]:
    try:
        return show(item)
    except UNREADABLE as error:
        return {**name(item), "unreadable": why(error, language)}


def why(error: BaseException, language: Language = "en") -> str:
    """Say why something stored cannot be read, never with what stands in it."""
    if isinstance(error, VoileError):
        return error.said(language)
    return _STORED.filled(language, {"kind": type(error).__name__})
