"""How contracts stand, on every page alike: by their own terms, and by who of both may act now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.areas.dsp.pages import words as w
from connector.areas.dsp.views import state_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlmodel import Session

    from connector.areas.dsp.agreements import AgreementRecord
    from connector.party.node import Node
    from crypto.words import Words


def contracts_stand(
    node: Node, session: Session, found: Sequence[AgreementRecord], now: datetime
) -> list[tuple[str, Words]]:
    """Say how each stands: how it looks, and in words.

    One that is in force by its terms is of no use while either party may not act: then that is
    said. Parties are looked up together, however many there are.

    Args:
        node: this node.
        session: any session.
        found: which.
        now: now.
    """
    us = node.settings.did
    dids = {us, *(one.counterparty for one in found)} if found else set()
    stands = node.status.standings(session, dids)

    def said(one: AgreementRecord) -> tuple[str, Words]:
        state = state_of(one, now)
        if state == "in force":
            for did, words in ((us, w.WE_ARE), (one.counterparty, w.THEY_ARE)):
                if not stands[did].certified:
                    return "bad", words.get(stands[did].status, words["unknown"])
        return w.STANDINGS[state]

    return [said(one) for one in found]
