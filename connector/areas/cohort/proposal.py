"""What a consumer sends to open a session at a provider."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from contracts.cohort.session import Question, Session


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a consumer sends to open a session, read but not yet decided."""

    agreement: str
    session: Session
    session_jws: str
    question: Question
    proof: list[Any]
    seed: bytes = field(repr=False)
