"""Puts the operator's patched connector in the place of the honest one, for a while."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.attack.scene import Scene


@contextmanager
def patched_hub(scene: Scene) -> Iterator[Callable[[str], None]]:
    """Restart the hub with `tests.attack.patches`; give what tells it how to cheat."""
    hub, honest = scene.hub, scene.hub.command
    word = scene.folder / "way"

    def tell(way: str) -> None:
        word.write_text(way, encoding="utf-8")

    tell("honest")
    before = f"from tests.attack.patches import apply; apply({str(word)!r})"
    hub.stop()
    hub.command = (sys.executable, "-c", f"{before}; from connector.__main__ import main; main()")
    hub.start()
    try:
        yield tell
    finally:
        hub.stop()
        hub.command = honest
        hub.start()
