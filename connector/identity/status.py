"""Who is certified: read on every call from the hub's newest signed status document.

`catalog.status` makes and verifies the document; here it is put in force. Older serials are
refused; past its expiry it certifies nobody. A pinned DID is certified where no document in force
names it: what the hub says of a party goes before our pin. What it says of ourselves binds us too.
A word against somebody, ourselves included, stays in force until a newer document takes it back:
who was revoked does not return by waiting, or by keeping us from the hub.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Final, cast

from sqlalchemy import bindparam, delete, insert, select
from sqlmodel import col

from catalog.status import keys_in, verify_status
from connector.identity import problems
from connector.identity.rows import StandingRow, StatusDocumentRow
from connector.identity.standing import InForce, Said, Standing, Status
from connector.process.errors import Conflict, VerificationError
from connector.process.lists import batches
from connector.process.ports import unix
from connector.store.core import memo_of
from connector.store.mapped import Mapped
from connector.store.prepared import Prepared
from crypto.canonical import digest_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from sqlmodel import Session

    from connector.process.ports import Clock
    from connector.process.settings import Settings
    from connector.store.transaction import Transaction
    from crypto.did import DidDocument
    from crypto.keys import PublicKey
    from crypto.vouched import Vouched

_NEWEST: Final = ("status", "newest")
ALWAYS: Final = 2**53 - 1


# read at every call: made once
_FORCE: Final = Mapped(InForce, StatusDocumentRow)
_IN_FORCE: Final = Prepared(_FORCE.chosen(_FORCE.table.c.hub == bindparam("hub")))
_SAID: Final = Mapped(Said, StandingRow)
_STANDING: Final = Prepared(_SAID.chosen(_SAID.table.c.did == bindparam("did")))


class StatusRegistry:
    """Reads standings; takes in new documents.

    Args:
        settings: names the hub and the pinned parties.
        clock: tells whether the document is current.
        document: gives the hub's DID document without a network call, or raises.
        rekeyed: told whose keys are others now.

    Attributes:
        news: set whenever a new document is in force; whoever waits for it clears it.
    """

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        document: Callable[[str], DidDocument],
        rekeyed: Callable[[str], None] = lambda _did: None,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._document = document
        self._rekeyed = rekeyed
        self.news = threading.Event()
        self._named: tuple[int, str] = (0, "")  # serial and digest of the newest document
        self._keys: tuple[int, Mapping[str, Vouched]] = (0, {})  # serial, and whose they are
        self._taking = threading.Lock()

    @property
    def hub(self) -> str | None:
        """The DID of the hub; a hub is its own."""
        return self._settings.did if self._settings.role == "hub" else self._settings.hub_did

    def standing(self, session: Session, did: str) -> Standing:
        """Say whether ``did``, which may be ourselves, may take part now."""
        newest = None if self._fixed(did) else self.newest(session)
        said = _SAID.first(session, _STANDING, did=did) if newest is not None else None
        return self._judged(did, newest, said)

    def standings(self, session: Session, dids: Collection[str]) -> dict[str, Standing]:
        """Say it of several parties, by as few statements as one takes."""
        newest = self.newest(session)
        said: dict[str, Said] = {}
        for part in batches(sorted(dids)):
            rows = session.execute(select(StandingRow).where(col(StandingRow.did).in_(part)))
            for row in rows.scalars():
                status = cast("Status", row.status)
                names = (row.legal_group, row.name_zh, row.name_en)
                said[row.did] = Said(status, row.expires, *names)
        return {did: self._judged(did, newest, said.get(did)) for did in dids}

    def _fixed(self, did: str) -> bool:
        """Say whether nobody has a say in it: the hub's own, or ours where there is no hub."""
        return did == self.hub or (did == self._settings.did and self.hub is None)

    def _judged(self, did: str, newest: InForce | None, said: Said | None) -> Standing:
        own = did == self._settings.did
        if self._fixed(did):
            return Standing(did=did, status="certified", expires=ALWAYS, why="hub or self")
        now = unix(self._clock.now())
        if newest is None:
            return self._unnamed(did, "no status document yet", own=own)
        current = min(newest.expires, newest.issued + self._settings.status_seconds) > now
        if said is None:
            # a document of this moment that leaves us out says that we are no member
            why = "not in the status document" if current else "the status document has expired"
            return self._unnamed(did, why, own=own and not current)
        status, why = said.status, f"status document {newest.serial}"
        if status == "certified" and said.expires <= now:
            status, why = "suspended", "its certification has expired"
        if status == "certified" and not current and not own:
            return self._unnamed(did, "the status document has expired")
        return Standing(
            did=did,
            status=status,
            expires=said.expires,
            legal_group=said.legal_group,
            name_zh=said.name_zh,
            name_en=said.name_en,
            why=why,
        )

    def certified(self, session: Session) -> list[tuple[str, str, str]]:
        """Give DID and names of all whom the newest document certifies, even if it is over."""
        listed = select(StandingRow).where(col(StandingRow.status) == "certified")
        rows = session.execute(listed).scalars()
        return [(row.did, row.name_zh, row.name_en) for row in rows]

    def _unnamed(self, did: str, why: str, *, own: bool = False) -> Standing:
        """A pin, or being ourselves, counts only where no document in force says something."""
        if own or did in self._settings.pinned:
            whose = "self" if own else "pinned in settings"
            return Standing(did=did, status="certified", expires=ALWAYS, why=f"{whose}; {why}")
        return Standing(did=did, status="unknown", why=why)

    def keys(self, did: str) -> Vouched | None:
        """Give a party's certified keys by the newest document; None if it says nothing of them."""
        return self._keys[1].get(did)

    def learn(self, session: Session) -> None:
        """Read the certified keys out of the document that is held, at the start."""
        row = session.get(StatusDocumentRow, self.hub) if self.hub is not None else None
        self._keys = (row.serial, keys_in(row.jws)) if row is not None else (0, {})

    def _take_keys(self, serial: int, keys: Mapping[str, Vouched]) -> None:
        """Put keys in force, after the commit: by then a newer document may have been quicker."""
        with self._taking:
            held, before = self._keys
            if serial <= held:
                return
            self._keys = (serial, keys)
        for did in before.keys() & keys.keys():
            if before[did].current != keys[did].current:
                self._rekeyed(did)

    def basis(self, session: Session) -> dict[str, Any]:
        """Name the document that standings are read from, for evidence.

        Returns:
            ``serial`` and ``digest`` of the newest document; nothing where none is held.
        """
        newest = self.newest(session)
        if newest is None:
            return {}
        named = self._named  # one attribute, so that threads see serial and digest together
        if named[0] != newest.serial:
            row = session.get(StatusDocumentRow, self.hub)
            if row is None:
                return {}
            named = self._named = (row.serial, digest_bytes(row.jws.encode()))
        return {"serial": named[0], "digest": named[1]}

    def newest(self, session: Session) -> InForce | None:
        """Give serial and times of the document in force, expired or not."""
        memo = memo_of(session)
        if memo is None:
            return self._in_force(session)
        if _NEWEST not in memo:
            memo[_NEWEST] = self._in_force(session)
        found: InForce | None = memo[_NEWEST]
        return found

    def _in_force(self, session: Session) -> InForce | None:
        return _FORCE.first(session, _IN_FORCE, hub=self.hub or "")

    def accept(self, tx: Transaction, jws: str) -> int:
        """Verify a status document and put it in force, in the caller's transaction.

        The hub's DID document must be at hand: fetch it with `Peers.document` before.

        Returns:
            The serial number now in force.

        Raises:
            VerificationError: not signed by the hub, of another space, older, or expired.
            MalformedError: not a status document.
            Conflict: another document under the serial in force.
        """
        if self.hub is None:
            raise VerificationError(problems.NO_HUB)
        newest = tx.session.get(StatusDocumentRow, self.hub)
        if newest is not None and newest.jws == jws:
            return newest.serial
        document = self._document(self.hub)

        def find_key(kid: str) -> PublicKey:
            return document.key(kid, relationship="assertionMethod")

        found = verify_status(
            jws,
            expected_issuer=self.hub,
            expected_space=self._settings.space,
            newest_serial=newest.serial if newest else 0,
            find_key=find_key,
            now=unix(tx.now),
        )
        if newest is not None and found.serial == newest.serial:
            raise Conflict(problems.EQUIVOCATION, serial=found.serial)
        tx.memo.pop(_NEWEST, None)
        tx.session.merge(
            StatusDocumentRow(
                hub=self.hub,
                serial=found.serial,
                issued=found.issued,
                expires=found.expires,
                jws=jws,
            )
        )
        tx.session.execute(delete(StandingRow))
        standings = [
            {
                "did": entry.did,
                "status": entry.status,
                "expires": entry.expires,
                "legal_group": entry.legal_group,
                "name_zh": entry.name_zh,
                "name_en": entry.name_en,
            }
            for entry in found.participants.values()
        ]
        if standings:
            tx.session.execute(insert(StandingRow), standings)
        tx.session.flush()
        entries = found.participants.values()
        keys = {str(one.did): one.keys for one in entries if one.keys is not None}
        tx.after_commit(lambda: self._take_keys(found.serial, keys))
        tx.after_commit(self.news.set)
        return found.serial
