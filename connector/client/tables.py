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


@dataclass(frozen=True, slots=True)
class Opened:
    """What agreements open, as far as it could be seen.

    Attributes:
        tables: each with its agreement.
        unseen: agreements of which nobody knows now which table they open: the provider's catalogue
            was not to be had, or does not show the product.
    """

    tables: tuple[Table, ...]
    unseen: tuple[Agreement, ...] = ()

    def named(self, table: str) -> list[Table]:
        """Give those of one name, whatever its case."""
        return [one for one in self.tables if one.name.casefold() == table.casefold()]


def tables(connector: Connector, only: Sequence[str] = ()) -> Opened:
    """Give the tables of all agreements in force under which we ask, or of those named.

    The catalogue of each provider is asked once.
    """
    agreements = [connector.agreement(one) for one in only]
    agreements = agreements or connector.agreements(in_force=True)
    shown: dict[str, list[Product]] = {}
    for provider in dict.fromkeys(one.provider for one in agreements):
        try:
            shown[provider] = connector.products(provider)
        except (Failed, Unavailable):
            shown[provider] = []
    found: list[Table] = []
    unseen: list[Agreement] = []
    for agreement in agreements:
        of_it = [one for one in shown[agreement.provider] if one.dataset == agreement.dataset]
        found += [Table(one.table, agreement, one) for one in of_it if one.table]
        if not of_it:
            unseen.append(agreement)
    return Opened(tuple(found), tuple(unseen))


def agreement_for(connector: Connector, opened: Opened, table: str) -> Agreement:
    """Give the one agreement that opens a table.

    Raises:
        Unavailable: none does, or several do; or of one it could not be seen, and it might.
    """
    fitting = [one.agreement for one in opened.named(table)]
    if len(fitting) > 1:
        ids = [one.id for one in fitting]
        several = Unavailable(problems.TABLE_OF_SEVERAL, table=table, agreements=ids)
        raise several.speaking(connector.language)
    if opened.unseen:
        raise unseen(connector, opened, table)
    if fitting:
        return fitting[0]
    known = sorted({one.name for one in opened.tables}) or problems.NO_TABLE
    closed = Unavailable(problems.TABLE_CLOSED, table=table, known=known)
    raise closed.speaking(connector.language)


def unseen(connector: Connector, opened: Opened, table: str) -> Unavailable:
    """Give the error that names the agreements which might open a table, too."""
    made = Unavailable(
        problems.TABLE_UNSEEN,
        table=table,
        agreements=[one.id for one in opened.unseen],
        providers=list(dict.fromkeys(one.provider for one in opened.unseen)),
    )
    return made.speaking(connector.language)
