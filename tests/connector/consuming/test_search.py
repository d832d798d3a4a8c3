"""The search box of a firm: from an id of a contract, negotiation or transfer to its page."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from sqlmodel import select

from connector.areas.dsp import AgreementRow, ProcessRow
from connector.compose.pages.finding import finds
from tests.connector.consuming.test_by_forms import concluded

if TYPE_CHECKING:
    from tests.connector.consuming.desk import Desk
    from tests.connector.dsp.conftest import Pair


def test_each_id_of_a_contract_leads_to_it(pair: Pair, buyer: Desk):
    line = concluded(pair, buyer)
    buyer.does(line, "open")
    pair.settle()
    with pair.consumer.node.db.reading() as session:
        agreement = session.exec(select(AgreementRow)).one().agreement
        by_kind = {row.kind: row.pid for row in session.exec(select(ProcessRow))}
        assert list(finds(session, agreement)) == [line]
        assert list(finds(session, by_kind["transfer"])) == [
            f"/deliveries/{quote(by_kind['transfer'], safe='')}"
        ]
        there = f"/negotiations/{quote(by_kind['negotiation'], safe='')}"
        assert list(finds(session, by_kind["negotiation"])) == [there]
        assert list(finds(session, agreement.upper())) == []
    assert "Questions may be asked" in buyer.get(line)


@pytest.mark.parametrize("text", ["", "%", "urn:uuid:none", "../..", "'"])
def test_what_is_no_id_finds_nothing(pair: Pair, text: str):
    with pair.consumer.node.db.reading() as session:
        assert list(finds(session, text)) == []
