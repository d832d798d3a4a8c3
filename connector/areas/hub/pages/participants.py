"""The register: every firm that was ever certified."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from sqlalchemy import or_, select
from sqlmodel import col

from connector.areas.hub.operations import READERS
from connector.areas.hub.pages import participants_words, words
from connector.areas.hub.pages.rows import PER_PAGE, firm_of
from connector.areas.hub.rows import ContactRow, ParticipantRow
from connector.console import words as c
from connector.console.page import Page
from connector.console.tables import Column, Time, table_file
from connector.process.ports import unix

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.console.page import Visit
    from connector.party.node import Node

ALL: Final = "all"


def _view(node: Node, visit: Visit) -> Mapping[str, Any]:
    now = unix(node.clock.now())
    standing, named = visit.asked("standing", ALL), visit.asked("named")[:200].strip()
    query = (
        select(ParticipantRow, ContactRow)
        .outerjoin(ContactRow, col(ContactRow.did) == col(ParticipantRow.did))
        .order_by(col(ParticipantRow.did))
        .limit(PER_PAGE + 1)
    )
    if standing == "expired":
        query = query.where(
            col(ParticipantRow.status) == "certified", col(ParticipantRow.expires) <= now
        )
    elif standing in words.STANDINGS and standing:
        query = query.where(col(ParticipantRow.status) == standing)
        if standing == "certified":
            query = query.where(col(ParticipantRow.expires) > now)
    if named:
        query = query.where(
            or_(
                *(
                    column.startswith(named, autoescape=True)
                    for column in (
                        col(ParticipantRow.did),
                        col(ParticipantRow.name_zh),
                        col(ParticipantRow.name_en),
                        col(ParticipantRow.legal_id),
                    )
                )
            )
        )
    if after := visit.asked("after")[:2048]:
        query = query.where(col(ParticipantRow.did) > after)
    with node.db.reading() as session:
        found = session.execute(query).all()
        firms = [firm_of(row, contact, visit.language, now) for row, contact in found[:PER_PAGE]]
    kept = {"standing": standing, **({"named": named} if named else {})}
    more = len(found) > PER_PAGE
    return {
        "firms": firms,
        "standing": standing,
        "named": named,
        "standings": [
            (ALL, c.ALL),
            *((name, said) for name, (_, said) in words.STANDINGS.items() if name),
        ],
        "next": f"/participants?{urlencode({**kept, 'after': firms[-1].did})}" if more else "",
        "first": f"/participants?{urlencode(kept)}" if after else "",
        "filtered": bool(named or standing != ALL),
    }


PARTICIPANTS: Final = Page(
    name="hub.participants",
    path="/participants",
    title=participants_words.TITLE,
    may=READERS,
    view=_view,
    template="hub/participants.html",
    words=participants_words,
    rail=("operate", 2),
)
PARTICIPANTS_FILE: Final = table_file(
    PARTICIPANTS,
    rows="firms",
    columns=(
        Column(words.FIRM, lambda one: one.name),
        Column(words.DID, lambda one: one.did),
        Column(words.NUMBER, lambda one: one.number),
        Column(words.STANDING, lambda one: one.said),
        Column(words.IN_SPACE, lambda one: one.parts),
        Column(words.ENDPOINT, lambda one: one.endpoint),
        Column(words.SINCE, lambda one: Time(one.since)),
        Column(words.EXPIRES, lambda one: Time(one.expires)),
        Column(words.FETCHED, lambda one: Time(one.fetched)),
        Column(words.SOFTWARE, lambda one: one.software),
        Column(c.REASON, lambda one: one.reason),
    ),
)
