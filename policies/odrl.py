"""Parsing a policy, strictly: parsed JSON in, a frozen `Policy` or all findings out.

Every key, action, operand and operator must mean something to us; what does not is a finding with
its JSON pointer, and one finding refuses the whole policy. Keys are read bare (as DSP's context
has them), as ``odrl:`` names, or as absolute IRIs of ODRL.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from policies import problems
from policies.errors import PolicyError
from policies.model import (
    Policy,
    PolicyKind,
)
from policies.odrl_parser import Parser
from policies.terms import same_terms
from policies.wire import to_wire

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Policy", "parse_policy", "same_terms", "to_wire"]


def parse_policy(obj: Mapping[str, Any], *, kind: PolicyKind) -> Policy:
    """Parse a policy of an expected class.

    Args:
        obj: The parsed JSON object.
        kind: The class it must be of.

    Returns:
        The policy; everything in it is understood.

    Raises:
        PolicyError: With one reason per finding, each pointing at its place.
    """
    parser = Parser()
    policy = parser.policy(obj, kind)
    if parser.findings:
        first = parser.findings[0]
        raise PolicyError(
            problems.POLICY,
            reasons=tuple(parser.findings),
            pointer=first.clause or "/",
            expected=first.expected or problems.KNOWN_TERMS,
            got=first.given or problems.NOTHING,
        )
    return policy
