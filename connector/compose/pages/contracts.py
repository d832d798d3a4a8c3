"""The contracts of a firm, the newest first: providing, consuming, or all."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode

from connector.areas.dsp import (
    AGREEMENTS,
    agreements_page,
    contracts_stand,
    page_words,
    titles_of,
    waiting_offers,
)
from connector.areas.questions import used_of_each
from connector.compose.pages import contracts_words as w
from connector.console import words as c
from connector.console.page import Page
from connector.console.paging import after_of, mark
from connector.console.tables import Column, table_file
from connector.console.terms import names_of
from connector.identity.naming import LONGEST, parties_named
from policies.errors import PolicyError
from policies.offers import most_answers
from policies.span import span

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from connector.areas.dsp import AgreementRecord
    from connector.console.page import Visit
    from connector.party.node import Node
    from crypto.words import Spoken, Words

PER_PAGE: Final = 50
_ENDED: Final = {"open": False, "ended": True}
_SHOWN: Final = (("open", w.OPEN), ("ended", w.ENDED))
DAY: Final = timedelta(days=1)


def view(node: Node, visit: Visit) -> Mapping[str, Any]:
    """Give a page of them."""
    role, show, party = visit.asked("role"), visit.asked("show"), visit.asked("party").strip()
    role, show = role if role in page_words.SIDES else "", show if show in _ENDED else ""
    before = after_of(visit.asked("after"))
    with node.db.reading() as session:
        found = agreements_page(
            session,
            role=role,
            ended=_ENDED.get(show),
            parties=parties_named(session, party),
            before=before,
            limit=PER_PAGE + 1,
        )
        shown = [one for _, one in found[:PER_PAGE]]
        now = node.clock.now()
        stand = contracts_stand(node, session, shown, now)
        names = names_of(node, session, (one.counterparty for one in shown), visit.language)
        titles = titles_of(node, session, ((one.role, one.dataset_id) for one in shown), visit)
        spent = used_of_each(
            session, ((one.counterparty, one.id) for one in shown if one.role == "provider"), now
        )
        lines = [
            _line(one, stands, now)
            | {
                "name": names[one.counterparty],
                "title": titles.get((one.role, one.dataset_id), ""),
                "uses": uses_of(one, spent[one.counterparty, one.id]),
            }
            for one, stands in zip(shown, stand, strict=True)
        ]
    given = {"role": role, "show": show, "party": party[:LONGEST]}
    kept = {name: value for name, value in given.items() if value}
    more = len(found) > PER_PAGE
    last_ms, last = found[PER_PAGE - 1] if more else (0, None)
    further = {**kept, "after": mark(last_ms, last.negotiation)} if last else {}
    return {
        "lines": lines,
        "waits": waiting_offers(node, visit.visitor),
        "tabs": page_words.tabs("/contracts", kept, role),
        "role": role,
        "show": show,
        "party": given["party"],
        "shows": [("", c.ALL), *_SHOWN],
        "filtered": bool(kept),
        "next": f"/contracts?{urlencode(further)}" if more else "",
        "first": f"/contracts?{urlencode(kept)}" if before else "",
    }


def _line(one: AgreementRecord, stands: tuple[str, Words], now: datetime) -> dict[str, Any]:
    kind, said = stands
    return {
        "href": href_of(one),
        "id": one.id,
        "dataset": one.dataset_id,
        "did": one.counterparty,
        "part": page_words.SIDES[one.role],
        "kind": kind,
        "said": said,
        "validity": validity_of(one, now),
    }


def href_of(one: AgreementRecord) -> str:
    """Give the path of the page of a contract, by our own name for it."""
    return f"/contracts/{quote(one.negotiation, safe='')}"


def validity_of(one: AgreementRecord, now: datetime) -> dict[str, Any]:
    """Say from when until when it holds, and how much of that time is over, in percent."""
    if isinstance(one.terms, PolicyError):
        return {"said": (), "percent": None}
    start, end = span(one.terms)
    said: list[Spoken] = []
    percent = None
    if start is not None and start > now:
        said.append(w.FROM.of(day=f"{start:%Y-%m-%d}"))
    if end is None:
        said.append(w.ALWAYS)
    else:
        last = end - timedelta(microseconds=1)
        said.append(w.UNTIL.of(day=f"{last:%Y-%m-%d}"))
        if one.ended_at is not None:
            return {"said": said, "percent": None}
        since = max(filter(None, (start, one.finalized_at)), default=None)
        if since is not None and since < end:
            percent = round(100 * min(max((now - since) / (end - since), 0.0), 1.0))
        said.append(w.LEFT.of(days=-(-(end - now) // DAY)) if end > now else w.OVER)
    return {"said": said, "percent": percent}


def uses_of(one: AgreementRecord, spent: int) -> Spoken:
    """Say what is used of its count: ours to count where we provide."""
    if isinstance(one.terms, PolicyError):
        return c.UNKNOWN
    limit = most_answers(one.terms)
    if one.role != "provider":
        return w.NO_LIMIT if limit is None else w.AT_MOST.of(limit=limit)
    return w.USED_FREE.of(used=spent) if limit is None else w.USED.of(used=spent, limit=limit)


CONTRACTS: Final = Page(
    name="asking.contracts",
    path="/contracts",
    title=w.TITLE,
    may=AGREEMENTS.may,
    view=view,
    template="compose/contracts.html",
    words=w,
    rail=("agree", 1),
    railed_for=frozenset({"steward", "cdo"}),
    waiting=waiting_offers,
    beside=page_words.LISTS,
)
CONTRACTS_FILE: Final = table_file(
    CONTRACTS,
    rows="lines",
    columns=(
        Column(w.CONTRACT, lambda one: one["id"]),
        Column(w.DATASET, lambda one: one["dataset"]),
        Column(page_words.PRODUCT, lambda one: one["title"]),
        Column(w.OTHER_SIDE, lambda one: one["name"]),
        Column(page_words.DID, lambda one: one["did"]),
        Column(w.OUR_PART, lambda one: one["part"]),
        Column(c.STATE, lambda one: one["said"]),
        Column(w.VALIDITY, lambda one: one["validity"]["said"]),
        Column(w.USES, lambda one: one["uses"]),
    ),
)
