"""Opening a session of a total: the act of one party, for what is its own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select
from sqlmodel import col

from connector.areas.cohort import AggregationRow, CohortAskRow, ProviderSessionRow, secret_name
from connector.process.errors import NotFound
from contracts.audit.opened_total import open_total
from contracts.cohort import problems
from contracts.cohort.session import Session as CohortSession
from contracts.cohort.statements import Cleared
from crypto import strict_json
from crypto.b64 import unb64url
from crypto.paillier.jwk import secret_from_jwk

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlmodel import Session

    from connector.party.node import Node

_TABLES: Final[tuple[Any, ...]] = (CohortAskRow, ProviderSessionRow, AggregationRow)


def known(db: Session, sessions: Collection[str]) -> list[CohortAskRow]:
    """Look sessions up; give those that we asked for ourselves.

    Raises:
        NotFound: we have taken part in no session of that id.
    """
    found: set[str] = set()
    for table in _TABLES:
        query = select(col(table.session)).where(col(table.session).in_(sessions))
        found |= set(db.execute(query).scalars())
    for session_id in sessions:
        if session_id not in found:
            raise NotFound(problems.SESSION_MISSING, session=session_id[:64])
    asked = select(CohortAskRow).where(col(CohortAskRow.session).in_(sessions))
    return list(db.execute(asked).scalars())


def total(node: Node, row: CohortAskRow) -> bytes | None:
    """Open what the product of a session of ours holds; None where there is none to open."""
    session = CohortSession.from_json(_payload(row.session_jws))
    if row.product is None or not session.seed:
        return None
    cleared = Cleared.from_json(_payload(row.cleared_jws))
    secret = secret_from_jwk(strict_json.loads(node.secrets.get(secret_name(row.session))))
    return open_total(session, len(cleared.indexes), row.product, secret)


def _payload(jws: str) -> Any:
    """Read a statement that was verified before it was stored."""
    return json.loads(unb64url(jws.split(".")[1]))
