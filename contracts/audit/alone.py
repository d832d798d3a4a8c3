"""Leaves of messages that may stand alone: the other side need not have one beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from contracts.cohort import states

if TYPE_CHECKING:
    from contracts.audit.sides import Side

_STEPS: Final = frozenset({"CohortAcceptance", "CohortContribution"})  # of a provider, in a total


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
    session = leaf.get("process")
    return all(
        any(
            other is not None
            and (other["kind"], other.get("to"), other.get("process"))
            == ("COHORT", states.ENDED, session)
            for other in side.log.leaves
        )
        for side in (here, there)
    )


def _unacknowledged(side: Side, index: int) -> bool:
    """Say whether a leaf is of a question that left, and that nobody ever said to have had."""
    return _is(side, index, "QUESTION", "out") and not _replies(side, index)


def only_counted(side: Side, index: int) -> bool:
    """Say whether a leaf is of a refusal, or of a question that got nothing but one.

    Beyond a rate per party refusals are counted in one leaf, so the other side may have none.
    """
    if _is(side, index, "REFUSAL", "in"):
        return True
    return _is(side, index, "QUESTION", "out") and _replies(side, index) == {"REFUSAL"}


def _is(side: Side, index: int, kind: str, direction: str) -> bool:
    leaf = side.leaf(index)
    return (leaf["kind"], leaf.get("msg", {}).get("direction")) == (kind, direction)


def _replies(side: Side, index: int) -> set[str]:
    """Give the kinds of the leaves that reply to a question."""
    leaf = side.leaf(index)
    return {
        other["kind"]
        for other in side.log.leaves[index:]
        if other is not None
        and other["kind"] in {"ANSWER", "REFUSAL"}
        and other.get("process") == leaf.get("process")
        and other.get("counterparty") == leaf.get("counterparty")
    }
