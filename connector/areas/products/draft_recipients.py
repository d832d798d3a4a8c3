"""For which firms an offer is: chosen by their names, kept by their DIDs.

Names are those of the operator's status document. Whoever it does not name cannot sign for the
product: an offer that names them is refused while it is written, not when nobody takes it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from connector.areas.products import problems_drafts as problems
from connector.process.errors import BadRequest
from crypto.did_web import read_did
from crypto.errors import VoileError
from crypto.words import verbatim

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlmodel import Session

    from catalog.outline import OfferOutline
    from connector.party.node import Node
    from crypto.words import Spoken

FIELD: Final = "recipients"


@dataclass(frozen=True, slots=True)
class Firm:
    """A firm that an offer may be for.

    Attributes:
        did: Of it.
        zh: Its certified name in Chinese; empty for one that was pinned by its DID alone.
        en: The same in English.
    """

    did: str
    zh: str = ""
    en: str = ""

    @property
    def said(self) -> Spoken:
        """How a list names it: by its name and DID, as names need not differ."""
        zh, en = self.zh or self.en, self.en or self.zh
        if not zh:
            return verbatim(self.did)
        return verbatim(f"{zh}（{self.did}）", f"{en} ({self.did})")


def known_firms(node: Node, session: Session) -> list[Firm]:
    """Returns the firms that are certified or pinned, without our own, by their names."""
    named = {did: Firm(did, zh, en) for did, zh, en in node.status.certified(session)}
    pinned = {did: Firm(did) for did in node.settings.pinned}
    found = {**pinned, **named}
    found.pop(node.settings.did, None)
    return sorted(found.values(), key=lambda one: (one.zh or one.en, one.did))


def with_firms(node: Node, offer: OfferOutline) -> OfferOutline:
    """Reads whom an offer is for, each by DID or certified name.

    Raises:
        BadRequest: Somebody is neither, or two firms have that name.
    """
    if offer.audience != "named":
        return offer
    with node.db.reading() as session:
        firms = known_firms(node, session)
        there = node.status.newest(session) is not None
    dids = [_did(text, firms, there=there, own=node.settings.did) for text in offer.recipients]
    return replace(offer, recipients=tuple(dict.fromkeys(dids)))


def _did(text: str, firms: Sequence[Firm], *, there: bool, own: str) -> str:
    # a firm may have itself called as another one's DID
    is_did = text.startswith("did:")
    named = [one.did for one in firms if text in ((one.did,) if is_did else (one.zh, one.en))]
    if len(named) == 1:
        return named[0]
    if named:
        raise BadRequest(problems.NAME_TWICE, name=text[:80], dids=named[:5], field=FIELD)
    if not is_did:
        raise BadRequest(problems.NO_SUCH_FIRM, name=text[:80], field=FIELD)
    try:
        read_did(text)
    except VoileError as error:
        raise BadRequest(problems.NO_DID, name=text[:80], field=FIELD) from error
    if there and text != own:  # without the operator's word nobody can be told to be unknown
        raise BadRequest(problems.NOT_CERTIFIED, name=text[:200], field=FIELD)
    return text
