"""What became of a total that we were asked to take part in, for the owner's list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlmodel import col, select

from connector.areas.cohort.rows import ProviderSessionRow
from connector.areas.questions import is_committed
from contracts.cohort import states

if TYPE_CHECKING:
    from sqlmodel import Session


@dataclass(frozen=True, slots=True)
class ToldOf:
    """A session of ours as provider.

    Attributes:
        state: Of `contracts.cohort.states`.
        charged: Whether it is the session that its total is charged for.
    """

    state: str
    charged: bool


def told_of(session: Session, consumer: str, session_id: str) -> ToldOf | None:
    """Return how a session stands here, None where it was never accepted."""
    row = session.get(ProviderSessionRow, (consumer, session_id))
    return None if row is None else ToldOf(row.state, _is_charged(session, row))


def _is_charged(session: Session, row: ProviderSessionRow) -> bool:
    """Say whether a final charge is this session's: of several of one total, the first one's.

    That is the first that settled; where none did, the last that had to be paid for its end.
    """
    if not is_committed(session, row.consumer, row.agreement, row.charge_key):
        return False
    opened, name = col(ProviderSessionRow.opened_ms), col(ProviderSessionRow.session)
    same = select(name).where(
        ProviderSessionRow.consumer == row.consumer,
        ProviderSessionRow.agreement == row.agreement,
        ProviderSessionRow.charge_key == row.charge_key,
    )
    settled = same.where(ProviderSessionRow.state == states.SETTLED).order_by(opened, name)
    first = session.exec(settled).first()
    if first is None:
        paid = same.where(
            ProviderSessionRow.state == states.ENDED, ProviderSessionRow.indicators_jws != ""
        )
        first = session.exec(paid.order_by(opened.desc(), name)).first()
    return first == row.session
