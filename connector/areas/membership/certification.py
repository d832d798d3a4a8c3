"""Our own certification: apply, see what became of it, keep the credential."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any

from catalog.applications import Signers, compose
from catalog.certification import Membership, verify_credential
from catalog.participants import Participant
from connector.areas.membership import problems
from connector.areas.membership.hub import address, answered, call_hub, hub_of
from connector.areas.membership.rows import MembershipRow
from connector.process.errors import Conflict, PeerRefused, VerificationError
from connector.process.ports import unix, unix_ms
from contracts.evidence import Entry
from crypto.b64 import b64url
from crypto.canonical import digest_bytes
from crypto.record_texts import Name64, Others
from crypto.records import Text, read, value_of

if TYPE_CHECKING:
    from sqlmodel import Session

    from connector.areas.membership.records import Form
    from connector.party.node import Node
    from connector.store.transaction import Transaction
    from crypto.keys import PublicKey

NONCE_BYTES = 16
DAY = 86_400
RENEW_DAYS = 14  # before the end, the owner is told to apply again


def apply(node: Node, form: Form) -> dict[str, Any]:
    """Apply at the hub.

    Args:
        node: this connector.
        form: the firm as it describes itself.

    Raises:
        PeerRefused: the hub refused it.
        Conflict: another was handed in since the one that was seen.
    """
    hub = hub_of(node)
    _check_seen(node, form.seen)
    participant = _participant(node, form)
    application = compose(
        participant,
        signers=Signers(token=node.keys.token, agreements=node.keys.agreements, log=node.keys.log),
        hub=hub,
        space=node.settings.space,
        nonce=b64url(node.entropy(NONCE_BYTES)),
        now=unix(node.clock.now()),
    )
    answer = call_hub(node, "POST", "applications", value=application)
    with answered():
        taken = read(_Taken, answer)
    hub_url = address(node, "")
    with node.db.transaction() as tx:
        row = tx.session.get(MembershipRow, 1)
        if row is None:
            row = MembershipRow(application="", state="", participant="", applied_ms=0)
        row.application, row.state, row.reason, row.hub_url = taken.id, taken.state, "", hub_url
        row.participant = json.dumps(participant.to_json(), ensure_ascii=False)
        row.applied_ms = unix_ms(tx.now)
        tx.session.add(row)
        _leaf(tx, hub, row, to=taken.state, detail={"participant": participant.to_json()})
        tx.session.flush()
    return shown(node)


def application_of(session: Session) -> str:
    """Give the id of the application that was handed in last; empty if there is none."""
    row = session.get(MembershipRow, 1)
    return "" if row is None else row.application


def _check_seen(node: Node, seen: str | None) -> None:
    with node.db.reading() as session:
        stands = application_of(session)
    if seen is not None and seen != stands:
        raise Conflict(problems.APPLIED_MEANWHILE)


def _participant(node: Node, form: Form) -> Participant:
    return Participant.from_json(
        {
            "did": node.settings.did,
            "nameZh": form.name_zh,
            "nameEn": form.name_en,
            "legalId": form.legal_id,
            "legalGroup": form.legal_group or form.legal_id,
            "roles": list(form.roles),
            "endpoint": node.settings.public_url,
        }
    )


def refresh(node: Node) -> bool:
    """Ask the hub what it says of us, and keep it.

    Returns:
        Whether anything changed.

    Raises:
        RemoteError: the hub cannot be reached, or refused.
        VerificationError: the credential it gave does not hold; nothing is kept.
    """
    hub = hub_of(node)
    try:
        answer = call_hub(node, "GET", "applications/mine")
    except PeerRefused as error:
        if error.peer_status == 404:
            return False
        raise
    with answered():
        mine = read(_Mine, answer)
    said = _Said(
        application=mine.id,
        state=mine.state,
        standing=mine.standing,
        reason=mine.reason or value_of(Said, mine.standing_reason, "/standingReason"),
        credential=mine.credential,
    )
    credential = said.credential
    membership = _checked(node, hub, credential) if credential else None
    hub_url = address(node, "")
    with node.db.transaction() as tx:
        row = tx.session.get(MembershipRow, 1)
        if row is None:
            row = MembershipRow(
                application="", state="", participant="{}", applied_ms=unix_ms(tx.now)
            )
        before = _Said.kept(row)
        row.application, row.state, row.standing = said.application, said.state, said.standing
        row.reason, row.credential, row.hub_url = said.reason, said.credential, hub_url
        row.since = membership.since if membership else 0
        row.expires = membership.expires if membership else 0
        row.checked_ms = unix_ms(tx.now)
        tx.session.add(row)
        if replace(before, reason=said.reason) != said:
            _leaf(
                tx,
                hub,
                row,
                start=before.standing or before.state,
                to=said.standing or said.state,
                detail={"reason": said.reason},
            )
        tx.session.flush()
    return before != said


Word = Annotated[str, Text(20, empty=True)]
Said = Annotated[str, Text(empty=True)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Taken:
    """What the hub answers to an application."""

    id: Name64
    state: Annotated[str, Text(20)]
    others: Others


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mine:
    """What the hub answers to who asks for its own; more of a reason where there is none."""

    id: Name64
    state: Annotated[str, Text(20)]
    standing: Word
    reason: Said
    standing_reason: Any = None
    credential: Annotated[str, Text(65_536, empty=True)]
    others: Others


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What the hub says of us."""

    application: str
    state: str
    standing: str
    reason: str
    credential: str

    @classmethod
    def kept(cls, row: MembershipRow) -> _Said:
        """Give what it said before."""
        return cls(
            application=row.application,
            state=row.state,
            standing=row.standing,
            reason=row.reason,
            credential=row.credential,
        )


