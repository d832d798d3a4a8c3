"""Renewals of cohort tables, worked out again from the changes that their members opened.

Looks at all bundles at once. A member's changes lie in its own opened bundle and in nobody else's.
For each step that an aggregator signed, a further proposal or what is renewed, where its bundle is
there or two members have opened what the step is made of:

(1) it signed one such step of a renewal, and no other; a first proposal holds nothing;
(2) the table, and the changes that the step names, are there, all of one proposal;
(3) they are on what is judged of the table, else their member is named; where the proposal names
    other changes than this release judges, the step is *unchecked*;
(4) the step is the one that follows from them, else the aggregator is named.

Whether a member's changes are true, its figures only tell. Who has not opened is *unchecked*.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from connector.audit.cohort_tables import LEAST, joinings_of, said_in
from connector.cohort.commons import common_of
from contracts.audit.report import Finding, Report
from contracts.cohort.renewal_statements import Proposed
from crypto.disclosure.cohort_probes import probes
from crypto.disclosure.cohort_renewal import check_changes, decide
from crypto.disclosure.declaration import Refused
from crypto.errors import VoileError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from connector.audit.cohort_tables import Said
    from contracts.audit.report import Level
    from contracts.audit.verify import Bundle
    from contracts.cohort.renewal_statements import Changed, Renewed
    from contracts.cohort.table_statements import Classes
    from crypto.disclosure.cohort_probes import Probes

    Step = Proposed | Renewed


def renewals(bundles: Sequence[Bundle]) -> Report:
    """Work out again what renewals these bundles hold.

    Raises:
        MalformedError: one of them has no readable manifest or keys.
    """
    said = said_in(bundles)
    steps: list[Step] = [*said.proposed.values(), *said.renewed.values()]
    checking = _Checking(said, steps)
    findings: list[Finding] = []
    held, opened = 0, 0
    for step in steps:
        if step.aggregator in said.parties or checking.opened(step) >= LEAST:
            found = list(checking.findings(step))
            findings += found
            opened += 1
            held += not found and not isinstance(step, Proposed)
    return Report(findings=tuple(findings), counts={"renewalsWorkedOut": held} if opened else {})


class _Checking:
    """The work in progress."""

    def __init__(self, said: Said, steps: Sequence[Step]) -> None:
        self._said = said
        self._times = Counter(map(_place, steps))
        self._tables: dict[str, tuple[Classes, Probes, str] | None] = {}

    def opened(self, step: Step) -> int:
        """Return how many members have opened the changes that a step is made of."""
        return sum(digest in self._said.changed for digest in step.marks.values())

    def findings(self, step: Step) -> Iterator[Finding]:
        """Check one step."""
        hub = step.aggregator
        # (1)
        if self._times[_place(step)] > 1:
            yield self._finding(step, "wrong-renewal", hub, "it signed two of this step")
        if isinstance(step, Proposed) and not step.turn:
            if step.held or step.marks:
                yield self._finding(step, "wrong-renewal", hub, "its first proposal holds classes")
            return
        # (2)
        known = self._table(step)
        if known is None:
            yield self._finding(step, "not-opened", hub, "its table is not here", "unchecked")
            return
        classes, looked, ours = known
        changed: dict[str, Changed] = {}
        for did, digest in sorted(step.marks.items()):
            if digest in self._said.changed:
                changed[did] = self._said.changed[digest]
            else:
                text = "it has not opened its changes, or others than are named"
                yield self._finding(step, "not-opened", did, text, "unchecked")
        # (3)
        judged = self._judged(step, changed)
        if judged != {ours}:
            text = "it is judged by other changes than this release knows, or they are not here"
            yield self._finding(step, "other-release", hub, text, "unchecked")
            return
        for name, of in changed.items():
            try:
                check_changes(looked, of.changes.bits, step.renewal)
            except ValueError:
                yield self._finding(step, "wrong-mark", name, "it marked what is not judged")
                return
        if set(changed) == set(step.marks) == set(classes.marks):
            yield from self._follows(step, changed, classes, looked)
        elif set(step.marks) != set(classes.marks):
            text = "it is not made of the changes of exactly the members"
            yield self._finding(step, "wrong-renewal", hub, text)

    def _judged(self, step: Step, changed: dict[str, Changed]) -> set[str]:
        """Return what a step and the proposals that it is made of name as judged."""
        names = {of.proposal for of in changed.values()}
        names |= set() if isinstance(step, Proposed) else {step.proposal}
        found = {self._said.proposed[n].judged for n in names if n in self._said.proposed}
        return found | ({step.judged} if isinstance(step, Proposed) else set())

    def _follows(
        self, step: Step, changed: dict[str, Changed], classes: Classes, looked: Probes
    ) -> Iterator[Finding]:
        digests = {of.proposal for of in changed.values()}
        before = self._said.proposed.get(min(digests)) if len(digests) == 1 else None
        if len(digests) == 1 and before is None:
            text = "the proposal before it is not here"
            yield self._finding(step, "not-opened", step.aggregator, text, "unchecked")
            return
        # (4)
        if before is None or not _is_next(step, before, digests) or not _is_own(step, changed):
            text = "it is made of changes that are of other proposals, or not their members'"
            yield self._finding(step, "wrong-renewal", step.aggregator, text)
            return
        decided = decide(
            looked,
            before.held,
            [of.changes for of in changed.values()],
            min_cohort=classes.table.min_cohort,
            renewal=step.renewal,
            turn=before.turn,
        )
        settled = decided.held == before.held
        follows = step.held == decided.held and settled != isinstance(step, Proposed)
        if not isinstance(step, Proposed):
            follows = follows and step.appeared == decided.appeared
        if not follows:
            text = "it does not follow from the changes of the members"
            yield self._finding(step, "wrong-renewal", step.aggregator, text)

    def _table(self, step: Step) -> tuple[Classes, Probes, str] | None:
        """Find the table that is renewed, and what is judged of it; None if it is not here."""
        if step.cohort not in self._tables:
            self._tables[step.cohort] = None
            for classes in self._said.classes.values():
                if (classes.cohort, classes.aggregator) == (step.cohort, step.aggregator):
                    joinings = joinings_of(classes, self._said)
                    try:
                        looked = joinings and probes(common_of(joinings).table, classes.table)
                    except (VoileError, Refused):
                        looked = None
                    self._tables[step.cohort] = (classes, looked, looked.digest) if looked else None
        return self._tables[step.cohort]

    def _finding(
        self, step: Step, code: str, did: str, text: str, level: Level | None = None
    ) -> Finding:
        if level is None:
            level = "proof" if did in self._said.vouched else "finding"
        words = f"renewal {step.renewal} of cohort table `{step.cohort}`: {text}"
        return Finding(level=level, code=code, where=did, text=words)


def _place(step: Step) -> tuple[str, str, int, int]:
    turn = step.turn if isinstance(step, Proposed) else -1
    return (step.aggregator, step.cohort, step.renewal, turn)


def _is_next(step: Step, before: Proposed, digests: set[str]) -> bool:
    of = (before.cohort, before.aggregator, before.renewal, before.previous)
    if (step.cohort, step.aggregator, step.renewal, step.previous) != of:
        return False
    if isinstance(step, Proposed):
        return (step.turn, step.asked) == (before.turn + 1, before.asked)
    return {step.proposal} == digests


def _is_own(step: Step, changed: dict[str, Changed]) -> bool:
    return all((of.member, of.cohort) == (did, step.cohort) for did, of in changed.items())
