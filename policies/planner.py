"""Choosing how a question is answered: the cheapest mode that the contracts grant and that fits.

A masked question is one request to one provider. A homomorphic one is a session of two phases with
every provider and the aggregator, and needs at least three providers. So masked comes first, and
homomorphic is for totals over several.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from policies.offers import granted
from policies.profile import QUERY_MODE
from policies.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policies.model import Policy
    from policies.profile import Mode

Why = Literal["plan.asked", "plan.cheapest", "plan.only_granted", "plan.several"]
LEAST_COHORT: Final = 3


@dataclass(frozen=True, slots=True)
class Choice:
    """A mode, and why: a code of `policies.phrases`."""

    mode: Mode
    why: Why


def choose_mode(policies: Sequence[Policy], wanted: str | None) -> Choice | Reason:
    """Choose the mode of a question.

    Args:
        policies: Of the agreements it relies on, one per provider.
        wanted: The mode that the asker insists on, None for the cheapest that fits.

    Returns:
        The choice, or the reason why no mode fits.
    """
    fits: Mode = "masked" if len(policies) == 1 else "homomorphic"
    if wanted is not None and wanted != fits:
        return _unfit(wanted, fits)
    if fits == "homomorphic" and len(policies) < LEAST_COHORT:
        return Reason(
            code="plan.too_few",
            expected=str(LEAST_COHORT),
            given=str(len(policies)),
            next="next.larger_cohort",
        )
    offered = [granted(policy, QUERY_MODE) for policy in policies]
    # a policy that names no mode grants every one
    lacking = [modes for modes in offered if modes and fits not in modes]
    if lacking:
        return Reason(
            code="policy.query_mode",
            operand="queryMode",
            expected=", ".join(lacking[0]),
            given=fits,
            cause="unsatisfied",
            next="next.ask_cohort" if fits == "masked" else "next.choose_mode",
        )
    if wanted is not None:
        return Choice(fits, "plan.asked")
    if fits == "homomorphic":
        return Choice(fits, "plan.several")
    return Choice(fits, "plan.only_granted" if offered[0] == (fits,) else "plan.cheapest")


def _unfit(wanted: str, fits: Mode) -> Reason:
    return Reason(
        code="question.mode_unfit",
        given=wanted,
        expected=fits,
        next="next.ask_cohort" if wanted == "homomorphic" else "next.one_agreement",
    )
