"""The search over the evidence, and one record of it."""

from __future__ import annotations

from datetime import UTC, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from connector.areas.audit import leaf_words, page_words
from connector.areas.audit.drawing import path
from connector.areas.audit.evidence_api import opened, searched
from connector.areas.audit.evidence_operations import READERS, RECORD, SEARCH, Sought
from connector.areas.audit.naming import namer
from connector.areas.audit.searching import FACET
from connector.areas.dsp import agreements_bearing
from connector.console.page import Page
from connector.console.tables import Column, Time, table_file
from connector.party.operation import Call
from connector.process.ports import unix_ms
from crypto.errors import MalformedError
from crypto.instants import read_interval
from crypto.records import read
from crypto.words import verbatim

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.console.page import Visit
    from connector.party.node import Node
    from crypto.words import Spoken

ROWS: Final = 50
LABELS: Final = {
    "party": page_words.PARTY,
    "agreement": page_words.AGREEMENT,
    "process": page_words.PROCESS,
    "kind": page_words.KIND,
    "decision": page_words.DECISION,
    "id": page_words.ANY_ID,
    "since": page_words.SINCE,
    "until": page_words.UNTIL,
}
_TEXTS: Final = ("party", "agreement", "process", "kind", "decision", "id")
_DATES: Final = ("since", "until")
_PLACES: Final = ("before", "after")


def search(node: Node, visit: Visit, *, kept: bool = False) -> Mapping[str, Any]:
    """Show one page of a search; its filter stands in the URL."""
    given = {name: visit.asked(name).strip() for name in (*_TEXTS, *_DATES)}
    asked: dict[str, Any] = {name: given[name] for name in _TEXTS if given[name]}
    for name in _DATES:
        if given[name]:
            asked[name] = day_ms(given[name], node.settings.zone, later=name == "until")
    for name in _PLACES:
        if (text := visit.asked(name)).isdigit() and text.isascii() and len(text) < 16:
            asked[name] = int(text)
    query = read(Sought, {**asked, "limit": ROWS})
    found = searched(node, Call(actor=visit.visitor.actor, query=query), kept=kept)
    filters = {name: value for name, value in given.items() if value}
    return {
        "found": found,
        "records": found["records"],
        "asked": given,
        "filtered": bool(filters),
        "older": link(filters, before=found["next"]) if found["next"] is not None else "",
        "newer": link(filters, after=found["previous"]) if found["previous"] is not None else "",
        "kinds": [("", page_words.ANY), *leaf_words.KINDS.items()],
        "kind_words": leaf_words.KINDS,
        "decisions": [("", page_words.ANY), *leaf_words.DECISIONS.items()],
        "decision_words": leaf_words.DECISIONS,
        "counted": [
            (kind, count, link({**filters, "kind": kind}))
            for kind, count in sorted(found["kinds"].items(), key=lambda each: -each[1])
        ],
        "most": FACET,
        "parties": [
            (did, name, count, link({**filters, "party": did}))
            for (did, count), name in zip(
                found["parties"].items(), _names(node, found["parties"], visit), strict=True
            )
        ],
        "decided": [
            (one, count, link({**filters, "decision": one}))
            for one, count in found["decisions"].items()
        ],
        "chips": [
            (LABELS[name], _value(name, value), link(_without(filters, name)))
            for name, value in filters.items()
        ],
    }


def _names(node: Node, dids: Mapping[str, int], visit: Visit) -> list[str]:
    with node.db.reading() as session:
        name = namer(node, session, dids)
        return [name(did).said(visit.language) for did in dids]


def _value(name: str, value: str) -> Spoken | str:
    words = {"kind": leaf_words.KINDS, "decision": leaf_words.DECISIONS}.get(name, {})
    return words.get(value, value)


def _without(kept: Mapping[str, str], name: str) -> dict[str, str]:
    return {one: value for one, value in kept.items() if one != name}


def record(node: Node, visit: Visit) -> Mapping[str, Any]:
    """Show one record with its proof."""
    found = opened(node, Call(actor=visit.visitor.actor, path=visit.path))
    brief = found["record"]
    return {
        "found": found,
        "record": brief,
        "path": path(found, visit.language) if found["head"] else "",
        "kind_words": leaf_words.KINDS,
        "decision_words": leaf_words.DECISIONS,
        "details": {
            "none": page_words.DETAIL_NONE,
            "sealed": page_words.DETAIL_SEALED,
            "erased": page_words.DETAIL_ERASED,
        },
        "dossier": _dossier_of(node, brief["agreement"], brief["party"]),
        "same": link({"process": brief["process"]}) if brief["process"] else "",
    }


def _dossier_of(node: Node, agreement: str, party: str) -> str:
    """Give the address of the dossier of a leaf's agreement, by our own name for it if that is one.

    A leaf of what somebody read names no party.
    """
    if not agreement:
        return ""
    with node.db.reading() as session:
        found = agreements_bearing(session, agreement)
    ours = [one.negotiation for one in found if party in ("", one.counterparty)]
    return f"/dossiers/{quote(ours[0] if len(ours) == 1 else agreement, safe='')}"


def link(kept: Mapping[str, str], **more: object) -> str:
    """Give the address of a search."""
    query = urlencode({**kept, **more})
    return f"/evidence?{query}" if query else "/evidence"


def day_ms(text: str, zone: str, *, later: bool) -> int | str:
    """Give the first moment of a day in the firm's zone, or of the day after it.

    Returns:
        Milliseconds since 1970; the text itself where it is no day, so that it is refused as such.
    """
    try:
        begins, ends = read_interval(f"{text}Z")
    except MalformedError:
        return text
    if begins == ends:  # a moment of a day
        return text
    day = begins.replace(tzinfo=ZoneInfo(zone) if zone else UTC)
    try:
        return unix_ms(day + timedelta(days=1) if later else day)
    except OverflowError:
        return text


def _decided(one: Mapping[str, Any]) -> object:
    return leaf_words.DECISIONS[one["decision"]] if one["decision"] else None


LISTED: Final = Page(
    name="audit.evidence",
    path="/evidence",
    title=page_words.EVIDENCE,
    may=READERS,
    view=search,
    template="audit/evidence.html",
    words=page_words,
    reading=SEARCH.reading,
    rail=("audit", 1),
    railed_for=READERS - {"cdo"},  # theirs is full: contracts lead there
)
EVIDENCE: Final = (
    LISTED,
    table_file(
        LISTED,
        rows="records",
        columns=(
            Column(page_words.LEAF, lambda one: one["index"]),
            Column(page_words.TIME, lambda one: Time(one["time"])),
            Column(page_words.KIND, lambda one: leaf_words.KINDS[one["kind"]]),
            Column(
                page_words.WHAT_PARTY, lambda one: verbatim(one["name"]["zh"], one["name"]["en"])
            ),
            Column(page_words.PARTY, lambda one: one["party"]),
            Column(page_words.LINE, lambda one: verbatim(one["line"]["zh"], one["line"]["en"])),
            Column(page_words.DECISION, _decided),
            Column(page_words.AGREEMENT, lambda one: one["agreement"]),
            Column(page_words.PROCESS, lambda one: one["process"]),
        ),
        following="older",
        part=partial(search, kept=True),
    ),
    Page(
        name="audit.record",
        path="/evidence/{index}",
        title=page_words.RECORD,
        may=READERS,
        view=record,
        template="audit/record.html",
        words=page_words,
        reading=RECORD.reading,
    ),
)
