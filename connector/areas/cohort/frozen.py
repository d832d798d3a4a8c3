"""The cohort table of a product of ours, as sessions are answered from it: frozen figures."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from sqlmodel import col, select

from connector.areas.cohort.commons import Common, common_of
from connector.areas.cohort.renewal_rows import RenewalRow
from connector.areas.cohort.table_rows import CohortMembershipRow
from contracts.cohort.renewal_statements import Renewed
from contracts.cohort.signing import digest_of
from contracts.cohort.table_statements import Classes, Joining
from crypto.b64 import unb64url
from crypto.did import Did
from crypto.disclosure.cohort_changes import History, state

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlmodel import Session

    from crypto.disclosure.cohort_changes import Ages
    from crypto.disclosure.cohort_snapshot import Snapshot
    from crypto.disclosure.cohort_table import CohortTable
    from crypto.disclosure.table import CellKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """What totals over our product and others are made of.

    Attributes:
        roster: all members; nobody else's totals are ever given.
        aggregator: who adds up.
        digest: names the classes; a session names it, too.
        common: what all members have in common.
        table: the classes; what appeared in no class since they were made is withheld.
        figures: our sums on them.
        ages: per class, the renewal that its sums are of; empty as long as there was none.
        number: our newest data version that they are of.
        version: its digest.
        oldest: the oldest data version that some of them stand at.
    """

    roster: tuple[Did, ...]
    aggregator: Did
    digest: str
    common: Common
    table: CohortTable
    figures: Snapshot
    ages: Ages
    number: int
    version: str
    oldest: int


def frozen(db: Session, dataset: str) -> Frozen | None:
    """Read the cohort table of a product, as it was renewed last; None until it is made."""
    row = db.get(CohortMembershipRow, dataset)
    if row is None or not row.classes_jws:
        return None
    renewals = tuple(
        (one.figures, one.ages, one.renewed_jws, one.number, one.version, one.oldest)
        for one in renewed(db, dataset)
    )
    first = (row.roster, row.aggregator, row.number, row.version, row.oldest)
    return _read(row.joinings, row.classes_jws, row.figures, first, renewals)


def renewed(db: Session, dataset: str) -> list[RenewalRow]:
    """Find the renewals that a product has been through, the first one first."""
    query = select(RenewalRow).where(RenewalRow.dataset == dataset, RenewalRow.renewed_jws != "")
    return list(db.exec(query.order_by(col(RenewalRow.renewal))))


def withheld_by(db: Session, row: RenewalRow) -> tuple[int, int]:
    """Return how many finest cells lie in no class, though somebody has something there.

    Returns:
        Before a renewal, and after it.
    """
    made = db.get(CohortMembershipRow, row.dataset)
    assert made is not None, "it was there when the renewal was asked for"
    cells = set(Classes.from_json(payload(made.classes_jws)).table.blocked)
    before = len(cells)
    for one in renewed(db, row.dataset):
        if one.renewal <= row.renewal:
            before = len(cells)
            cells.update(Renewed.from_json(payload(one.renewed_jws)).appeared)
    return before, len(cells)


def answered_from(db: Session, dataset: str) -> str:
    """Name what totals are answered from; empty until they can be given.

    It is our data version, or after renewals the last one in which anything was renewed: where all
    was held, totals are the same as before, and are not charged again.
    """
    query = select(CohortMembershipRow.version).where(
        CohortMembershipRow.dataset == dataset, CohortMembershipRow.classes_jws != ""
    )
    version = db.exec(query).one_or_none() or ""
    columns = select(RenewalRow.renewal, RenewalRow.ages, RenewalRow.renewed_jws).where(
        RenewalRow.dataset == dataset, RenewalRow.renewed_jws != ""
    )
    for renewal, ages, signed in db.exec(columns.order_by(col(RenewalRow.renewal).desc())):
        if version and renewal in json.loads(ages):
            return digest_of(signed)
    return version


def digest_now(db: Session, dataset: str) -> str:
    """Return the digest by which sessions name a table; empty until it is made."""
    query = select(CohortMembershipRow.classes_jws).where(CohortMembershipRow.dataset == dataset)
    classes = db.exec(query).one_or_none() or ""
    return digest_of(_last_renewed(db, dataset) or classes) if classes else ""


def stands(db: Session, dataset: str, found: Frozen) -> bool:
    """Say whether a cohort table that was read is still the product's, without reading it again."""
    return digest_now(db, dataset) == found.digest


def overtaken(db: Session, dataset: str, named: str) -> bool:
    """Say whether a table was renewed since a session named it; sessions of version 1 name none."""
    return bool(named) and digest_now(db, dataset) not in {named, ""}


def _last_renewed(db: Session, dataset: str) -> str:
    query = select(RenewalRow.renewed_jws).where(
        RenewalRow.dataset == dataset, RenewalRow.renewed_jws != ""
    )
    return db.exec(query.order_by(col(RenewalRow.renewal).desc()).limit(1)).first() or ""


def history_of(row: CohortMembershipRow, renewals: Sequence[RenewalRow]) -> History:
    """Read our figures in all states, and in the one that is to come if its row is there."""
    first: Snapshot = tuple(map(tuple, json.loads(row.figures)))
    return _history(first, [(one.figures, one.ages) for one in renewals])


def _history(first: Snapshot, renewals: Sequence[tuple[str, str]]) -> History:
    return History(
        snapshots=(first, *(tuple(map(tuple, json.loads(figures))) for figures, _ in renewals)),
        ages=(
            (0,) * len(first),
            *(tuple(found) for _, ages in renewals if (found := json.loads(ages))),
        ),
    )


Renewal = tuple[str, str, str, int, str, int]  # figures, ages, statement, number, version, oldest


@lru_cache(maxsize=32)
def _read(
    joinings: str,
    classes_jws: str,
    figures: str,
    of: tuple[str, str, int, str, int],
    renewals: tuple[Renewal, ...],
) -> Frozen:
    """Read stored statements; their signatures were verified before they were stored."""
    roster, aggregator, *_ = of
    heard = {did: Joining.from_json(payload(j)) for did, j in json.loads(joinings).items()}
    table = Classes.from_json(payload(classes_jws)).table
    history = _history(tuple(map(tuple, json.loads(figures))), [one[:2] for one in renewals])
    ages = history.ages[-1]
    stood = [of[2:], *(one[3:] for one in renewals)]  # number, version, oldest
    number, version, _ = stood[max(ages, default=len(renewals))]
    blocked = tuple(sorted({*table.blocked, *_appeared(renewals)}))
    return Frozen(
        roster=tuple(map(Did, json.loads(roster))),
        aggregator=Did(aggregator),
        digest=digest_of(renewals[-1][2] if renewals else classes_jws),
        common=common_of(heard),
        table=replace(table, blocked=blocked),
        figures=state(history, ages),
        ages=ages if renewals else (),
        number=number,
        version=version,
        oldest=min(stood[age][2] for age in {*ages, max(ages, default=len(renewals))}),
    )


def _appeared(renewals: Sequence[Renewal]) -> set[CellKey]:
    """Return the cells that renewals withhold: what appeared once stays withheld."""
    return {key for one in renewals for key in Renewed.from_json(payload(one[2])).appeared}


def payload(jws: str) -> object:
    """Read what a stored statement says."""
    return json.loads(unb64url(jws.split(".")[1]))
