"""Lives the script in both worlds and says where the responses differ."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.worlds import holdings, story
from tests.worlds.rows import ROWS
from tests.worlds.space import homes
from tests.worlds.sweep import guarded, sweep

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from tests.worlds.caller import Book, Seen
    from tests.worlds.space import Homes


@dataclass(frozen=True)
class Found:
    """What a comparison came to.

    Attributes:
        responses: in each world.
        differences: in words.
    """

    responses: int
    differences: list[str]


def compare(
    folder: Path,
    steps: Iterable[str] | None = None,
    say: Callable[[str], object] = print,
    *,
    thrice: bool = False,
) -> Found:
    """Live both worlds and compare what was seen.

    Args:
        folder: for the homes.
        steps: of the script; all by default, and the sweep over all routes.
        say: told how far it is.
        thrice: live the first once more, to find what looks random and is made of the rows.
    """
    wanted = list(steps) if steps is not None else None
    with homes(folder) as made:
        lives = (*holdings.WORLDS, holdings.WORLDS[0]) if thrice else holdings.WORLDS
        books = [_lived(made, name, wanted, say) for name in lives]
    differences = differing(books[0], books[1])
    if thrice:
        differences += [f"made of the rows: {token}" for token in of_the_rows(*books)]
    if wanted is None:
        differences += [f"route not asked: {key}" for key in unasked(books[0])]
    return Found(len(books[0].seen), differences)


def _lived(made: Homes, name: str, steps: list[str] | None, say: Callable[[str], object]) -> Book:
    with made.live(name) as world:
        world.publish(1)
        for step, run in story.STEPS.items():
            if steps is None or step in steps:
                run(world)
        if steps is None:
            guarded(world)
            sweep(world)
        say(f"world {name}: {len(world.book.seen)} responses")
        return world.book


def of_the_rows(one: Book, other: Book, again: Book) -> list[str]:
    """Give tokens that both lives of one world have and the other world has not.

    What is drawn at random is new in every life; what is made of homes and declarations is the same
    in all three. A digest of figures without a salt would be neither: who guesses them can tell.
    """
    return sorted((one.normal.tokens & again.normal.tokens) - other.normal.tokens)


def differing(one: Book, other: Book) -> list[str]:
    """Compare two books, response by response."""
    found = []
    if len(one.seen) != len(other.seen):
        found.append(f"{len(one.seen)} responses against {len(other.seen)}")
    for first, second in zip(one.seen, other.seen, strict=False):
        found += [f"{first.label}: {line}" for line in _differ(first, second)]
    return found


def _differ(first: Seen, second: Seen) -> list[str]:
    found = []
    for name in ("label", "status", "headers", "length", "body"):
        a, b = getattr(first, name), getattr(second, name)
        if a != b:
            place, a, b = _narrow(a, b)
            found.append(f"{name}{place}: {_short(a)} against {_short(b)}")
    return found


def _narrow(a: object, b: object, place: str = "") -> tuple[str, object, object]:
    """Find the first part in which two things differ."""
    if isinstance(a, list | tuple) and isinstance(b, list | tuple) and len(a) == len(b):
        for number, (one, other) in enumerate(zip(a, b, strict=True)):
            if one != other:
                named = isinstance(one, tuple) and len(one) == 2 and isinstance(one[0], str)
                return _narrow(one, other, f"{place}/{one[0] if named else number}")
    return place, a, b


def _short(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)[:300]


def unasked(book: Book) -> list[str]:
    """Give the routes of the script that nobody asked."""
    asked = {(method, _shape(path)) for _, method, path in book.routes}
    return [
        f"{who} {listener}: {method} {path}"
        for (who, listener, method, path) in ROWS
        if (method, _shape(path)) not in asked
    ]


def _shape(path: str) -> str:
    """Name a route by its fixed parts: ids and parameters look alike."""
    import re

    return re.sub(r"\{[^}]+\}|urn:uuid:[^/]*|[A-Za-z0-9_-]{22}", "*", path)
