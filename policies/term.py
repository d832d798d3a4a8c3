"""Whether an agreement's time has come, goes on, or is over: what its dates leave possible."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final, Literal

from policies.compiled import compile_policy
from policies.evaluate import Request, World
from policies.explain import dry_run
from policies.literals import interval
from policies.model import atomics
from policies.profile import DATE_TIME

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from policies.model import Policy

Term = Literal["open", "early", "over"]
_BLINK: Final = timedelta(microseconds=1)


def term(policy: Policy, now: datetime) -> Term:
    """Say how an agreement stands in time, whatever else a request may bring.

    Args:
        policy: The agreement.
        now: The time, aware.

    Returns:
        ``open`` when something may be granted now, ``early`` when not before a later time, ``over``
        when nothing can be granted any more.
    """
    if _possible(policy, now):
        return "open"
    later = any(moment > now and _possible(policy, moment) for moment in _moments(policy))
    return "early" if later else "over"


def _possible(policy: Policy, at: datetime) -> bool:
    """Whether some action is not denied already by what is known: the time alone."""
    compiled = compile_policy(policy)
    return any(
        dry_run(
            compiled,
            Request(
                stage="query",
                action=action,
                assignee=policy.assignee,
                target=policy.target,
            ),
            World(),
            at,
        ).outcome
        != "deny"
        for action in {rule.action for rule in policy.permissions}
    )


def _moments(policy: Policy) -> Iterator[datetime]:
    """Give the moments around which the clauses on dates may turn out otherwise."""
    for rule in (*policy.permissions, *policy.prohibitions):
        for constraint in rule.constraints:
            for atomic in atomics(constraint):
                if atomic.left == DATE_TIME:
                    for text in atomic.right:
                        for edge in interval(text):
                            yield from (edge - _BLINK, edge, edge + _BLINK)
