"""Who may sit in a cohort together: strangers in good standing, and enough of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from contracts.cohort import problems
from contracts.cohort.errors import wrong

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crypto.did import Did

OWNER_FLOOR: Final = 3  # a contract may ask for more, never for less


class Parties(Protocol):
    """Who takes part in a total: of a session, or of one that is only thought of."""

    @property
    def consumer(self) -> Did:
        """Who asks."""
        ...

    @property
    def aggregator(self) -> Did:
        """Who adds up."""
        ...

    @property
    def roster(self) -> Sequence[Did]:
        """Who contributes."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """What the hub's register says of a party now."""

    did: Did
    certified: bool
    legal_group: str


def check_roles(session: Parties) -> None:
    """Check who sits in a session.

    (1) nobody sits in it twice over: consumer and aggregator differ, neither is in the roster;
    (2) at least three providers.

    Raises:
        CohortError: one of them fails.
    """
    # (1)
    if len({session.consumer, session.aggregator, *session.roster}) != len(session.roster) + 2:
        raise wrong("cohort.roles", problems.ROLES)
    # (2)
    if len(session.roster) < OWNER_FLOOR:
        raise wrong(
            "cohort.too-small", problems.TOO_SMALL, wanted=OWNER_FLOOR, count=len(session.roster)
        )


def check_members(session: Parties, members: Mapping[Did, Member], *, min_cohort: int) -> None:
    """Check that a roster is made of at least `min_cohort` strangers in good standing.

    (1) consumer, aggregator and every provider are certified now;
    (2) every provider's legal group is known, and no two providers share one;
    (3) none is in the consumer's or the aggregator's group: neither fills a cohort with puppets;
    (4) there are at least as many as the owner's floor and the strictest contract want.

    Args:
        session: who takes part.
        members: standing of each party of it, read just now.
        min_cohort: the strictest contract's wish.

    Raises:
        CohortError: one of them fails; `params` say who.
    """
    # (1)
    for did in (session.consumer, session.aggregator, *session.roster):
        if did not in members or not members[did].certified:
            raise wrong("cohort.member.standing", problems.STANDING, member=did)
    # (2), (3)
    outside = {session.consumer, session.aggregator}
    taken = {members[did].legal_group: did for did in outside if members[did].legal_group}
    for did in session.roster:
        group = members[did].legal_group
        if not group:
            raise wrong("cohort.member.group", problems.GROUP_UNKNOWN, member=did)
        if group in taken:
            raise wrong(
                "cohort.member.related",
                problems.RELATED,
                member=did,
                other=taken[group],
            )
        taken[group] = did
    # (4)
    wanted = max(OWNER_FLOOR, min_cohort)
    if len(session.roster) < wanted:
        raise wrong(
            "cohort.too-small", problems.TOO_SMALL, wanted=wanted, count=len(session.roster)
        )
