"""Searching the shared catalogue: the hub answers, we believe only what providers signed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Final

from catalog.description import (
    MAX_DESCRIPTION_BYTES,
    Description,
    Signed,
    verify_description,
)
from catalog.search import FACETS
from connector.areas.membership import problems
from connector.areas.membership.hub import answered, call_hub
from connector.process.errors import VerificationError, VoileError
from connector.process.ports import unix
from crypto.record_errors import wrong
from crypto.record_texts import Others, Party
from crypto.records import Range, Size, read

if TYPE_CHECKING:
    from catalog.asked import Asked
    from connector.identity.standing import Standing
    from connector.party.node import Node
    from crypto.keys import PublicKey

MOST_HITS: Final = 20
MOST: Final = 2**53 - 1
LONGEST_VALUE: Final = 2048  # characters of a facet's value
_FRAME: Final = 256 << 10  # of an answer, beside its descriptions


Counts = Mapping[str, Annotated[int, Range(0, MOST)]]  # how many hits have a value


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facets:
    """Of each of `FACETS`."""

    provider: Counts
    domain: Counts
    level: Counts
    mode: Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """A page of hits as the hub tells it."""

    hits: Annotated[tuple[Any, ...], Size(0, MOST_HITS)]
    facets: _Facets
    total: Annotated[int, Range(0, MOST)]
    page: Annotated[int, Range(1, MOST)]
    pages: Annotated[int, Range(1, MOST)]
    others: Others


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hit:
    provider: Party
    description: Signed


def find(node: Node, asked: Asked) -> dict[str, Any]:
    """Search.

    Args:
        node: this connector.
        asked: what is looked for.

    Returns:
        What the hub answered, with every hit verified; `dropped` says which were not, and why.

    Raises:
        RemoteError: the hub cannot be reached, refused, or answered nonsense.
    """
    answer = call_hub(
        node,
        "GET",
        "catalog/search",
        params=_params(asked),
        max_bytes=MOST_HITS * MAX_DESCRIPTION_BYTES + _FRAME,
        kind="hub.search",
    )
    with answered():
        found = _read(answer)
    hits, dropped = [], found.pop("malformed")
    for provider, signed in found.pop("signed"):
        try:
            hits.append(_shown(*_verified(node, provider, signed)))
        except VoileError as error:
            node.log.warning("hit-dropped", peer=provider, code=error.code)
            dropped.append({"provider": provider, "code": error.code, "reason": error.message})
    return found | {"facets": _named(node, found["facets"]), "hits": hits, "dropped": dropped}


def _params(asked: Asked) -> dict[str, list[str]]:
    chosen = {str(facet): list(values) for facet, values in asked.facets().items()}
    return {"text": [asked.text], "page": [str(asked.page)], "size": [str(asked.size)], **chosen}


def _read(value: Mapping[str, Any]) -> dict[str, Any]:
    answer = read(_Answer, value)
    signed, malformed = [], []
    for index, item in enumerate(answer.hits):
        try:
            hit = read(_Hit, item, f"/hits/{index}")
            signed.append((hit.provider, hit.description))
        except VoileError as error:  # one hit that is none hides no other
            malformed.append({"provider": "", "code": error.code, "reason": error.message})
    facets: dict[str, list[dict[str, Any]]] = {}
    for facet in FACETS:
        counts: Mapping[str, int] = getattr(answer.facets, facet)
        facets[facet] = [
            {"value": _value(facet, value), "count": count} for value, count in counts.items()
        ]
    return {
        "total": answer.total,
        "page": answer.page,
        "pages": answer.pages,
        "facets": facets,
        "signed": signed,
        "malformed": malformed,
    }


def _value(facet: str, value: str) -> str:
    if not 1 <= len(value) <= LONGEST_VALUE:
        expected = problems.FACET_VALUE.of(most=LONGEST_VALUE)
        raise wrong(f"/facets/{facet}/{value[:60]}", value, expected)
    return value


def _verified(node: Node, provider: str, signed: str) -> tuple[Description, Standing]:
    """Check a hit.

    Raises:
        VerificationError: its provider is not certified now, or did not sign it.
    """
    # (1) The provider is certified, by the status document that we hold ourselves.
    with node.db.reading() as session:
        standing = node.status.standing(session, provider)
    if not standing.certified:
        raise VerificationError(problems.UNCERTIFIED, provider=provider, why=standing.why)
    # (2) The provider's own key signed exactly this, for this space.
    document = node.peers.document(provider)

    used: list[PublicKey] = []

    def find_key(kid: str) -> PublicKey:
        try:
            key = document.key(kid, relationship="assertionMethod", former=True)
        except VerificationError:  # its keys may have changed: ask once more
            fresh = node.peers.document(provider, refetch=True)
            key = fresh.key(kid, relationship="assertionMethod", former=True)
        used.append(key)
        return key

    found = verify_description(
        signed,
        expected_provider=provider,
        expected_space=node.settings.space,
        find_key=find_key,
        now=unix(node.clock.now()),
    )
    document.check_time(used[-1], found.issued)
    return found, standing


def _shown(found: Description, standing: Standing) -> dict[str, Any]:
    return {
        "provider": found.provider,
        "providerName": {"zh": standing.name_zh, "en": standing.name_en},
        "dataset": found.dataset_id,
        "title": {"zh": found.title.zh, "en": found.title.en},
        "summary": {"zh": found.summary.zh, "en": found.summary.en},
        "keywords": list(found.keywords),
        "domain": found.domain,
        "level": found.level,
        "modes": list(found.modes),
        "version": found.version,
        "issued": found.issued,
        "digest": found.digest,
        "description": dict(found.dataset),
    }


def _named(node: Node, facets: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """Write beside each provider the name that the hub certified."""
    with node.db.reading() as session:
        for line in facets["provider"]:
            standing = node.status.standing(session, line["value"])
            line["name"] = {"zh": standing.name_zh, "en": standing.name_en}
    return facets
