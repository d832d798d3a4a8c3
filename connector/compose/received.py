"""The questions that others asked of us, read from the evidence log and the rows behind it.

Each question has a leaf, whatever its mode, and whatever became of it; the leaf's sealed detail has
its text. So the list needs no store of its own. A page is read row by row, the newest first.
"""

from __future__ import annotations

import itertools
import json
import operator
from typing import TYPE_CHECKING, Any, Final

from sqlmodel import col, select

from connector.areas.cohort import told_of
from connector.areas.dsp import AgreementRow, ProcessRow
from connector.areas.questions import answers_to, given_to
from connector.compose.received_walk import Walk
from connector.party.web import language
from connector.process.lists import batches, each
from connector.store.rows import LogDetailRow, LogEntryRow
from contracts.cohort import states
from policies.errors import QueryError
from policies.profile import PURPOSES, purpose_iri
from policies.query import Aggregate
from policies.sql import parse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlmodel import Session

    from connector.areas.questions import AnsweredAs
    from connector.compose.received_operations import Wanted
    from connector.party.node import Node
    from connector.party.operation import Call

_AT_ONCE: Final = 51  # questions that are read at once
_KEPT: Final = 1000  # contracts whose facts are kept while a page is made
_TRIED: Final = 100  # leaves of one process that are looked through for an answer or a refusal
_TOTAL: Final = "CohortQuestion"  # type of the message of a total
_SHORT: Final = {purpose_iri(name): name for name in PURPOSES}  # leaves have either
_STATES: Final = {states.SETTLED: "answered", states.ENDED: "ended"}


def received(node: Node, call: Call, *, looks: int | None = None) -> dict[str, Any]:
    """Give one page of the questions that were asked of us.

    Args:
        node: this node.
        call: which are meant.
        looks: a page may end before it is full once about so many leaves were looked at; `next`
            then goes on from there. None: it is full, or there are no more.
    """
    wanted: Wanted = call.query
    shown: list[dict[str, Any]] = []
    with node.db.reading() as session:
        teller, walk = _Teller(node, session), Walk(session, wanted, looks)
        rows = iter(walk)
        while some := list(itertools.islice(rows, min(wanted.limit + 1, _AT_ONCE))):
            teller.learn(some)
            for row in some:
                if len(shown) == wanted.limit:
                    return {"questions": shown, "next": shown[-1]["leaf"]}
                (told,) = each([row], teller.told, _named, language())
                if wanted.state is None or told.get("state") in (wanted.state, None):
                    shown.append(told)
    return {"questions": shown, "next": walk.stopped}


def _named(row: LogEntryRow) -> dict[str, Any]:
    """Give what stands for a question that cannot be read."""
    return {
        "leaf": row.index,
        "questionId": row.process,
        "counterparty": row.counterparty,
        "agreement": row.agreement,
        "asked": row.time_ms,
    }


