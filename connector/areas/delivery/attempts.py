"""What the evidence log says of a delivery: each attempt, how much came of it, and its proof."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlmodel import col, select

from connector.store.rows import LogEntryRow
from contracts.evidence import parse_leaf

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlmodel import Session

BEGUN: Final = "begun"
MOST: Final = 50  # leaves of a transfer that are looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One leaf of a delivery.

    Attributes:
        index: of the leaf.
        time_ms: when it was written, milliseconds since 1970.
        way: pull or push.
        outcome: begun, complete, cut, aborted or failed.
        bytes: that flowed; of one that has begun, that were asked for.
        size: of the whole file; 0 where the leaf does not say.
        product: id of what flowed; empty where the leaf does not say.
        digest: of the version; empty where the leaf does not say.
        why: code of why it did not arrive; empty where it did.
    """

    index: int
    time_ms: int
    way: str
    outcome: str
    bytes: int
    size: int
    product: str
    digest: str
    why: str


def attempts(session: Session, transfer: str, *, most: int = MOST) -> list[Attempt]:
    """Give the leaves of a transfer's deliveries, the newest first.

    Args:
        session: any session.
        transfer: our pid.
        most: leaves that are looked at; those that say of its state alone are among them.
    """
    query = (
        select(col(LogEntryRow.index), col(LogEntryRow.time_ms), col(LogEntryRow.entry))
        .where(col(LogEntryRow.process) == transfer)
        .order_by(col(LogEntryRow.time_ms).desc(), col(LogEntryRow.index).desc())
        .limit(most)
    )
    read = [(at, time, parse_leaf(entry)) for at, time, entry in session.exec(query).all()]
    return [
        _of(at, time, leaf["query"])
        for at, time, leaf in read
        if leaf.get("query", {}).get("delivery")
    ]


def _of(index: int, time_ms: int, told: Mapping[str, Any]) -> Attempt:
    return Attempt(
        index=index,
        time_ms=time_ms,
        way=str(told["delivery"]),
        outcome=str(told.get("outcome", "")),
        bytes=int(told.get("bytes", 0)),
        size=int(told.get("size", 0)),
        product=str(told.get("product", "")),
        digest=str(told.get("version") or told.get("digest") or ""),
        why=str(told.get("why", "")),
    )
