"""Two providers under one agreement id, as homes of earlier versions may hold: judged apart."""

from __future__ import annotations

import pytest

from tests.connector.audit.second import verified
from tests.contracts.audit.test_agreed import without
from tests.contracts.audit.witnessed import MINUTE, SELLER, deal

OTHER = "did:web:crow.example"


def codes(party: str, kind: str) -> set[str]:
    """What both verifiers find where a contract under way has a final namesake of this party."""
    made = deal()
    book = made.buyer
    book.lines = [
        line for line in book.lines if b"VERIFIED" not in line and b"FINALIZED" not in line
    ]
    book.write(made.now, kind=kind, role="consumer", counterparty=party,
               agreement=made.agreement, to_state="FINALIZED")  # fmt: skip
    made.now += 10 * MINUTE
    book.write(made.now, kind="ACCESS", to_state="EXPORTED")
    bundle = without(made, book, "VERIFIED", "FINALIZED")
    return {one.code for one in verified(bundle).findings}


@pytest.mark.parametrize("kind", ["NEGOTIATION", "AGREEMENT"])
def test_what_another_provider_concluded_concludes_no_other_contract(kind: str):
    """Final is the contract of whoever's leaf says so: of one signed by one side that is a finding."""
    assert "agreement-one-sided" in codes(SELLER, kind)
    assert "agreement-one-sided" not in codes(OTHER, kind)
