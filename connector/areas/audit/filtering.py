"""What is searched for, and the way to it along the indexes of the log."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from connector.areas.audit.walking import Driver, Span, Walk, rarest, walk
from contracts.leaf_terms import term_of_decision, term_of_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlmodel import Session

    from connector.areas.audit.walking import Key

_HEX: Final = re.compile(r"[0-9a-f]{64}")
_NUMBER: Final = re.compile(r"[0-9]{1,15}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What is searched for; None for whatever it is.

    Attributes:
        party: DID of the counterparty.
        agreement: id of the agreement.
        process: id of the process, question or session.
        kind: of the leaf.
        decision: allow or deny.
        since: then or later, milliseconds since 1970.
        until: before then.
        id: any id or digest that stands in the leaf, or its place in the log.
    """

    party: str | None = None
    agreement: str | None = None
    process: str | None = None
    kind: str | None = None
    decision: str | None = None
    since: int | None = None
    until: int | None = None
    id: str | None = None


def spelled(name: str) -> tuple[str, ...]:
    """Give how an id may stand in a leaf: a digest may be asked for without its prefix."""
    return (name, f"sha-256:{name}") if _HEX.fullmatch(name) else (name,)


def drivers_of(wanted: Filter) -> list[Driver]:
    """Give what a search is led by, but for an id."""
    named = {
        "agreement": wanted.agreement,
        "process": wanted.process,
        "counterparty": wanted.party,
        "kind": wanted.kind,
    }
    found = [Driver(name, value) for name, value in named.items() if value is not None]
    if wanted.decision is not None:
        found.append(Driver("term", term_of_decision(wanted.decision)))
    return found


def _by_id(name: str) -> list[Driver]:
    columns = ("agreement", "process", "counterparty", "entry_id")
    found = [Driver(column, name) for column in columns]
    found += [Driver("term", term_of_name(spelled)) for spelled in spelled(name)]
    return [*found, Driver("index", int(name))] if _NUMBER.fullmatch(name) else found


def walked(session: Session, wanted: Filter, span: Span, most: int) -> Walk:
    """Walk along what leads to the fewest leaves."""
    drivers = drivers_of(wanted)
    if wanted.id is not None:
        return _merged([walk(session, d, drivers, span, most) for d in _by_id(wanted.id)], span)
    driver = rarest(session, drivers, span) if drivers else Driver()
    return walk(session, driver, [d for d in drivers if d is not driver], span, most)


def _merged(walks: Sequence[Walk], span: Span) -> Walk:
    """Lay several walks into one, as far as all of them have looked."""
    ends = [one.looked for one in walks if one.looked is not None]
    keys: set[Key] = {key for one in walks for key in one.found}
    if not ends:
        return Walk(tuple(sorted(keys, reverse=not span.newer)), None)
    end = min(ends) if span.newer else max(ends)
    within = {key for key in keys if (key <= end if span.newer else key >= end)}
    return Walk(tuple(sorted(within, reverse=not span.newer)), end)
