"""What a check found, and what that means for whoever ran it.

Only a *proof* is called one: there the accused's own signature shows it, under a key that somebody
trusted vouches for, and the proof names that key. All else is a *finding*, to be answered; what no
trusted key vouches for is *unchecked*, and so is what a replaced key signed, unless the accused's
own log shows that it did so before its end.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Level = Literal["finding", "proof", "unchecked"]
Source = Literal["pinned", "registered", "brought"]

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


_SOURCES: Final = {
    "pinned": "pinned in the trust file",
    "registered": "in the register of the hub that the trust file pins",
    "brought": "only the bundle vouches for it",
}


@dataclass(frozen=True, slots=True, order=True)
class Basis:
    """A key that verified something, and where trust in it comes from.

    Attributes:
        key: its thumbprint.
        source: the trust file, the register of the hub that it pins, or the bundle itself.
        until: unix second after which it counts for nothing, while nobody but who shows the
            signature says that it is from before; 0: it counts.
        aged: whether that is only how old the register is that vouches for the key.
    """

    key: str
    source: Source
    until: int = 0
    aged: bool = False

    @property
    def vouched(self) -> bool:
        """Whether anybody whom the auditor trusts vouches for the key."""
        return self.source != "brought"

    @property
    def trusted(self) -> bool:
        """Whether what it verified can convict: the key is vouched for, for the time it signed."""
        return self.vouched and not self.until

    @property
    def replaced(self) -> int:
        """When the key was replaced, by who vouches for it; 0: it was not, or nobody says so."""
        return 0 if self.aged else self.until

    def shown(self) -> Basis:
        """Give it for a signature of which the accused itself shows that it is from before."""
        return replace(self, until=0, aged=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that does not hold, or that nobody trusted vouches for.

    Attributes:
        level: how much it shows.
        code: what it is, for programs.
        where: the file of the bundle, or the party.
        text: what it is, in words.
        leaf: index of the leaf it is about, if it is about one.
        basis: of a proof: the keys of the accused that verified.
    """

    level: Level = "finding"
    code: str
    where: str
    text: str
    leaf: int | None = None
    basis: tuple[Basis, ...] = ()

    def words(self) -> str:
        """Say it in words, the keys that verified included."""
        keys = ", ".join(f"`{one.key}` ({_SOURCES[one.source]})" for one in self.basis)
        return f"{self.text}; verified with {keys}" if keys else self.text

    def to_json(self) -> dict[str, Any]:
        """Give it as JSON."""
        found: dict[str, Any] = {
            "level": self.level,
            "code": self.code,
            "where": self.where,
            "text": self.words(),
        }
        if self.leaf is not None:
            found["leaf"] = self.leaf
        if self.basis:
            found["keys"] = [{"thumbprint": one.key, "trust": one.source} for one in self.basis]
        return found


def trusted(ground: Iterable[Basis]) -> bool:
    """Whether something holds under keys, and anybody whom the auditor trusts vouches for all."""
    keys = tuple(ground)
    return bool(keys) and all(one.trusted for one in keys)


def untrusted(did: str, where: str) -> Finding:
    """Make the finding that only the bundle vouches for the key under which something holds."""
    text = f"its signatures in {where} hold under a key that only the bundle vouches for"
    return Finding(level="unchecked", code="key-untrusted", where=did, text=text)


def verdict(
    code: str, where: str, text: str, *grounds: Iterable[Basis], leaf: int | None = None
) -> Finding:
    """Make the finding of an accusation: proof under trusted keys, unchecked under any other.

    Args:
        code: what it is.
        where: the file, or the party.
        text: what it is, in words.
        grounds: of each thing that it rests on the keys under which that holds; one that has none
            holds under no key.
        leaf: index of the leaf it is about.
    """
    return _accusation("proof", code, where, text, grounds, leaf)


def question(
    code: str, where: str, text: str, *grounds: Iterable[Basis], leaf: int | None = None
) -> Finding:
    """Make a finding where `verdict` would make a proof: what it rests on shows no guilt yet."""
    return _accusation("finding", code, where, text, grounds, leaf)


def _accusation(
    level: Level,
    code: str,
    where: str,
    text: str,
    grounds: Iterable[Iterable[Basis]],
    leaf: int | None,
) -> Finding:
    each = [frozenset(ground) for ground in grounds]
    keys = tuple(sorted(frozenset[Basis]().union(*each)))
    if all(map(trusted, each)):
        return Finding(level=level, code=code, where=where, text=text, leaf=leaf, basis=keys)
    words = f"{text}; {_why(keys)}, so it convicts nobody"
    return Finding(level="unchecked", code=code, where=where, text=words, leaf=leaf, basis=keys)


def _why(keys: tuple[Basis, ...]) -> str:
    """Say why an accusation convicts nobody."""
    late = next((one for one in keys if one.vouched and one.until), None)
    if late is None or not all(one.vouched for one in keys):
        return "no trusted key vouches for that"
    if late.aged:
        return (
            f"the register that vouches for the key is of {moment(late.until)}, and it may have "
            "been replaced since: make a trust file at the hub now"
        )
    return (
        f"a key that was replaced at {moment(late.until)} signed it, and nothing of the accused's "
        "own shows that it did so before"
    )


def replaced(where: str, until: int, what: str) -> Finding:
    """Make the finding that a replaced key signed something, and nothing dates it before that."""
    when = moment(until)
    text = f"{what} under a key that was replaced at {when}; nothing dates it before that"
    return Finding(level="unchecked", code="key-replaced", where=where, text=text)


def moment(unix: int) -> str:
    """Write a unix second for people; beyond the calendar as the number that it is."""
    try:
        return f"{datetime.fromtimestamp(unix, UTC):%Y-%m-%dT%H:%M:%SZ}"
    except (ValueError, OverflowError, OSError):
        return str(unix)


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
