"""How data flows under an agreement: in which formats, to or from where, and when it stops.

The protocol moves transfers; a *plane* is what a transfer's format means. Private questions and
plain deliveries are two; one through which nothing flows is `NullPlane`, from which others differ.
"""
# ruff: noqa: ARG002 -- a plane that does nothing has no use for what it is told

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from sqlmodel import Session

    from connector.areas.dsp.agreements import AgreementRecord
    from connector.areas.dsp.context import Dsp
    from connector.areas.dsp.processes import ProcessRecord
    from connector.store.transaction import Transaction
    from policies.reasons import Reason

Address = Mapping[str, Any]  # a DSP DataAddress, as it is on the wire


class DataPlane(Protocol):
    """What the protocol asks of a format. All calls run in the transaction of their cause.

    Attributes:
        sealed: Whether its addresses open something, so that they lie nowhere in clear.
    """

    sealed: bool

    def check(
        self, dsp: Dsp, session: Session, agreement: AgreementRecord, destination: Address | None
    ) -> None:
        """Look at a transfer that is being opened, as provider or as consumer.

        Args:
            dsp: The protocol.
            session: Any session.
            agreement: The agreement, in force.
            destination: Data address of the request: where a push goes.

        Raises:
            UnacceptableTermsError: The agreement has no such format, or the address is refused.
        """
        ...

    def opened(
        self, dsp: Dsp, tx: Transaction, row: ProcessRecord, destination: Address | None
    ) -> None:
        """Keep where a transfer shall go that was just opened; its row is stored."""
        ...

    def hindrances(
        self, dsp: Dsp, tx: Transaction, row: ProcessRecord, agreement: AgreementRecord
    ) -> tuple[Reason, ...]:
        """Say why a transfer that a peer asks for may not start now; as provider."""
        ...

    def destination(self, dsp: Dsp, tx: Transaction, row: ProcessRecord) -> Address | None:
        """Give the data address of our request; as consumer."""
        ...

    def address(self, dsp: Dsp, tx: Transaction, row: ProcessRecord) -> Address | None:
        """Give the data address of a Start that we are about to send, each time anew; provider."""
        ...

    def received(self, dsp: Dsp, tx: Transaction, row: ProcessRecord, address: Address) -> None:
        """Keep the data address that a Start has brought; as consumer."""
        ...

    def renews(self, dsp: Dsp, row: ProcessRecord) -> bool:
        """Whether a consumer's Start (it resumes) is answered with ours; as provider."""
        ...

    def moved(self, dsp: Dsp, tx: Transaction, row: ProcessRecord) -> None:
        """Hear that a transfer is stored, its state or what we sent, on either side."""
        ...


class NullPlane:
    """A plane through which nothing flows: every agreement, no address, nothing to stop."""

    sealed: bool = False

    def check(
        self, dsp: Dsp, session: Session, agreement: AgreementRecord, destination: Address | None
    ) -> None:
        """Take it."""

    def opened(
        self, dsp: Dsp, tx: Transaction, row: ProcessRecord, destination: Address | None
    ) -> None:
        """Keep nothing."""

    def hindrances(
        self, dsp: Dsp, tx: Transaction, row: ProcessRecord, agreement: AgreementRecord
    ) -> tuple[Reason, ...]:
        """Let it start if the gate does."""
        return dsp.gate.reasons(
            tx.session,
            "transfer",
            policy=agreement.policy,
            peer=row.counterparty,
            dataset=agreement.dataset_id,
        )

    def destination(self, dsp: Dsp, tx: Transaction, row: ProcessRecord) -> Address | None:
        """Give none."""
        return None

    def address(self, dsp: Dsp, tx: Transaction, row: ProcessRecord) -> Address | None:
        """Give none."""
        return None

    def received(self, dsp: Dsp, tx: Transaction, row: ProcessRecord, address: Address) -> None:
        """Keep nothing."""

    def renews(self, dsp: Dsp, row: ProcessRecord) -> bool:
        """Answer: DSP has the provider send the Start that carries an address."""
        return True

    def moved(self, dsp: Dsp, tx: Transaction, row: ProcessRecord) -> None:
        """Nothing to stop."""
