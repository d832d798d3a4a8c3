"""Figures of a firm's first page, each from a bounded part of an index."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import case, func, select
from sqlmodel import col

from connector.areas.dsp import AgreementRow, ProcessRow, agreements_page
from connector.compose.pages import home_words as w
from connector.compose.pages.contracts import href_of
from connector.compose.pages.contracts_at_hand import Descriptions
from connector.compose.pages.shared import name_of, way_to
from connector.console import charts
from connector.console import words as c
from connector.process.ports import unix_ms
from connector.store.rows import LogEntryRow
from policies.errors import PolicyError
from policies.literals import interval
from policies.model import atomics
from policies.profile import DATE_TIME
from policies.term import term

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markupsafe import Markup
    from sqlmodel import Session

    from connector.areas.dsp import AgreementRecord
    from connector.console.page import Visitor
    from connector.party.node import Node
    from crypto.words import Language, Spoken, Words

DAYS: Final = 14
MOST_LEAVES: Final = 5_000
_SOON: Final = timedelta(days=30)
_LOOKED: Final = 200  # contracts whose dates are looked at
_SHOWN: Final = 10
_WHICH: Final = {  # kind of leaf, and whether we are the provider
    ("QUESTION", False): 0,
    ("QUESTION", True): 1,
    ("TRANSFER", True): 2,
    ("TRANSFER", False): 3,
}
_NOT_ARRIVED: Final = 4
_ENDED_AS: Final = re.compile(rb'"outcome":"(\w+)"')  # as a leaf is written: thousands are read
_GIVEN_UP: Final = ("delivery.failed", "delivery.destination-refused")
_MOST_COUNTED: Final = 1000
_KINDS: Final = (w.ASKED, w.RECEIVED, w.SENT, w.TAKEN, w.NOT_ARRIVED)
# of transfers: what the list of deliveries calls them, and the states of the protocol
_DELIVERIES: Final = (
    ("opening", w.OPENING, ("", "REQUESTED")),
    ("running", w.RUNNING, ("STARTED",)),
    ("paused", w.PAUSED, ("SUSPENDED",)),
    ("completed", w.COMPLETED, ("COMPLETED",)),
    ("ended", w.ENDED_EARLY, ("TERMINATED",)),
)


def expiring(node: Node, session: Session, visitor: Visitor) -> Iterator[tuple[Spoken, str]]:
    """Give contracts in force that end within 30 days, and where they are."""
    language, now, shown = visitor.language, node.clock.now(), 0
    open_ones = (
        col(AgreementRow.finalized_ms).is_not(None),
        col(AgreementRow.ended_ms).is_(None),
    )
    found = agreements_page(session, ended=False, concluded=True, limit=_LOOKED)
    for _, record in found:
        if shown == _SHOWN or not _ends(record, now):
            continue
        shown, peer = shown + 1, record.counterparty
        title = node.services[Descriptions].title(peer, record.dataset_id)[language]
        said = w.EXPIRING.of(firm=name_of(node, session, peer, language), product=title)
        yield said, way_to(node, visitor, href_of(record))
    if len(found) == _LOOKED:  # older ones may end, too: who reads "none" must know that
        older = select(col(AgreementRow.negotiation)).where(*open_ones).limit(_LOOKED + 1)
        if len(session.execute(older).all()) > _LOOKED:
            yield w.NOT_LOOKED.of(count=_LOOKED), way_to(node, visitor, "/contracts")


def _ends(record: AgreementRecord, now: datetime) -> bool:
    """Whether a contract is open and will be over in 30 days; most name no day within them."""
    if isinstance(record.terms, PolicyError):
        return False
    near = any(
        now < interval(text)[1] <= now + _SOON
        for rule in record.policy.permissions
        for constraint in rule.constraints
        for atomic in atomics(constraint)
        if atomic.left == DATE_TIME
        for text in atomic.right
    )
    return (
        near and term(record.policy, now) == "open" and term(record.policy, now + _SOON) == "over"
    )


def by_state(session: Session) -> list[tuple[Words, int, int]]:
    """Count contracts: how they stand, as provider, as consumer."""
    done, ended = (
        col(AgreementRow.finalized_ms).is_not(None),
        col(AgreementRow.ended_ms).is_not(None),
    )
    query = select(col(AgreementRow.role), done, ended, func.count()).group_by(
        col(AgreementRow.role), done, ended
    )
    counts: Counter[tuple[Words, str]] = Counter()
    for role, is_done, is_ended, count in session.execute(query).all():
        state = w.ENDED if is_ended else w.CONCLUDED if is_done else w.FORMING
        counts[state, role] += count
    if not counts:
        return []
    return [
        (state, counts[state, "provider"], counts[state, "consumer"])
        for state in (w.CONCLUDED, w.FORMING, w.ENDED)
    ]


_Counted = tuple[int, dict[str, str]]  # and the filter that shows them


def deliveries(session: Session) -> list[tuple[Words, _Counted, _Counted]]:
    """Count transfers: how they stand, to others and to us, each with its filter of their list."""
    state, role = col(ProcessRow.state), col(ProcessRow.role)
    query = (
        select(role, state, func.count())
        .where(col(ProcessRow.kind) == "transfer")
        .group_by(role, state)
    )
    counts = {(part, at): count for part, at, count in session.execute(query).all()}
    if not counts:
        return []
    found = []
    for name, said, states in _DELIVERIES:
        out, into = (
            (
                sum(counts.get((part, at), 0) for at in states),
                {"direction": direction, "state": name},
            )
            for part, direction in (("provider", "out"), ("consumer", "in"))
        )
        found.append((said, out, into))
    return found


def given_up(node: Node, session: Session) -> int:
    """Count the transfers of the last days that ended since their file was not taken; bounded."""
    since = unix_ms(node.clock.now() - timedelta(days=DAYS))
    some = (
        select(col(ProcessRow.pid))
        .where(
            col(ProcessRow.changed_ms) >= since,
            col(ProcessRow.kind).concat("") == "transfer",
            col(ProcessRow.ended_code).in_(_GIVEN_UP),
        )
        .limit(_MOST_COUNTED)
    )
    return int(session.execute(select(func.count()).select_from(some.subquery())).scalar_one())


def days(node: Node, session: Session, language: Language) -> tuple[Markup | None, int]:
    """Draw what was asked and delivered each day.

    Returns:
        The chart, None if there is nothing; and, if older records may lack, how many were read.
    """
    today = node.clock.now().astimezone(UTC).date()
    since = datetime.combine(today - timedelta(days=DAYS - 1), datetime.min.time(), UTC)
    place, time_ms = col(LogEntryRow.index), col(LogEntryRow.time_ms)
    newest = session.execute(select(func.max(place))).scalar()
    if newest is None:
        return None, 0
    least = max(0, newest - MOST_LEAVES + 1)
    kind = col(LogEntryRow.kind)
    kind_of = kind + ""  # no index of its own: the places are few
    moved = case((kind == "TRANSFER", col(LogEntryRow.entry)), else_=None)
    query = select(time_ms, kind, col(LogEntryRow.role), moved).where(
        place >= least, time_ms + 0 >= unix_ms(since), kind_of.in_(("QUESTION", "TRANSFER"))
    )
    counts: dict[date, list[int]] = {}
    oldest = unix_ms(since)
    for at, of, role, entry in session.execute(query):
        which = _WHICH[of, role == "provider"]
        if entry is not None:
            ended = _ENDED_AS.search(entry) if b'"delivery"' in entry else None
            if ended is None or ended[1] == b"begun":  # a leaf of its state, or of its beginning
                continue
            which = which if ended[1] == b"complete" else _NOT_ARRIVED
        day = datetime.fromtimestamp(at / 1000, UTC).date()
        counts.setdefault(day, [0] * len(_KINDS))[which] += 1
    if not counts:
        return None, 0
    shown = [today - timedelta(days=number) for number in reversed(range(DAYS))]
    bars = [(f"{day:%m-%d}", counts.get(day, [0] * len(_KINDS))) for day in shown]
    kinds = [one.said(language) for one in _KINDS]
    title, says, table = (one.said(language) for one in (w.DAYS, w.DAYS_SAY, c.AS_TABLE))
    drawn = charts.stacked(title, says, bars, kinds, table=table)
    first = session.execute(select(time_ms).where(place == least)).scalar() or 0
    return drawn, MOST_LEAVES if least > 0 and first > oldest else 0
