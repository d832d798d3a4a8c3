"""Which cohort a product is in, by its offers, and what it says when it joins it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlmodel import col, select

from catalog.dcat import TABLE
from catalog.dcat import dataset as describe
from connector.areas.cohort import problems_tables
from connector.areas.cohort.table_rows import RosterMemoryRow
from connector.areas.products import protected_table, published_product
from connector.areas.questions import refusal
from contracts.cohort.errors import broken
from contracts.cohort.table_statements import Joining
from crypto.canonical import digest
from crypto.did import Did
from crypto.disclosure.cohort_common import column_groups
from policies.profile import HOMOMORPHIC
from policies.reasons import Reason

if TYPE_CHECKING:
    from sqlmodel import Session

    from catalog.product import Product

_KEPT = ("name", "dimensions", "measures", "minimumContributors")  # of a table's description


def cohort_terms(product: Product, us: Did) -> tuple[Did, tuple[Did, ...], int]:
    """Return the aggregator, the roster and the minimum of a product's cohort.

    Raises:
        CohortError: its offers grant no totals, name no members, or name different ones: figures
            that are in one total and not in the other would tell whose they are.
    """
    terms = [offer.terms for offer in product.offers if HOMOMORPHIC in offer.terms.modes]
    cohorts = {(t.aggregator, tuple(sorted({us, *map(Did, t.cohort_members)}))) for t in terms}
    if not terms or any(not t.cohort_members for t in terms):
        raise broken(
            "cohort.roster.missing", problems_tables.ROSTER_UNSAID, member=us, product=product.id
        )
    if len(cohorts) > 1:
        raise broken(
            "cohort.roster.several", problems_tables.ROSTERS_DIFFER, member=us, product=product.id
        )
    aggregator, roster = cohorts.pop()
    return Did(aggregator), roster, max(t.min_cohort for t in terms)


def joining_of(db: Session, us: Did, dataset: str) -> Joining:
    """Make what a product says when it joins its cohort.

    Raises:
        Refused: it is not on offer.
        CohortError: its offers put it in no cohort, or in another than it was answered in before.
    """
    found = published_product(db, dataset)
    if found is None:
        raise refusal(Reason(code="product.unknown", next="next.ask-to-publish"))
    aggregator, roster, least = cohort_terms(found.product, us)
    check_history(db, dataset, roster)
    measures = protected_table(db, dataset).table.declaration.measures
    groups = column_groups([(m.name, m.columns) for m in measures])
    shown = describe(found.product, found.publication, service={}, granted=())[TABLE]["@value"]
    return Joining(
        aggregator=aggregator,
        roster=roster,
        member=us,
        dataset=dataset,
        described={name: shown[name] for name in _KEPT},
        measures=tuple(
            replace(
                m, columns=(str(groups[m.name]),), empty="skip" if m.empty == "skip" else "zero"
            )
            for m in measures
        ),
        min_cohort=least,
    )


def check_history(db: Session, dataset: str, roster: tuple[Did, ...]) -> None:
    """Refuse a roster other than those that an earlier version answered this product in."""
    query = select(col(RosterMemoryRow.roster)).where(RosterMemoryRow.dataset == dataset)
    if set(db.exec(query.distinct())) - {digest(sorted(roster))}:
        raise broken("cohort.roster.changed", problems_tables.ANSWERED_ELSEWHERE, product=dataset)
