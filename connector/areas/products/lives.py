"""How many products were taken back under an id: the offers of the next are others than theirs.

An offer's id is a digest of its terms. A request that is on its way when its product is taken back
must not become an agreement about whatever is published under that id next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from connector.store.facts import fact, set_fact

if TYPE_CHECKING:
    from sqlmodel import Session

TAKEN_BACK: Final = "taken-back/"


def life_of(session: Session, product_id: str) -> int:
    """Returns how many products were taken back under an id; 0 under nearly every one."""
    return int(fact(session, TAKEN_BACK + product_id) or 0)


def end_life(session: Session, product_id: str) -> None:
    """Counts one that is taken back."""
    set_fact(session, TAKEN_BACK + product_id, str(life_of(session, product_id) + 1))
