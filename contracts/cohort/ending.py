"""What the aggregator signs when a session ends without a product: whose doing it was."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from contracts.cohort.kinds import Digest, Identifier, Party, text
from contracts.cohort.said import Said
from crypto.record_texts import DIGEST
from crypto.records import As


def _digest_or_none(value: object, at: str) -> str:
    return "" if value == "" else DIGEST.read(value, at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended(Said):
    """The aggregator will never give out a product of this session, and says whose doing that is.

    It is not charged, unless the consumer stopped when it had been told which cells are cleared.
    """

    TYP: ClassVar[str] = "voile-cohort-ended+jws"
    BY: ClassVar[str] = "aggregator"

    session: Identifier
    transcript: Digest
    aggregator: Party
    reason: Annotated[str, text(100)]  # a code, e.g. `cohort.deadline`
    about: Annotated[str, text(500, empty=True)]  # the DID it concerns, or empty
    by: Party  # whose doing it is: its wish or its silence; the aggregator's own for broken rules
    cleared: Annotated[
        str, As(_digest_or_none)
    ]  # digest of the cleared cells that were told, or empty

    def charges(self, consumer: str) -> bool:
        """Say whether the consumer pays: it stopped by itself, knowing which cells are cleared."""
        return bool(self.cleared) and self.by == consumer
