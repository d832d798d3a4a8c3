"""What can be wrong with a cohort."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from contracts.cohort import problems
from crypto.errors import MalformedError, VerificationError
from crypto.problem import Problem
from crypto.problems import FIELD_WRONG
from crypto.words import NOTHING, Words

if TYPE_CHECKING:
    from collections.abc import Iterator


class CohortError(VerificationError):
    """A cohort, or something said in it, that does not hold; `code` is a phrase's key."""


@contextmanager
def of_a_statement() -> Iterator[None]:
    """What is wrong with a field in here is said of a statement: others know it by this code."""
    try:
        yield
    except MalformedError as error:
        if error.code == FIELD_WRONG.code:
            error.problem = replace(FIELD_WRONG, code="cohort.malformed")
        raise


_NEXT: Final = {
    "cohort.member.standing": problems.WITHOUT_MEMBER,
    "cohort.member.group": problems.REGISTER_GROUP,
    "cohort.member.related": problems.UNRELATED,
    "cohort.too-small": problems.ASK_MORE,
    "cohort.table.differs.measures": problems.DECLARE_ALIKE,
    "cohort.table.other": problems.ASK_AGAIN,
    "cohort.table.again": problems.PUBLISH_AGAIN,
    "cohort.renewal.edition": problems.SAME_RELEASE,
    "cohort.session.old": problems.UPDATE_CONNECTOR,
    "cohort.state": problems.READ_STATE,
    "cohort.bounds": problems.PLAN_BOUNDS,
}


def wrong(code: str, words: Words, **params: object) -> CohortError:
    """Make the error for a rule that does not hold.

    Args:
        code: a phrase's key: what others are told of it.
        words: what we say of it ourselves, more exactly.
        params: values for its phrase, and for `words`.
    """
    return broken(code, words, _NEXT.get(code, problems.NEW_SESSION), **params)


def broken(code: str, words: Words, step: Words = NOTHING, **params: object) -> CohortError:
    """Make the error with a next step of its own, or with none."""
    error = CohortError(Problem(code, words, step))
    error.params = params
    return error
