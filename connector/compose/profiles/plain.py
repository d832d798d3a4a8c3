"""Counterparties without a DID: known by name from the settings, called with a fixed header.

For test profiles only. All other parties go on as in production.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from connector.identity.auth import Caller
from connector.identity.peers import Peers
from connector.identity.standing import Standing
from connector.identity.status import ALWAYS, StatusRegistry
from connector.process.errors import Unauthenticated
from crypto.did import Did, DidDocument

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlmodel import Session

    from connector.party.node import Node
    from connector.store.transaction import Transaction

NEVER: Final = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainPeer:
    """A counterparty without a DID.

    Attributes:
        id: its participant id, as agreements name it.
        base: base URL of its DSP endpoints; None where it only calls us.
        authorization: makes the Authorization header for a URL of it.
    """

    id: str
    base: str | None
    authorization: Callable[[str], str]

    @property
    def document(self) -> DidDocument:
        """A document that names no key and no service: it signs nothing."""
        return DidDocument.parse({"id": self.id}, expected=self.id)


class PlainPeers(Peers):
    """Peers, some of which are plain.

    Args:
        plain: by id.
        rest: as `Peers` has it.
    """

    def __init__(self, *, plain: Mapping[str, PlainPeer], **rest: Any) -> None:
        super().__init__(**rest)
        self._plain = plain

    def document(self, did: str, *, refetch: bool = False) -> DidDocument:
        """Give the empty document of a plain peer; else as `Peers`."""
        found = self._plain.get(did)
        return found.document if found else super().document(did, refetch=refetch)

    def cached(self, did: str) -> DidDocument | None:
        """Give the empty document of a plain peer; else as `Peers`."""
        found = self._plain.get(did)
        return found.document if found else super().cached(did)

    def known_base(self, did: str) -> str | None:
        """Give the base URL that the settings name."""
        found = self._plain.get(did)
        return found.base if found else super().known_base(did)

    def authorization(self, did: str, method: str, url: str, body: bytes) -> str:
        """Make the header that the peer expects in the place of a token."""
        found = self._plain.get(did)
        return found.authorization(url) if found else super().authorization(did, method, url, body)

    def check_origin(self, did: str, url: str) -> None:
        """Let a plain peer name any address; the way out still refuses all but this machine."""
        if did not in self._plain:
            super().check_origin(did, url)


class PlainStatus(StatusRegistry):
    """The registry, with plain peers certified.

    Args:
        plain: their ids.
        rest: as `StatusRegistry` has it.
    """

    def __init__(self, *rest: Any, plain: frozenset[str], **more: Any) -> None:
        super().__init__(*rest, **more)
        self._plain = plain

    def standing(self, session: Session, did: str) -> Standing:
        """Say whether a party may take part now."""
        if did in self._plain:
            return Standing(did=did, status="certified", expires=ALWAYS, why="test profile")
        return super().standing(session, did)


@dataclass(slots=True, kw_only=True)
class PlainCaller(Caller):
    """A caller who brought no token, so that there is none to use up."""

    def consume(self, tx: Transaction) -> None:
        """Read the standing again; nothing is used up."""
        self.standing = self.recheck(tx.session)
        if not self.standing.certified:
            raise Unauthenticated(f"standing {self.standing.status}", did=self.did)
        self.spent = True


def plain_caller(node: Node, peer: PlainPeer) -> PlainCaller:
    """Make the caller that a plain peer is.

    Raises:
        Unauthenticated: it is not certified.
    """
    with node.db.reading() as session:
        standing = node.status.standing(session, peer.id)
    if not standing.certified:
        raise Unauthenticated(f"standing {standing.status}", did=peer.id)
    return PlainCaller(
        did=Did(peer.id),
        standing=standing,
        token_id="",
        expires=NEVER,
        document=peer.document,
        audience=node.settings.did,
        recheck=lambda session: node.status.standing(session, peer.id),
    )
