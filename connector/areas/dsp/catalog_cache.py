"""Our datasets as a caller may see them, written once: a page is made of bytes that are at hand.

A dataset is kept as it was last written, under a stamp that changes with its content, so nothing
stale is shown. Whether an offer may be seen is decided in every request, once for all offers that
say the same: what most datasets share is judged once, not ten thousand times.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from contracts import messages as m
from contracts.messages.codec import check
from policies.odrl import parse_policy

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping

    from sqlmodel import Session

    from connector.areas.dsp.context import Dsp

FIRST: Final = 128  # names read at a time: a page needs no more
THEN: Final = 4096


@dataclass(frozen=True, slots=True)
class _Written:
    """One dataset: its stamp, its JSON, and what each of its offers says, without its id."""

    stamp: Hashable
    data: bytes
    terms: tuple[str, ...]


class Listing:
    """The catalogue of one node. Threads share it."""

    def __init__(self, dsp: Dsp) -> None:
        self._dsp = dsp
        self._kept: dict[str, _Written] = {}
        self._same: dict[str, str] = {}  # equal terms are one object: most datasets share theirs

    def visible(self, session: Session, peer: str) -> Iterator[bytes]:
        """Give the datasets that a peer may see, in their order, each as JSON."""
        decided: dict[str, bool] = {}
        after, limit, seen = "", FIRST, 0
        while names := self._dsp.shelf.names(session, after=after, limit=limit):
            for name, stamp in names:
                shown = self._shown(session, peer, name, stamp, decided)
                if shown is not None:
                    yield shown
            after, limit, seen = names[-1][0], THEN, seen + len(names)
        self._forget(seen)

    def _shown(
        self, session: Session, peer: str, name: str, stamp: Hashable, decided: dict[str, bool]
    ) -> bytes | None:
        written = self._kept.get(name)
        if written is None or written.stamp != stamp:
            written = self._write(session, name, stamp)
        allowed = [self._allowed(session, peer, name, terms, decided) for terms in written.terms]
        if all(allowed):
            return written.data if allowed else None
        if not any(allowed):
            return None
        dataset = json.loads(written.data)
        offers = zip(dataset["hasPolicy"], allowed, strict=True)
        return _bytes({**dataset, "hasPolicy": [offer for offer, may in offers if may]})

    def _write(self, session: Session, name: str, stamp: Hashable) -> _Written:
        dataset = self._dsp.shelf.dataset(session, name)
        if dataset is None:  # withdrawn this moment, or without an offer
            return _Written(stamp, b"", ())
        check(m.Catalog(id=name, participant_id=name, dataset=(dict(dataset),)))
        terms = []
        for offer in dataset["hasPolicy"]:
            said = {key: value for key, value in offer.items() if key != "@id"}
            text = json.dumps(said, sort_keys=True, ensure_ascii=False)
            terms.append(self._same.setdefault(text, text))
        written = _Written(stamp, _bytes(dataset), tuple(terms))
        self._kept[name] = written
        return written

    def _allowed(
        self, session: Session, peer: str, name: str, terms: str, decided: dict[str, bool]
    ) -> bool:
        found = decided.get(terms)
        if found is None:
            policy = parse_policy({"@id": "urn:offer", **json.loads(terms)}, kind="Offer")
            reasons = self._dsp.gate.reasons(
                session, "catalogue", policy=policy, peer=peer, dataset=name
            )
            found = decided[terms] = not reasons
        return found

    def _forget(self, present: int) -> None:
        """Let go of what is gone; what is still there is written again when it is asked for."""
        if len(self._kept) > 2 * present + FIRST:
            self._kept = {}
            self._same = {}


def _bytes(dataset: Mapping[str, Any]) -> bytes:
    return json.dumps(dataset, ensure_ascii=False, separators=(",", ":")).encode()
