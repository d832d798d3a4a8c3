"""How far the cohort table of a product has come, as the asker is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a cohort table is.

    Attributes:
        roster: all members.
        table: digest of the signed classes; empty until they are made.
        missing: members that have not joined.
    """

    roster: tuple[str, ...]
    table: str = ""
    missing: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the body of an answer."""
        return {"roster": list(self.roster), "table": self.table, "missing": list(self.missing)}
