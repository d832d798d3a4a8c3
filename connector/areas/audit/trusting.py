"""Keys as this node sees them: for a trust file, and for the snapshot in a bundle."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select
from sqlmodel import col

from connector.areas.audit import problems
from connector.areas.dsp import AgreementRow, SignatureRow
from connector.areas.hub import ParticipantRow, certified
from connector.process.errors import RemoteError, VoileError
from connector.process.ports import unix
from connector.store.rows import AckRow, PeerCheckpointRow
from contracts.audit.trust import Party, Trust, party_of, sign_register
from crypto.jws import read_header
from crypto.keys import PublicKey
from crypto.notes import parse_vkey
from crypto.vouched import Vouched

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlmodel import Session

    from connector.party.node import Node
    from crypto.words import Language

CERTIFIED_USES: Final = ("agreements", "log")
_NONE: Final = Vouched(frozenset(), {})


def known_parties(node: Node) -> list[str]:
    """List whom this node has to do with: itself, its hub, its partners; at the hub everybody."""
    with node.db.reading() as session:
        found = {node.settings.did}
        if node.settings.hub_did:
            found.add(node.settings.hub_did)
        found |= set(session.execute(select(col(AgreementRow.counterparty))).scalars())
        found |= set(session.execute(select(col(PeerCheckpointRow.did))).scalars())
        found |= set(session.execute(select(col(ParticipantRow.did))).scalars())
    return sorted(found)


def trust_of(
    node: Node, parties: Iterable[str], language: Language = "en"
) -> tuple[Trust, dict[str, str]]:
    """Resolve parties' DID documents into trust; at the hub only keys that it has certified.

    Args:
        node: who resolves them.
        parties: their DIDs.
        language: in which it is said why a party gave no keys.

    Returns:
        The trust, and for each party that gave no keys why.
    """
    found: list[Party] = []
    failed: dict[str, str] = {}
    register = certified_keys(node) if node.settings.role == "hub" else None
    for did in parties:
        try:
            party = party_of(node.peers.document(did))
        except (RemoteError, VoileError) as error:
            failed[did] = error.said(language)
            party = Party(did)  # when its former keys ended is told all the same
        if register is not None and did != node.settings.did:
            party = _only(party, register.get(did, _NONE))
        elif (vouched := node.status.keys(did)) is not None:
            party = _only(party, vouched)  # not those of whoever has a firm's web host
        if not party.keys and not party.logs:
            failed.setdefault(did, problems.NO_KEYS.said(language))
        if party.keys or party.logs or party.ended:
            found.append(party)
    hub_did = node.settings.did if node.settings.role == "hub" else node.settings.hub_did
    hub = next((party for party in found if party.did == hub_did), None)
    return Trust(tuple(party for party in found if party is not hub), hub), failed


def snapshot(node: Node, session: Session, dids: Iterable[str]) -> tuple[Trust, dict[str, Any]]:
    """Collect keys for a bundle: kept beside signatures and promises, or within reach.

    Returns:
        The keys by party, and the DID documents by DID.
    """
    kept: dict[str, dict[str, PublicKey]] = {}
    for row in session.execute(select(SignatureRow)).scalars():
        kid = read_header(row.jws.split(".", 1)[0])["kid"]
        kept.setdefault(row.signer, {})[kid] = PublicKey.from_jwk(json.loads(row.jwk))
    for did, jwk in session.execute(select(col(AckRow.did), col(AckRow.jwk)).distinct()):
        key = PublicKey.from_jwk(json.loads(jwk))
        kept.setdefault(did, {})[f"{did}#{key.thumbprint()}"] = key
    documents: dict[str, Any] = {}
    parties: list[Party] = []
    for did in sorted({*dids, *kept}):
        party = Party(did)
        try:
            document = node.peers.document(did)
            documents[did] = document.raw
            party = party_of(document)
        except (RemoteError, VoileError) as error:
            node.log.info("audit-did-unresolved", peer=did, code=error.code)
        keys = kept.get(did, {}) | dict(party.keys)
        parties.append(Party(did, tuple(sorted(keys.items())), party.logs))
    return Trust(tuple(parties)), documents


def certified_keys(node: Node) -> dict[str, Vouched]:
    """Give, at the hub, the keys certified with each firm; of replaced ones when they ended."""
    with node.db.reading() as session:
        return certified(session, uses=CERTIFIED_USES)


def register(node: Node) -> str:
    """Sign, as the hub, whose keys are whose."""
    keys, found = node.keys.now(), certified_keys(node)
    return sign_register(
        {did: tuple(vouched.known) for did, vouched in found.items()},
        ended={did: vouched.former for did, vouched in found.items()},
        hub=node.settings.did,
        space=node.settings.space,
        key=keys.agreements,
        kid=keys.agreements_kid,
        now=unix(node.clock.now()),
    )


def _only(party: Party, vouched: Vouched) -> Party:
    """Leave a party the keys that are vouched for, and say of each former one when it ended."""
    keys = tuple((kid, key) for kid, key in party.keys if key.thumbprint() in vouched.known)
    logs = {vkey: parse_vkey(vkey).public.thumbprint() for vkey in party.logs}
    logs = {vkey: name for vkey, name in logs.items() if name in vouched.known}
    # also of those that its document does not list any more: a thief brings them along
    return Party(party.did, keys, tuple(logs), tuple(sorted(vouched.former.items())))
