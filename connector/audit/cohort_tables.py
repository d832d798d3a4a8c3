"""Cohort tables, made again from the marks that their members opened: they hold, or who cheated.

Looks at all bundles at once. A member's marks lie in its own opened bundle and in nobody else's.
For each table of an aggregator whose bundle is there, or of which two members have opened their
marks (one alone has nothing to be held against):

(1) the joinings that it names are there, and their members mean the same, else it is named;
(2) each member's marks are the ones that the table names, else both are said to differ;
(3) they are on the common table, else their member is named;
(4) the classes are those that follow from all of them, else the aggregator is named.

Whether a member's marks are true, its figures only tell. Who has not opened is *unchecked*.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice, product
from typing import TYPE_CHECKING, Final

from connector.cohort.commons import common_of
from contracts.audit.memo import Memo
from contracts.audit.report import Finding, Report
from contracts.audit.sides import side
from contracts.cohort.members import OWNER_FLOOR
from contracts.cohort.renewal_statements import Changed, Proposed, Renewed
from contracts.cohort.table_statements import Classes, Joining, Marked, cohort_of
from crypto.canonical import canonical
from crypto.disclosure.cohort_table import check_marks, make_cohort_table
from crypto.errors import VoileError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from contracts.audit.report import Level
    from contracts.audit.verify import Bundle
    from crypto.disclosure.cohort_marks import Marks

_KINDS: Final = {kind.TYP: kind for kind in (Joining, Marked, Classes, Proposed, Changed, Renewed)}
LEAST: Final = 2  # members whose marks are here, for a table to be made again
_MOST: Final = 256  # ways to choose among several joinings of the same members


@dataclass(slots=True)
class Said:
    """Statements whose signature holds, by the party that they are of."""

    vouched: frozenset[str]
    parties: frozenset[str]  # whose bundles these are
    joinings: dict[str, dict[str, Joining]] = field(default_factory=dict)  # by DID, by JWS
    marks: dict[tuple[str, str], dict[str, Marks]] = field(default_factory=dict)  # by digest
    classes: dict[str, Classes] = field(default_factory=dict)  # by digest
    proposed: dict[str, Proposed] = field(default_factory=dict)  # of renewals, by digest
    changed: dict[str, Changed] = field(default_factory=dict)
    renewed: dict[str, Renewed] = field(default_factory=dict)

    def opened(self, classes: Classes) -> int:
        """Return how many members of a table have opened marks of it."""
        return sum((classes.cohort, did) in self.marks for did in classes.marks)


def tables(bundles: Sequence[Bundle]) -> Report:
    """Make again what cohort tables these bundles hold.

    Raises:
        MalformedError: one of them has no readable manifest or keys.
    """
    said = said_in(bundles)
    findings: list[Finding] = []
    held = 0
    opened = [
        classes
        for classes in said.classes.values()
        if classes.aggregator in said.parties or said.opened(classes) >= LEAST
    ]
    for classes in opened:
        found = list(_findings(classes, said))
        findings += found
        held += not found
    return Report(findings=tuple(findings), counts={"tablesMadeAgain": held} if opened else {})


def said_in(bundles: Sequence[Bundle]) -> Said:
    """Read what these bundles hold of cohort tables and their renewals."""
    memo = Memo()
    sides = [side(str(number), bundle, memo) for number, bundle in enumerate(bundles)]
    vouched = frozenset[str]().union(*(one.vouched for one in sides))
    said = Said(vouched, frozenset(one.did for one in sides))
    for one, bundle in zip(sides, bundles, strict=True):
        for item in one.said:
            kind = _KINDS.get(item.typ)
            if kind is None:
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
                text = bundle.files[item.path].decode("ascii")
                said.joinings.setdefault(statement.member, {})[text] = statement
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
        if level is None:
            level = "proof" if did in said.vouched else "finding"
        words = f"cohort table `{classes.cohort}`: {text}"
        return Finding(level=level, code=code, where=did, text=words)

    # (1)
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
            yield finding("wrong-mark", did, text, "finding")
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
    """Find the joinings that a table is of: those whose digest together names it."""
    members = sorted(classes.marks)
    choices = [said.joinings.get(did, {}) for did in members]
    for texts in islice(product(*choices), _MOST):
        chosen = dict(zip(members, texts, strict=True))
        if cohort_of(chosen) == classes.cohort:
            return {did: said.joinings[did][text] for did, text in chosen.items()}
    return None
