"""The rules of a cohort, as numbered lists. Each raises and returns nothing, or a checked value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from contracts.cohort import problems
from contracts.cohort.clearing import fits
from contracts.cohort.errors import wrong
from contracts.cohort.members import OWNER_FLOOR, check_roles
from contracts.cohort.session import MAX_SECONDS
from contracts.cohort.statements import (
    CLEARED,
    WITHHELD,
    Acceptance,
    Cleared,
    Contribution,
    Indicators,
    Released,
)
from crypto.canonical import digest_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from contracts.cohort.ending import Ended
    from contracts.cohort.session import ColumnPlan, Question, Session
    from crypto.did import Did

LEEWAY_SECONDS: Final = 30


def check_session(session: Session, *, expected_consumer: Did, now: int) -> None:
    """Check what a session says of itself.

    (1) its consumer is the one who is calling;
    (2) it is of this moment and short;
    (3) it is of the version whose totals can be verified;
    (4) nobody sits in it twice over: consumer and aggregator differ, neither is in the roster;
    (5) at least three providers.

    Raises:
        CohortError: one of them fails.
    """
    # (1)
    if session.consumer != expected_consumer:
        raise wrong("cohort.consumer", problems.CONSUMER_OTHER)
    # (2)
    if (
        not session.issued - LEEWAY_SECONDS
        <= now
        < session.deadline
        <= session.issued + MAX_SECONDS
    ):
        raise wrong("cohort.deadline", problems.SESSION_TIME)
    # (3)
    check_tagged(session)
    # (4), (5)
    check_roles(session)


def check_tagged(session: Session) -> None:
    """Check that a session's totals can be verified: those of older connectors cannot.

    Raises:
        CohortError: its consumer's connector is too old; it is named.
    """
    if not session.seed:
        raise wrong(
            "cohort.session.old",
            problems.SESSION_OLD,
            member=session.consumer,
        )


def check_seed(session: Session, seed: bytes) -> None:
    """Check that a seed of tags is the one that everybody in the session signed.

    Raises:
        CohortError: it is another.
    """
    if digest_bytes(seed) != session.seed:
        raise wrong("cohort.seed", problems.SEED)


def check_secret(contribution: Contribution, secret: bytes) -> None:
    """Check that the secret of a provider's tags is the one that it signed.

    Raises:
        CohortError: it is another; the provider is named.
    """
    if digest_bytes(secret) != contribution.tag:
        raise wrong(
            "cohort.secret",
            problems.SECRET,
            member=contribution.provider,
        )


def check_question(session: Session, question: Question) -> None:
    """Check that a question is the one of a session.

    (1) its digests are those that the consumer signed;
    (2) as many cells, and the same columns with the same scales in the same order.

    Raises:
        CohortError: one of them fails.
    """
    # (1)
    digests = (question.query_digest, question.domain_digest)
    if digests != (session.query_digest, session.domain_digest):
        raise wrong("cohort.question", problems.QUESTION_OTHER)
    # (2)
    if len(question.cells) != session.cells:
        raise wrong("cohort.question", problems.QUESTION_CELLS)
    check_columns(session.columns, question)


def check_columns(columns: Sequence[ColumnPlan], question: Question) -> None:
    """Check that columns are a question's: the same, with the same scales, in the same order.

    Raises:
        CohortError: they are not.
    """
    asked = [(column.name, column.scale) for column in question.columns]
    if asked != [(column.name, column.scale) for column in columns]:
        raise wrong("cohort.question", problems.QUESTION_COLUMNS)


def check_roster(session: Session, acceptances: Mapping[Did, Acceptance]) -> int:
    """Check that everybody in the roster accepted exactly this session.

    (1) one acceptance from each provider of the roster, and from nobody else;
    (2) each over this session and transcript.

    Returns:
        The cohort's minimum: the largest that one of them asks for, at least the owner's floor.

    Raises:
        CohortError: one of them fails.
    """
    # (1)
    if set(acceptances) != set(session.roster):
        missing = sorted(set(session.roster) ^ set(acceptances))
        raise wrong("cohort.roster", problems.ACCEPTANCES, member=missing[0])
    # (2)
    for did, acceptance in acceptances.items():
        _check_head(session, acceptance.session, acceptance.transcript)
        if acceptance.provider != did:
            raise wrong("cohort.roster", problems.ACCEPTANCE_NAME, member=did)
    return max(OWNER_FLOOR, *(acceptance.min_cohort for acceptance in acceptances.values()))


def check_indicators(session: Session, indicators: Indicators) -> None:
    """Check one provider's phase A: (1) this session; (2) of its roster; (3) a mark per figure.

    Raises:
        CohortError: one of them fails.
    """
    # (1)
    _check_head(session, indicators.session, indicators.transcript)
    # (2), (3)
    if indicators.provider not in session.roster or not fits(session, indicators.columns):
        raise wrong("cohort.indicators", problems.INDICATORS)


def check_cleared(
    session: Session,
    cleared: Cleared,
    *,
    min_cohort: int,
    own: tuple[Did, str, tuple[str, ...]] | None = None,
) -> None:
    """Check the aggregator's list of cleared cells.

    (1) this session, its aggregator, a mark per figure;
    (2) at least the cohort's minimum was applied;
    (3) it was made from the indicators of exactly the roster;
    (4) for a provider: from our own indicators as we signed them, and nothing that we withhold.

    Args:
        session: the session.
        cleared: the aggregator's statement.
        min_cohort: what `check_roster` gave.
        own: our DID, the digest of our signed indicators, and the marks in them.

    Raises:
        CohortError: one of them fails.
    """
    # (1)
    _check_head(session, cleared.session, cleared.transcript)
    if cleared.aggregator != session.aggregator or not fits(session, cleared.columns):
        raise wrong("cohort.cleared", problems.CLEARED_OTHER)
    # (2)
    if cleared.min_cohort < max(OWNER_FLOOR, min_cohort):
        raise wrong("cohort.cleared", problems.CLEARED_SMALLER)
    # (3)
    if set(cleared.indicators) != set(session.roster):
        raise wrong("cohort.cleared", problems.CLEARED_LACKS)
    # (4)
    if own is not None:
        did, digest, marks = own
        lost = any(
            c == CLEARED and m == WITHHELD
            for told, ours in zip(cleared.columns, marks, strict=True)
            for c, m in zip(told, ours, strict=True)
        )
        if cleared.indicators[did] != digest or lost:
            raise wrong("cohort.cleared", problems.CLEARED_NOT_OURS)


def check_contribution(
    session: Session, contribution: Contribution, *, cleared: str, batch: str
) -> None:
    """Check a signed batch: (1) this session; (2) of its roster; (3) these cells; (4) these bytes.

    Raises:
        CohortError: one of them fails.
    """
    # (1)
    _check_head(session, contribution.session, contribution.transcript)
    # (2), (3), (4)
    if (
        contribution.provider not in session.roster
        or contribution.cleared != cleared
        or contribution.batch != batch
    ):
        raise wrong("cohort.contribution", problems.CONTRIBUTION_OTHER)


def check_released(
    session: Session,
    released: Released,
    *,
    cleared: str,
    product: str,
    contributions: Mapping[Did, Contribution],
) -> None:
    """Check the aggregator's word on the product, as the consumer holds it against the providers'.

    (1) this session and its aggregator;
    (2) the roster: exactly one batch of each provider;
    (3) each batch is the one that its provider signed, over the same cleared cells;
    (4) the product is the bytes at hand.

    Raises:
        CohortError: one of them fails.
    """
    # (1)
    _check_head(session, released.session, released.transcript)
    if released.aggregator != session.aggregator or released.cleared != cleared:
        raise wrong("cohort.released", problems.RELEASED_OTHER)
    # (2)
    if not set(session.roster) == set(released.batches) == set(contributions):
        raise wrong("cohort.released", problems.RELEASED_LACKS)
    # (3)
    for did, contribution in contributions.items():
        check_contribution(session, contribution, cleared=cleared, batch=released.batches[did])
        if contribution.provider != did:
            raise wrong("cohort.released", problems.RELEASED_NAME, member=did)
    # (4)
    if released.product != product:
        raise wrong("cohort.released", problems.RELEASED_UNSIGNED)


def check_outcome(session: Session, outcome: Released | Ended) -> None:
    """Check that an outcome is the word of this session's aggregator.

    Raises:
        CohortError: it is of another session or aggregator.
    """
    _check_head(session, outcome.session, outcome.transcript)
    if outcome.aggregator != session.aggregator:
        raise wrong("cohort.outcome", problems.OUTCOME_OTHER)


def _check_head(session: Session, identifier: str, transcript: str) -> None:
    if identifier != session.session or transcript != session.transcript:
        raise wrong("cohort.transcript", problems.TRANSCRIPT)
