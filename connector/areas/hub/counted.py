"""How many descriptions the shared catalogue has, and why some are not shown to the operator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlmodel import col

from connector.areas.hub import visible
from connector.areas.hub.rows import ListingRow, ParticipantRow

if TYPE_CHECKING:
    from sqlmodel import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Descriptions that were not withdrawn.

    Attributes:
        shown: that a search of the operator's can find.
        uncertified: of providers that are not certified now.
        unreadable: whose offers cannot be read.
        reserved: whose offers are for others alone, or do not hold now.
    """

    shown: int
    uncertified: int
    unreadable: int
    reserved: int

    @property
    def hidden(self) -> int:
        """How many are not shown."""
        return self.uncertified + self.unreadable + self.reserved


def counted(session: Session, asker: str, *, space: str, now: int) -> Counted:
    """Count them, as a search that asks for nothing finds them.

    Args:
        session: to read in.
        asker: DID of the operator.
        space: IRI of the data space.
        now: unix seconds.
    """
    certified = select(col(ParticipantRow.did)).where(
        col(ParticipantRow.status) == "certified", col(ParticipantRow.expires) > now
    )
    fit = col(ListingRow.provider).in_(certified)
    listed = select(func.count()).select_from(ListingRow).where(col(ListingRow.listed).is_(True))
    uncertified = session.execute(listed.where(~fit)).scalar_one()
    total = session.execute(listed).scalar_one()
    shown = visible.visible_count(session, asker, space=space, now=now)
    names = set(session.execute(certified).scalars())
    lost = sum(one["provider"] in names for one in visible.unreadable(session))
    return Counted(
        shown=shown,
        uncertified=uncertified,
        unreadable=lost,
        reserved=total - uncertified - shown - lost,
    )
