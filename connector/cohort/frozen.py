"""The cohort table of a product of ours, as sessions are answered from it: frozen figures."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from sqlmodel import select

from connector.cohort.commons import Common, common_of
from connector.cohort.table_rows import CohortMembershipRow
from contracts.cohort.signing import digest_of
from contracts.cohort.table_statements import Classes, Joining
from crypto.b64 import unb64url
from crypto.did import Did

if TYPE_CHECKING:
    from sqlmodel import Session

    from crypto.disclosure.cohort_snapshot import Snapshot
    from crypto.disclosure.cohort_table import CohortTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """What totals over our product and others are made of.

    Attributes:
        roster: all members; nobody else's totals are ever given.
        aggregator: who adds up.
        digest: names the classes; a session names it, too.
        common: what all members have in common.
        table: the classes.
        figures: our sums on them.
        number: our data version that they are of.
        version: its digest.
        oldest: the oldest data version that some of them stand at.
    """

    roster: tuple[Did, ...]
    aggregator: Did
    digest: str
    common: Common
    table: CohortTable
    figures: Snapshot
    number: int
    version: str
    oldest: int


def frozen(db: Session, dataset: str) -> Frozen | None:
    """Read the cohort table of a product; None until it is made."""
    row = db.get(CohortMembershipRow, dataset)
    if row is None or not row.classes_jws:
        return None
    return _read(
        row.joinings,
        row.classes_jws,
        row.figures,
        (row.roster, row.aggregator, row.number, row.version, row.oldest),
    )


def version_of(db: Session, dataset: str) -> str:
    """Return the digest of the data version that totals are of; empty until they can be given."""
    query = select(CohortMembershipRow.version).where(
        CohortMembershipRow.dataset == dataset, CohortMembershipRow.classes_jws != ""
    )
    return db.exec(query).one_or_none() or ""


def stands(db: Session, dataset: str, found: Frozen) -> bool:
    """Say whether a cohort table that was read is still the product's, without reading it again."""
    query = select(CohortMembershipRow.version, CohortMembershipRow.classes_jws).where(
        CohortMembershipRow.dataset == dataset
    )
    row = db.exec(query).one_or_none()
    if row is None or not row[1]:
        return False
    return (row[0], digest_of(row[1])) == (found.version, found.digest)


@lru_cache(maxsize=32)
def _read(
    joinings: str, classes_jws: str, figures: str, of: tuple[str, str, int, str, int]
) -> Frozen:
    """Read stored statements; their signatures were verified before they were stored."""
    roster, aggregator, number, version, oldest = of
    heard = {did: Joining.from_json(payload(j)) for did, j in json.loads(joinings).items()}
    return Frozen(
        roster=tuple(map(Did, json.loads(roster))),
        aggregator=Did(aggregator),
        digest=digest_of(classes_jws),
        common=common_of(heard),
        table=Classes.from_json(payload(classes_jws)).table,
        figures=tuple(map(tuple, json.loads(figures))),
        number=number,
        version=version,
        oldest=oldest,
    )


def payload(jws: str) -> object:
    """Read what a stored statement says."""
    return json.loads(unb64url(jws.split(".")[1]))
