"""Agreements: made or received, concluded, found; how one stands for use is in `agreed`.

One whose terms we do not understand is an agreement all the same: a peer sent it, or an older
version wrote it. It is listed with the reason, and nothing is done under it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, bindparam, func, insert, or_, select, update

from connector.areas.dsp import problems
from connector.areas.dsp.rows import AgreementRow
from connector.areas.dsp.store import moment, pids, process_key_name
from connector.process.errors import NotFound
from connector.process.kept import Kept
from connector.process.ports import unix_ms
from connector.store.core import table_of
from connector.store.prepared import Prepared
from crypto.canonical import digest_bytes
from policies.errors import PolicyError
from policies.odrl import Policy, parse_policy
from policies.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlmodel import Session

    from connector.areas.dsp.processes import ProcessRecord
    from connector.store.transaction import Transaction
    from contracts.machine import Role
    from contracts.signatures import Signatures

_TABLE: Final = table_of(AgreementRow)
_COLUMNS: Final = tuple(AgreementRow.model_fields)
_COUNTERPARTY: Final = _COLUMNS.index("counterparty")
_ALL: Final = select(*(_TABLE.c[name] for name in _COLUMNS))
_MAKE: Final = Prepared(insert(_TABLE), _COLUMNS)
_FIND: Final = Prepared(_ALL.where(_TABLE.c.agreement == bindparam("agreement")))
_AT: Final = Prepared(_ALL.where(_TABLE.c.negotiation == bindparam("negotiation")))
_BEFORE: Final = Prepared(
    select(func.max(_TABLE.c.namesakes)).where(_TABLE.c.agreement == bindparam("agreement"))
)
_NEWEST: Final = Prepared(_ALL.order_by(_TABLE.c.agreed_ms.desc()))
_CONCLUDE: Final = Prepared(
    update(_TABLE)
    .where(_TABLE.c.negotiation == bindparam("at"), _TABLE.c.finalized_ms.is_(None))
    .values(finalized_ms=bindparam("finalized_ms"), signatures=bindparam("signatures"))
)
_SIGNATURES: Final = Prepared(
    select(_TABLE.c.signatures).where(
        _TABLE.c.agreement == bindparam("agreement"),
        _TABLE.c.counterparty == bindparam("counterparty"),
    )
)

_TERMS: Final[Kept[Policy | PolicyError]] = Kept(4 << 20)  # characters of the texts they are from


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementRecord:
    """One agreement as other areas see it; in force while `finalized_at` is set, `ended_at` not."""

    id: str
    role: Role
    counterparty: str
    dataset_id: str
    body: Mapping[str, Any]
    terms: Policy | PolicyError
    signatures: Signatures
    finalized_at: datetime | None
    ended_at: datetime | None
    ended_by: str  # DID; empty while it has not ended
    ended_why: Mapping[str, Any]  # code and reason
    consumer_pid: str
    provider_pid: str
    negotiation: str  # our own pid of its negotiation: names the process key

    @property
    def in_force(self) -> bool:
        """Whether it was concluded and has not ended."""
        return self.finalized_at is not None and self.ended_at is None

    @property
    def policy(self) -> Policy:
        """Its terms.

        Raises:
            PolicyError: They are not understood here, so that nothing may be done under it.
        """
        if isinstance(self.terms, Policy):
            return self.terms
        raise PolicyError(
            problems.TERMS_UNREADABLE,
            reasons=self.terms.reasons,
            agreement=self.id[:200],
            why=self.terms,
        )

    @property
    def unreadable(self) -> str:
        """Why its terms cannot be read; empty where they can."""
        return "" if isinstance(self.terms, Policy) else self.terms.message

    @property
    def process_key_name(self) -> str:
        """Name of the secret that `corr` of this agreement's messages is keyed with."""
        return process_key_name(self.negotiation)


def find(session: Session, agreement_id: str, *, counterparty: str) -> AgreementRecord | None:
    """Find a concluded or coming agreement with a counterparty by its `@id`.

    Our own owner names one in other ways too, see `connector.areas.dsp.naming`.
    """
    rows = _FIND.rows(session, agreement=agreement_id)
    rows = [row for row in rows if row[_COUNTERPARTY] == counterparty]
    return _record(rows[0]) if len(rows) == 1 else None


def at(session: Session, negotiation: str) -> AgreementRecord | None:
    """Find the agreement of a negotiation, by our own pid of that."""
    found = _AT.first(session, negotiation=negotiation)
    return _record(found) if found is not None else None


def bearing(session: Session, agreement_id: str) -> tuple[AgreementRecord, ...]:
    """Give all agreements with this `@id`, whoever they are with: one, if not for old homes."""
    return tuple(_record(row) for row in _FIND.rows(session, agreement=agreement_id))


def not_as_consumer(agreement_id: str) -> NotFound:
    """Make the error for an agreement under which we cannot ask: it is not ours as consumer."""
    return NotFound(problems.NOT_AS_CONSUMER, agreement=agreement_id[:200])


def exists(session: Session, agreement_id: str, *, counterparty: str) -> bool:
    """Whether a counterparty has used this `@id` for an agreement with us."""
    return bool(_SIGNATURES.rows(session, agreement=agreement_id, counterparty=counterparty))


