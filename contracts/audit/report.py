"""What a check found, and what that means for whoever ran it.

Only a *proof* is called one: there the accused's own signature shows it. All else is a *finding*,
to be answered; what no trusted key vouches for is *unchecked*.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Level = Literal["finding", "proof", "unchecked"]

CLEAN: Final = 0
FINDINGS: Final = 1
UNREADABLE: Final = 2
UNCHECKED: Final = 3
OUTCOMES: Final = {
    CLEAN: "OK",
    FINDINGS: "FINDINGS",
    UNREADABLE: "UNREADABLE",
    UNCHECKED: "UNCHECKED",
}


def together(codes: Iterable[int]) -> int:
    """Give the exit code of several checks: findings before unchecked, clean only if all are."""
    return min((code for code in codes if code), default=CLEAN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that does not hold, or that nobody trusted vouches for.

    Attributes:
        level: how much it shows.
        code: what it is, for programs.
        where: the file of the bundle, or the party.
        text: what it is, in words.
        leaf: index of the leaf it is about, if it is about one.
    """

    level: Level = "finding"
    code: str
    where: str
    text: str
    leaf: int | None = None

    def to_json(self) -> dict[str, Any]:
        """Give it as JSON."""
        found: dict[str, Any] = {
            "level": self.level,
            "code": self.code,
            "where": self.where,
            "text": self.text,
        }
        return found if self.leaf is None else found | {"leaf": self.leaf}


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What came of a check.

    Attributes:
        findings: in the order they were met.
        counts: what was looked at: leaves, signatures, …
        facts: about what: party, log, size, …
    """

    findings: tuple[Finding, ...]
    counts: Mapping[str, int] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def exit_code(self) -> int:
        """0 clean, 1 findings, 3 something unchecked."""
        levels = {finding.level for finding in self.findings}
        if levels & {"finding", "proof"}:
            return FINDINGS
        return UNCHECKED if levels else CLEAN

    @property
    def outcome(self) -> str:
        """The same in one word."""
        return OUTCOMES[self.exit_code]

    def to_json(self) -> dict[str, Any]:
        """Give it as JSON."""
        return {
            "outcome": self.outcome,
            "exit": self.exit_code,
            **self.facts,
            "counts": dict(self.counts),
            "findings": [finding.to_json() for finding in self.findings],
        }
