"""Private questions as a format of transfers: what lets them through, and where they go."""
# ruff: noqa: ARG002 -- a plane is told more than this one needs

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from connector.areas.dsp import QUESTION_FORMAT, NullPlane, not_mutual
from connector.areas.products import published_file
from contracts import problems_transfers
from contracts.errors import UnacceptableTermsError

if TYPE_CHECKING:
    from sqlmodel import Session

    from connector.areas.dsp import Address, AgreementRecord, Dsp, ProcessRecord
    from connector.store.transaction import Transaction
    from policies.reasons import Reason

QUESTION_ENDPOINT: Final = "https://w3id.org/voile/ns/QuestionEndpoint"


class QuestionPlane(NullPlane):
    """Questions go to one endpoint; who may ask is proven by the token of each."""

    def check(
        self, dsp: Dsp, session: Session, agreement: AgreementRecord, destination: Address | None
    ) -> None:
        """Refuse a destination: an answer goes to who asks. A file takes no questions."""
        if agreement.role == "provider" and published_file(session, agreement.dataset_id):
            raise UnacceptableTermsError(problems_transfers.FILE_UNASKED, clause="format")
        if destination is not None:
            raise UnacceptableTermsError(
                problems_transfers.ANSWERS_GO_BACK, clause="dataAddress", format=QUESTION_FORMAT
            )

    def hindrances(
        self, dsp: Dsp, tx: Transaction, row: ProcessRecord, agreement: AgreementRecord
    ) -> tuple[Reason, ...]:
        """Only an agreement that both have signed lets questions through."""
        lacking = not_mutual(agreement)
        if lacking is not None:
            return (lacking,)
        return super().hindrances(dsp, tx, row, agreement)

    def address(self, dsp: Dsp, tx: Transaction, row: ProcessRecord) -> dict[str, Any]:
        """Say where questions go."""
        found = {
            "@type": "DataAddress",
            "endpointType": QUESTION_ENDPOINT,
            "endpoint": f"{dsp.node.settings.public_url}/voile/v1/questions",
        }
        row.data_address = json.dumps(found)
        return found

    def received(self, dsp: Dsp, tx: Transaction, row: ProcessRecord, address: Address) -> None:
        """Keep it: it opens nothing by itself."""
        row.data_address = json.dumps(address, ensure_ascii=False)

    def renews(self, dsp: Dsp, row: ProcessRecord) -> bool:
        """A Voile needs no answer, see rule 3 of the machine."""
        document = dsp.node.peers.cached(row.counterparty)
        return document is None or not document.is_voile
