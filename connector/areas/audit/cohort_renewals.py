"""Renewals of cohort tables, worked out again from the changes that their members opened.

Looks at all bundles at once. A member's changes lie in its own opened bundle and in nobody else's.
For each step that an aggregator signed, a further proposal or what is renewed, where its bundle is
there or two members have opened what the step is made of:

(1) it signed one such step of a renewal, and no other; a first proposal holds nothing;
(2) the table that is renewed is there, and the changes that the step names, of exactly its members;
(3) these are all of one proposal, that is there, and the step is the next one after it;
(4) they are on what is judged of the table, else their member is named; where a proposal names
    other changes than this release judges, the step is *unchecked*;
(5) the step is the one that follows from them, else the aggregator is named.

Whether a member's changes are true, its figures only tell. Who has not opened is *unchecked*. What
only a bundle's own keys verify counts for steps of which nothing else is there, *unchecked* too.
"""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING

from connector.areas.audit.cohort_tables import LEAST, joinings_of, said_in
from connector.areas.cohort import common_of
from contracts.audit.memo import Memo
from contracts.audit.report import Finding, Report, verdict
from contracts.cohort.renewal_statements import Proposed
from crypto.disclosure.cohort_probes import probes
from crypto.disclosure.cohort_renewal import check_changes, decide
from crypto.disclosure.declaration import Refused
from crypto.errors import VoileError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from connector.areas.audit.cohort_tables import Said
    from contracts.audit.verify import Bundle
    from contracts.cohort.renewal_statements import Changed, Renewed
    from contracts.cohort.table_statements import Classes
    from crypto.disclosure.cohort_common import CommonTable
    from crypto.disclosure.cohort_probes import Probes
    from crypto.disclosure.cohort_table import CohortTable

    Step = Proposed | Renewed


def renewals(bundles: Sequence[Bundle], memo: Memo | None = None) -> Report:
    """Work out again what renewals these bundles hold.

    Raises:
        MalformedError: one of them has no readable manifest or keys.
    """
    vouched, said = map(_Checking, said_in(bundles, memo or Memo()))
    findings: list[Finding] = []
    held, opened = 0, 0
    for digest, step in said.steps.items():
        of = vouched if digest in vouched.steps else said
        if of.is_opened(step):
            found = list(of.findings(step))
            findings += found
            opened += 1
            held += not found and not isinstance(step, Proposed)
    return Report(findings=tuple(findings), counts={"renewalsWorkedOut": held} if opened else {})


