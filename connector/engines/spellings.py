"""How the ids of a file are spelled, as far as its owner should know."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Alike:
    """Ids that are written differently, for the owner's report.

    Attributes:
        count: How many groups of them there are.
        groups: Some of the groups, each with some of its spellings.
    """

    count: int = 0
    groups: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Spellings:
    """What the ids of a file look like.

    Attributes:
        together: Spellings that are one contributor.
        case_only: Ids that differ in case only, and are several contributors.
    """

    together: Alike = Alike()
    case_only: Alike = Alike()
