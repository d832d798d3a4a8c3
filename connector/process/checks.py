"""One thing that `voile doctor` looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "note", "wrong"]
SKEW_NOTE_SECONDS = 60
SKEW_WRONG_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    state: State
    text: str
    next_step: str = ""

    @property
    def mark(self) -> str:
        """A sign for the terminal."""
        return {"ok": "✓", "note": "•", "wrong": "✗"}[self.state]
