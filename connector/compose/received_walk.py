"""Finding the leaves of the questions that were asked of us, newest first.

The log is walked back by its index, a window at a time. Where something that is asked for leads to
few leaves, those are taken at once instead; those of one agreement by time, as its index has them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import exists, false, func, or_, tuple_
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from connector.areas.cohort import ProviderSessionRow
from connector.areas.dsp import AgreementRow
from connector.areas.questions import ReceivedQuestionRow
from connector.process.lists import batches
from connector.store.rows import LogEntryRow
from contracts.cohort import states

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import ColumnElement
    from sqlmodel import Session
    from sqlmodel.sql.expression import SelectOfScalar

    from connector.compose.received_operations import Wanted

AT_ONCE: Final = 50  # leaves that are read at once
STEP: Final = 1000  # leaves of an index that are looked at at once
WINDOW: Final = 5_000  # leaves of the log that are
FEW: Final = 5_000  # leaves that are taken at once
_NAMES: Final = 100  # contracts, or sessions, that are named to the database one by one
_OVER: Final = (states.SETTLED, states.ENDED)


class Walk:
    """A walk over the leaves of questions, newest first.

    Attributes:
        stopped: where to go on, if it ended before the log did; None while it goes on.
    """

    def __init__(self, session: Session, wanted: Wanted, looks: int | None) -> None:
        """Prepare one.

        Args:
            session: to read in.
            wanted: which.
            looks: about how many leaves it looks at; None for all.
        """
        self.stopped: int | None = None
        self._session = session
        self._wanted = wanted
        self._looks = looks

    def __iter__(self) -> Iterator[LogEntryRow]:
        """Read them, some at once."""
        session, place = self._session, col(LogEntryRow.index)
        of_one = self._wanted.agreement is not None
        for found in self._of_agreement() if of_one else self._of_log():
            for part in batches(found, AT_ONCE):
                rows = session.exec(select(LogEntryRow).where(place.in_(part)))
                by_place = {row.index: row for row in rows}
                yield from (by_place[at] for at in part)
                session.expunge_all()  # what was told is not kept

    def _of_agreement(self) -> Iterator[Sequence[int]]:
        """Give the places of those under one agreement, by time: its index has them so."""
        session, wanted = self._session, self._wanted
        time, place = col(LogEntryRow.time_ms), col(LogEntryRow.index)
        query = places_of(session, wanted)
        some = (
            select(time, place)
            .where(LogEntryRow.agreement == wanted.agreement)
            .order_by(time.desc(), place.desc())
            .limit(STEP)
        )
        near = some
        if wanted.before is not None:
            first = session.exec(select(time).where(place == wanted.before)).first()
            if first is not None:  # beyond the end of the log there is none
                near = some.where(tuple_(time, place) < tuple_(first, wanted.before))
        while keys := session.exec(near).all():
            meant = {*session.exec(query.where(place.in_([at for _, at in keys]))).all()}
            yield [at for _, at in keys if at in meant]
            near = some.where(tuple_(time, place) < tuple_(*keys[-1]))

    def _of_log(self) -> Iterator[Sequence[int]]:
        """Give the places of others, by place: among few leaves, or in one window of the log."""
        session, place = self._session, col(LogEntryRow.index)
        query, few = places_of(session, self._wanted), _few(session, self._wanted)
        newest = session.exec(select(func.max(place))).one()
        before = self._wanted.before if self._wanted.before is not None else (newest or 0) + 1
        before = min(before, (newest or 0) + 1)
        looked = 0
        while before > 0:
            if few is not None:
                some = select(place).where(few, place < before).order_by(place.desc()).limit(STEP)
                near = session.exec(some).all()  # the index alone, so that none of the rows is read
                here = query.where(place.in_(near))
                first = near[-1] if len(near) == STEP else 0
            else:
                here = query.where(place < before, place >= max(0, before - WINDOW))
                first = max(0, before - WINDOW)
                looked += WINDOW
            yield session.exec(here).all()
            before = first
            if few is None and self._looks is not None and looked >= self._looks and before > 0:
                self.stopped = before
                return


def _few(session: Session, wanted: Wanted) -> ColumnElement[bool] | None:
    """Give what leads to few leaves by an index, if something that is asked for does."""
    found: list[ColumnElement[bool]] = []
    if wanted.counterparty is not None:
        found.append(col(LogEntryRow.counterparty) == wanted.counterparty)
    if wanted.product is not None:
        query = select(AgreementRow.agreement).where(
            AgreementRow.dataset == wanted.product, AgreementRow.role == "provider"
        )
        found += _among(session, query, col(LogEntryRow.agreement))
    if wanted.state in ("open", "ended"):
        state = col(ProviderSessionRow.state)
        ended = wanted.state == "ended"
        of = state == states.ENDED if ended else state.not_in(_OVER)
        found += _among(session, select(ProviderSessionRow.session).where(of), _PROCESS)
    for one in found:
        some = select(LogEntryRow.index).where(one).limit(FEW + 1).subquery()
        if session.exec(select(func.count()).select_from(some)).one() <= FEW:
            return one
    return None


_PROCESS: Final = col(LogEntryRow.process)


def _among(session: Session, query: SelectOfScalar[str], where: Any) -> list[ColumnElement[bool]]:
    """Say that a leaf is of one of the names that a query gives, if those are few."""
    names: Sequence[str] = session.exec(query.limit(_NAMES + 1)).all()
    if len(names) > _NAMES:
        return []
    return [where.in_(set(names))] if names else [false()]


def places_of(session: Session, wanted: Wanted) -> SelectOfScalar[int]:
    """Give the query of the places of the leaves that are meant, newest first.

    The log is walked by its index, newest first. Half of it may be questions, or be of one party:
    their indexes would have each page sort all of them, so what is looked at on the way is an
    expression, which no index serves.
    """
    found = [
        col(LogEntryRow.kind) + "" == "QUESTION",
        col(LogEntryRow.role) == "provider",
    ]
    if wanted.counterparty is not None:
        found.append(col(LogEntryRow.counterparty) + "" == wanted.counterparty)
    if wanted.agreement is not None:
        found.append(col(LogEntryRow.agreement) + "" == wanted.agreement)
    if wanted.since is not None or wanted.until is not None:
        found += _between(session, wanted.since, wanted.until)
    if wanted.product is not None:
        found.append(
            exists().where(
                col(AgreementRow.counterparty) == col(LogEntryRow.counterparty),
                col(AgreementRow.agreement) == col(LogEntryRow.agreement),
                col(AgreementRow.dataset) == wanted.product,
            )
        )
    if wanted.state is not None:
        found.append(_perhaps(wanted.state))
    place = col(LogEntryRow.index)
    return select(LogEntryRow.index).where(*found).order_by(place.desc())


def _between(session: Session, since: int | None, until: int | None) -> list[ColumnElement[bool]]:
    """Bound the walk by the places of a time, and hold each leaf to it: a clock may be set back."""
    time_ms, place = col(LogEntryRow.time_ms), col(LogEntryRow.index)
    bounds = select(func.min(place), func.max(place))
    found: list[ColumnElement[bool]] = []
    if since is not None:
        bounds = bounds.where(time_ms >= since)
        found.append(time_ms + 0 >= since)
    if until is not None:
        bounds = bounds.where(time_ms < until)
        found.append(time_ms + 0 < until)
    ends: tuple[int | None, int | None] = session.exec(bounds).one()
    first, last = ends
    if first is None or last is None:
        return [false()]
    return [*found, place >= first, place <= last]


def _perhaps(state: str) -> ColumnElement[bool]:
    """Narrow down to what may have a state; what it is, is read from each.

    An asker picks its ids, so that a question and a session may have the same.
    """
    refusal = aliased(LogEntryRow)
    sessions = exists().where(
        col(ProviderSessionRow.consumer) == col(LogEntryRow.counterparty),
        col(ProviderSessionRow.session) == col(LogEntryRow.process),
    )
    if state == "answered":
        given = exists().where(
            col(ReceivedQuestionRow.counterparty) == col(LogEntryRow.counterparty),
            col(ReceivedQuestionRow.question) == col(LogEntryRow.process),
            col(ReceivedQuestionRow.answer) != "",
        )
        return or_(given, sessions.where(col(ProviderSessionRow.state) == states.SETTLED))
    if state == "refused":
        return exists().where(
            col(refusal.kind) == "REFUSAL",
            col(refusal.counterparty) == col(LogEntryRow.counterparty),
            col(refusal.process) == col(LogEntryRow.process),
        )
    if state == "ended":
        return sessions.where(col(ProviderSessionRow.state) == states.ENDED)
    return sessions.where(col(ProviderSessionRow.state).not_in(_OVER))
