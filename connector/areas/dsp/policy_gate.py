"""Who may see, negotiate and transfer: what the protocol asks before it goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.identity.fitness import unfit
from policies.evaluate import Decision, Request, World, compile_policy, evaluate
from policies.profile import (
    MEMBERSHIP,
    QUERY,
    RECIPIENT,
)

if TYPE_CHECKING:
    from sqlmodel import Session

    from connector.party.node import Node
    from policies.model import Policy
    from policies.profile import Stage
    from policies.reasons import Reason


class PolicyGate:
    """Who may see, negotiate and transfer: what the protocol asks before it goes on."""

    def __init__(self, node: Node) -> None:
        self._node = node

    def reasons(
        self, tx_session: Session, stage: Stage, *, policy: Policy, peer: str, dataset: str
    ) -> tuple[Reason, ...]:
        """Say why not; nothing means that it is allowed.

        Args:
            tx_session: Any session.
            stage: ``catalogue``, ``negotiation`` or ``transfer``.
            policy: The offer, or from ``transfer`` on the agreement.
            peer: The authenticated peer.
            dataset: The dataset it is about.
        """
        return decide(
            self._node, tx_session, stage, policy=policy, peer=peer, dataset=dataset
        ).reasons


def decide(
    node: Node,
    session: Session,
    stage: Stage,
    *,
    policy: Policy,
    peer: str,
    dataset: str,
    action: str | None = None,
) -> Decision:
    """Decide what comes before questions.

    Args:
        node: This node.
        session: Any session.
        stage: ``catalogue``, ``negotiation`` or ``transfer``.
        policy: The offer or agreement.
        peer: The authenticated peer.
        dataset: The dataset.
        action: What the peer wants to do; by default whatever the policy permits.

    Returns:
        The decision; the refusal of the last action tried.
    """
    # what is on offer stays readable, so that whoever asks for it is told what stands in the way
    lacking = unfit(node, session, peer, reader=peer) if stage != "catalogue" else ()
    decision = Decision(allowed=False, reasons=lacking)
    if lacking:
        return decision
    compiled = compile_policy(policy)
    actions = [action] if action else list(dict.fromkeys(r.action for r in policy.permissions))
    certified = stage != "catalogue" or node.status.standing(session, peer).certified
    world = world_of(node, peer, certified=certified)
    for wanted in actions or [QUERY]:
        request = Request(stage=stage, action=wanted, assignee=peer, target=dataset)
        decision = evaluate(compiled, request, world, node.clock.now())
        if decision.allowed:
            break
    return decision


def world_of(node: Node, peer: str, *, certified: bool) -> World:
    """Return what is verified of a peer: who it is, and its membership by the hub's status."""
    spaces = frozenset({node.settings.space}) if certified else frozenset[str]()
    return World(values={RECIPIENT: frozenset({peer}), MEMBERSHIP: spaces})