def _checked(node: Node, hub: str, credential: str) -> Membership:
    document = node.peers.document(hub)

    def find_key(kid: str) -> PublicKey:
        try:
            return document.key(kid, relationship="assertionMethod")
        except VerificationError:  # the hub's keys may have changed: ask once more
            fresh = node.peers.document(hub, refetch=True)
            return fresh.key(kid, relationship="assertionMethod")

    return verify_credential(
        credential,
        expected_issuer=hub,
        expected_holder=node.settings.did,
        expected_space=node.settings.space,
        find_key=find_key,
        now=unix(node.clock.now()),
    )


def _leaf(
    tx: Transaction,
    hub: str,
    row: MembershipRow,
    *,
    to: str,
    detail: dict[str, Any],
    start: str = "",
) -> None:
    tx.append(
        Entry(
            kind="CERTIFICATION",
            role="participant",
            counterparty=hub,
            process=row.application,
            from_state=start,
            to_state=to,
            sig=[digest_bytes(row.credential.encode())] if row.credential else [],
            detail=detail,
        )
    )


def current(session: Session, now: int) -> MembershipRow | None:
    """Give our membership if we are certified now, by our own credential."""
    row = session.get(MembershipRow, 1)
    good = row is not None and row.standing == "certified" and row.expires > now
    return row if good else None


def shown(node: Node) -> dict[str, Any]:
    """Give the owner what is known of the connector's membership."""
    now = unix(node.clock.now())
    with node.db.reading() as session:
        row = session.get(MembershipRow, 1)
        held = node.status.newest(session)
    status = {
        "serial": held.serial if held else 0,
        "issued": held.issued if held else 0,
        "expires": min(held.expires, held.issued + node.settings.status_seconds) if held else 0,
    }
    found: dict[str, Any] = {
        "did": node.settings.did,
        "hub": node.settings.hub_did,
        "space": node.settings.space,
        "state": row.state if row else "none",
        "standing": row.standing if row else "",
        "reason": row.reason if row else "",
        "statusDocument": status | {"current": status["expires"] > now},
    }
    if row is not None and row.credential:
        found |= {
            "since": row.since,
            "expires": row.expires,
            "renewSoon": row.expires - now < RENEW_DAYS * DAY,
            "credential": row.credential,
        }
    if row is not None:
        found["participant"] = json.loads(row.participant)
    return found
