"""Light or dark, or as the system has it."""

from __future__ import annotations

from typing import Final, Literal

Theme = Literal["system", "light", "dark"]
THEMES: Final[tuple[Theme, ...]] = ("system", "light", "dark")
