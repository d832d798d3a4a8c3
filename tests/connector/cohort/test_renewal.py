"""A cohort table is renewed when all owners ask, and all answer from the same state or not at all."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlmodel import select

from connector.cohort.frozen import frozen
from connector.cohort.renewal_rows import RenewalPartRow, RenewalRoundRow, RenewalRow
from connector.cohort.renewing import Renewing
from tests.connector.cohort.alliance import BRANDS, SUPPLIERS, stock

if TYPE_CHECKING:
    from tests.connector.cohort.alliance import Alliance, Stock

DAY = 24 * 3600


def renew(alliance: Alliance, name: str) -> tuple[int, Any]:
    """Ask as the owner."""
    return alliance.suppliers[name].manage("POST", "/v1/products/stock/renewal")


def brought(alliance: Alliance) -> dict[str, Any]:
    """Have all owners ask, and everybody go on until nothing is left to do."""
    found = {}
    for _ in range(2):
        for name in SUPPLIERS:
            status, found[name] = renew(alliance, name)
            assert status == 200, found
    for _ in range(20):
        alliance.hub.node.clock.advance(31)  # type: ignore[attr-defined]
        for name in SUPPLIERS:
            Renewing(alliance.suppliers[name].node).sweep()
    return {name: renew(alliance, name)[1] for name in SUPPLIERS}


def more(rows: list[Stock], seed: int) -> list[Stock]:
    """Let every plant's figures grow, in every brand."""
    return [(p, b, a + 1 + (p * 7 + seed) % 50, f"{float(c) + 1 + seed % 3:.2f}") for p, b, a, c in rows]


def totals(alliance: Alliance) -> dict[str, int]:
    found = alliance.answer(alliance.agreements())["answer"]
    return {
        cell["key"]["brand"]: int(cell["values"]["sum(available)"])
        for cell in found["cells"]
        if cell["statuses"]["sum(available)"] == "released"
    }
