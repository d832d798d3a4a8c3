"""When each connector last fetched the status document, and the software that it says it runs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from connector.areas.hub.rows import ContactRow
from connector.process.ports import unix_ms

if TYPE_CHECKING:
    from sqlmodel import Session

    from connector.store.transaction import Transaction

HEADER: Final = "Voile-Software"
EVERY_MS: Final = 60_000  # a contact is written no oftener
_SOFTWARE: Final = re.compile(r"[A-Za-z0-9._+/-]{1,40}")


def due(session: Session, did: str, now_ms: int) -> bool:
    """Say whether a contact of a connector is to be written."""
    row = session.get(ContactRow, did)
    return row is None or now_ms - row.fetched_ms >= EVERY_MS


def note(tx: Transaction, did: str, serial: int, software: str) -> None:
    """Keep that a connector fetched the status document just now.

    Args:
        tx: the transaction.
        did: whose connector.
        serial: of the document that it said it holds.
        software: in its own words; what is no plain name is left out.
    """
    said = software if _SOFTWARE.fullmatch(software) else ""
    row = ContactRow(did=did, fetched_ms=unix_ms(tx.now), serial=serial, software=said)
    tx.session.merge(row)
