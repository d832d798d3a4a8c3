"""The status document as it stands in JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal

from catalog import problems
from crypto.record_errors import wrong
from crypto.record_texts import Instant, Line, Name64, Name200, Others, Party
from crypto.records import As, Name, Range, Size, value_of

MAX_PARTICIPANTS: Final = 3000  # of long names and the most keys, in `status.MAX_STATUS_BYTES`
MAX_CURRENT: Final = 3
MAX_FORMER: Final = 16  # the newest of them: what older ones signed stands in the hub's register
THUMBPRINT: Final = 43  # characters of a SHA-256 in base64url

Certified = Literal["certified", "suspended", "revoked"]


def _thumbprint(value: Any, at: str) -> str:
    if not isinstance(value, str) or len(value) != THUMBPRINT:
        raise wrong(at, value, problems.THUMBPRINTS)
    return value


def _current(value: Any, at: str) -> frozenset[str]:
    listed = value_of(Annotated[tuple[Any, ...], Size(0, MAX_CURRENT)], value, at)
    return frozenset(_thumbprint(one, at) for one in listed)


def _former(value: Any, at: str) -> Mapping[str, int]:
    found: Mapping[str, int] = value_of(Mapping[str, Instant], value, at)
    for one in found:
        _thumbprint(one, at)
    if len(found) > MAX_FORMER:
        raise wrong(at, None, problems.AT_MOST.of(most=MAX_FORMER))
    return MappingProxyType(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeysWritten:
    """What an entry says of keys; nothing, if it says nothing of current ones."""

    keys: Annotated[frozenset[str], As(_current)]
    former_keys: Annotated[Mapping[str, int], As(_former, dict)]
    others: Others


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryWritten:
    """What the document says of one participant, keys aside."""

    did: Party
    status: Certified
    expires: Instant
    legal_group: Name64
    name_zh: Name200
    name_en: Name200
    others: Others


@dataclass(frozen=True, slots=True, kw_only=True)
class ListWritten:
    """Of a document that was verified before, the participants."""

    participants: Annotated[tuple[Mapping[str, Any], ...], Size(0, 2**20)]
    others: Others


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusWritten:
    """The document; of its participants each is an `EntryWritten`."""

    kind: Annotated[Literal["VoileStatus"], Name("type")]
    issuer: Party
    space: Line
    serial: Annotated[int, Range(1, 2**53 - 1)]
    iat: Instant
    exp: Instant
    participants: Annotated[tuple[Any, ...], Size(0, MAX_PARTICIPANTS)]
    others: Others
