"""What stands beside an agreement's own leaves: certification, publication, standing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlmodel import col, select

from connector.areas.audit.searching import read_leaves
from connector.areas.audit.walking import Driver, Span, rarest, walk
from connector.areas.dsp import SignatureRow
from contracts.leaf_terms import term_of_name
from crypto.canonical import digest_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlmodel import Session

    from connector.areas.audit.searching import Read
    from connector.areas.dsp import AgreementRow

CHANGES: Final = 100  # of the other party's standing, the last of them
SIGNING: Final = 5  # leaves that name one signature


def certified(session: Session, row: AgreementRow) -> Read | None:
    """Give the newest leaf from before the agreement that says that we were certified."""
    for most in (10, 200):  # of an operator, most are about others
        for one in _newest(session, Span(until=row.agreed_ms + 1), most, kind="CERTIFICATION"):
            if one.leaf.get("role") == "participant" and one.leaf.get("to") == "certified":
                return one
    return None


def published(session: Session, row: AgreementRow) -> Read | None:
    """Give the newest publication of the product from before the agreement, if it is ours."""
    if row.role != "provider":
        return None
    span = Span(until=row.agreed_ms + 1)
    for one in _newest(session, span, 20, kind="PRODUCT", named=row.dataset):
        if one.leaf.get("to") == "PUBLISHED" and row.dataset in _texts(one.leaf.get("query")):
            return one
    return None


def standing_since(session: Session, row: AgreementRow, since: int) -> tuple[Read, ...]:
    """Give the leaves of status documents that changed the other party's standing meanwhile.

    Args:
        session: to read in.
        row: the agreement.
        since: from when on, milliseconds since 1970; until it ended.
    """
    did = row.counterparty
    span = Span(since=since, until=row.ended_ms + 1 if row.ended_ms is not None else None)
    found = _newest(session, span, CHANGES, kind="STATUS", named=did)
    return tuple(one for one in found if _changed(one.leaf, did))


def signing(session: Session, row: AgreementRow) -> Iterator[Read]:
    """Give the leaves that name the signatures of an agreement, wherever they stand."""
    query = select(SignatureRow.jws).where(col(SignatureRow.negotiation) == row.negotiation)
    for jws in session.exec(query).all():
        mark = digest_bytes(jws.encode("ascii"))
        for one in _newest(session, Span(), SIGNING, kind="AGREEMENT", named=mark):
            told = (one.leaf.get("agreement"), one.leaf.get("counterparty"))
            if told == (row.agreement, row.counterparty) and mark in one.leaf.get("sig", ()):
                yield one


def _newest(
    session: Session, span: Span, most: int, *, kind: str, named: str | None = None
) -> Iterator[Read]:
    """Give the newest leaves of a kind that name something: a term of theirs, in no column."""
    drivers = [Driver("kind", kind)]
    if named is not None:
        drivers.append(Driver("term", term_of_name(named)))
    driver = rarest(session, drivers, span)
    found = walk(session, driver, [one for one in drivers if one is not driver], span, most).found
    read = read_leaves(session, [index for _, index in found])
    return (read[index] for _, index in found if index in read)


def _texts(query: object) -> frozenset[str]:
    values = query.values() if hasattr(query, "values") else ()
    return frozenset(value for value in values if isinstance(value, str))


def _changed(leaf: Mapping[str, Any], did: str) -> bool:
    said = leaf.get("query", {}).get("changed")
    return isinstance(said, list) and any(
        isinstance(one, dict) and one.get("did") == did for one in said
    )
