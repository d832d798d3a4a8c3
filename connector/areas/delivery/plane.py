"""Plain delivery as a format of transfers, on both sides: what it needs, opens and stops."""
# ruff: noqa: ARG002 -- a plane is told more than each step needs

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Final

from catalog.file_product import PULL, PUSH
from connector.areas.delivery import grants, problems
from connector.areas.delivery.addresses import (
    Endpoint,
    check_destination,
    pull_address,
    push_address,
    read,
)
from connector.areas.delivery.live import Deliveries
from connector.areas.delivery.may_flow import formats, policy_reasons
from connector.areas.delivery.rows import WAITING, PushRow
from connector.areas.dsp import STOPS, NullPlane
from connector.areas.products import published_file
from contracts import problems_transfers, transfer
from contracts.errors import UnacceptableTermsError

if TYPE_CHECKING:
    from sqlmodel import Session

    from connector.areas.dsp import Address, AgreementRecord, Dsp, ProcessRecord
    from connector.store.transaction import Transaction
    from policies.reasons import Reason

ROUTE: Final = "/voile/v1/data"


class FilePlane(NullPlane, ABC):
    """What fetching a file and sending one have in common."""

    format: str
    sealed = True

    def check(
        self, dsp: Dsp, session: Session, agreement: AgreementRecord, destination: Address | None
    ) -> None:
        """See that the agreement lets a file through in this format."""
        self._check_destination(dsp, agreement, destination)
        if agreement.role != "provider":
            return
        file = published_file(session, agreement.dataset_id)
        granted = () if file is None else formats(session, agreement, file)
        if self.format not in granted:
            raise UnacceptableTermsError(
                problems_transfers.FORMAT_UNSUPPORTED, clause="format", format=self.format
            )

    @abstractmethod
    def _check_destination(
        self, dsp: Dsp, agreement: AgreementRecord, destination: Address | None
    ) -> None:
        """See that a destination is there exactly where the format wants one."""

    def hindrances(
        self, dsp: Dsp, tx: Transaction, row: ProcessRecord, agreement: AgreementRecord
    ) -> tuple[Reason, ...]:
        """Decide the use by the agreement's terms; who has signed it is no matter here."""
        return policy_reasons(dsp.node, tx.session, agreement)

    def moved(self, dsp: Dsp, tx: Transaction, row: ProcessRecord) -> None:
        """Stop what may not go on, as soon as that is committed."""
        deliveries = dsp.node.services[Deliveries]
        stopping = row.flying_event in STOPS
        if row.role == "provider" and (stopping or row.state != transfer.STARTED):
            code = "transfer.stopping" if stopping else f"transfer.{row.state.lower() or 'opening'}"
            tx.after_commit(lambda: deliveries.cut(row.pid, code))
        tx.after_commit(deliveries.wake)
        if row.state in transfer.TABLE.final:
            for name in (destination_name(row.pid), address_name(row.pid)):
                dsp.node.secrets.delete(tx, name)


class PullPlane(FilePlane):
    """The consumer fetches the file with a token that each Start brings anew."""

    format = PULL

    def _check_destination(
        self, dsp: Dsp, agreement: AgreementRecord, destination: Address | None
    ) -> None:
        if destination is not None:
            raise UnacceptableTermsError(
                problems_transfers.ADDRESS_UNEXPECTED, clause="dataAddress", format=PULL
            )

    def address(self, dsp: Dsp, tx: Transaction, row: ProcessRecord) -> dict[str, Any]:
        """Open the file under a fresh token; only the message holds it."""
        path, token = grants.grant(dsp.node, tx, row.pid)
        url = f"{dsp.node.settings.public_url}{ROUTE}/{path}"
        row.data_address = json.dumps({"@type": "DataAddress", "endpoint": url})
        return pull_address(url, token)

    def received(self, dsp: Dsp, tx: Transaction, row: ProcessRecord, address: Address) -> None:
        """Seal what opens the file; show where it is."""
        endpoint = read(address)
        dsp.node.secrets.put(tx, address_name(row.pid), json.dumps(endpoint.to_json()).encode())
        row.data_address = json.dumps({"@type": "DataAddress", "endpoint": endpoint.shown})

    def moved(self, dsp: Dsp, tx: Transaction, row: ProcessRecord) -> None:
        """Nothing opens the file while the transfer is not started."""
        super().moved(dsp, tx, row)
        started = row.state == transfer.STARTED or row.flying_event == transfer.START
        if row.role == "provider" and (not started or row.flying_event in STOPS):
            grants.withdraw(tx, row.pid)


class PushPlane(FilePlane):
    """The provider sends the file to where the consumer's request says."""

    format = PUSH

    def _check_destination(
        self, dsp: Dsp, agreement: AgreementRecord, destination: Address | None
    ) -> None:
        if destination is None:
            raise UnacceptableTermsError(
                problems.DESTINATION_MISSING, clause="dataAddress", format=PUSH
            )
        endpoint = read(destination)
        if agreement.role == "provider":
            check_destination(endpoint, loopback_http=dsp.node.settings.testing.loopback_http)

    def opened(
        self, dsp: Dsp, tx: Transaction, row: ProcessRecord, destination: Address | None
    ) -> None:
        """Seal where the file goes; as provider note that it shall be sent."""
        assert destination is not None, "checked before"
        endpoint = read(destination)
        dsp.node.secrets.put(tx, destination_name(row.pid), json.dumps(endpoint.to_json()).encode())
        if row.role == "provider":
            tx.session.add(PushRow(transfer=row.pid))
            tx.session.flush()

    def destination(self, dsp: Dsp, tx: Transaction, row: ProcessRecord) -> dict[str, Any]:
        """Give it to the provider in our request."""
        sealed = dsp.node.secrets.get(destination_name(row.pid), tx=tx)
        return push_address(Endpoint(**json.loads(sealed)))

    def moved(self, dsp: Dsp, tx: Transaction, row: ProcessRecord) -> None:
        """Once started, the file is due; once resumed, from its first byte."""
        super().moved(dsp, tx, row)
        if row.role != "provider" or row.state != transfer.STARTED or row.flying_event:
            return
        push = tx.session.get(PushRow, row.pid)
        if push is not None and push.state == WAITING:
            push.next_ms = 0
            tx.session.add(push)
            tx.session.flush()


def destination_name(pid: str) -> str:
    """Name the secret that holds where a push goes."""
    return f"delivery/destination/{pid}"


def address_name(pid: str) -> str:
    """Name the secret that holds what opens the file at the provider."""
    return f"delivery/address/{pid}"


PLANES: Final = {PULL: PullPlane(), PUSH: PushPlane()}
