"""The status document: who may act in the space now, signed by the hub, under a serial number.

A connector keeps the newest and judges every call by it. An older serial is refused, so that nobody
can bring a revoked firm back by replaying yesterday's word; past its expiry it certifies nobody.

Of each participant it names the keys that were certified, so that nobody becomes a firm by taking
its web host. An older hub names none: then a firm's DID document alone says which are its keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, Final

from catalog import problems
from catalog.certification import keys_of
from catalog.status_records import (
    MAX_FORMER,
    MAX_PARTICIPANTS,
    Certified,
    EntryWritten,
    KeysWritten,
    ListWritten,
    StatusWritten,
)
from crypto import jws
from crypto.b64 import unb64url
from crypto.canonical import canonical
from crypto.errors import VerificationError
from crypto.record_errors import wrong
from crypto.record_texts import Party
from crypto.records import Text, read, value_of
from crypto.strict_json import loads
from crypto.vouched import Vouched

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from crypto.did import Did
    from crypto.keys import PublicKey, SigningKey

TYP: Final = "voile-status+jws"
KIND: Final = "VoileStatus"
MAX_STATUS_BYTES: Final = 4 << 20
MOST_FORMER: Final = 4 * MAX_PARTICIPANTS  # in the whole document: in the largest space four each
LONGEST_SECONDS: Final = 86_400  # a document says nothing about tomorrow
LEEWAY_SECONDS: Final = 30

Signed = Annotated[str, Text(MAX_STATUS_BYTES)]  # a document, as it travels


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusEntry:
    """What the hub says of one participant.

    Attributes:
        did: Whom it is about.
        status: Whether it may act.
        expires: Unix seconds at which its certification ends, whatever the status says.
        legal_group: The hand it is in.
        name_zh: Its name in Chinese.
        name_en: Its name in English.
        keys: Its certified keys; None where the hub says nothing of keys.
    """

    did: Did
    status: Certified
    expires: int
    legal_group: str
    name_zh: str
    name_en: str
    keys: Vouched | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusDocument:
    """A verified status document. Moments are unix seconds."""

    serial: int
    issuer: Did
    space: str
    issued: int
    expires: int
    participants: Mapping[str, StatusEntry]

    def entry(self, did: str) -> StatusEntry | None:
        """Give what it says of ``did``; None if it does not know it."""
        return self.participants.get(did)


def sign_status(
    participants: Iterable[StatusEntry],
    *,
    issuer: str,
    space: str,
    serial: int,
    now: int,
    lifetime_seconds: int,
    key: SigningKey,
    kid: str,
) -> str:
    """Make a status document.

    Args:
        participants: everybody who was ever certified.
        issuer: DID of the hub.
        space: IRI of the data space.
        serial: greater than that of any document made before.
        now: unix seconds.
        lifetime_seconds: how long it may be relied upon.
        key: the hub's agreements key.
        kid: its absolute id.
    """
    listed = sorted(participants, key=lambda entry: entry.did)
    most = _most_former([len(entry.keys.former) for entry in listed if entry.keys is not None])
    document = {
        "type": KIND,
        "issuer": issuer,
        "space": space,
        "serial": serial,
        "iat": now,
        "exp": now + lifetime_seconds,
        "participants": [_written(entry, most) for entry in listed],
    }
    return jws.sign(canonical(document), key, typ=TYP, kid=kid)


def _most_former(counts: list[int]) -> int:
    """Give how many former keys of each participant fit, so that all together are MOST_FORMER."""
    most = MAX_FORMER
    while sum(min(count, most) for count in counts) > MOST_FORMER:
        most -= 1
    return most


def _written(entry: StatusEntry, most: int) -> dict[str, Any]:
    said: dict[str, Any] = {
        "did": entry.did,
        "status": entry.status,
        "expires": entry.expires,
        "legalGroup": entry.legal_group,
        "nameZh": entry.name_zh,
        "nameEn": entry.name_en,
    }
    if entry.keys is not None:
        newest = sorted(entry.keys.former.items(), key=lambda item: (-item[1], item[0]))
        said["keys"] = sorted(entry.keys.current)
        said["formerKeys"] = dict(newest[:most])
    return said


def verify_status(
    document: str,
    *,
    expected_issuer: str,
    expected_space: str,
    newest_serial: int,
    find_key: Callable[[str], PublicKey],
    now: int,
) -> StatusDocument:
    """Check a status document.

    Args:
        document: the compact JWS.
        expected_issuer: DID of the pinned hub, compared whole.
        expected_space: IRI of our space.
        newest_serial: of the newest document held; 0 when there is none.
        find_key: gives a key of the hub's `assertionMethod` by its absolute id.
        now: unix seconds.

    Raises:
        MalformedError: it is not a status document.
        VerificationError: it does not hold, or is older than what is held.
    """
    # (0) The key belongs to the pinned hub, by the DID part of its id.
    # (1) Signature, with typ `voile-status+jws` and nothing else.
    verified = jws.verify(
        document,
        expected_typ=TYP,
        find_key=keys_of(expected_issuer, find_key, problems.STATUS_KEY),
        max_bytes=MAX_STATUS_BYTES,
    )
    said = read(StatusWritten, loads(verified.payload, max_bytes=MAX_STATUS_BYTES))

    # (2) Issuer and space, whole.
    issuer, space = said.issuer, said.space
    if issuer != expected_issuer:
        raise VerificationError(problems.STATUS_ISSUER, got=issuer, expected=expected_issuer)
    if space != expected_space:
        raise VerificationError(problems.STATUS_SPACE, got=space, expected=expected_space)

    # (3) Good now, and not for longer than a day.
    issued, expires = said.iat, said.exp
    if issued > now + LEEWAY_SECONDS:
        raise VerificationError(problems.STATUS_EARLY)
    if not issued < expires <= issued + LONGEST_SECONDS:
        raise VerificationError(problems.STATUS_LIFETIME)
    if expires <= now:
        raise VerificationError(problems.STATUS_EXPIRED)

    # (4) Not older than what is held.
    serial = said.serial
    if serial < newest_serial:
        raise VerificationError(problems.STATUS_SERIAL, given=serial, serial=newest_serial)

    # (5) Every entry, each participant once.
    entries: dict[str, StatusEntry] = {}
    for index, item in enumerate(said.participants):
        entry = _entry(item, f"/participants/{index}")
        if entry.did in entries:
            raise wrong(f"/participants/{index}/did", entry.did, problems.EACH_DID_ONCE)
        entries[entry.did] = entry
    return StatusDocument(
        serial=serial,
        issuer=issuer,
        space=space,
        issued=issued,
        expires=expires,
        participants=MappingProxyType(entries),
    )


def _entry(value: Any, pointer: str) -> StatusEntry:
    said = read(EntryWritten, value, pointer)
    return StatusEntry(
        did=said.did,
        status=said.status,
        expires=said.expires,
        legal_group=said.legal_group,
        name_zh=said.name_zh,
        name_en=said.name_en,
        keys=_keys(said.others, pointer) if "keys" in said.others else None,
    )


def _keys(value: Any, pointer: str) -> Vouched:
    said = read(KeysWritten, value, pointer)
    return Vouched(said.keys, said.former_keys)


def keys_in(document: str) -> dict[str, Vouched]:
    """Read the keys out of a document that was verified before; those of whom it names some."""
    payload = loads(unb64url(document.split(".")[1]), max_bytes=MAX_STATUS_BYTES)
    found = {}
    for entry in read(ListWritten, payload).participants:
        if "keys" in entry:
            found[value_of(Party, entry.get("did"), "/did")] = _keys(entry, "")
    return found
