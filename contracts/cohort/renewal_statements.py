"""What members and the aggregator sign when a cohort table is renewed (disclosure.md §8.3).

Each member's owner *asks*. When all have, the aggregator *proposes* which classes are held, members
send their *changes* to it alone, and it proposes more to be held until nothing is left to object
to: then it signs which classes are *renewed*. Sessions name that statement from then on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from contracts.cohort.errors import malformed
from contracts.cohort.fields import VERSION, Fields
from contracts.cohort.statements import by_provider
from contracts.cohort.table_texts import (
    cells_from_json,
    numbers_from_json,
    numbers_to_json,
)
from crypto.disclosure.cohort_changes import Changes
from crypto.disclosure.cohort_renewal import MOST_RENEWALS, MOST_ROUNDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crypto.did import Did
    from crypto.disclosure.bits import Bits
    from crypto.disclosure.table import CellKey

_HEX = frozenset("0123456789abcdef")
_LONGEST = 2 << 20  # digits of a member's marks


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A member's owner asks for a renewal."""

    TYP: ClassVar[str] = "voile-cohort-renewal+jws"

    cohort: str  # see `cohort_of`
    aggregator: Did
    member: Did
    renewal: int  # from 1
    previous: str  # digest of the statement that sessions name so far

    @property
    def signer(self) -> Did:
        """Who signs it."""
        return self.member

    def to_json(self) -> dict[str, Any]:
        """Return the statement."""
        return {
            "v": VERSION,
            "cohort": self.cohort,
            "aggregator": self.aggregator,
            "member": self.member,
            "renewal": self.renewal,
            "previous": self.previous,
        }

    @classmethod
    def from_json(cls, value: object) -> Self:
        """Read the statement."""
        fields = Fields(value, ("v", "cohort", "aggregator", "member", "renewal", "previous"))
        fields.version()
        return cls(
            cohort=fields.digest("cohort"),
            aggregator=fields.did("aggregator"),
            member=fields.did("member"),
            renewal=fields.whole("renewal", 1, MOST_RENEWALS),
            previous=fields.digest("previous"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """The aggregator proposes which classes keep their state.

    Attributes:
        judged: digest of what is judged of the table, see `Probes.digest`: a release that judges
            anything else would read other marks.
        asked: digest of what each member's owner asked.
        turn: number of the round, from 0.
        marks: digest of each member's changes of the round before; empty in the first.
        held: classes for rows, as bits.
    """

    TYP: ClassVar[str] = "voile-cohort-renewal-proposal+jws"

    cohort: str
    aggregator: Did
    renewal: int
    previous: str
    judged: str
    asked: Mapping[Did, str]
    turn: int
    marks: Mapping[Did, str]
    held: Bits

    @property
    def signer(self) -> Did:
        """Who signs it."""
        return self.aggregator

    def to_json(self) -> dict[str, Any]:
        """Return the statement."""
        return {
            "v": VERSION,
            "cohort": self.cohort,
            "aggregator": self.aggregator,
            "renewal": self.renewal,
            "previous": self.previous,
            "judged": self.judged,
            "asked": dict(self.asked),
            "turn": self.turn,
            "marks": dict(self.marks),
            "held": numbers_to_json(self.held),
        }

    @classmethod
    def from_json(cls, value: object) -> Self:
        """Read the statement."""
        names = ("v", "cohort", "aggregator", "renewal", "previous", "judged", "asked", "turn")
        fields = Fields(value, (*names, "marks", "held"))
        fields.version()
        first = fields.raw("marks") == {}
        return cls(
            cohort=fields.digest("cohort"),
            aggregator=fields.did("aggregator"),
            renewal=fields.whole("renewal", 1, MOST_RENEWALS),
            previous=fields.digest("previous"),
            judged=fields.digest("judged"),
            asked=by_provider(fields, "asked"),
            turn=fields.whole("turn", 0, MOST_ROUNDS - 1),
            marks={} if first else by_provider(fields, "marks"),
            held=numbers_from_json(fields.raw("held"), "held"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A member's changes, as they would be: for the aggregator alone."""

    TYP: ClassVar[str] = "voile-cohort-changes+jws"

    cohort: str
    member: Did
    proposal: str  # digest of the signed proposal
    number: int  # of the data version that they are of
    version: str  # digest of it
    changes: Changes

    @property
    def signer(self) -> Did:
        """Who signs it."""
        return self.member

    def to_json(self) -> dict[str, Any]:
        """Return the statement."""
        return {
            "v": VERSION,
            "cohort": self.cohort,
            "member": self.member,
            "proposal": self.proposal,
            "number": self.number,
            "version": self.version,
            "blocked": numbers_to_json(self.changes.blocked),
            "appeared": [list(key) for key in self.changes.appeared],
            "changes": f"{self.changes.bits:x}",
        }

    @classmethod
    def from_json(cls, value: object) -> Self:
        """Read the statement."""
        names = ("v", "cohort", "member", "proposal", "number", "version", "blocked", "appeared")
        fields = Fields(value, (*names, "changes"))
        fields.version()
        digits = fields.text("changes", longest=_LONGEST)
        if set(digits) - _HEX or (digits[0] == "0" and digits != "0"):
            raise malformed("changes", "bits in hex")
        return cls(
            cohort=fields.digest("cohort"),
            member=fields.did("member"),
            proposal=fields.digest("proposal"),
            number=fields.whole("number", 1, 1 << 31),
            version=fields.digest("version"),
            changes=Changes(
                blocked=numbers_from_json(fields.raw("blocked"), "blocked"),
                appeared=cells_from_json(fields.raw("appeared"), "appeared"),
                bits=int(digits, 16),
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewed:
    """The aggregator's word: these classes are renewed, as exactly these changes allow.

    Attributes:
        proposal: digest of the proposal that they are of.
        marks: digest of each member's changes.
        held: classes for rows that keep their state, as bits.
        appeared: finest cells that are withheld from now on.
    """

    TYP: ClassVar[str] = "voile-cohort-renewed+jws"

    cohort: str
    aggregator: Did
    renewal: int
    previous: str
    proposal: str
    marks: Mapping[Did, str]
    held: Bits
    appeared: tuple[CellKey, ...]

    @property
    def signer(self) -> Did:
        """Who signs it."""
        return self.aggregator

    def to_json(self) -> dict[str, Any]:
        """Return the statement."""
        return {
            "v": VERSION,
            "cohort": self.cohort,
            "aggregator": self.aggregator,
            "renewal": self.renewal,
            "previous": self.previous,
            "proposal": self.proposal,
            "marks": dict(self.marks),
            "held": numbers_to_json(self.held),
            "appeared": [list(key) for key in self.appeared],
        }

    @classmethod
    def from_json(cls, value: object) -> Self:
        """Read the statement."""
        names = ("v", "cohort", "aggregator", "renewal", "previous", "proposal", "marks", "held")
        fields = Fields(value, (*names, "appeared"))
        fields.version()
        return cls(
            cohort=fields.digest("cohort"),
            aggregator=fields.did("aggregator"),
            renewal=fields.whole("renewal", 1, MOST_RENEWALS),
            previous=fields.digest("previous"),
            proposal=fields.digest("proposal"),
            marks=by_provider(fields, "marks"),
            held=numbers_from_json(fields.raw("held"), "held"),
            appeared=cells_from_json(fields.raw("appeared"), "appeared"),
        )
