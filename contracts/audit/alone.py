"""Leaves of messages that may stand alone: the other side need not have one beside them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from contracts.cohort import states

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contracts.audit.log import Log
    from contracts.audit.sides import Side

_STEPS: Final = frozenset({"CohortAcceptance", "CohortContribution"})  # of a provider, in a total
FINAL: Final = "FINALIZED"
TERMINATED: Final = "TERMINATED"
_OF_AGREEMENTS: Final = frozenset({"NEGOTIATION", "AGREEMENT"})
_REPLIES: Final = frozenset({"ANSWER", "REFUSAL"})


@dataclass(slots=True)
class Told:
    """What a log says that decides whether a leaf may stand alone; gathered in one pass.

    Attributes:
        replies: by process and counterparty: of each kind of reply, the last leaf.
        ended: sessions of totals that ended without a result.
        reached: by agreement and counterparty, as two providers may choose one id: the states of
            its negotiation and its stages, each with the time of its first leaf.
        seen: by digest of a head of another's log: when it was seen first.
        others: parties that a leaf names as the other side.
    """

    replies: dict[tuple[str, str], dict[str, int]] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)
    reached: dict[tuple[str, str], dict[str, int]] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)
    others: set[str] = field(default_factory=set)


def told_by(log: Log) -> Told:
    """Gather it."""
    told = Told()
    for index, leaf in enumerate(log.leaves):
        if leaf is None:
            continue
        told.others.add(leaf.get("counterparty", ""))
        kind, process, to = leaf["kind"], leaf.get("process", ""), leaf.get("to", "")
        if kind in _REPLIES:
            told.replies.setdefault((process, leaf.get("counterparty", "")), {})[kind] = index
        elif kind == "COHORT" and to == states.ENDED:
            told.ended.add(process)
        elif kind == "PEER_CHECKPOINT":
            for digest in leaf.get("sig", ()):
                told.seen.setdefault(digest, leaf["t"])
        elif kind in _OF_AGREEMENTS and "agreement" in leaf:
            name = leaf["agreement"], leaf.get("counterparty", "")
            told.reached.setdefault(name, {}).setdefault(to, leaf["t"])
    return told


def reached_of(told: Told, agreement: Mapping[str, Any], owner: str) -> Mapping[str, int] | None:
    """Give what a log says that the negotiation of an agreement came to; None if nothing.

    Args:
        told: what the log says.
        agreement: the agreement.
        owner: whose log it is; the other of the agreement's parties is the one it is with.
    """
    other = "assignee" if agreement.get("assigner") == owner else "assigner"
    return told.reached.get((str(agreement.get("@id")), str(agreement.get(other))))


def of_no_weight(here: Side, there: Side, index: int) -> bool:
    """Say whether a leaf may stand alone: nothing was given and nothing depends on it."""
    return _unacknowledged(here, index) or _came_to_nothing(here, there, index)


def _came_to_nothing(here: Side, there: Side, index: int) -> bool:
    """Say whether a leaf is of a step of a total that both sides say has ended without a result.

    The asker may have been stopped before it heard of the step, and have come back too late.
    """
    leaf = here.leaf(index)
    if here.message(index)[0] not in _STEPS or leaf["msg"].get("direction") != "out":
        return False
    session = leaf.get("process", "")
    return session in here.told.ended and session in there.told.ended


def _unacknowledged(side: Side, index: int) -> bool:
    """Say whether a leaf is of a question that left, and that nobody ever said to have had."""
    return _is(side.leaf(index), "QUESTION", "out") and not _replies(side, index)


def only_counted(side: Side, index: int) -> bool:
    """Say whether a leaf is of a refusal, or of a question that got nothing but one.

    Beyond a rate per party refusals are counted in one leaf, so the other side may have none.
    """
    leaf = side.leaf(index)
    if _is(leaf, "REFUSAL", "in"):
        return True
    return _is(leaf, "QUESTION", "out") and _replies(side, index) == {"REFUSAL"}


def _is(leaf: Mapping[str, Any], kind: str, direction: str) -> bool:
    return (leaf["kind"], leaf.get("msg", {}).get("direction")) == (kind, direction)


def _replies(side: Side, index: int) -> set[str]:
    """Give the kinds of the leaves that reply to a question."""
    leaf = side.leaf(index)
    found = side.told.replies.get((leaf.get("process", ""), leaf.get("counterparty", "")), {})
    return {kind for kind, last in found.items() if last > index}
