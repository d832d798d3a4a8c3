"""Choosing how a question is answered: by name, the cheapest mode that the contracts grant.

A masked question is one request to one provider. A homomorphic one is a session of two phases with
every provider and the aggregator, and needs at least three providers. So masked comes first, and
homomorphic is for totals over several. Modes of a node's own come after those of the profile.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from policies.modes import PROFILE_MODES, QueryMode, named
from policies.offers import granted
from policies.profile import QUERY_MODE
from policies.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policies.model import Policy

Why = Literal["plan.asked", "plan.cheapest", "plan.only-granted", "plan.several"]


@dataclass(frozen=True, slots=True)
class Choice:
    """The name of a mode, and why: a code of `policies.phrases`."""

    mode: str
    why: Why


def choose_mode(
    policies: Sequence[Policy], wanted: str | None, modes: Sequence[QueryMode] = PROFILE_MODES
) -> Choice | Reason:
    """Choose the mode of a question.

    Args:
        policies: Of the agreements it relies on, one per provider.
        wanted: The mode that the asker insists on, None for the cheapest that fits.
        modes: Those that the node knows, cheapest first.

    Returns:
        The choice, or the reason why no mode fits.
    """
    offered = [granted(policy, QUERY_MODE) for policy in policies]
    suited = [mode for mode in modes if mode.suits(len(policies))]
    if wanted is not None:
        asked = named(wanted, modes)
        if asked is None or asked not in suited:
            return _unfit(wanted, asked, suited)
        return _hindrance(asked, offered) or Choice(asked.name, "plan.asked")
    refused: list[Reason] = []
    for mode in suited:
        if (reason := _hindrance(mode, offered)) is None:
            return Choice(mode.name, _why(mode, offered))
        refused.append(reason)
    return refused[0] if refused else _unfit("", None, suited)


def _hindrance(mode: QueryMode, offered: Sequence[tuple[str, ...]]) -> Reason | None:
    """Say what stands against a mode; a policy that names no mode grants every one."""
    if len(offered) < mode.least:
        return Reason(
            code="plan.too-few",
            expected=str(mode.least),
            given=str(len(offered)),
            next="next.larger-cohort",
        )
    lacking = [modes for modes in offered if modes and mode.name not in modes]
    if not lacking:
        return None
    return Reason(
        code="policy.query-mode",
        operand="queryMode",
        expected=", ".join(lacking[0]),
        given=mode.name,
        cause="unsatisfied",
        next="next.choose-mode" if mode.several else "next.ask-cohort",
    )


def _why(mode: QueryMode, offered: Sequence[tuple[str, ...]]) -> Why:
    if mode.several:
        return "plan.several"
    return "plan.only-granted" if offered[0] == (mode.name,) else "plan.cheapest"


def _unfit(wanted: str, asked: QueryMode | None, suited: Sequence[QueryMode]) -> Reason:
    """Name a mode that is not known, or takes one agreement where there are several, or several."""
    step = "next.choose-mode"
    if asked is not None:
        step = "next.ask-cohort" if asked.several else "next.one-agreement"
    return Reason(
        code="question.mode-unfit",
        given=wanted,
        expected=", ".join(mode.name for mode in suited),
        next=step,
    )
