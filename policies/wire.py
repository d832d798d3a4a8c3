"""A policy as plain compact JSON that DSP 2025-1 peers can take."""

from __future__ import annotations

from typing import Any, Final

from policies.model import Atomic, Constraint, Policy, Rule
from policies.profile import USE

_BARE: Final = frozenset({USE})  # actions that DSP's context has


def to_wire(policy: Policy) -> dict[str, Any]:
    """Return the policy as JSON for the Dataspace Protocol.

    The terms of ODRL that DSP's context has are bare, its others, among them all left operands and
    all actions but ``use``, are ``odrl:`` names: bare ones would mean nothing to who expands them.
    Ours are absolute IRIs.
    A policy without a prohibition says nothing of conflicts, so that an offer of plain use carries
    no term a plain peer could stumble over. Literals are texts, never numbers.

    Args:
        policy: The policy.

    Returns:
        The object, without ``@context``; empty parts are left out.
    """
    wire: dict[str, Any] = {"@id": policy.uid, "@type": policy.kind}
    if policy.profiles:
        wire["profile"] = list(policy.profiles)
    for name in ("target", "assigner", "assignee", "timestamp"):
        if value := getattr(policy, name):
            wire[name] = value
    if policy.conflict != "invalid":
        wire["odrl:conflict"] = {"@id": f"odrl:{policy.conflict}"}
    if policy.permissions:
        wire["permission"] = [_rule(rule) for rule in policy.permissions]
    if policy.prohibitions:
        wire["prohibition"] = [_rule(rule) for rule in policy.prohibitions]
    return wire


def _rule(rule: Rule) -> dict[str, Any]:
    wire: dict[str, Any] = {"action": rule.action if rule.action in _BARE else _named(rule.action)}
    if rule.uid:
        wire["@id"] = rule.uid
    if rule.constraints:
        wire["constraint"] = [constraint_to_wire(c) for c in rule.constraints]
    return wire


def constraint_to_wire(constraint: Constraint) -> dict[str, Any]:
    """Return one constraint as JSON for the Dataspace Protocol."""
    if isinstance(constraint, Atomic):
        listed = constraint.listed or len(constraint.right) != 1
        return {
            "leftOperand": _named(constraint.left),
            "operator": constraint.operator,
            "rightOperand": list(constraint.right) if listed else constraint.right[0],
        }
    return {constraint.connective: [constraint_to_wire(c) for c in constraint.operands]}


def _named(term: str) -> str:
    """Give a term of ODRL with its prefix, an IRI as it is."""
    return term if ":" in term else f"odrl:{term}"
