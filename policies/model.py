"""The parsed policy: frozen values in ODRL's own words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

PolicyKind = Literal["Set", "Offer", "Agreement"]
Conflict = Literal["prohibit", "invalid"]
Connective = Literal["and", "or", "xone"]


@dataclass(frozen=True, slots=True)
class Atomic:
    """One comparison.

    Attributes:
        left: Operand, as in `policies.profile.OPERANDS`.
        operator: One of that operand's operators.
        right: Literals as they were written; an operator on one value has exactly one.
        listed: Whether the wire had an array (kept, so that the same bytes go out again).
    """

    left: str
    operator: str
    right: tuple[str, ...]
    listed: bool = False


@dataclass(frozen=True, slots=True)
class Logical:
    """Constraints under ``and``, ``or`` or ``xone`` (exactly one); never empty."""

    connective: Connective
    operands: tuple[Constraint, ...]


Constraint = Atomic | Logical


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A permission or a prohibition; all its constraints must hold.

    Attributes:
        action: Bare for ODRL's actions, absolute for ours.
        constraints: All of them must hold.
        uid: The rule's ``@id``, if it has one.
    """

    action: str
    constraints: tuple[Constraint, ...] = ()
    uid: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A Set, Offer or Agreement.

    Attributes:
        kind: Its class.
        uid: Its ``@id``.
        permissions: What may be done; nothing else may.
        prohibitions: What may not be done whatever is permitted.
        conflict: What happens where both apply; ``invalid`` unless the policy says otherwise.
        target: The dataset; empty in an offer as it stands in a catalogue.
        assigner: Who grants.
        assignee: Who is granted; empty means anyone.
        timestamp: When an agreement was made, as it was written.
        profiles: Profiles it declares.
    """

    kind: PolicyKind
    uid: str
    permissions: tuple[Rule, ...] = ()
    prohibitions: tuple[Rule, ...] = ()
    conflict: Conflict = "invalid"
    target: str = ""
    assigner: str = ""
    assignee: str = ""
    timestamp: str = ""
    profiles: tuple[str, ...] = ()


def atomics(constraint: Constraint) -> tuple[Atomic, ...]:
    """Return the comparisons inside a constraint, in order."""
    if isinstance(constraint, Atomic):
        return (constraint,)
    return tuple(a for c in constraint.operands for a in atomics(c))
