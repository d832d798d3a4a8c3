"""What the evidence log says of a delivery: each attempt, how much came of it, and its proof."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlmodel import col, select

from connector.store.rows import LogEntryRow
from contracts.evidence import parse_leaf

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlmodel import Session

BEGUN: Final = "begun"
_NAMED: Final = b'"delivery"'
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


def attempts(session: Session, transfer: str, *, most: int = MOST) -> Iterator[Attempt]:
    """Give the leaves of the deliveries of a transfer, the newest first, each as it is asked for.

    Args:
        session: any session, open until the last is read.
        transfer: our pid.
        most: leaves that are looked at; those that say of its state alone are among them.
    """
    query = (
        select(col(LogEntryRow.index), col(LogEntryRow.time_ms), col(LogEntryRow.entry))
        .where(col(LogEntryRow.process) == transfer)
        .order_by(col(LogEntryRow.time_ms).desc(), col(LogEntryRow.index).desc())
        .limit(most)
    )
    for index, time_ms, entry in session.exec(query).all():
        told = parse_leaf(entry).get("query", {}) if _NAMED in entry else {}
        if told.get("delivery"):
            yield _of(index, time_ms, told)


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
