"""Totals over several suppliers, added up again from what they opened: it holds, or who cheated.

Looks at all bundles at once. Nothing here is opened by anybody but its owner: a supplier opens its
contribution to a session, the consumer opens what the product holds. Then

(1) the list of cleared cells follows from everybody's signed marks, else its aggregator is named;
(2) an opened contribution is the one that was signed and sent, with nothing in figures that its
    supplier marked as withheld, else the supplier is named;
(3) an opened product is the one that the aggregator signed, else the consumer is named;
(4) the product is the sum of exactly these contributions, else the aggregator is named, and what it
    did to which ciphertexts: dropped, doubled, swapped or altered.

Only what somebody's own signature shows, under a trusted key, is a proof. What holds under keys
that a bundle brought counts only for sessions of which nothing else is there, and is *unchecked*;
so is who has not opened, and what a bundle opens that is not its party's own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from contracts.audit import problems
from contracts.audit.before import told_of
from contracts.audit.memo import Memo
from contracts.audit.opened_part import of_session, plaintexts, read_part
from contracts.audit.opened_total import check_total, is_total, read_total
from contracts.audit.openings import openings
from contracts.audit.report import Finding, Report, question, trusted, verdict
from contracts.audit.sessions import Stated, bases, stated
from contracts.audit.sides import side
from contracts.audit.tampering import tampering
from contracts.cohort.clearing import clear
from contracts.cohort.statements import WITHHELD
from crypto.canonical import digest_bytes
from crypto.errors import MalformedError, VoileError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from contracts.audit.opened_part import OpenedPart
    from contracts.audit.opened_total import OpenedTotal
    from contracts.audit.report import Basis
    from contracts.audit.sides import Side
    from contracts.audit.verify import Bundle
    from contracts.cohort.statements import Cleared, Released
    from crypto.did import Did
    from crypto.paillier.opening import Numbers


@dataclass(slots=True)
class _Opened:
    """What was opened of one session."""

    parts: dict[str, OpenedPart] = field(default_factory=dict)
    totals: dict[str, OpenedTotal] = field(default_factory=dict)
    own: dict[str, tuple[Basis, ...]] = field(default_factory=dict)  # keys of whose bundle it is
    holds: dict[str, frozenset[str]] = field(default_factory=dict)  # statements beside a total


def totals(bundles: Sequence[Bundle], memo: Memo | None = None) -> Report:
    """Add up again what was opened in these bundles.

    Raises:
        MalformedError: one of them has no readable manifest or keys.
    """
    memo = memo or Memo()
    sides = [side(str(number), bundle, memo) for number, bundle in enumerate(bundles)]
    said = [told_of(one, sides) for each in sides for one in each.said]
    vouched = [one for one in said if one.holds]
    sessions = stated(vouched)
    opened: dict[str, _Opened] = {}
    # of two bundles in one party's name, the one that is its own goes first
    pairs = zip(sides, bundles, strict=True)
    for one, bundle in sorted(pairs, key=lambda pair: not trusted(pair[0].own)):
        for leaf, detail in openings(bundle.files, one.log, memo):
            if of_session(leaf):
                _take(opened, str(leaf.get("process")), one, detail)
        for path in sorted(filter(is_total, bundle.files)):
            found = _total(bundle.files[path])
            if found is not None:
                of_it = opened.setdefault(found.session, _Opened())
                if one.did not in of_it.totals:
                    of_it.totals[one.did] = found
                    of_it.holds[one.did] = frozenset(f"sha-256:{said.digest}" for said in one.said)
                of_it.own.setdefault(one.did, one.own)
    findings: list[Finding] = []
    held = 0
    # (0) of each session what trusted keys signed; only of others what anybody says
    others = {name: of for name, of in stated(said).items() if name not in sessions}
    trusted_keys, all_keys = bases(vouched), bases(said)
    for of in (*sessions.values(), *others.values()):
        keys = trusted_keys if of.session.transcript in sessions else all_keys
        check = _Check(of, opened.get(of.session.session, _Opened()), keys)
        found_here = list(check.findings())
        findings += found_here
        held += check.added and not found_here
    sessions |= others
    known = {of.session.session for of in sessions.values()}
    for session in sorted(set(opened) - known):
        text = f"total `{session}`: opened, but no bundle holds the session as it was signed"
        findings.append(Finding(level="unchecked", code="not-opened", where=session, text=text))
    parts = sum(len(one.parts) for one in opened.values())
    counts = {"contributionsOpened": parts, "totalsAddedUp": held}
    return Report(findings=tuple(findings), counts=counts)


def _take(opened: dict[str, _Opened], session: str, one: Side, detail: object) -> None:
    of_it = opened.setdefault(session, _Opened())
    try:
        of_it.parts.setdefault(one.did, read_part(detail))
    except MalformedError:
        return  # of a session whose ciphertexts had no tags
    of_it.own.setdefault(one.did, one.own)


def _total(data: bytes) -> OpenedTotal | None:
    try:
        return read_total(data)
    except VoileError:
        return None  # `verify` says so


class _Check:
    """The check of one session."""

    def __init__(self, of: Stated, opened: _Opened, keys: Mapping[str, tuple[Basis, ...]]) -> None:
        self._of = of
        self._opened = opened
        self._keys = keys
        self.added = False

    def findings(self) -> Iterator[Finding]:
        session = self._of.session
        for cleared in self._of.cleared.values():
            yield from self._marks(cleared)  # (1)
        parts, total = self._opened.parts, self._opened.totals.get(session.consumer)
        released = self._of.released_as(digest_bytes(total.product) if total else None)
        listed = self._of.list_of_cells(released)
        if not (parts or total):
            return
        if listed is None or released is None:
            if not self._of.ended:
                yield self._missing(session.aggregator, "what it signed of the release")
            return
        made: dict[str, Numbers] = {}
        for did in session.roster:
            yield from self._contributed(did, released, listed, made)  # (2)
        if total is None:
            yield self._missing(session.consumer, "what the product holds")
            return
        try:  # (3)
            if digest_bytes(total.product) != released.product:
                beside = self._opened.holds[session.consumer]
                if not any(self._of.releases.get(one) == released for one in beside):
                    yield self._either("altered", session.consumer, "another product")
                    return
                raise MalformedError(problems.OTHER_PRODUCT)
            is_batch = check_total(total, session, len(listed.indexes))
        except VoileError as error:
            text = f"what it opened is not the product: {error.message}"
            yield self._finding(
                "altered", session.consumer, text, self._opened.own[session.consumer]
            )
            return
        if not is_batch:
            text = "what it signed as the product is no batch of this session"
            yield self._finding("altered", session.aggregator, text)
        elif set(made) == set(session.roster):  # (4)
            self.added = True
            layouts = session.layouts(len(listed.indexes))
            for code, text in tampering(layouts, made, total.plaintexts):
                yield self._finding(code, session.aggregator, text)

    def _contributed(
        self, did: Did, released: Released, listed: Cleared, made: dict[str, Numbers]
    ) -> Iterator[Finding]:
        """Check what a supplier opened; what it added to the total is put into ``made``."""
        session, parts = self._of.session, self._opened.parts
        signed = self._of.contributions.get(did, [])
        if did not in parts or not signed:
            yield self._missing(did, "its contribution")
            return
        batch = released.batches.get(did)
        contribution = next((one for one in signed if one.batch == batch), signed[0])
        if contribution.cleared != released.cleared:
            yield self._either("altered", did, "another list of cleared cells")
            return  # how many cells that one has is not known
        try:
            numbers = plaintexts(parts[did], session, contribution, len(listed.indexes))
        except VoileError as error:
            text = f"what it opened is not what it sent: {error.message}"
            yield self._finding("altered", did, text, self._opened.own[did])
            return
        yield from self._marked(did, parts[did], listed)
        if batch is not None and batch != contribution.batch:
            yield self._either("altered", did, "another batch")
            return  # of what was added nothing is known
        made[did] = numbers
        if batch is None:
            text = f"it names no batch of `{did}`, who signed one"
            yield self._finding("altered", session.aggregator, text)

    def _marks(self, cleared: Cleared) -> Iterator[Finding]:
        """Hold the list of cleared cells against everybody's signed marks."""
        session, said = self._of.session, self._of.indicators
        if set(said) != set(session.roster):
            return
        if set(cleared.indicators) != set(said):
            text = "its list of cleared cells names other suppliers than the session"
            yield self._finding("wrong-mark", session.aggregator, text)
            return
        named = {did: said[did].get(digest) for did, digest in cleared.indicators.items()}
        marks = {did: one for did, one in named.items() if one is not None}
        for did in sorted(set(named) - set(marks)):
            yield self._either("wrong-mark", did, "other marks")
        if set(marks) != set(named):
            return
        if clear(session, marks) != cleared.columns:
            text = "its list of cleared cells does not follow from the suppliers' marks"
            yield self._finding("wrong-mark", session.aggregator, text)

    def _marked(self, did: Did, part: OpenedPart, listed: Cleared) -> Iterator[Finding]:
        """Hold an opened contribution against the marks that its supplier gave."""
        if did not in self._of.indicators:
            return
        signed = self._of.indicators[did]
        named = signed.get(listed.indicators.get(did, ""))
        columns = (named or next(iter(signed.values()))).columns
        for name, marks, sent in zip(self._of.session.columns, columns, part.columns, strict=True):
            for place, cell in enumerate(listed.indexes):
                if marks[cell] == WITHHELD and sent[place]:
                    text = f"it marked `{name.name}` of cell {cell} as withheld, and sent it"
                    yield self._finding("wrong-mark", did, text)

    def _missing(self, did: str, what: str) -> Finding:
        text = self._words(f"it has not opened {what}")
        return Finding(level="unchecked", code="not-opened", where=did, text=text)

    def _finding(self, code: str, did: str, text: str, *more: tuple[Basis, ...]) -> Finding:
        """Accuse a party by what it signed in this session, and perhaps by its own bundle."""
        return verdict(code, did, self._words(text), self._keys.get(did, ()), *more)

    def _either(self, code: str, did: str, what: str) -> Finding:
        """Say that aggregator and party differ: it may have signed twice, and shown one."""
        aggregator = self._of.session.aggregator
        text = f"`{aggregator}` names {what} of `{did}` than that one shows; either may lie"
        keys = [self._keys.get(each, ()) for each in (aggregator, did)]
        return question(code, f"{aggregator} and {did}", self._words(text), *keys)

    def _words(self, text: str) -> str:
        return f"total `{self._of.session.session}`: {text}"
