"""The one table of the questions that we asked, in whatever mode: its statements."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Integer, bindparam, insert, select, update
from sqlmodel import col

from connector.areas.questions.rows import AskedQuestionRow
from connector.process.ports import unix_ms
from connector.store.core import table_of
from connector.store.prepared import Prepared

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Select
    from sqlmodel import Session

    from connector.store.transaction import Transaction
    from policies.reasons import Reason

ASKED: Final = "asked"
ANSWERED: Final = "answered"
REFUSED: Final = "refused"  # asked again under its id, it goes on
ENDED: Final = "ended"  # over: asked again under its id, it is another attempt


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An attempt at a question of ours, column by column; see `AskedQuestionRow`."""

    attempt: str
    question: str
    mode: str
    state: str = ASKED
    agreements: str  # JSON: DID -> agreement id
    sql: str
    purpose: str
    why: str
    jws: str = ""
    answer: str = ""
    usage: str = ""
    reasons: str = ""
    asked_ms: int = 0
    ended_ms: int = 0

    @property
    def by_provider(self) -> dict[str, str]:
        """The agreement with each provider, by its DID."""
        found: dict[str, str] = json.loads(self.agreements)
        return found

    @property
    def told(self) -> list[Any]:
        """The reasons of a refusal, as JSON."""
        found: list[Any] = json.loads(self.reasons) if self.reasons else []
        return found


_NAMES: Final = tuple(each.name for each in fields(Asked))
_ALL: Final = select(*(col(getattr(AskedQuestionRow, name)) for name in _NAMES))
_ONE: Final = Prepared(_ALL.where(col(AskedQuestionRow.attempt) == bindparam("attempt")))
_TRIES: Final = Prepared(
    _ALL.where(col(AskedQuestionRow.question) == bindparam("question")).order_by(
        col(AskedQuestionRow.asked_ms).desc()
    )
)
_NEWEST: Final = Prepared(
    _ALL.where(col(AskedQuestionRow.mode) == bindparam("mode"))
    .order_by(col(AskedQuestionRow.asked_ms).desc())
    .limit(bindparam("most", type_=Integer))
)
_OF_OTHERS: Final = (
    _ALL.where(col(AskedQuestionRow.mode).not_in(bindparam("modes", expanding=True)))
    .order_by(col(AskedQuestionRow.asked_ms).desc())
    .limit(bindparam("most", type_=Integer))
)
_OPEN: Final = Prepared(
    select(col(AskedQuestionRow.attempt)).where(
        col(AskedQuestionRow.state) == ASKED, col(AskedQuestionRow.mode) == bindparam("mode")
    )
)
_INSERT: Final = Prepared(insert(table_of(AskedQuestionRow)), _NAMES)
_CLOSE: Final = (
    update(table_of(AskedQuestionRow))
    .where(col(AskedQuestionRow.attempt) == bindparam("of"))
    .values(state=bindparam("became"), ended_ms=bindparam("now"))
)
_ANSWER: Final = Prepared(
    _CLOSE.values(jws=bindparam("signed"), answer=bindparam("made"), usage=bindparam("used"))
)
_END: Final = Prepared(_CLOSE.values(reasons=bindparam("said")))


def all_columns() -> Select[Any]:
    """Give the beginning of a query whose rows `read_row` reads."""
    return _ALL


def attempt(session: Session, name: str) -> Asked | None:
    """Return one attempt."""
    found = _ONE.first(session, attempt=name)
    return None if found is None else read_row(found)


def attempts(session: Session, question: str) -> list[Asked]:
    """Return all attempts at a question, newest first."""
    return [read_row(row) for row in _TRIES.rows(session, question=question)]


def newest(session: Session, mode: str, limit: int) -> list[Asked]:
    """Return what was asked in a mode, newest first."""
    return [read_row(row) for row in _NEWEST.rows(session, mode=mode, most=limit)]


def newest_of_others(session: Session, modes: Sequence[str], limit: int) -> list[Asked]:
    """Return what was asked in any mode but these, newest first."""
    rows = session.execute(_OF_OTHERS, {"modes": list(modes), "most": limit})
    return [read_row(tuple(row)) for row in rows]


def unfinished(session: Session, mode: str) -> list[str]:
    """Return the attempts in a mode that have neither answer nor end."""
    return [str(name) for (name,) in _OPEN.rows(session, mode=mode)]


def add(tx: Transaction, made: Asked) -> None:
    """Keep an attempt before anything about it leaves."""
    values: dict[str, Any] = {name: getattr(made, name) for name in _NAMES}
    _INSERT.run(tx.session, **values | {"asked_ms": unix_ms(tx.now)})


def answered(
    tx: Transaction, name: str, usage: Mapping[str, Any], *, jws: str = "", answer: str = ""
) -> None:
    """Keep the answer of an attempt; what a refusal said before stays."""
    _ANSWER.run(
        tx.session,
        of=name,
        became=ANSWERED,
        now=unix_ms(tx.now),
        signed=jws,
        made=answer,
        used=json.dumps(usage),
    )


def closed(tx: Transaction, name: str, state: str, reasons: Sequence[Reason]) -> None:
    """Keep that an attempt was refused or has ended, and why."""
    said = json.dumps([reason.to_json() for reason in reasons])
    _END.run(tx.session, of=name, became=state, now=unix_ms(tx.now), said=said)


def read_row(row: tuple[Any, ...]) -> Asked:
    """Read a row of all columns."""
    return Asked(**dict(zip(_NAMES, row, strict=True)))
