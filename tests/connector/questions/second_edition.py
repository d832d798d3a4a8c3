"""A small table of the second edition, made in memory, and questions that a contract grants of it."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from connector.areas.questions.granted import Granted, Trial
from connector.areas.questions.reading import Plan
from connector.areas.questions.usage import Usage
from crypto.disclosure.declaration import Declaration, DeclaredMeasure, Protection, row_figures
from crypto.disclosure.making import make_table
from crypto.disclosure.memory import MemorySource
from crypto.disclosure.published import PublishedTable
from policies.evaluate import Request, World
from policies.offers import QuestionTerms, question_offer
from policies.plan import bind, meaning
from policies.profile import QUERY
from policies.schema import Dimension, Measure, TableSchema
from policies.sql import parse

if TYPE_CHECKING:
    from catalog.product import Product

YEARS, MODES, REGIONS = ("1992", "1993", "1994"), ("AIR", "RAIL", "SHIP"), ("EAST", "WEST")
SCHEMA = TableSchema(
    product="fines",
    table="fines",
    dimensions=(
        Dimension(name="year", kind="integer", codes=YEARS),
        Dimension(name="mode", kind="code", codes=MODES),
        Dimension(name="region", kind="code", codes=REGIONS),
    ),
    measures=(
        Measure(name="fine", scale=2, unit="CNY", lower=Decimal(0), upper=Decimal(90)),
        Measure(name="late", lower=Decimal(0), upper=Decimal(1), unit="lines"),
    ),
    contributor="customer",
    minimum_contributors=5,
)


@dataclass(frozen=True)
class Row:
    """One line: codes of year, mode and region; the fine in hundredths, None where there is none."""

    customer: str
    key: tuple[int, int, int]
    fine: int | None
    late: int


def rows() -> list[Row]:
    """Many lines, only two customers fined by air in 1994, and none at all by ship in 1993."""
    dice = random.Random(11)
    found = []
    for _ in range(900):
        key = (dice.randrange(3), dice.randrange(3), dice.randrange(2))
        if key[:2] == (1, 2):
            continue
        customer = dice.randrange(60)
        is_fined = customer < 2 if key[:2] == (2, 0) else dice.random() < 0.6
        fine = dice.randrange(1, 9000) if is_fined else None
        found.append(Row(f"c{customer}", key, fine, int(dice.random() < 0.2)))
    return found


def table(**protection: Any) -> PublishedTable:
    """Publish the lines."""
    declaration = Declaration(
        sizes=(3, 3, 2),
        measures=(
            DeclaredMeasure(name="fine", lower=0, upper=9000, unit="CNY", scale=2, empty="skip"),
            DeclaredMeasure(name="late", lower=0, upper=1, unit="lines"),
        ),
        protection=Protection(**protection),
    )
    source = MemorySource(
        [(r.customer, r.key, row_figures(declaration, [r.fine, r.late])) for r in rows()]
    )
    dimensions = tuple((d.name, d.codes) for d in SCHEMA.dimensions)
    made = make_table(declaration, source).table
    return PublishedTable(table=made, dimensions=dimensions, salt="5a" * 16)


def granted(sql: str, of: PublishedTable, *, least: int = 5, mode: str = "masked") -> Granted:
    """Grant a question under a contract that asks for so many contributors."""
    query = parse(sql)
    bound = bind(query, SCHEMA)
    means = meaning(bound, of.version)
    product = cast("Product", None)  # looked at where a plan is taken over
    policy = replace(
        question_offer("urn:x", QuestionTerms(purposes=("quality",))), kind="Agreement"
    )
    return Granted(
        agreement=SimpleNamespace(policy=policy, counterparty="did:web:bolt.example"),  # type: ignore[arg-type]
        bound=bound,
        table=of,
        purpose="quality",
        mode=mode,
        meaning=means,
        minimum_contributors=least,
        min_cohort=3,
        usage=Usage(1, None),
        policy_digest="",
        rules=(),
        trial=Trial(
            request=Request(stage="query", action=QUERY, assignee="did:web:bolt.example"),
            world=World(),
            now=datetime(2026, 1, 1, tzinfo=UTC),
        ),
        plan=Plan(product=product, table=of, query=query, bound=bound, meaning=means),
    )
