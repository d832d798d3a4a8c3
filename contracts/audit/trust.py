"""Trust: keys that an auditor has from elsewhere, and the keys that a bundle brings along.

A trust file pins parties' keys, or the hub's; a hub's key vouches for the parties through the
signed register of keys in the bundle. Either may say of a key when it was replaced: what it signed
before is as good as ever. What a check may use of all these, `keyring` says.
"""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 -- read by annotations
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, Final

from contracts.audit import problems
from crypto import jws as jws_format
from crypto import strict_json
from crypto.canonical import canonical
from crypto.errors import MalformedError, VerificationError
from crypto.keys import PublicKey
from crypto.notes import parse_vkey
from crypto.records import As, Range, Size, Text, read

if TYPE_CHECKING:
    from crypto.did import DidDocument
    from crypto.keys import SigningKey
    from crypto.words import Words

FORMAT: Final = "voile-trust/1"
REGISTER_TYPE: Final = "voile-register+jws"
MAX_BYTES: Final = 16 << 20
MAX_LOGS: Final = 16  # of one party: every head of a log is tried with each
MAX_KEYS: Final = 10_000  # of all parties: each goes through the key gate


@dataclass(frozen=True, slots=True)
class Party:
    """One party's keys: for assertions, by key id, and its logs' verifier keys.

    Attributes:
        ended: thumbprints of those that were replaced, each with the unix second until which it
            might sign; empty in files of before there was such a thing. A party may have nothing
            else: then nobody vouches for what it has now.
    """

    did: str
    keys: tuple[tuple[str, PublicKey], ...] = ()
    logs: tuple[str, ...] = ()
    ended: tuple[tuple[str, int], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Give it as it stands in a trust file."""
        keys = [{"kid": kid, "jwk": key.jwk()} for kid, key in self.keys]
        said: dict[str, Any] = {"did": self.did, "keys": keys, "logs": list(self.logs)}
        return said | ({"ended": dict(self.ended)} if self.ended else {})


@dataclass(frozen=True, slots=True)
class Trust:
    """Whom an auditor trusts: parties by their keys, a hub to say whose keys are whose."""

    parties: tuple[Party, ...] = ()
    hub: Party | None = None


@dataclass(frozen=True, slots=True)
class Register:
    """What a hub says of keys, at one moment.

    Attributes:
        issued: unix second.
        keys: thumbprints by DID, of replaced keys too.
        ended: of these, by DID, when each replaced one ended; of an older hub nothing.
    """

    issued: int
    keys: Mapping[str, frozenset[str]]
    ended: Mapping[str, Mapping[str, int]]


def party_of(document: DidDocument) -> Party:
    """Take a party's keys out of its DID document."""
    document = document.as_published()  # who vouches for them is judged by whoever uses them
    ids = sorted(document.relationships.get("assertionMethod", frozenset()))
    keys = tuple((kid, document.key(kid, relationship="assertionMethod")) for kid in ids)
    service = document.service("VoileLog")
    vkey = service.get("vkey") if service else None
    return Party(document.did, keys, (vkey,) if isinstance(vkey, str) else ())


def write_trust(trust: Trust) -> bytes:
    """Write a trust file."""
    value: dict[str, Any] = {
        "format": FORMAT,
        "parties": [party.to_json() for party in trust.parties],
    }
    if trust.hub is not None:
        value["hub"] = trust.hub.to_json()
    return canonical(value) + b"\n"


Word = Annotated[str, Text(MAX_BYTES, empty=True, raw=True)]


@dataclass(frozen=True, slots=True)
class _KeyWritten:
    kid: Word
    jwk: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _PartyWritten:
    did: Word
    keys: Annotated[tuple[_KeyWritten, ...], Size(0, MAX_KEYS)]
    logs: Annotated[tuple[Word, ...], Size(0, MAX_LOGS)]
    ended: Mapping[str, Annotated[int, Range(1)]] = field(default_factory=dict)


def _read_hub(value: Any, at: str) -> _PartyWritten:
    return read(_PartyWritten, value, at)


@dataclass(frozen=True, slots=True)
class _Written:
    format: Any
    parties: Annotated[tuple[_PartyWritten, ...], Size(0, MAX_BYTES)] = ()
    hub: Annotated[_PartyWritten | None, As(_read_hub)] = None


def read_trust(data: bytes) -> Trust:
    """Read a trust file.

    Raises:
        MalformedError: not one.
        VerificationError: the key gate refuses a key in it.
    """
    value = strict_json.loads(data, max_bytes=MAX_BYTES, max_depth=8)
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise _malformed(problems.FORMAT, format=FORMAT)
    parties = value.get("parties")
    every = [*(parties if isinstance(parties, list) else ()), value.get("hub")]
    if sum(len(item["keys"]) for item in every if _has_keys(item)) > MAX_KEYS:
        raise _malformed(problems.KEYS_MANY, most=MAX_KEYS)
    try:
        said = read(_Written, value)
    except MalformedError as error:
        raise MalformedError(problems.TRUST, why=error) from error
    hub = _party(said.hub) if said.hub is not None else None
    return Trust(tuple(map(_party, said.parties)), hub)


def _has_keys(item: Any) -> bool:
    return isinstance(item, dict) and isinstance(item.get("keys"), list)


def sign_register(
    keys: Mapping[str, tuple[str, ...]],
    *,
    hub: str,
    space: str,
    key: SigningKey,
    kid: str,
    now: int,
    ended: Mapping[str, Mapping[str, int]] = MappingProxyType({}),
) -> str:
    """Sign, as the hub, which keys (thumbprints) belong to which certified party.

    Args:
        keys: by DID, replaced ones too.
        hub: DID of the hub.
        space: IRI of the data space.
        key: the hub's.
        kid: its absolute id.
        now: unix seconds.
        ended: by DID, the replaced keys with the unix second until which each might sign.
            Whoever reads an older form passes over it.
    """
    participants = [
        {"did": did, "keys": sorted(keys[did]), "ended": dict(ended.get(did, {}))}
        for did in sorted(keys)
    ]
    payload = {"hub": hub, "space": space, "participants": participants}
    return jws_format.sign(canonical(payload), key, typ=REGISTER_TYPE, kid=kid, iat=now)


def read_register(text: str, hub: Party) -> Register:
    """Verify a register under a pinned hub's key; give the keys that it vouches for.

    Raises:
        MalformedError: not a register.
        VerificationError: not signed with the pinned key.
    """

    def find(kid: str) -> PublicKey:
        for name, key in hub.keys:
            if kid == name:
                return key
        raise VerificationError(problems.REGISTER_UNSIGNED)

    verified = jws_format.verify(
        text, expected_typ=REGISTER_TYPE, find_key=find, max_bytes=MAX_BYTES
    )
    if verified.iat is None:
        raise VerificationError(problems.REGISTER_UNDATED)
    until = dict(hub.ended).get(verified.key.thumbprint())
    if until is not None and verified.iat > until:
        raise VerificationError(problems.REGISTER_REPLACED)
    payload = strict_json.loads(verified.payload, max_bytes=MAX_BYTES)
    if not isinstance(payload, dict) or payload.get("hub") != hub.did:
        raise _malformed(problems.OTHER_HUB)
    participants = payload.get("participants")
    found: dict[str, frozenset[str]] = {}
    ended: dict[str, Mapping[str, int]] = {}
    for item in participants if isinstance(participants, list) else ():
        keys = item.get("keys") if isinstance(item, dict) else None
        if not isinstance(keys, list) or not isinstance(item.get("did"), str):
            raise _malformed(problems.NO_ENTRY)
        found[item["did"]] = frozenset(str(name) for name in keys)
        ended[item["did"]] = _ends(item.get("ended", {}))
    return Register(verified.iat, found, ended)


def _party(said: _PartyWritten) -> Party:
    for text in said.logs:
        parse_vkey(text)
    keys = tuple((entry.kid, PublicKey.from_jwk(entry.jwk)) for entry in said.keys)
    return Party(said.did, keys, said.logs, tuple(sorted(said.ended.items())))


def _ends(value: Any) -> dict[str, int]:
    """Read thumbprints with the unix seconds of their ends."""
    good = isinstance(value, dict) and all(
        isinstance(until, int) and not isinstance(until, bool) and until > 0
        for until in value.values()
    )
    if not good:
        raise _malformed(problems.ENDED)
    return dict(value)


def _malformed(why: Words, **facts: object) -> MalformedError:
    return MalformedError(problems.TRUST, why=why.of(**facts))
