"""Figures of a firm's first page, each from a bounded part of an index."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import case, func, select
from sqlmodel import col

from connector.areas.dsp import AgreementRow, agreements_page
from connector.compose.pages import home_words as w
from connector.compose.pages.contracts_at_hand import Descriptions
from connector.compose.pages.shared import name_of, way_to
from connector.console import charts
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
_KINDS: Final = (w.ASKED, w.RECEIVED, w.SENT, w.TAKEN)


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
        yield said, way_to(node, visitor, "/contracts")
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
    for at, which_kind, role, entry in session.execute(query):
        if entry is not None and not _is_delivery(entry):
            continue
        which = _WHICH[which_kind, role == "provider"]
        day = datetime.fromtimestamp(at / 1000, UTC).date()
        counts.setdefault(day, [0, 0, 0, 0])[which] += 1
    if not counts:
        return None, 0
    shown = [today - timedelta(days=number) for number in reversed(range(DAYS))]
    bars = [(f"{day:%m-%d}", counts.get(day, [0, 0, 0, 0])) for day in shown]
    kinds = [one.said(language) for one in _KINDS]
    drawn = charts.stacked(w.DAYS.said(language), w.DAYS_SAY.said(language), bars, kinds)
    first = session.execute(select(time_ms).where(place == least)).scalar() or 0
    return drawn, MOST_LEAVES if least > 0 and first > oldest else 0


def _is_delivery(entry: bytes) -> bool:
    """Whether a leaf of a transfer is of a file, and not of its state."""
    return b'"delivery"' in entry
