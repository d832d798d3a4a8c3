"""What a question's text means on a product's declared table: read and bound outside transactions.

Parsing and binding may take long, and a transaction has the database to itself. So a question is
planned first; the transaction that answers it only looks whether the plan still fits.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from connector.areas.products import newest_digest, protected_table
from connector.areas.questions import problems
from connector.process.errors import StoreError
from policies.errors import QueryError
from policies.plan import bind, meaning
from policies.sql import parse

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlmodel import Session

    from catalog.product import Product
    from connector.identity.work import Work
    from connector.party.node import Node
    from crypto.disclosure.published import PublishedTable
    from policies.plan import BoundQuery
    from policies.query import AggregateQuery


ATTEMPTS: Final = 3  # of a question whose agreement or product changes meanwhile
T = TypeVar("T")


class OvertakenError(StoreError):
    """What a question was planned on has changed before it was answered."""

    def __init__(self) -> None:
        super().__init__(problems.OVERTAKEN)


def in_turn(attempt: Callable[[], T]) -> T:
    """Plan and then answer; again, from the start, while something changes in between.

    Raises:
        OvertakenError: It changes all the time.
    """
    for _ in range(ATTEMPTS - 1):
        with suppress(OvertakenError):
            return attempt()
    return attempt()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A question on one declared table and data version.

    Attributes:
        product: What its owner declared.
        table: The newest data version.
        frozen: Digest of the data version that it is answered from, if not the newest.
        query: The question as it was read; None if it cannot be asked.
        bound: The question; None if it cannot be asked.
        meaning: Digest of what it means on its data version; empty if it cannot be asked.
        error: Why it cannot be asked.
    """

    product: Product
    table: PublishedTable
    frozen: str = ""
    query: AggregateQuery | None = None
    bound: BoundQuery | None = None
    meaning: str = ""
    error: QueryError | None = None

    def fits(self, session: Session, product: Product, frozen: str = "") -> bool:
        """Say whether it is about what is on offer now.

        What is answered from a frozen version is not overtaken by a newer one.
        """
        if frozen != self.frozen or not (self.product is product or self.product == product):
            return False
        return bool(frozen) or newest_digest(session, product.id) == self.table.version


def make_plan(
    node: Node, session: Session, product: Product, sql: str, work: Work, *, frozen: str = ""
) -> Plan:
    """Read and bind a question.

    Args:
        node: This node, the provider.
        session: For reading; never that of a transaction.
        product: What is on offer.
        sql: The question's text.
        work: Counts the steps.
        frozen: Digest of the data version that it is answered from, if not the newest.
    """
    if node.db.held_here():
        raise RuntimeError("a question planned inside a transaction: plan it before")
    table = protected_table(session, product.id)
    work.text(sql)
    try:
        query = parse(sql)
        bound = bind(query, product.schema, spend=work.runs)
    except QueryError as error:
        # what led to it would keep the filter for as long as the error
        error.__context__ = error.__cause__ = error.__traceback__ = None
        return Plan(product=product, table=table, frozen=frozen, error=error)
    return Plan(
        product=product,
        table=table,
        frozen=frozen,
        query=query,
        bound=bound,
        meaning=meaning(bound, frozen or table.version),
    )
