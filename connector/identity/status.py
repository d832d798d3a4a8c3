"""Who is certified: read on every call from the hub's newest signed status document.

The document is a compact JWS, ``typ`` `STATUS_TYPE`, signed with a key in the hub's
``assertionMethod``. Its payload::

    {"hub": did, "space": iri, "serial": 7, "issued": 1764000000, "expires": 1764000900,
     "participants": [{"did", "status", "expires", "legalGroup", "name"}, …]}

`catalog.participants` makes it. Older serials are refused; past its expiry it certifies nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, cast

from sqlalchemy import delete, insert

from connector.errors import Conflict, MalformedError, VerificationError
from connector.identity.rows import StandingRow, StatusDocumentRow
from connector.ports import unix
from crypto import jws as jws_format
from crypto.strict_json import loads

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlmodel import Session

    from connector.ports import Clock
    from connector.settings import Settings
    from connector.store.database import Transaction
    from crypto.did import DidDocument

STATUS_TYPE: Final = "voile-status+jws"
MAX_BYTES: Final = 4 << 20
LEEWAY_SECONDS: Final = 30

Status = Literal["certified", "suspended", "revoked", "pending", "unknown"]
_STATUSES: Final = frozenset({"certified", "suspended", "revoked", "pending"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Whether a party may take part now.

    Attributes:
        did: the party.
        status: "unknown" for parties that no current document names.
        expires: seconds since 1970, the end of its certification; 0 if unknown.
        legal_group: parties of one group count as one where the contract says so.
        name: as the operator registered it.
        why: in words for our own log and the console.
    """

    did: str
    status: Status
    expires: int = 0
    legal_group: str = ""
    name: str = ""
    why: str = ""

    @property
    def certified(self) -> bool:
        """Whether the party may call and be called."""
        return self.status == "certified"


class StatusRegistry:
    """Reads standings; takes in new documents.

    Args:
        settings: names the hub and the pinned parties.
        clock: tells whether the document is current.
        document: resolves the hub's DID document without a network call, or raises.
    """

    def __init__(
        self, settings: Settings, clock: Clock, document: Callable[[str], DidDocument]
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._document = document

    @property
    def hub(self) -> str | None:
        """The DID of the hub; a hub is its own."""
        return self._settings.did if self._settings.role == "hub" else self._settings.hub_did

    def standing(self, session: Session, did: str) -> Standing:
        """Say whether ``did`` may take part now."""
        if did in {self.hub, self._settings.did}:
            return Standing(did=did, status="certified", expires=2**53, why="hub or self")
        if did in self._settings.pinned:
            return Standing(
                did=did, status="certified", expires=2**53, why="pinned in the settings"
            )
        now = unix(self._clock.now())
        newest = self.newest(session)
        if newest is None:
            return Standing(did=did, status="unknown", why="no status document yet")
        age = now - newest.issued
        if newest.expires <= now or age > self._settings.status_seconds:
            return Standing(did=did, status="unknown", why="the newest status document has expired")
        row = session.get(StandingRow, did)
        if row is None:
            return Standing(did=did, status="unknown", why="not in the status document")
        status = cast("Status", row.status)
        if status == "certified" and row.expires <= now:
            return Standing(
                did=did, status="suspended", expires=row.expires, why="certificate expired"
            )
        return Standing(
            did=did,
            status=status,
            expires=row.expires,
            legal_group=row.legal_group,
            name=row.name,
            why=f"status document {newest.serial}",
        )

    def newest(self, session: Session) -> StatusDocumentRow | None:
        """Give the newest document of the hub that was accepted."""
        return session.get(StatusDocumentRow, self.hub) if self.hub else None

    def accept(self, tx: Transaction, jws: str) -> int:
        """Verify a status document and put it in force, in the caller's transaction.

        The hub's DID document must be at hand: fetch it with `Peers.document` before.

        Returns:
            The serial number now in force.

        Raises:
            VerificationError: not signed by the hub, of another space, or expired.
            MalformedError: not a status document.
            Conflict: an older serial than the one in force.
        """
        if self.hub is None:
            raise VerificationError(
                "no hub is set", code="status-no-hub", next_step="set `hub` in the settings"
            )
        # (1) signed by the hub, with a key it uses for assertions
        document = self._document(self.hub)
        verified = jws_format.verify(
            jws,
            expected_typ=STATUS_TYPE,
            find_key=lambda kid: document.key(kid, relationship="assertionMethod"),
            max_bytes=MAX_BYTES,
        )
        # (2) the shape
        payload = loads(verified.payload, max_bytes=MAX_BYTES)
        serial, issued, expires = (
            _integer(payload, key) for key in ("serial", "issued", "expires")
        )
        # (3) of this hub and this space, and of this time
        now = unix(self._clock.now())
        if payload.get("hub") != self.hub or payload.get("space") != self._settings.space:
            raise VerificationError(
                "the status document is of another space", code="status-foreign"
            )
        if issued > now + LEEWAY_SECONDS or expires <= now:
            raise VerificationError(
                "the status document is not of this time", code="status-expired"
            )
        # (4) never older than what is in force; the same again changes nothing
        newest = tx.session.get(StatusDocumentRow, self.hub)
        if newest is not None and serial <= newest.serial:
            if serial == newest.serial and jws == newest.jws:
                return serial
            raise Conflict(
                f"status document {serial} is not newer than {newest.serial}",
                code="status-old",
                next_step="none: the newer one stays in force",
                serial=newest.serial,
            )
        standings = [_standing(item) for item in _participants(payload)]
        tx.session.merge(
            StatusDocumentRow(hub=self.hub, serial=serial, issued=issued, expires=expires, jws=jws)
        )
        tx.session.execute(delete(StandingRow))
        if standings:
            tx.session.execute(insert(StandingRow), standings)
        tx.session.flush()
        return serial


def _wrong(name: str) -> MalformedError:
    return MalformedError(f"status document: `{name}` is missing or wrong", code="status-malformed")


def _integer(payload: Any, name: str) -> int:
    value = payload.get(name) if isinstance(payload, dict) else None
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise _wrong(name)
    return value


def _participants(payload: dict[str, Any]) -> list[Any]:
    found = payload.get("participants")
    if not isinstance(found, list):
        raise _wrong("participants")
    return found


def _standing(item: Any) -> dict[str, Any]:
    if not isinstance(item, dict) or item.get("status") not in _STATUSES:
        raise _wrong("participants.status")
    texts = {
        name: item.get(key, "")
        for name, key in (("did", "did"), ("legal_group", "legalGroup"), ("name", "name"))
    }
    if not texts["did"] or not all(isinstance(text, str) for text in texts.values()):
        raise _wrong("participants.did")
    return texts | {"status": item["status"], "expires": _integer(item, "expires")}
