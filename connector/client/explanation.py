"""Whether a question would be answered, and why; why a process stands where it stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from policies.phrases import sentence
from policies.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crypto.words import Language


@dataclass(frozen=True, slots=True)
class Explanation:
    """What would become of a question; true if it would be answered.

    Attributes:
        allowed: whether it would be.
        reasons: in words, each with what to do; empty if it would.
        clauses: the contract's clauses, each with what it was tried on and its verdict.
        usage: what is used of the agreement's count.
        mode: how it would be answered.
        raw: as the API gives it.
    """

    allowed: bool
    reasons: tuple[str, ...]
    clauses: tuple[Mapping[str, Any], ...] = field(repr=False)
    usage: Mapping[str, Any]
    mode: str
    raw: Mapping[str, Any] = field(repr=False)

    def __bool__(self) -> bool:
        return self.allowed


def explanation_of(found: Mapping[str, Any], language: Language) -> Explanation:
    """Read the `explain` of the API's answer."""
    reasons = (Reason.from_json(one) for one in found.get("reasons", ()))
    return Explanation(
        allowed=found.get("allowed") is True,
        reasons=tuple(sentence(one, language) for one in reasons),
        clauses=tuple(found.get("clauses", ())),
        usage=found.get("usage") or {},
        mode=str(found.get("mode", "")),
        raw=found,
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """Why a negotiation or a transfer stands where it stands.

    Attributes:
        pid: our own id of it.
        state: of the protocol.
        turn: whose turn it is: `us`, a DID, or nobody's.
        meaning: what the state means, in words.
        next: what helps, in words.
        raw: as the API gives it.
    """

    pid: str
    state: str
    turn: str
    meaning: str
    next: str
    raw: Mapping[str, Any] = field(repr=False)


def standing_of(found: Mapping[str, Any]) -> Standing:
    """Read the answer of `GET /v1/explain/{pid}`."""
    return Standing(
        pid=str(found["pid"]),
        state=str(found["state"]),
        turn=str(found.get("turn") or ""),
        meaning=str(found.get("meaning", "")),
        next=str(found.get("next", "")),
        raw=found,
    )
