"""What can be wrong with a cohort."""

from __future__ import annotations

from typing import Final

from crypto.errors import MalformedError, VerificationError


class CohortError(VerificationError):
    """A cohort, or something said in it, that does not hold; `code` is a phrase's key."""


def malformed(field: str, expected: str) -> MalformedError:
    """Make the error for one field of a statement.

    Args:
        field: its name.
        expected: what should have stood there.
    """
    return MalformedError(
        f"cohort statement: expected `{field}` to be {expected}",
        code="cohort.malformed",
        next_step=f"correct `{field}`",
        field=field,
        expected=expected,
    )


_NEXT: Final = {
    "cohort.member.standing": "ask the operator, or ask again without that provider",
    "cohort.member.group": "ask the operator to register the legal group",
    "cohort.member.related": "ask again with unrelated providers",
    "cohort.too_small": "ask more providers",
    "cohort.table.differs.measures": "agree on bounds, unit and decimal places; publish it again",
    "cohort.table.other": "ask again: the table is read anew",
    "cohort.table.again": "publish the product again: then it is marked once more",
    "cohort.renewal.edition": "bring the aggregator and all members to the same release",
    "cohort.session.old": "update that connector, then ask again",
}


def wrong(code: str, message: str, **params: object) -> CohortError:
    """Make the error for a rule that does not hold; `params` are values for its phrase."""
    next_step = _NEXT.get(code, "open a new session")
    return CohortError(message, code=code, next_step=next_step, **params)