class _Checking:
    """The work in progress, on statements that hold under trusted keys, or under any."""

    def __init__(self, said: Said) -> None:
        self._said = said
        self.steps: dict[str, Step] = {**said.proposed, **said.renewed}  # by digest
        self._times = Counter(map(_place, self.steps.values()))
        self._looked: dict[str, tuple[Probes, str] | None] = {}  # by digest of the classes

    def is_opened(self, step: Step) -> bool:
        """Say whether enough is here of a step: its aggregator's bundle, or changes of two."""
        opened = sum(digest in self._said.changed for digest in step.marks.values())
        return step.aggregator in self._said.parties or opened >= LEAST

    def findings(self, step: Step) -> Iterator[Finding]:
        """Check one step."""
        # (1)
        if self._times[_place(step)] > 1:
            yield self._wrong(step, "it signed two of this step")
        if isinstance(step, Proposed) and not step.turn:
            if step.held or step.marks:
                yield self._wrong(step, "its first proposal holds classes")
            return
        # (2)
        found = self._classes(step)
        looked = self._judged(*found) if found is not None else None
        if found is None or looked is None:
            yield _unchecked(step, "not-opened", step.aggregator, "its table is not here")
            return
        classes = found[1]
        changed: dict[str, Changed] = {}
        for did, digest in sorted(step.marks.items()):
            if digest in self._said.changed:
                changed[did] = self._said.changed[digest]
            else:
                text = "it has not opened its changes, or others than are named"
                yield _unchecked(step, "not-opened", did, text)
        own = all((of.member, of.cohort) == (did, step.cohort) for did, of in changed.items())
        if set(step.marks) != set(classes.marks) or not own:
            yield self._wrong(step, "it is not made of the changes of exactly the members")
            return
        # (3)
        named = {of.proposal for of in changed.values()}
        named |= set() if isinstance(step, Proposed) else {step.proposal}
        if len(named) > 1:
            yield self._wrong(step, "it is made of changes that are of other proposals")
            return
        before = self._said.proposed.get(named.pop()) if named else None
        if before is None:
            text = "the proposal before it is not here"
            yield _unchecked(step, "not-opened", step.aggregator, text)
        elif not _is_next(step, before):
            yield self._wrong(step, "it is not the next step after the proposal that it is of")
        else:
            yield from self._worked_out(step, before, changed, looked, classes.table.min_cohort)

    def _worked_out(
        self,
        step: Step,
        before: Proposed,
        changed: dict[str, Changed],
        judged: tuple[Probes, str],
        min_cohort: int,
    ) -> Iterator[Finding]:
        looked, ours = judged
        # (4)
        if {before.judged, step.judged if isinstance(step, Proposed) else ours} != {ours}:
            text = "it is judged by other changes than this release knows"
            yield _unchecked(step, "other-release", step.aggregator, text)
            return
        for did, of in changed.items():
            try:
                check_changes(looked, of.changes.bits, step.renewal)
            except ValueError:
                text = _words(step, "it marked what is not judged")
                yield verdict("wrong-mark", did, text, self._said.keys.get(did, ()))
                return
        if set(changed) != set(step.marks):
            return
        # (5)
        decided = decide(
            looked,
            before.held,
            [of.changes for of in changed.values()],
            min_cohort=min_cohort,
            renewal=step.renewal,
            turn=before.turn,
        )
        settled = decided.held == before.held
        follows = step.held == decided.held and settled != isinstance(step, Proposed)
        if not isinstance(step, Proposed):
            follows = follows and step.appeared == decided.appeared
        if not follows:
            yield self._wrong(step, "it does not follow from the changes of the members")

    def _classes(self, step: Step) -> tuple[str, Classes] | None:
        """Find the table that is renewed, by what each renewal names before it."""
        of, digest = (step.cohort, step.aggregator), step.previous
        for renewal in range(step.renewal - 1, 0, -1):
            before = self._said.renewed.get(digest)
            if before is None or (before.cohort, before.aggregator) != of:
                return None
            if before.renewal != renewal:
                return None
            digest = before.previous
        classes = self._said.classes.get(digest)
        if classes is None or (classes.cohort, classes.aggregator) != of:
            return None
        return digest, classes

    def _judged(self, digest: str, classes: Classes) -> tuple[Probes, str] | None:
        """Make what is judged of a table, and its digest; None if that cannot be made."""
        if digest not in self._looked:
            joinings = joinings_of(classes, self._said)
            found = None
            with suppress(VoileError, Refused):
                common = common_of(joinings).table if joinings else None
                if common is not None and _fits(classes.table, common):
                    found = probes(common, classes.table)
            self._looked[digest] = (found, found.digest) if found is not None else None
        return self._looked[digest]

    def _wrong(self, step: Step, text: str) -> Finding:
        hub = step.aggregator
        return verdict("wrong-renewal", hub, _words(step, text), self._said.keys.get(hub, ()))


def _unchecked(step: Step, code: str, did: str, text: str) -> Finding:
    return Finding(level="unchecked", code=code, where=did, text=_words(step, text))


def _fits(table: CohortTable, common: CommonTable) -> bool:
    """Say whether classes are of a common table at all: a bundle may hold any."""
    sizes = [len(codes) for _, codes in common.dimensions]
    return len(table.measures) == len(common.figures) and all(
        len(key) == len(sizes) and all(code < n for code, n in zip(key, sizes, strict=True))
        for cells in table.classes
        for key in cells
    )


def _words(step: Step, text: str) -> str:
    return f"renewal {step.renewal} of cohort table `{step.cohort}`: {text}"


def _place(step: Step) -> tuple[str, str, int, int]:
    turn = step.turn if isinstance(step, Proposed) else -1
    return (step.aggregator, step.cohort, step.renewal, turn)


def _is_next(step: Step, before: Proposed) -> bool:
    of = (before.cohort, before.aggregator, before.renewal, before.previous)
    if (step.cohort, step.aggregator, step.renewal, step.previous) != of:
        return False
    if isinstance(step, Proposed):
        return (step.turn, step.asked) == (before.turn + 1, before.asked)
    return True
