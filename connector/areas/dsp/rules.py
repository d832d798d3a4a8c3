"""Who decides before a step of the protocol: the policy, then the rules of the areas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.areas.dsp.policy_gate import PolicyGate

if TYPE_CHECKING:
    from sqlmodel import Session

    from connector.party.area import Rule
    from connector.party.node import Node
    from policies.model import Policy
    from policies.profile import Stage
    from policies.reasons import Reason


class RuledGate(PolicyGate):
    """Asks the rules, in their order, about what the policy allows; the first that objects counts.

    Args:
        node: this node.
        rules: of all its areas.
    """

    def __init__(self, node: Node, rules: tuple[Rule, ...]) -> None:
        super().__init__(node)
        self._rules = rules

    def reasons(
        self, tx_session: Session, stage: Stage, *, policy: Policy, peer: str, dataset: str
    ) -> tuple[Reason, ...]:
        """Say why not; nothing means that it is allowed."""
        found = super().reasons(tx_session, stage, policy=policy, peer=peer, dataset=dataset)
        for rule in self._rules:
            if found:
                break
            found = rule(self._node, tx_session, stage, policy=policy, peer=peer, dataset=dataset)
        return found
