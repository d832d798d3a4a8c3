"""The tables that agreements of ours open: what a question may write after FROM."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from connector.client import problems
from connector.client.errors import Failed, Unavailable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connector.client.catalogue import Agreement, Product
    from connector.client.connector import Connector


@dataclass(frozen=True, slots=True)
class Table:
    """A table, and the agreement under which it is asked."""

    name: str
    agreement: Agreement
    product: Product


def tables(connector: Connector, only: Sequence[str] = ()) -> list[Table]:
    """Give the tables of all agreements in force under which we ask, or of those named.

    The catalogue of each provider is asked once; one that cannot be reached is left out.
    """
    agreements = [connector.agreement(one) for one in only]
    agreements = agreements or connector.agreements(in_force=True)
    shown: dict[str, list[Product]] = {}
    for provider in dict.fromkeys(one.provider for one in agreements):
        try:
            shown[provider] = connector.products(provider)
        except (Failed, Unavailable):
            shown[provider] = []
    return [
        Table(product.table, agreement, product)
        for agreement in agreements
        for product in shown[agreement.provider]
        if product.dataset == agreement.dataset and product.table
    ]


def agreement_for(connector: Connector, found: Sequence[Table], table: str) -> Agreement:
    """Give the one agreement that opens a table.

    Raises:
        Unavailable: none does, or several do.
    """
    fitting = [one.agreement for one in found if one.name.casefold() == table.casefold()]
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        known = sorted({one.name for one in found}) or problems.NO_TABLE
        closed = Unavailable(problems.TABLE_CLOSED, table=table, known=known)
        raise closed.speaking(connector.language)
    ids = [one.id for one in fitting]
    several = Unavailable(problems.TABLE_OF_SEVERAL, table=table, agreements=ids)
    raise several.speaking(connector.language)
