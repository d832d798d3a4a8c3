"""Whether four eyes are in force: from the second person who may agree on, and then for good.

Two persons with roles that may agree are counted, not any two: where one alone could agree, what
that one asks for would wait for ever, also to be joined by another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from connector.areas.people import approval_words as words
from connector.areas.people import problems_approvals as problems
from connector.areas.people.approval_operations import DECIDERS
from connector.process.errors import Conflict
from connector.process.ports import unix_ms
from connector.store.facts import fact, set_fact
from contracts.evidence import Entry

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlmodel import Session

    from connector.party.node import Node
    from connector.process.actor import Role
    from connector.store.transaction import Transaction
    from crypto.words import Spoken

    Enrolled = Callable[[Session], Mapping[str, frozenset[Role]]]

FACT: Final = "four-eyes"  # `on` or `off`, and since when
FEWEST: Final = 2


@dataclass(frozen=True, slots=True)
class Force:
    """How it stands.

    Attributes:
        on: whether four eyes are in force.
        due: whether they come into force with the next act that asks for them.
        off: whether they were switched off.
        since: when that was written down, milliseconds since 1970; None before.
        deciders: active persons with a role that may agree.
    """

    on: bool
    due: bool
    off: bool
    since: int | None
    deciders: int

    @property
    def why(self) -> Spoken | None:
        """Why they are not in force."""
        if self.on or self.due:
            return None
        return words.SWITCHED_OFF if self.off else words.TOO_FEW.of(count=self.deciders)

    @property
    def heed(self) -> Spoken | None:
        """What to heed while they are in force: that nobody may be lost, with just two."""
        alone = (self.on or self.due) and self.deciders == FEWEST
        return words.ONLY_TWO if alone else None


def force_of(session: Session, enrolled: Enrolled) -> Force:
    """Say how it stands."""
    state, _, since = (fact(session, FACT) or "").partition(" ")
    count = sum(bool(roles & DECIDERS) for roles in enrolled(session).values())
    due = not state and count >= FEWEST
    return Force(state == "on", due, state == "off", int(since) if since else None, count)


def come_into_force(tx: Transaction, node: Node, enrolled: Enrolled) -> bool:
    """Write down that four eyes are in force, if they are due; say whether they are in force.

    For whoever enrols a person, in the same transaction; the gate looks, too.
    """
    found = force_of(tx.session, enrolled)
    if found.due:
        _write(tx, node, "on", "FOUR_EYES_IN_FORCE")
    return found.on or found.due


def check_enough(session: Session, enrolled: Enrolled) -> None:
    """See that two who may agree are left, once somebody was ended or has other roles.

    Raises:
        Conflict: fewer are, and four eyes are in force: nobody could agree to anything any more.
    """
    found = force_of(session, enrolled)
    if found.on and found.deciders < FEWEST:
        raise Conflict(problems.TOO_FEW, found=found.deciders)


def switch_off(tx: Transaction, node: Node) -> None:
    """Let one person be enough from now on."""
    _write(tx, node, "off", "FOUR_EYES_OFF")


def switch_on(tx: Transaction, node: Node, enrolled: Enrolled) -> None:
    """Put them in force again.

    Raises:
        Conflict: there are not two persons who may agree.
    """
    found = force_of(tx.session, enrolled)
    if found.on:
        return
    if found.deciders < FEWEST:
        raise Conflict(problems.TOO_FEW, found=found.deciders)
    _write(tx, node, "on", "FOUR_EYES_IN_FORCE")


def _write(tx: Transaction, node: Node, state: str, said: str) -> None:
    set_fact(tx.session, FACT, f"{state} {unix_ms(tx.now)}")
    tx.append(Entry(kind="CONFIGURATION", role=node.settings.role, to_state=said))
