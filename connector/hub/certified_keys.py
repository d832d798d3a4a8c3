"""The keys certified with each firm: those of its newest approved application, and former ones."""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from catalog.rotation import OVERLAP_SECONDS
from connector.hub.applications import APPROVED
from connector.hub.rows import ApplicationRow
from crypto.vouched import Vouched

if TYPE_CHECKING:
    from sqlmodel import Session


def certified(session: Session) -> dict[str, Vouched]:
    """Give the certified keys of every firm."""
    rows = session.execute(
        select(
            col(ApplicationRow.did), col(ApplicationRow.thumbprints), col(ApplicationRow.decided_ms)
        )
        .where(col(ApplicationRow.state) == APPROVED)
        .order_by(col(ApplicationRow.decided_ms), col(ApplicationRow.number))
    ).all()
    current: dict[str, frozenset[str]] = {}
    former: dict[str, dict[str, int]] = {}
    for did, thumbprints, decided_ms in rows:
        keys = frozenset(json.loads(thumbprints).values())
        until = (decided_ms or 0) // 1000 + OVERLAP_SECONDS
        gone = former.setdefault(did, {})
        gone.update(dict.fromkeys(current.get(did, frozenset()) - keys, until))
        for key in keys:
            gone.pop(key, None)
        current[did] = keys
    return {did: Vouched(keys, MappingProxyType(former[did])) for did, keys in current.items()}
