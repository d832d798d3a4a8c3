"""How far a long piece of work is: a callback with the stage and its share done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

Stage = Literal["read", "check", "group", "cells", "compare", "merge", "write", "store"]
Progress = Callable[[Stage, float], None]  # 0.0 to 1.0 within the stage

STAGES: tuple[Stage, ...] = (
    "read",
    "check",
    "group",
    "cells",
    "compare",
    "merge",
    "write",
    "store",
)


def quiet(stage: Stage, done: float) -> None:
    """Reports nothing."""
