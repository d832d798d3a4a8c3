"""The keys certified with each firm: those of its newest approved application, and former ones."""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from sqlalchemy import select
from sqlmodel import col

from catalog.rotation import OVERLAP_SECONDS
from connector.areas.hub.applications import APPROVED
from connector.areas.hub.rows import ApplicationRow
from crypto.vouched import Vouched

if TYPE_CHECKING:
    from collections.abc import Container

    from sqlmodel import Session

EVERY_USE: Final = frozenset({"token", "agreements", "log"})


def certified(
    session: Session, *, now: int | None = None, uses: Container[str] = EVERY_USE
) -> dict[str, Vouched]:
    """Give the certified keys of every firm.

    Args:
        session: to read in.
        now: leave out the former token keys that are of no use at this unix second: nothing that
            is kept was signed by one.
        uses: only keys for these.
    """
    rows = session.execute(
        select(
            col(ApplicationRow.did), col(ApplicationRow.thumbprints), col(ApplicationRow.decided_ms)
        )
        .where(col(ApplicationRow.state) == APPROVED)
        .order_by(col(ApplicationRow.decided_ms), col(ApplicationRow.number))
    ).all()
    current: dict[str, dict[str, str]] = {}  # by thumbprint, what for
    former: dict[str, dict[str, int]] = {}
    for did, thumbprints, decided_ms in rows:
        keys = {key: use for use, key in json.loads(thumbprints).items() if use in uses}
        until = (decided_ms or 0) // 1000 + OVERLAP_SECONDS
        gone = former.setdefault(did, {})
        for key, use in current.get(did, {}).items():
            if key not in keys and not (use == "token" and now is not None and until < now):
                gone[key] = until
        for key in keys:
            gone.pop(key, None)
        current[did] = keys
    return {
        did: Vouched(frozenset(keys), MappingProxyType(former[did]))
        for did, keys in current.items()
    }
