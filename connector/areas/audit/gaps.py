"""What the protocol demands and no leaf of this node shows, for one agreement.

Each kind is something that an honest log of ours has whatever the other side did, but for promises:
nobody can be made to promise, so those that lack are told apart. What is still under way, or was
before the means were there, is no gap.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select
from sqlmodel import col

from connector.areas.audit.searching import read_leaves
from connector.areas.questions import answers_to
from connector.process.lists import batches
from connector.store.rows import AckRow, LogEntryRow
from crypto.words import Words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from sqlmodel import Session

    from connector.areas.audit.searching import Read
    from connector.areas.dsp import AgreementRow
    from crypto.words import Filled

DAY_MS: Final = 86_400_000
GAPS: Final[Mapping[str, Words]] = {
    "certification-missing": Words(
        "合约订立前没有本方取得认证的记录",
        "no leaf from before the agreement says that we were certified",
    ),
    "step-missing": Words(
        "第 {index} 片叶由 {before} 出发，而此前的记录停在 {after}",
        "leaf {index} goes on from {before}, and those before it end at {after}",
    ),
    "signature-missing": Words(
        "合约已生效，却没有 {stage} 这一步签名的记录",
        "the agreement is final, and no leaf tells of the signature {stage}",
    ),
    "answer-missing": Words(
        "提问 {process} 没有答复、拒绝或后续的记录",
        "no leaf says what came of question {process}",
    ),
    "question-missing": Words(
        "答复 {process} 之前没有提问的记录", "no question is on record before answer {process}"
    ),
    "charge-missing": Words(
        "答复 {process} 没有计次", "answer {process} was not charged to the agreement"
    ),
    "delivery-open": Words(
        "流程 {process} 有开始的交付，没有结束的记录",
        "a delivery of process {process} began, and no leaf says how it ended",
    ),
    "end-missing": Words("合约已终止，却没有终止的记录", "the agreement has ended without a leaf"),
    "promise-missing": Words(
        "对方没有承诺记录了我方的消息（第 {index} 片叶）",
        "no promise of the other party is held for our message (leaf {index})",
    ),
}
_STAGES: Final = ("AGREED", "VERIFIED", "FINALIZED")
_ENDS: Final = frozenset({"complete", "cut", "aborted", "failed"})
_PROMISED: Final = frozenset({"NEGOTIATION", "TRANSFER", "QUESTION"})  # at once, with the answer
MOST_LATER: Final = 5_000  # leaves of deliveries beyond those that were read
_SINCE_LATER: Final = "CohortQuestion"  # earlier versions promised none of these
_AFTER: Final = ("ANSWER", "REFUSAL", "COHORT")
_NOTHING: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that lacks: its kind, the leaf beside which it does, and the facts."""

    code: str
    index: int | None
    facts: Mapping[str, object]

    @property
    def words(self) -> Filled:
        """What lacks, in both languages."""
        return GAPS[self.code].of(**self.facts)


def gaps(
    session: Session,
    row: AgreementRow,
    leaves: Sequence[Read],
    *,
    certified: bool,
    cut: bool,
    now_ms: int,
) -> tuple[Gap, ...]:
    """Look for what lacks.

    Args:
        session: to read in.
        row: the agreement.
        leaves: of it and of its negotiation, in the order of the log, the first of them if many.
        certified: whether a leaf says that we were certified before, or nobody certifies here.
        cut: whether there are more leaves than these.
        now_ms: now.
    """
    found = [] if certified else [Gap("certification-missing", None, {})]
    found += _steps(row, leaves)
    found += _signatures(row, leaves)
    found += _questions(session, row, leaves, now_ms)
    found += _deliveries(session, row, leaves, cut=cut, now_ms=now_ms)
    if row.ended_ms is not None and not _has(session, row, "ended"):
        found.append(Gap("end-missing", None, {}))
    found += _promises(session, row, leaves, now_ms)
    return tuple(found)


def _steps(row: AgreementRow, leaves: Sequence[Read]) -> Iterator[Gap]:
    """Each change of the negotiation begins where the one before it ended."""
    stands = ""
    for read in leaves:
        leaf = read.leaf
        if leaf["kind"] != "NEGOTIATION" or leaf.get("process") != row.negotiation:
            continue
        before = leaf.get("from", "")
        if before != stands:
            facts = {"index": read.index, "before": before or "—", "after": stands or "—"}
            yield Gap("step-missing", read.index, facts)
        stands = leaf.get("to", "")


def _signatures(row: AgreementRow, leaves: Sequence[Read]) -> Iterator[Gap]:
    if row.finalized_ms is None:
        return
    told = {read.leaf.get("to", "") for read in leaves if read.leaf["kind"] == "AGREEMENT"}
    if "RECOVERED" in told:  # that one leaf names all three
        return
    for stage in _STAGES:
        if stage not in told:
            yield Gap("signature-missing", None, {"stage": stage})


