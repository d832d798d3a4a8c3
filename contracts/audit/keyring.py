"""Every key that a check may use, and where trust in each comes from.

A key is *pinned* in the auditor's trust file, *registered* by a hub that is pinned there, or only
*brought* by the bundle. What a brought key verifies is unchecked: anybody can bring a key under
anybody's name, so it convicts nobody.

A key that was replaced counts for what it signed before. A register tells of its own time only: one
that is old says of no key that it is still its party's, and convicts as a replaced key does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from contracts.audit import problems
from contracts.audit.report import Basis
from contracts.audit.trust import Register, Trust, read_register, read_trust
from crypto.errors import MalformedError, VerificationError
from crypto.jws import read_header
from crypto.notes import parse_vkey

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from contracts.audit.report import Source
    from contracts.audit.trust import Party
    from crypto.keys import PublicKey

_Entry = tuple[str, str, "PublicKey", str]  # DID, kid, key, thumbprint
FRESH_SECONDS: Final = 86_400  # that old a register is still the hub's word of now
# neither pinned nor brought: what it signed is unchecked
KEY_UNKNOWN: Final = problems.KEY_UNKNOWN.code


class ForeignTrustError(VerificationError):
    """The trust file is of another data space than the bundle: nothing of either is false."""


@dataclass(frozen=True, slots=True)
class Known:
    """A key, and where trust in it comes from."""

    key: PublicKey
    basis: Basis

    @property
    def vouched(self) -> bool:
        """Whether anybody whom the auditor trusts vouches for it."""
        return self.basis.vouched


@dataclass(frozen=True, slots=True, eq=False)
class Keyring:
    """Every key that a check may use. Made by `keyring`."""

    known: Mapping[tuple[str, str], Known]  # (DID, kid): the most trusted key of that name
    parties: frozenset[str]  # for whom a pinned file or a pinned hub vouches
    pinned: Mapping[str, Party]
    brought: Mapping[str, Party]
    registered: Mapping[str, frozenset[str]]  # DID -> thumbprints that the hub vouches for
    ends: Mapping[str, Mapping[str, int]]  # DID -> when which of its keys was replaced
    aged: int = 0  # when the register was signed, if that is long ago

    def basis(self, did: str, thumbprint: str, source: Source) -> Basis:
        """Say what a party's key is worth for a signature of which nothing else is known."""
        if until := self.ends.get(did, {}).get(thumbprint, 0):
            return Basis(thumbprint, source, until)
        if source == "registered" and self.aged:
            return Basis(thumbprint, source, self.aged, aged=True)
        return Basis(thumbprint, source)

    def find(self, did: str, kid: str) -> Known:
        """Find a party's key for assertions.

        Raises:
            VerificationError: neither the trust file nor the bundle has it.
        """
        found = self.known.get((did, kid))
        if found is None:
            raise VerificationError(problems.KEY_UNKNOWN, kid=kid[:200])
        return found

    def logs(self, did: str) -> tuple[tuple[str, ...], Source]:
        """Give the verifier keys of a party's logs, and where trust in them comes from."""
        party = self.pinned.get(did)
        if party is not None and party.logs:
            return party.logs, "pinned"
        party = self.brought.get(did)
        if party is None:
            return (), "brought"
        vouched = self.registered.get(did, frozenset())
        certified = tuple(
            text for text in party.logs if parse_vkey(text).public.thumbprint() in vouched
        )
        return (certified, "registered") if certified else (party.logs, "brought")


def keyring(
    trust: Trust,
    brought: bytes | None,
    register: str | None,
    *,
    beside: Iterable[str] = (),
    now: int = 0,
) -> Keyring:
    """Collect what a check may use.

    Args:
        trust: from outside.
        brought: ``keys/parties.json`` of the bundle.
        register: ``keys/register.jws`` of the bundle.
        beside: registers of other bundles: the newest of all says which keys were replaced, so that
            nobody brings a key back by an old one. One that does not hold says nothing.
        now: seconds since 1970, of the check.

    Raises:
        MalformedError: the bundle's files are not in their form.
        VerificationError: the register is false.
    """
    own = read_trust(brought) if brought is not None else Trust()
    told = read_register(register, trust.hub) if register and trust.hub else _SILENT
    newest = max([told, *_holding(beside, trust.hub)], key=lambda one: one.issued)
    registered = told.keys
    pinned = [*trust.parties, *([trust.hub] if trust.hub else [])]
    theirs = {party.did: party for party in (*own.parties, *([own.hub] if own.hub else []))}
    mine = {party.did: party for party in pinned if party.keys or party.logs}
    ends = {did: dict(of) for did, of in newest.ended.items()}
    for party in pinned:
        ends.setdefault(party.did, {}).update(party.ended)
    known: dict[tuple[str, str], Known] = {}
    aged = newest.issued if newest.issued < now - FRESH_SECONDS else 0
    parties = frozenset({*mine, *registered})
    made = Keyring(known, parties, mine, theirs, registered, ends, aged)
    of_hub: list[_Entry] = []
    of_bundle: list[_Entry] = []
    for party in theirs.values():
        vouched = registered.get(party.did, frozenset())
        for name, key in party.keys:
            entry = (party.did, name, key, key.thumbprint())
            (of_hub if entry[3] in vouched else of_bundle).append(entry)
    of_file = [
        (party.did, name, key, key.thumbprint())
        for party in mine.values()
        for name, key in party.keys
    ]
    for source, entries in _ranked(of_file, of_hub, of_bundle):
        for did, name, key, thumbprint in entries:
            found = Known(key, made.basis(did, thumbprint, source))
            known.setdefault((did, name), found)
            known.setdefault((did, f"{did}#{thumbprint}"), found)
    return made


_SILENT: Final = Register(0, {}, {})


def _holding(registers: Iterable[str], hub: Party | None) -> Iterator[Register]:
    """Give those that the pinned hub has signed."""
    for text in registers:
        if hub is None:
            return
        try:
            yield read_register(text, hub)
        except (MalformedError, VerificationError):
            continue


def keyring_of(
    trust: Trust,
    brought: bytes | None,
    register: bytes | None,
    *,
    beside: Iterable[bytes] = (),
    now: int = 0,
) -> Keyring:
    """Do the same with the bytes of a bundle's files.

    Raises:
        ForeignTrustError: the register is of another hub than the one that the trust pins.
        MalformedError, VerificationError: as there.
    """
    text = register.decode("latin-1") if register is not None else None
    if text and trust.hub is not None:
        signer = _signer(text)
        if signer is not None and signer != trust.hub.did:
            raise ForeignTrustError(problems.TRUST_FOREIGN, signer=signer[:200], hub=trust.hub.did)
    others = tuple(other.decode("latin-1") for other in beside)
    return keyring(trust, brought, text, beside=others, now=now)


def _signer(register: str) -> str | None:
    """Give whose key a register says it is signed with; None if that cannot be read."""
    try:
        return str(read_header(register.split(".", 1)[0]).get("kid", "")).partition("#")[0]
    except MalformedError:
        return None


def _ranked(
    of_file: list[_Entry], of_hub: list[_Entry], of_bundle: list[_Entry]
) -> Iterator[tuple[Source, list[_Entry]]]:
    yield "pinned", of_file
    yield "registered", of_hub
    yield "brought", of_bundle
