"""What the operator's lists and pages show of a row."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from catalog.participants import Participant
from connector.areas.hub.pages import words
from connector.process.lists import UNREADABLE

if TYPE_CHECKING:
    from connector.areas.hub.rows import ApplicationRow, ContactRow, ParticipantRow
    from crypto.words import Language, Words

PER_PAGE: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An application in the list."""

    href: str
    name: str
    did: str
    number: str
    received: int
    kind: str
    said: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Firm:
    """A firm in the register."""

    href: str
    name: str
    did: str
    number: str
    hand: str
    parts: tuple[Words, ...]
    endpoint: str
    expires: int
    since: int
    kind: str
    said: Words
    reason: str
    fetched: int
    software: str


def line_of(row: ApplicationRow, language: Language) -> Line:
    """Give an application as a line; one that cannot be read has its DID for a name."""
    kind, said = words.STATES[row.state]
    stated = stated_in(row)
    return Line(
        href=f"/applications/{row.id}",
        name=name_of(stated.name_zh, stated.name_en, language) if stated else "",
        did=row.did,
        number=stated.legal_id if stated else "",
        received=row.submitted_ms,
        kind=kind,
        said=said,
    )


def stated_in(row: ApplicationRow) -> Participant | None:
    """Give who applies, in its own words; None if that cannot be read."""
    try:
        return Participant.from_json(json.loads(row.participant))
    except UNREADABLE:
        return None


def firm_of(row: ParticipantRow, contact: ContactRow | None, language: Language, now: int) -> Firm:
    """Give a firm of the register."""
    ran_out = row.status == "certified" and row.expires <= now
    kind, said = words.STANDINGS["expired" if ran_out else row.status]
    return Firm(
        href=f"/participants/{quote(row.did, safe='')}",
        name=name_of(row.name_zh, row.name_en, language),
        did=row.did,
        number=row.legal_id,
        hand=row.legal_group,
        parts=words.parts_said(row.roles),
        endpoint=row.endpoint,
        expires=row.expires * 1000,
        since=row.since * 1000,
        kind=kind,
        said=said,
        reason=row.reason,
        fetched=contact.fetched_ms if contact else 0,
        software=contact.software if contact else "",
    )


def name_of(zh: str, en: str, language: Language) -> str:
    """Give a firm's name in the language of the page, or in the other one."""
    return (zh or en) if language == "zh" else (en or zh)


def shown(values: Any) -> tuple[Any, ...]:
    """Give what a page has room for."""
    return tuple(values)[:PER_PAGE]