def before(session: Session, agreement_id: str) -> int:
    """Say how many agreements with this `@id` are here already, for the next one's `namesakes`."""
    found: int | None = _BEFORE.scalar(session, agreement=agreement_id)
    return 0 if found is None else found + 1


def make(
    tx: Transaction, row: ProcessRecord, body: Mapping[str, Any], *, namesakes: int = 0
) -> None:
    """Store the agreement of a negotiation that was just made or received.

    Raises:
        IntegrityError: There is one with this id and this many namesakes.
    """
    consumer, provider = pids(row)
    row.agreement = body["@id"]
    _MAKE.run(
        tx.session,
        negotiation=row.pid,
        agreement=body["@id"],
        role=row.role,
        counterparty=row.counterparty,
        dataset=body["target"],
        body=json.dumps(body, ensure_ascii=False),
        consumer_pid=consumer,
        provider_pid=provider,
        signatures="none",
        agreed_ms=unix_ms(tx.now),
        finalized_ms=None,
        ended_ms=None,
        ended_by="",
        ended_why="",
        namesakes=namesakes,
    )


def conclude(tx: Transaction, negotiation: str, signatures: Signatures) -> None:
    """Mark an agreement as concluded, if it is not yet."""
    _CONCLUDE.run(tx.session, at=negotiation, finalized_ms=unix_ms(tx.now), signatures=signatures)


def signatures_of(session: Session, row: ProcessRecord) -> str | None:
    """Say which signatures the agreement of a process has; None while there is no agreement."""
    if not row.agreement:
        return None
    place = {"agreement": row.agreement, "counterparty": row.counterparty}
    found = _SIGNATURES.rows(session, **place)
    return found[0][0] if len(found) == 1 else None


def newest(session: Session) -> tuple[AgreementRecord, ...]:
    """List all agreements, newest first."""
    return tuple(_record(row) for row in _NEWEST.rows(session))


def page(
    session: Session,
    *,
    role: str = "",
    ended: bool | None = None,
    concluded: bool = False,
    dataset: str = "",
    parties: Collection[str] | None = None,
    before: tuple[int, str] | None = None,
    limit: int,
) -> list[tuple[int, AgreementRecord]]:
    """List agreements, the newest first, each with when it was made, in milliseconds since 1970.

    Args:
        session: Any session.
        role: Ours in them; empty for both.
        ended: Whether they have ended; None for all.
        concluded: Whether only those that were concluded.
        dataset: What they are about; empty for whatever it is.
        parties: DIDs of the other side; None for all.
        before: When the last one of the page before was made, and its negotiation.
        limit: How many.
    """
    at, name = _TABLE.c.agreed_ms, _TABLE.c.negotiation
    query = _ALL
    if role:
        query = query.where(_TABLE.c.role == role)
    if ended is not None:
        gone = _TABLE.c.ended_ms
        query = query.where(gone.is_not(None) if ended else gone.is_(None))
    if concluded:
        query = query.where(_TABLE.c.finalized_ms.is_not(None))
    if dataset:
        query = query.where(_TABLE.c.dataset == dataset)
    if parties is not None:
        query = query.where(_TABLE.c.counterparty.in_(sorted(parties)))
    if before is not None:
        then, last = before
        query = query.where(or_(at < then, and_(at == then, name < last)))
    rows = session.connection().execute(query.order_by(at.desc(), name.desc()).limit(limit))
    return [(row.agreed_ms, _record(tuple(row))) for row in rows]


def made_ms(session: Session, negotiation: str) -> int:
    """Say when the agreement of a negotiation was made, in milliseconds since 1970."""
    query = select(_TABLE.c.agreed_ms).where(_TABLE.c.negotiation == negotiation)
    return int(session.connection().execute(query).scalar_one())


def _record(values: Sequence[Any]) -> AgreementRecord:
    row = dict(zip(_COLUMNS, values, strict=True))
    body, terms = _read(row["body"])
    return AgreementRecord(
        id=row["agreement"],
        role=row["role"],
        counterparty=row["counterparty"],
        dataset_id=row["dataset"],
        body=body,
        terms=terms,
        signatures=row["signatures"],
        finalized_at=moment(row["finalized_ms"]),
        ended_at=moment(row["ended_ms"]),
        ended_by=row["ended_by"] or (str(body.get("assigner", "")) if row["ended_ms"] else ""),
        ended_why=json.loads(row["ended_why"]) if row["ended_why"] else {},
        consumer_pid=row["consumer_pid"],
        provider_pid=row["provider_pid"],
        negotiation=row["negotiation"],
    )


def _read(text: str) -> tuple[dict[str, Any], Policy | PolicyError]:
    """Read a stored body and its terms, or say why they cannot be read.

    Terms are parsed once per content: every question under an agreement reads it, twice.
    """
    name = digest_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        body = json.loads(text)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        why = Reason(code="policy.shape", clause="/", expected="a JSON object", cause="malformed")
        return {}, PolicyError(problems.NO_OBJECT, reasons=(why,))
    terms = _TERMS.get(name)
    if terms is None:
        terms = _parsed(body)
        _TERMS.put(name, terms, len(text))
    return body, terms


def _parsed(body: Mapping[str, Any]) -> Policy | PolicyError:
    try:
        return parse_policy(body, kind="Agreement")
    except PolicyError as error:
        error.__context__ = error.__cause__ = error.__traceback__ = None
        return error
