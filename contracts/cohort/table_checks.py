"""What members check of a cohort table: numbered lists, as for sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.cohort import problems
from contracts.cohort.errors import wrong
from contracts.cohort.members import OWNER_FLOOR
from contracts.cohort.table_statements import cohort_of
from crypto.disclosure.bits import members
from crypto.disclosure.cohort_common import difference

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from contracts.cohort.table_statements import Classes, Joining
    from crypto.did import Did
    from crypto.disclosure.cohort_marks import Marks
    from crypto.disclosure.cohort_table import CohortTable


def check_joinings(joinings: Mapping[Did, Joining], *, ours: Joining) -> int:
    """Check that everybody of our roster joins exactly this cohort.

    (1) one joining of each member of the roster, and of nobody else, each under its own name;
    (2) all name our roster and our aggregator: nobody sits in two cohorts over one table;
    (3) what all declare is declared as by us: with other bounds somebody could learn of our rows
        at ours.

    Returns:
        The cohort's minimum: the largest that one of them asks for, at least the owner's floor.

    Raises:
        CohortError: one of them fails.
    """
    # (1)
    if set(joinings) != set(ours.roster) or any(j.member != d for d, j in joinings.items()):
        raise wrong("cohort.roster", problems.JOININGS_OTHER)
    # (2)
    for did, joining in sorted(joinings.items()):
        if (joining.roster, joining.aggregator) != (ours.roster, ours.aggregator):
            raise wrong("cohort.roster.other", problems.JOINS_OTHER, member=did)
    # (3)
    named = {did: {m.name: m for m in joining.measures} for did, joining in joinings.items()}
    for mine in ours.measures:
        theirs = {did: of[mine.name] for did, of in sorted(named.items()) if mine.name in of}
        for did, other in theirs.items():
            if len(theirs) == len(joinings) and (what := difference(mine, other)):
                raise wrong(
                    "cohort.table.differs.measures",
                    problems.DECLARED_OTHERWISE[what],
                    member=did,
                    measure=mine.name,
                )
    return max(OWNER_FLOOR, *(joining.min_cohort for joining in joinings.values()))


def check_classes(
    classes: Classes,
    *,
    cohort: str,
    ours: Joining,
    marks: Marks,
    digest: str,
    figures: int,
    min_cohort: int,
) -> None:
    """Check the aggregator's classes as far as one member can.

    (1) this cohort by its name and by the joinings that it is of, its aggregator;
    (2) made of the marks of exactly the roster, ours as we signed them;
    (3) for at least the cohort's minimum, with classes for each figure;
    (4) whatever we hold is named, no cell of ours reaches out of a class, and nothing that we
        block lies in one.

    Whether the others carry what they should, only they know: an auditor sees it from all marks.

    Raises:
        CohortError: one of them fails.
    """
    # (1)
    named = cohort_of(classes.joinings)
    if (classes.cohort, named, classes.aggregator) != (cohort, cohort, ours.aggregator):
        raise wrong("cohort.table.wrong", problems.CLASSES_OTHER)
    # (2)
    if set(classes.marks) != set(ours.roster) or classes.marks.get(ours.member) != digest:
        raise wrong("cohort.table.wrong", problems.CLASSES_NOT_OURS)
    # (3)
    table = classes.table
    if table.min_cohort < min_cohort or len(table.measures) != figures:
        raise wrong("cohort.table.wrong", problems.CLASSES_SMALLER)
    # (4)
    if not _holds(table, marks):
        raise wrong("cohort.table.wrong", problems.CLASSES_CUT)


def _holds(table: CohortTable, marks: Marks) -> bool:
    place = {key: i for i, cells in enumerate(table.classes) for key in cells}
    if not set(marks.carries) <= place.keys() | set(table.blocked):
        return False
    if any(key in place for key in marks.blocked[0]):
        return False
    if any(len({place.get(key, -1) for key in cells}) > 1 for cells in marks.reaching[0]):
        return False
    return all(
        _keeps(table.measures[m], place, marks.reaching[m], marks.blocked[m])
        for m in range(1, len(table.measures))
    )


def _keeps(
    cells: Sequence[int],
    place: Mapping[tuple[int, ...], int],
    reaching: Sequence[Sequence[tuple[int, ...]]],
    blocked: Sequence[tuple[int, ...]],
) -> bool:
    """Say whether classes of a measure take our cells whole and what we block not at all."""
    owner = {i: n for n, bits in enumerate(cells) for i in members(bits)}
    if any(place.get(key, -1) in owner for key in blocked):
        return False
    return all(len({owner.get(place.get(key, -1), -1) for key in c}) == 1 for c in reaching)
