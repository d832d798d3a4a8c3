"""Cohort tables, made again from the marks that their members opened: they hold, or who cheated.

Looks at all bundles at once. A member's marks lie in its own opened bundle and in nobody else's.
For each table of an aggregator whose bundle is there, or of which two members have opened their
marks (one alone has nothing to be held against):

(1) its name is that of the joinings that it names, these are there, and their members mean the
    same, else it is named;
(2) each member's marks are the ones that the table names, else both are said to differ;
(3) they are on the common table, else their member is named;
(4) the classes are those that follow from all of them, else the aggregator is named.

Whether a member's marks are true, its figures only tell. Who has not opened is *unchecked*. What
only a bundle's own keys verify counts for tables of which nothing else is there, *unchecked* too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from connector.areas.cohort import common_of
from contracts.audit.before import told_of
from contracts.audit.memo import Memo
from contracts.audit.report import Finding, Report, trusted, verdict
from contracts.audit.sessions import bases
from contracts.audit.sides import side
from contracts.cohort.members import OWNER_FLOOR
from contracts.cohort.renewal_statements import Changed, Proposed, Renewed
from contracts.cohort.table_statements import Classes, Joining, Marked, cohort_of
from crypto.canonical import canonical
from crypto.disclosure.cohort_table import check_marks, make_cohort_table
from crypto.errors import VoileError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from contracts.audit.report import Basis, Level
    from contracts.audit.sides import Side
    from contracts.audit.verify import Bundle
    from crypto.disclosure.cohort_marks import Marks

_KINDS: Final = {kind.TYP: kind for kind in (Joining, Marked, Classes, Proposed, Changed, Renewed)}
LEAST: Final = 2  # members whose marks are here, for a table to be made again


@dataclass(slots=True)
class Said:
    """Statements whose signature holds, by the party that they are of."""

    keys: Mapping[str, tuple[Basis, ...]]
    parties: frozenset[str]  # whose bundles these are
    joinings: dict[tuple[str, str], Joining] = field(default_factory=dict)  # by DID and digest
    marks: dict[tuple[str, str], dict[str, Marks]] = field(default_factory=dict)  # by digest
    classes: dict[str, Classes] = field(default_factory=dict)  # by digest
    proposed: dict[str, Proposed] = field(default_factory=dict)  # of renewals, by digest
    changed: dict[str, Changed] = field(default_factory=dict)
    renewed: dict[str, Renewed] = field(default_factory=dict)

    def opened(self, classes: Classes) -> int:
        """Return how many members of a table have opened marks of it."""
        return sum((classes.cohort, did) in self.marks for did in classes.marks)


def tables(bundles: Sequence[Bundle], memo: Memo | None = None) -> Report:
    """Make again what cohort tables these bundles hold.

    Raises:
        MalformedError: one of them has no readable manifest or keys.
    """
    memo = memo or Memo()
    vouched, said = said_in(bundles, memo)
    findings: list[Finding] = []
    held = 0
    opened = [
        (classes, of)
        for digest, classes in said.classes.items()
        for of in (vouched if digest in vouched.classes else said,)
        if classes.aggregator in said.parties or of.opened(classes) >= LEAST
    ]
    for classes, of in opened:
        found = list(_findings(classes, of))
        findings += found
        held += not found
    return Report(findings=tuple(findings), counts={"tablesMadeAgain": held} if opened else {})


def said_in(bundles: Sequence[Bundle], memo: Memo) -> tuple[Said, Said]:
    """Read what these bundles hold of cohort tables and their renewals.

    Returns:
        What holds under keys that somebody trusted vouches for, and what holds under any.
    """
    sides = [side(str(number), bundle, memo) for number, bundle in enumerate(bundles)]
    return _read(sides, vouched=True), _read(sides, vouched=False)


def _read(sides: Sequence[Side], *, vouched: bool) -> Said:
    every = [
        told_of(item, sides) for one in sides for item in one.said if item.holds or not vouched
    ]
    said = Said(bases(every), frozenset(one.did for one in sides))
    for one in sides:
        for item in one.said:
            kind = _KINDS.get(item.typ)
            if kind is None or (vouched and not item.holds):
                continue
            try:
                statement = kind.from_json(item.payload)
            except VoileError:
                continue
            same = canonical(statement.to_json()) == canonical(item.payload)
            if statement.signer != item.signer or not same:
                continue
            digest = f"sha-256:{item.digest}"
            if isinstance(statement, Joining):
                said.joinings[statement.member, statement.digest] = statement
            elif isinstance(statement, Marked):
                of = (statement.cohort, statement.member)
                said.marks.setdefault(of, {})[digest] = statement.marks
            elif isinstance(statement, Classes):
                said.classes[digest] = statement
            elif isinstance(statement, Proposed):
                said.proposed[digest] = statement
            elif isinstance(statement, Changed):
                said.changed[digest] = statement
            else:
                said.renewed[digest] = statement
    return said


def _findings(classes: Classes, said: Said) -> Iterator[Finding]:
    aggregator = classes.aggregator

    def finding(code: str, did: str, text: str, level: Level | None = None) -> Finding:
        words = f"cohort table `{classes.cohort}`: {text}"
        if level is None:
            return verdict(code, did, words, said.keys.get(did, ()))
        return Finding(level=level, code=code, where=did, text=words)

    # (1)
    named = classes.joinings
    if not named:
        text = "its aggregator's connector was older, and did not name its joinings"
        yield finding("not-opened", aggregator, text, "unchecked")
        return
    if not _is_of(classes):
        yield finding("wrong-classes", aggregator, "it is not that of the joinings that it names")
        return
    joinings = joinings_of(classes, said)
    if joinings is None:
        yield finding("not-opened", aggregator, "not all its joinings are here", "unchecked")
        return
    try:
        common = common_of(joinings).table
    except VoileError as error:
        text = f"it made a table of joinings that do not fit: {error.message}"
        yield finding("wrong-classes", aggregator, text)
        return
    # (2), (3)
    marks: dict[str, Marks] = {}
    for did, digest in sorted(classes.marks.items()):
        opened = said.marks.get((classes.cohort, did), {})
        if not opened:
            yield finding("not-opened", did, "it has not opened its marks", "unchecked")
        elif digest not in opened:
            text = f"`{did}` opened other marks than the table names"
            known = trusted(said.keys.get(did, ())) and trusted(said.keys.get(aggregator, ()))
            yield finding("wrong-mark", did, text, "finding" if known else "unchecked")
        else:
            try:
                check_marks(common, did, opened[digest])
            except ValueError:
                yield finding("wrong-mark", did, "it marked what is not on the common table")
                continue
            marks[did] = opened[digest]
    # (4)
    if set(marks) == set(classes.marks):
        least = max(OWNER_FLOOR, *(joining.min_cohort for joining in joinings.values()))
        try:
            follows = make_cohort_table(common, marks, min_cohort=least) == classes.table
        except ValueError:
            follows = False
        if not follows:
            text = "its classes do not follow from the marks of the members"
            yield finding("wrong-classes", aggregator, text)


def joinings_of(classes: Classes, said: Said) -> dict[str, Joining] | None:
    """Find the joinings that a table names; None if it is not theirs, or not all are here."""
    named = [place for place in classes.joinings.items() if place in said.joinings]
    if not _is_of(classes) or len(named) != len(classes.joinings):
        return None
    return {did: said.joinings[did, of] for did, of in named}


def _is_of(classes: Classes) -> bool:
    """Say whether a table is of the joinings that it names."""
    named = classes.joinings
    return cohort_of(named) == classes.cohort and set(named) == set(classes.marks)
