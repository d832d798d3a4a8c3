"""What a session costs at a provider: held from the first phase, charged by the second, given back.

A charge is keyed by what is asked of whom: the question's meaning on a data version, and the
roster. So the same total is charged once however many sessions it takes, and giving it back must
leave it alone while another session of the same total stands on it.

Which cells are cleared tells something too: who holds what. A consumer that stops there keeps the
charge; asking for the same total again is then free.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlmodel import col, select

from connector.areas.cohort.rows import ProviderSessionRow
from connector.areas.questions import commit_use, release_use, reserve_use
from contracts.cohort import states
from crypto.canonical import digest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connector.store.transaction import Transaction

GRACE_SECONDS: Final = 60
FOR_GOOD_SECONDS: Final = 100 * 365 * 86_400  # until the aggregator's signed word gives it back


def charge_key(meaning: str, roster: Sequence[str]) -> str:
    """Name what is charged: this meaning, of this roster."""
    return "cohort:" + digest({"meaning": meaning, "roster": sorted(roster)})


def hold(tx: Transaction, row: ProviderSessionRow, *, seconds: int) -> None:
    """Reserve the answer while phase A runs; what stands already stays as it is."""
    if not is_charged(tx, row):
        reserve_use(
            tx,
            counterparty=row.consumer,
            agreement=row.agreement,
            key=row.charge_key,
            seconds=seconds + GRACE_SECONDS,
        )


def charge(tx: Transaction, row: ProviderSessionRow) -> None:
    """Charge the answer, in the transaction that makes the batch."""
    reserve_use(
        tx,
        counterparty=row.consumer,
        agreement=row.agreement,
        key=row.charge_key,
        seconds=FOR_GOOD_SECONDS,
    )


def is_charged(tx: Transaction, row: ProviderSessionRow) -> bool:
    """Say whether this total is charged already, by another session."""
    return _others(tx, row, (states.CONTRIBUTED, states.SETTLED))


def settle(tx: Transaction, row: ProviderSessionRow) -> None:
    """Make the charge final: the aggregator released the total."""
    commit_use(tx, counterparty=row.consumer, agreement=row.agreement, key=row.charge_key)


def keep(tx: Transaction, row: ProviderSessionRow) -> None:
    """Charge a session that its consumer stopped, knowing which cells are cleared."""
    settle(tx, row)


def give_back(tx: Transaction, row: ProviderSessionRow) -> None:
    """Give back what a session held or was charged, unless another one stands on it."""
    live = (states.ACCEPTED, states.INDICATED, states.CONTRIBUTED, states.SETTLED)
    if not _others(tx, row, live):
        release_use(tx, counterparty=row.consumer, agreement=row.agreement, key=row.charge_key)


def _others(tx: Transaction, row: ProviderSessionRow, live: Sequence[str]) -> bool:
    query = select(ProviderSessionRow.session).where(
        ProviderSessionRow.consumer == row.consumer,
        ProviderSessionRow.agreement == row.agreement,
        ProviderSessionRow.charge_key == row.charge_key,
        ProviderSessionRow.session != row.session,
        col(ProviderSessionRow.state).in_(live),
    )
    return tx.session.exec(query).first() is not None
