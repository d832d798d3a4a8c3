"""In what two policies differ, clause by clause: what a person reads before saying yes.

Whether they differ at all, `policies.terms.same_terms` says; here is what to show. Rules that say
the same are left out; of those that remain, rules of one kind and action are laid side by side.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from policies.terms import clauses, normal_form, same_rule
from policies.wire import constraint_to_wire

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from policies.model import Policy, Rule

Change = Literal["added", "removed"]
Kind = Literal["permission", "prohibition", "conflict", "target"]
_NOTHING: Final[tuple[Rule, ...]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that one of two policies says and the other does not.

    Attributes:
        change: `added` stands in the second one only, `removed` in the first only.
        kind: The kind of the rule, or what it is of the policy as a whole.
        action: The rule's action; the strategy of a `conflict`, the dataset of a `target`.
        clause: The constraint as it stands on the wire; None: the rule as a whole.
    """

    change: Change
    kind: Kind
    action: str
    clause: Mapping[str, Any] | None = None

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        return {
            "change": self.change,
            "kind": self.kind,
            "action": self.action,
            "clause": self.clause,
        }


def differences(before: Policy | None, after: Policy) -> tuple[Difference, ...]:
    """Say in what a second policy differs from a first.

    Args:
        before: What was asked for; None where nothing was, so that all of the second is new.
        after: What is on the table.
    """
    found: list[Difference] = []
    if before is not None and before.target != after.target:
        found += [
            Difference(change="removed", kind="target", action=before.target),
            Difference(change="added", kind="target", action=after.target),
        ]
    found += _rules("permission", before.permissions if before else _NOTHING, after.permissions)
    found += _rules("prohibition", before.prohibitions if before else _NOTHING, after.prohibitions)
    strategies = {normal_form(policy)[0] for policy in (before, after) if policy is not None}
    if len(strategies - {""}) > 1:  # it says nothing where nothing can be in conflict
        found.append(Difference(change="added", kind="conflict", action=after.conflict))
    return tuple(found)


def _rules(kind: Kind, before: Sequence[Rule], after: Sequence[Rule]) -> Iterator[Difference]:
    old = [rule for rule in before if not any(same_rule(rule, other) for other in after)]
    new = [rule for rule in after if not any(same_rule(rule, other) for other in before)]
    for rule in old:
        partner = next((other for other in new if other.action == rule.action), None)
        if partner is None:
            yield from _whole("removed", kind, rule)
            continue
        new.remove(partner)
        was, now = clauses(rule), clauses(partner)
        yield from _clauses("removed", kind, rule, {k: c for k, c in was.items() if k not in now})
        yield from _clauses("added", kind, partner, {k: c for k, c in now.items() if k not in was})
    for rule in new:
        yield from _whole("added", kind, rule)


def _whole(change: Change, kind: Kind, rule: Rule) -> Iterator[Difference]:
    yield Difference(change=change, kind=kind, action=rule.action)
    yield from _clauses(change, kind, rule, clauses(rule))


def _clauses(
    change: Change, kind: Kind, rule: Rule, found: Mapping[Any, Any]
) -> Iterator[Difference]:
    for constraint in found.values():
        yield Difference(
            change=change,
            kind=kind,
            action=rule.action,
            clause=constraint_to_wire(constraint),
        )
