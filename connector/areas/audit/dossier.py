"""One agreement from certification to its end, as this node's log and stored messages have it."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlmodel import col, select

from connector.areas.audit import problems
from connector.areas.audit.dossier_beside import certified, published, signing, standing_since
from connector.areas.audit.gaps import gaps
from connector.areas.audit.rules_said import policy_said, rules_of
from connector.areas.audit.searching import read_leaves
from connector.areas.dsp import AgreementRow, SignatureRow, find_agreement
from connector.evidence.log import head
from connector.process.errors import NotFound
from connector.process.ports import unix_ms
from connector.store.rows import LogEntryRow
from crypto.canonical import digest, digest_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlmodel import Session

    from connector.areas.audit.gaps import Gap
    from connector.areas.audit.searching import Read
    from connector.party.node import Node
    from crypto.words import Spoken

STAGES: Final = (
    "certification", "offer", "negotiation", "signatures", "standing", "uses", "answers", "end"
)  # fmt: skip
_KINDS: Final[Mapping[str, str]] = {
    "CERTIFICATION": "certification",
    "PRODUCT": "offer",
    "NEGOTIATION": "negotiation",
    "AGREEMENT": "signatures",
    "QUESTION": "uses",
    "TRANSFER": "uses",
    "ANSWER": "answers",
    "REFUSAL": "answers",
    "COHORT": "answers",
    "STATUS": "standing",
    "ERASED": "end",
}
_OVER: Final = frozenset({"ended", "released"})
_SIGNED: Final = {"AGREED": 0, "VERIFIED": 1, "FINALIZED": 2}
_MANY: Final = frozenset({"uses", "answers"})


@dataclass(frozen=True, slots=True)
class Depth:
    """How far a dossier looks.

    Attributes:
        read: leaves that are read, the first of them.
        shown: questions, answers and deliveries that are shown, the first of them.
    """

    read: int
    shown: int


PAGE: Final = Depth(read=500, shown=50)
KEPT: Final = Depth(read=5_000, shown=120)  # in what is kept: a file, JSON


@dataclass(frozen=True, slots=True)
class Event:
    """A leaf in its stage."""

    stage: str
    read: Read


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """One signature of the agreement, and the leaf that names it; None: none does."""

    stage: str
    signer: str
    time_ms: int
    digest: str
    index: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """All that this node can show of one agreement.

    Attributes:
        row: the agreement.
        policy: what it allows and forbids, as it was agreed, each rule with its number.
        rule: says a rule of it by the name that leaves have of it.
        digest: of its text.
        signed: its signatures.
        events: its leaves by stage, in the order of the log.
        counts: leaves by kind, of those that were read.
        left_out: leaves that were read and are not shown.
        cut: whether there are more than were read.
        gaps: what lacks.
        size: leaves of the log when this was made.
        root: of them.
        made_ms: when.
    """

    row: AgreementRow
    policy: tuple[Spoken, ...]
    rule: Callable[[str], Spoken]
    digest: str
    signed: tuple[Signed, ...]
    events: tuple[Event, ...]
    counts: Mapping[str, int]
    left_out: int
    cut: bool
    gaps: tuple[Gap, ...]
    size: int
    root: bytes
    made_ms: int


def dossier(
    node: Node,
    session: Session,
    agreement: str,
    *,
    party: str | None = None,
    depth: Depth = KEPT,
) -> Dossier:
    """Make the dossier of an agreement.

    Args:
        node: this node.
        session: to read in.
        agreement: its id, or our pid of its negotiation.
        party: the counterparty, where two have used the same id.
        depth: how far it looks.

    Raises:
        NotFound: there is no such agreement, or two and no party is named.
    """
    row = _row(session, agreement, party)
    now = unix_ms(node.clock.now())
    leaves, cut = _leaves(session, row, depth.read)
    own = certified(session, row)
    offered = published(session, row)
    found = gaps(
        session,
        row,
        leaves,
        certified=node.settings.hub_did is None or own is not None,
        cut=cut,
        now_ms=now,
    )
    since = min((read.time_ms for read in leaves), default=row.agreed_ms)
    standing = standing_since(session, row, since)
    said = {read.index: read for read in (own, offered, *leaves, *standing) if read is not None}
    events = [Event(_stage(read), read) for _, read in sorted(said.items())]
    shown = _shown(events, depth.shown)
    now_head = head(session)
    agreed = find_agreement(session, row.agreement, counterparty=row.counterparty)
    terms = agreed.terms if agreed is not None else None
    return Dossier(
        row=row,
        policy=policy_said(terms) if terms is not None else (),
        rule=rules_of(terms),
        digest=digest(json.loads(row.body)),
        signed=_signed(session, row, leaves),
        events=tuple(shown),
        counts=dict(Counter(read.leaf["kind"] for read in leaves)),
        left_out=len(events) - len(shown),
        cut=cut,
        gaps=found,
        size=now_head.size,
        root=now_head.root,
        made_ms=now,
    )


def _row(session: Session, agreement: str, party: str | None) -> AgreementRow:
    own = session.get(AgreementRow, agreement)
    if own is not None and party in (None, own.counterparty):
        return own
    query = select(AgreementRow).where(col(AgreementRow.agreement) == agreement)
    if party is not None:
        query = query.where(col(AgreementRow.counterparty) == party)
    rows = session.exec(query.limit(2)).all()
    if len(rows) == 1:
        return rows[0]
    problem = problems.TWO_AGREEMENTS if rows else problems.NO_DOSSIER
    raise NotFound(problem, agreement=agreement[:200])


def _leaves(session: Session, row: AgreementRow, most: int) -> tuple[list[Read], bool]:
    """Read the leaves of an agreement and of its negotiation, the first of them."""
    places: set[int] = set()
    cut = False
    of = (
        (col(LogEntryRow.agreement) == row.agreement),
        (col(LogEntryRow.process) == row.negotiation),
    )
    for each in of:
        query = (
            select(LogEntryRow.index)
            .where(each, col(LogEntryRow.counterparty) + "" == row.counterparty)
            .order_by(col(LogEntryRow.time_ms), col(LogEntryRow.index))
            .limit(most + 1)
        )
        found = session.exec(query).all()
        cut = cut or len(found) > most
        places |= {*found[:most]}
    read = read_leaves(session, sorted(places))
    if cut:  # a clock that was set back would have what was signed stand after all else
        read |= {one.index: one for one in signing(session, row)}
    return [read[place] for place in sorted(read)], cut


def _stage(read: Read) -> str:
    leaf = read.leaf
    over = leaf["kind"] == "AGREEMENT" and leaf.get("to") in _OVER
    return "end" if over else _KINDS.get(leaf["kind"], "end")


def _shown(events: Sequence[Event], most: int) -> list[Event]:
    """Keep all of what is few, and the first of what may be many."""
    many, found = 0, []
    for event in events:
        many += event.stage in _MANY
        if event.stage not in _MANY or many <= most:
            found.append(event)
    return found


def _signed(session: Session, row: AgreementRow, leaves: Sequence[Read]) -> tuple[Signed, ...]:
    named: dict[str, int] = {}
    for read in leaves:
        if read.leaf["kind"] == "AGREEMENT":
            for signature in read.leaf.get("sig", ()):
                named.setdefault(signature, read.index)
    query = select(SignatureRow).where(col(SignatureRow.negotiation) == row.negotiation)
    rows = sorted(session.exec(query).all(), key=lambda one: _SIGNED.get(one.stage, 9))
    made = [(one, digest_bytes(one.jws.encode("ascii"))) for one in rows]
    return tuple(
        Signed(
            stage=one.stage,
            signer=one.signer,
            time_ms=one.signed_ms,
            digest=mark,
            index=named.get(mark),
        )
        for one, mark in made
    )
