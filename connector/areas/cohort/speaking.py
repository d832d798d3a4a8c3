"""Saying and hearing: statements signed with our key, read with the key of whoever said them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from connector.identity.rows import StandingRow
from connector.process.errors import VoileError
from connector.process.ports import unix
from contracts.cohort import signing
from contracts.cohort.members import Member
from contracts.cohort.table_statements import MAX_TABLE_BYTES
from policies.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlmodel import Session as DbSession

    from connector.identity.work import Work
    from connector.party.node import Node
    from contracts.cohort.errors import CohortError
    from contracts.cohort.members import Parties
    from contracts.cohort.signing import Statement
    from crypto.did import Did

S = TypeVar("S", bound="Statement")


def say(node: Node, statement: Statement, now: datetime) -> str:
    """Sign a statement with our agreements key."""
    keys = node.keys.now()
    return signing.sign(statement, keys.agreements, kid=keys.agreements_kid, iat=unix(now))


def hear(
    node: Node,
    kind: type[S],
    text: object,
    *,
    by: str,
    work: Work,
    most_bytes: int = signing.MAX_BYTES,
) -> S:
    """Read a statement signed by `by`; its DID document is fetched, so never in a transaction.

    It is counted first, whatever comes of it, as work of whoever had us do it.

    Raises:
        VoileError: it does not hold, even with a document fetched just now.
    """
    work.statement(text)
    document = node.peers.document(by)
    try:
        return signing.read(kind, text, document=document, most_bytes=most_bytes)
    except VoileError:
        fresh = node.peers.document(by, refetch=True)
        if fresh is document:
            raise
        return signing.read(kind, text, document=fresh, most_bytes=most_bytes)


def hear_table(node: Node, kind: type[S], text: object, *, by: str, work: Work) -> S:
    """Read a statement of a cohort table, which may be large; else as `hear`."""
    return hear(node, kind, text, by=by, work=work, most_bytes=MAX_TABLE_BYTES)


def members(node: Node, db: DbSession, session: Parties) -> Mapping[Did, Member]:
    """Read the standing of everybody in a session from the hub's newest status document.

    The registry vouches for the hub without looking. Here the document has the last word about it
    where it names it: who is revoked takes no further part in a session.
    """
    found = {}
    for did in (session.consumer, session.aggregator, *session.roster):
        standing = node.status.standing(db, did)
        group, certified = standing.legal_group, standing.certified
        if (row := db.get(StandingRow, did)) is not None:
            group = group or row.legal_group
            certified = certified and row.status == "certified"
        found[did] = Member(did=did, certified=certified, legal_group=group)
    return found


def reason_of(error: CohortError) -> Reason:
    """Say a broken rule of the cohort as a reason."""
    params = {name: value for name, value in error.params.items() if isinstance(value, str | int)}
    return Reason(
        code=error.code,
        rule="cohort",
        expected=str(params.get("expected", "")),
        given=str(params.get("member", "")),
        cause="unsatisfied",
        next=NEXT.get(error.code, "next.new-session"),
        params=params,
    )


NEXT = {
    "cohort.member.standing": "next.without-member",
    "cohort.member.group": "next.without-member",
    "cohort.member.related": "next.unrelated-members",
    "cohort.too-small": "next.larger-cohort",
    "cohort.roster.changed": "next.first-roster",
    "cohort.roster.other": "next.offered-roster",
    "cohort.roster.missing": "next.name-cohort",
    "cohort.roster.several": "next.name-cohort",
    "cohort.table.differs.measures": "next.same-declaration",
    "cohort.table.described": "next.same-declaration",
    "cohort.table.again": "next.publish-again",
    "question.complex": "next.ask-less",
    "cohort.total.false": "next.open-evidence",
    "cohort.session.old": "next.update-connector",
}
