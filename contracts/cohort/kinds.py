"""Kinds of members that the statements of a cohort have; how they are read, `crypto.records` says.

Texts are taken as they are, with whatever characters: they were signed so.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final

from contracts.cohort import problems_fields
from crypto.did import Did
from crypto.record_errors import wrong
from crypto.record_texts import Digest, Party, as_did, like
from crypto.records import As, Range, Size, Text, value_of

MAX_ROSTER: Final = 64
MAX_DECIMAL: Final = 60  # digits

_DIDS: Final = Annotated[tuple[Party, ...], Size(1, MAX_ROSTER)]
_DECIMAL: Final = like(rf"0|-?[1-9][0-9]{{0,{MAX_DECIMAL}}}", problems_fields.DECIMAL)


def _decimal(value: Any, at: str) -> int:
    text: str = _DECIMAL.read(value, at)
    if len(text) > MAX_DECIMAL:
        raise wrong(at, value, problems_fields.DECIMAL)
    return int(text)


def _by_provider(value: Any, at: str) -> dict[Did, str]:
    if not isinstance(value, Mapping) or not 0 < len(value) <= MAX_ROSTER:
        raise wrong(at, value, problems_fields.DIGEST_EACH)
    place = {did: f"{at}/{did[:60]}" for did in value}
    return {as_did(did, at): value_of(Digest, one, place[did]) for did, one in value.items()}


def _or_none(value: Any, at: str) -> dict[Did, str]:
    return {} if value == {} else _by_provider(value, at)


def _sorted(value: Any, at: str) -> tuple[Did, ...]:
    found: tuple[Did, ...] = value_of(_DIDS, value, at)
    if list(found) != sorted(set(found)):
        raise wrong(at, value, problems_fields.SORTED_DIDS)
    return found


Identifier = Annotated[str, like(r"[A-Za-z0-9_-]{22}", problems_fields.ID_BITS)]  # 128 bits
Decimal = Annotated[int, As(_decimal, str, problems_fields.DECIMAL)]  # of any size
Digests = Annotated[Mapping[Did, str], As(_by_provider, dict, problems_fields.DIGEST_EACH)]
DigestsOrNone = Annotated[Mapping[Did, str], As(_or_none, dict, problems_fields.DIGEST_EACH)]
Roster = Annotated[tuple[Did, ...], As(_sorted, list, problems_fields.SORTED_DIDS)]
Instant = Annotated[int, Range(0, 1 << 40)]  # unix seconds


def text(longest: int, *, empty: bool = False) -> Text:
    """Say how long a text may be."""
    return Text(longest, empty=empty, raw=True)


__all__ = [
    "MAX_ROSTER", "Decimal", "Digest", "Digests", "DigestsOrNone", "Identifier", "Instant",
    "Party", "Roster", "text",
]  # fmt: skip
