"""What members check of a renewal: numbered lists, as for cohort tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.cohort import problems
from contracts.cohort.errors import CohortError, wrong
from crypto.disclosure.cohort_changes import whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from contracts.cohort.renewal_statements import Asked, Changed, Proposed, Renewed
    from crypto.did import Did
    from crypto.disclosure.cohort_probes import Outline
    from crypto.disclosure.cohort_table import CohortTable
    from crypto.disclosure.table import CellKey
    from crypto.words import Words


def check_asked(asked: Asked, *, cohort: str, aggregator: Did, renewal: int, previous: str) -> None:
    """Check that somebody asks for the renewal that is due, of this table as it stands.

    Raises:
        CohortError: it is another.
    """
    given = (asked.cohort, asked.aggregator, asked.renewal, asked.previous)
    if given != (cohort, aggregator, renewal, previous):
        raise wrong("cohort.renewal.other", problems.RENEWAL_NOT_DUE, member=asked.member)


def check_edition(proposed: Proposed, judged: str) -> None:
    """Check that a proposal was made on what we judge: else marks would be read as other ones.

    Raises:
        CohortError: it was not.
    """
    if proposed.judged != judged:
        raise wrong(
            "cohort.renewal.edition",
            problems.RENEWAL_EDITION,
        )


def check_proposed(
    proposed: Proposed,
    *,
    ours: Asked,
    asked: str,
    roster: Sequence[Did],
    looked: Outline,
    judged: str,
    before: Proposed | None,
    changed: Changed | None,
    marks: str,
) -> None:
    """Check the aggregator's proposal as far as one member can, before anything is marked for it.

    (1) this cohort's renewal, asked for by exactly the roster, by us as we signed it, judged by
        what we mark;
    (2) whole components of the table are held;
    (3) the first proposal holds nothing; each further one is the next, made of the changes of
        exactly the roster, ours as we signed them, and holds more: all that it held before, and
        what we block.

    Args:
        proposed: the proposal.
        ours: what we asked.
        asked: digest of it as we signed it.
        roster: all members.
        looked: what is judged of the table.
        judged: digest of it.
        before: the proposal that we marked for last; None in the first round.
        changed: our changes for that.
        marks: digest of these as we signed them.

    Raises:
        CohortError: one of them fails.
    """
    # (1)
    given = (proposed.cohort, proposed.aggregator, proposed.renewal, proposed.previous)
    if given != (ours.cohort, ours.aggregator, ours.renewal, ours.previous):
        raise _wrong(problems.PROPOSAL_OTHER)
    if set(proposed.asked) != set(roster) or proposed.asked.get(ours.member) != asked:
        raise _wrong(problems.PROPOSAL_ASKED)
    check_edition(proposed, judged)
    # (2)
    if whole(looked, proposed.held) != proposed.held:
        raise _wrong(problems.PROPOSAL_CUTS)
    # (3)
    if before is None or changed is None:
        if proposed.turn or proposed.marks or proposed.held:
            raise _wrong(problems.PROPOSAL_HOLDS)
        return
    if proposed.asked != before.asked or proposed.turn != before.turn + 1:
        raise _wrong(problems.PROPOSAL_NEXT)
    _check_marks(proposed.marks, roster, ours.member, marks)
    must = before.held | whole(looked, changed.changes.blocked)
    if proposed.held & must != must or proposed.held == before.held:
        raise _wrong(problems.PROPOSAL_MUST)


def check_renewed(
    renewed: Renewed,
    *,
    proposed: Proposed,
    proposal: str,
    ours: Changed,
    marks: str,
    roster: Sequence[Did],
    table: CohortTable,
    sizes: Sequence[int],
    looked: Outline,
) -> None:
    """Check what the aggregator says is renewed as far as one member can.

    (1) it is of the proposal that we marked for last, as that was signed;
    (2) made of the changes of exactly the roster, ours as we signed them;
    (3) held is what was proposed, what we block among it; withheld from now on are cells of
        the table in no class, ours among them.

    Whether enough of the others change, only they know: an auditor sees it from all changes.

    Raises:
        CohortError: one of them fails.
    """
    # (1)
    given = (renewed.cohort, renewed.aggregator, renewed.renewal, renewed.previous)
    of = (proposed.cohort, proposed.aggregator, proposed.renewal, proposed.previous)
    if given != of or renewed.proposal != proposal:
        raise _wrong(problems.RENEWED_OTHER)
    # (2)
    _check_marks(renewed.marks, roster, ours.member, marks)
    # (3)
    blocked = whole(looked, ours.changes.blocked)
    if renewed.held != proposed.held or renewed.held & blocked != blocked:
        raise _wrong(problems.RENEWED_HELD)
    ours_there = set(ours.changes.appeared) <= set(renewed.appeared)
    if not ours_there or not _can_appear(renewed.appeared, table, sizes):
        raise _wrong(problems.RENEWED_WITHHOLDS)


def check_changed(
    changed: Changed,
    *,
    cohort: str,
    proposal: str,
    before: Changed | None,
    table: CohortTable,
    sizes: Sequence[int],
) -> None:
    """Check a member's changes before they are taken.

    (1) they are of this proposal;
    (2) of the data that its earlier ones were of;
    (3) what it blocks are classes, what has appeared are cells of the table and lies in none.

    Raises:
        CohortError: one of them fails.
    """
    # (1)
    if (changed.cohort, changed.proposal) != (cohort, proposal):
        raise wrong("cohort.renewal.other", problems.CHANGES_OTHER)
    # (2)
    if before is not None and _data(before) != _data(changed):
        raise _wrong(problems.CHANGES_DATA)
    # (3)
    of = changed.changes
    if of.blocked >> len(table.classes) or not _can_appear(of.appeared, table, sizes):
        raise _wrong(problems.CHANGES_NAMES)


def _can_appear(cells: Iterable[CellKey], table: CohortTable, sizes: Sequence[int]) -> bool:
    """Say whether cells are of the table, and in no class."""
    placed = {key for members in table.classes for key in members}
    return all(
        len(key) == len(sizes)
        and all(0 <= code < n for code, n in zip(key, sizes, strict=True))
        and key not in placed
        for key in cells
    )


def _data(changed: Changed) -> tuple[object, ...]:
    of = changed.changes
    return (changed.number, changed.version, of.blocked, of.appeared)


def _check_marks(given: Mapping[Did, str], roster: Sequence[Did], us: Did, digest: str) -> None:
    if set(given) != set(roster) or given.get(us) != digest:
        raise _wrong(problems.RENEWED_NOT_OURS)


def _wrong(words: Words) -> CohortError:
    return wrong("cohort.renewal.wrong", words)
