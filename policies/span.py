"""From when until when a policy may grant something, by the dates of its permissions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policies.literals import interval
from policies.model import Atomic
from policies.profile import DATE_TIME

if TYPE_CHECKING:
    from datetime import datetime

    from policies.model import Policy, Rule


def span(policy: Policy) -> tuple[datetime | None, datetime | None]:
    """Give the first instant and the first one after; None where a date is not given.

    For display alone: whether something is granted, `policies.evaluate` decides.
    """
    spans = [_of(rule) for rule in policy.permissions]
    starts = [start for start, _ in spans if start is not None]
    ends = [end for _, end in spans if end is not None]
    whole = len(spans)
    return (
        min(starts) if starts and len(starts) == whole else None,
        max(ends) if ends and len(ends) == whole else None,
    )


def _of(rule: Rule) -> tuple[datetime | None, datetime | None]:
    starts, ends = [], []
    for one in rule.constraints:
        if not isinstance(one, Atomic) or one.left != DATE_TIME or len(one.right) != 1:
            continue
        first, after = interval(one.right[0])
        if one.operator in ("gteq", "eq"):
            starts.append(first)
        if one.operator == "gt":
            starts.append(after)
        if one.operator in ("lteq", "eq"):
            ends.append(after)
        if one.operator == "lt":
            ends.append(first)
    return max(starts, default=None), min(ends, default=None)
