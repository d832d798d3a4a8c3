"""How far the cohort table of a product has come, as the asker is told."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from connector.areas.cohort.frozen import digest_now

if TYPE_CHECKING:
    from connector.areas.cohort.table_rows import CohortMembershipRow
    from connector.party.node import Node


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a cohort table is.

    Attributes:
        roster: all members.
        table: digest by which sessions name it; empty until its classes are made.
        missing: members that have not joined.
    """

    roster: tuple[str, ...]
    table: str = ""
    missing: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the body of an answer."""
        return {"roster": list(self.roster), "table": self.table, "missing": list(self.missing)}


def made(node: Node, row: CohortMembershipRow) -> Standing:
    """Give the standing of a table that is made, as it was renewed last."""
    with node.db.reading() as db:
        return Standing(tuple(json.loads(row.roster)), digest_now(db, row.dataset))