def _questions(
    session: Session, row: AgreementRow, leaves: Sequence[Read], now_ms: int
) -> Iterator[Gap]:
    asked = [one for one in leaves if one.leaf["kind"] in ("QUESTION", "ANSWER")]
    processes = {one.leaf.get("process", "") for one in asked}
    provides = row.role == "provider"
    given = answers_to(session, row.counterparty, row.agreement, processes) if provides else {}
    # what repeats an earlier question has its answer: the leaf is that of the earlier one
    there = _on_record(session, row, processes | {one.answer for one in given.values()})
    for read in asked:
        leaf = read.leaf
        process, kind = leaf.get("process", ""), leaf["kind"]
        kinds, got = there.get(process, _NOTHING), given.get(process)
        if kind == "QUESTION" and read.time_ms < now_ms - DAY_MS:
            earlier = got.answer if got is not None and got.answer != process else None
            repeats = earlier is not None and "ANSWER" in there.get(earlier, _NOTHING)
            if kinds.isdisjoint(_AFTER) and not repeats:
                yield Gap("answer-missing", read.index, {"process": process})
        elif kind == "ANSWER" and "QUESTION" not in kinds:
            yield Gap("question-missing", read.index, {"process": process})
        charged = got is not None and (got.answer != process or got.charged)
        given_here = kind == "ANSWER" and leaf.get("msg", {}).get("type") == "Answer"
        if provides and given_here and not charged:
            yield Gap("charge-missing", read.index, {"process": process})


def _deliveries(
    session: Session, row: AgreementRow, leaves: Sequence[Read], *, cut: bool, now_ms: int
) -> Iterator[Gap]:
    open_: Counter[str] = Counter()
    begun: dict[str, Read] = {}
    for read in leaves:
        process = read.leaf.get("process", "")
        open_[process] = max(open_[process] + _more(read), 0)
        if _more(read) > 0:
            begun[process] = read
    late = now_ms - DAY_MS
    left = {name: n for name, n in open_.items() if n and begun[name].time_ms < late}
    ended = _ended_later(session, row, left, leaves) if cut and left else _NOTHING
    for process in left:
        if process not in ended:
            yield Gap("delivery-open", begun[process].index, {"process": process})


def _more(read: Read) -> int:
    """Say by how many deliveries more, or fewer, are under way after a leaf."""
    outcome = read.leaf.get("query", {}).get("outcome")
    return 1 if outcome == "begun" else -1 if outcome in _ENDS else 0


def _ended_later(
    session: Session, row: AgreementRow, left: Mapping[str, int], seen: Collection[Read]
) -> frozenset[str]:
    """Give those processes whose deliveries ended in leaves beyond those that were read.

    Args:
        session: to read in.
        row: the agreement.
        left: how many deliveries of each process are under way after those leaves.
        seen: those leaves.
    """
    place, known = col(LogEntryRow.index), {read.index for read in seen}
    places: list[int] = []
    for part in batches(sorted(left)):
        query = select(place).where(
            col(LogEntryRow.process).in_(part),
            col(LogEntryRow.counterparty) + "" == row.counterparty,
            col(LogEntryRow.agreement) + "" == row.agreement,
            col(LogEntryRow.kind) + "" == "TRANSFER",
        )
        places += session.execute(query.order_by(place).limit(MOST_LATER)).scalars()
    later = read_leaves(session, [at for at in sorted(places) if at not in known])
    open_, ended = Counter(left), set[str]()
    for _, read in sorted(later.items()):
        process = read.leaf.get("process", "")
        open_[process] += _more(read)
        if open_[process] == 0:
            ended.add(process)
    return frozenset(ended)


def _promises(
    session: Session, row: AgreementRow, leaves: Sequence[Read], now_ms: int
) -> Iterator[Gap]:
    """Each message of ours that was taken is promised by whoever took it, if it ever promises."""
    did = row.counterparty
    begun = select(func.min(col(AckRow.kept_ms))).where(col(AckRow.did) == did)
    first = session.execute(begun).scalar()
    if first is None:
        return
    marks = {read.leaf["corr"] for read in leaves if "corr" in read.leaf}
    held: set[str] = set()
    for part in batches(sorted(marks)):
        query = select(col(AckRow.corr)).where(col(AckRow.did) == did, col(AckRow.corr).in_(part))
        held.update(session.execute(query).scalars())
    for read in leaves:
        leaf = read.leaf
        ours = leaf.get("msg", {}).get("direction") == "out" and "corr" in leaf
        late = read.time_ms <= first or read.time_ms > now_ms - DAY_MS
        if not ours or late or leaf["kind"] not in _PROMISED:
            continue
        if leaf["msg"].get("type") == _SINCE_LATER:
            continue
        if leaf["corr"] not in held:
            yield Gap("promise-missing", read.index, {"index": read.index})


def _on_record(
    session: Session, row: AgreementRow, processes: Collection[str]
) -> Mapping[str, frozenset[str]]:
    """Give which kinds of leaves about questions there are of each process."""
    found: dict[str, set[str]] = {}
    process, kind = col(LogEntryRow.process), col(LogEntryRow.kind)
    for part in batches(sorted(processes)):
        query = (
            select(process, kind)
            .where(
                process.in_(part),
                # not by their indexes: under either there is much more than of these processes
                col(LogEntryRow.counterparty) + "" == row.counterparty,
                (kind + "").in_(("QUESTION", *_AFTER)),
            )
            .distinct()
        )
        for name, said in session.execute(query):
            found.setdefault(name, set()).add(said)
    return {name: frozenset(kinds) for name, kinds in found.items()}


def _has(session: Session, row: AgreementRow, state: str) -> bool:
    """Say whether a leaf of the agreement came to a state."""
    query = select(col(LogEntryRow.entry)).where(
        col(LogEntryRow.agreement) == row.agreement,
        col(LogEntryRow.counterparty) == row.counterparty,
        col(LogEntryRow.kind) == "AGREEMENT",
    )
    marked = f'"to":"{state}"'.encode()
    return any(marked in bytes(entry) for (entry,) in session.execute(query))
