"""What the aggregator signs when a session ends without a product: whose doing it was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from contracts.cohort.fields import VERSION, Fields

if TYPE_CHECKING:
    from crypto.did import Did


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """The aggregator will never give out a product of this session, and says whose doing that is.

    It is not charged, unless the consumer stopped when it had been told which cells are cleared.
    """

    TYP: ClassVar[str] = "voile-cohort-ended+jws"

    session: str
    transcript: str
    aggregator: Did
    reason: str  # a code, e.g. `cohort.deadline`
    about: str  # the DID it concerns, or empty
    by: Did  # whose doing it is: its wish or its silence; the aggregator's own for broken rules
    cleared: str  # digest of the cleared cells that were told, or empty

    @property
    def signer(self) -> Did:
        """Who signs it."""
        return self.aggregator

    def charges(self, consumer: str) -> bool:
        """Say whether the consumer pays: it stopped by itself, knowing which cells are cleared."""
        return bool(self.cleared) and self.by == consumer

    def to_json(self) -> dict[str, Any]:
        """Return the statement."""
        return {
            "v": VERSION,
            "session": self.session,
            "transcript": self.transcript,
            "aggregator": self.aggregator,
            "reason": self.reason,
            "about": self.about,
            "by": self.by,
            "cleared": self.cleared,
        }

    @classmethod
    def from_json(cls, value: object) -> Self:
        """Read the statement."""
        names = ("v", "session", "transcript", "aggregator", "reason", "about", "by", "cleared")
        fields = Fields(value, names)
        fields.version()
        return cls(
            session=fields.identifier("session"),
            transcript=fields.digest("transcript"),
            aggregator=fields.did("aggregator"),
            reason=fields.text("reason", longest=100),
            about=fields.text("about", longest=500, empty=True),
            by=fields.did("by"),
            cleared=fields.digest("cleared") if fields.text("cleared", empty=True) else "",
        )