class _Teller:
    """Tells of questions, one after the other."""

    def __init__(self, node: Node, session: Session) -> None:
        self._node = node
        self._session = session
        self._known: dict[tuple[str, str], dict[str, Any]] = {}  # by asker and contract
        self._got: dict[tuple[str, str, str], AnsweredAs] = {}  # by asker, contract, question
        self._details: Sequence[LogDetailRow] = ()

    def told(self, row: LogEntryRow) -> dict[str, Any]:
        leaf = json.loads(row.entry)
        detail = self._detail(row)
        total = leaf["msg"]["type"] == _TOTAL
        sql = detail.get("sql") or ""
        return {
            **_named(row),
            **self._contract(row),
            "mode": leaf["query"]["mode"],
            "sql": detail.get("sql"),
            "purpose": _SHORT.get(detail.get("purpose", ""), detail.get("purpose")),
            **(self._of_total(row, sql) if total else self._of_one(row, sql)),
        }

    def learn(self, rows: Sequence[LogEntryRow]) -> None:
        """Read at once what some questions got, and what their contracts tell of each of them."""
        self._got.clear()
        of = operator.attrgetter("counterparty", "agreement")
        for (did, agreement), some in itertools.groupby(sorted(rows, key=of), of):
            got = answers_to(self._session, did, agreement, {row.process for row in some})
            self._got |= {(did, agreement, question): one for question, one in got.items()}
        sealed = select(LogDetailRow).where(
            col(LogDetailRow.entry_id).in_([row.entry_id for row in rows])
        )
        self._details = self._session.exec(sealed).all()  # held, so that the session finds them
        names = {(row.counterparty, row.agreement) for row in rows} - self._known.keys()
        if len(self._known) + len(names) > _KEPT:
            self._known.clear()
            names = {(row.counterparty, row.agreement) for row in rows}
        standings = self._node.status.standings(self._session, {did for did, _ in names})
        for name in names:
            stands = standings[name[0]]
            named = {"zh": stands.name_zh, "en": stands.name_en}
            self._known[name] = {"name": named if any(named.values()) else None}
        query = (
            select(AgreementRow.counterparty, AgreementRow.agreement, AgreementRow.dataset)
            .add_columns(col(ProcessRow.offer))
            .outerjoin(ProcessRow, col(ProcessRow.pid) == col(AgreementRow.negotiation))
            .where(col(AgreementRow.role) == "provider")
        )
        for part in batches(sorted({agreement for _, agreement in names})):
            found = self._session.execute(query.where(col(AgreementRow.agreement).in_(part)))
            for counterparty, agreement, dataset, offer in found:
                about = self._known.get((counterparty, agreement))
                if about is not None:
                    about |= {"product": dataset, "offer": offer}

    def _contract(self, row: LogEntryRow) -> dict[str, Any]:
        known = self._known[row.counterparty, row.agreement]
        if "offer" not in known:
            return known
        return known | {"offer": json.loads(known["offer"] or "{}").get("@id")}

    def _of_one(self, row: LogEntryRow, sql: str) -> dict[str, Any]:
        got = self._got.get((row.counterparty, row.agreement, row.process))
        given = given_to(self._session, row.counterparty, got, sql=sql) if got else None
        if got is None or given is None:
            return self._refused(row, "Refusal", newest=True)
        return {
            "state": "answered",
            "cells": {
                "released": given.released,
                "withheld": given.withheld,
                "leftOut": given.left_out,
                "partly": given.counts.partly,
                "figuresShown": given.counts.shown,
                "figuresMerged": given.counts.merged,
                "figuresWithheld": given.counts.withheld,
            },
            "charged": got.charged,
            "answeredAs": got.answer if got.answer != row.process else None,
        }

    def _of_total(self, row: LogEntryRow, sql: str) -> dict[str, Any]:
        told = told_of(self._session, row.counterparty, row.process)
        if told is None:  # each try of a session that was never accepted is a leaf of its own
            return self._refused(row, "CohortRefusal", newest=False)
        charged = {"charged": told.charged}
        state = _STATES.get(told.state, "open")
        if state == "ended" and self._leaf(row, "REFUSAL", "CohortRefusal", newest=True):
            return self._refused(row, "CohortRefusal", newest=True) | charged
        given = self._leaf(row, "ANSWER", "CohortContribution", newest=True)
        if state != "answered" or given is None:
            return {"state": state, **charged}
        query = json.loads(given.entry)["query"]
        released, withheld = query["released"], query["withheld"].get("cohort", 0)
        cells = {"released": released, "withheld": withheld, "leftOut": 0}
        if each := _figures(sql):  # a cell of a total is cleared with all its figures, or with none
            cells |= {"partly": 0, "figuresShown": each * released}
            cells |= {"figuresMerged": 0, "figuresWithheld": each * withheld}
        return {"state": state, "cells": cells, **charged}

    def _refused(self, row: LogEntryRow, message: str, *, newest: bool) -> dict[str, Any]:
        leaf = self._leaf(row, "REFUSAL", message, newest=newest)
        reasons = self._detail(leaf).get("reasons", []) if leaf is not None else []
        return {"state": "refused", "reasons": reasons, "charged": False}

    def _leaf(
        self, row: LogEntryRow, kind: str, message: str, *, newest: bool
    ) -> LogEntryRow | None:
        """Find what was said to a question: the newest leaf, or the first after the question's."""
        place = col(LogEntryRow.index)
        query = select(LogEntryRow).where(
            LogEntryRow.process == row.process,
            LogEntryRow.counterparty == row.counterparty,
            LogEntryRow.kind == kind,
            LogEntryRow.role == "provider",
            LogEntryRow.index > row.index,
        )
        found = self._session.exec(query.order_by(place.desc() if newest else place).limit(_TRIED))
        return next((one for one in found if json.loads(one.entry)["msg"]["type"] == message), None)

    def _detail(self, row: LogEntryRow) -> Mapping[str, Any]:
        log = self._node.db.log
        assert log is not None, "an open node has its log"
        found = log.open_detail(self._session, row.entry_id)
        return {} if found is None else found[1]


def _figures(sql: str) -> int:
    """Count the aggregates that a question shows; 0 where its text is not kept, or not read."""
    try:
        return sum(isinstance(one.term, Aggregate) for one in parse(sql).outputs)
    except QueryError:
        return 0
