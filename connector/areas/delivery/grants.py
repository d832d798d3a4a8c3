"""What opens a file: a token per Start, short-lived, known to us as its digest only."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING, Final

from sqlmodel import select

from connector.areas.delivery.rows import GrantRow
from connector.process.ports import unix_ms
from crypto.b64 import b64url

if TYPE_CHECKING:
    from sqlmodel import Session

    from connector.party.node import Node
    from connector.store.transaction import Transaction

TOKEN_BYTES: Final = 32
PATH_BYTES: Final = 18
TOKEN_SECONDS: Final = 3600


def grant(node: Node, tx: Transaction, transfer: str) -> tuple[str, str]:
    """Draw a fresh token for a transfer; the one before it opens nothing any more.

    Returns:
        The last part of the URL, and the token.
    """
    token = b64url(node.entropy(TOKEN_BYTES))
    row = tx.session.get(GrantRow, transfer)
    if row is None:
        path = b64url(node.entropy(PATH_BYTES))
        row = GrantRow(transfer=transfer, path=path, token="", expires_ms=0)
    row.token = _digest(token)
    row.expires_ms = unix_ms(tx.now) + TOKEN_SECONDS * 1000
    tx.session.add(row)
    tx.session.flush()
    return row.path, token


def withdraw(tx: Transaction, transfer: str) -> None:
    """Let nothing open the file any more, until a next Start."""
    row = tx.session.get(GrantRow, transfer)
    if row is not None and row.token:
        row.token = ""
        tx.session.add(row)
        tx.session.flush()


def opened_by(node: Node, session: Session, path: str, token: str) -> str | None:
    """Give the transfer whose file a token opens; None looks the same whatever is wrong."""
    row = session.exec(select(GrantRow).where(GrantRow.path == path)).one_or_none()
    known = row.token if row is not None else ""
    fits = hmac.compare_digest(_digest(token), known or "0" * 64)
    if row is None or not known or not fits or row.expires_ms <= unix_ms(node.clock.now()):
        return None
    return row.transfer


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
