"""The first page says what it did not look at."""

from __future__ import annotations

import pytest
from sqlmodel import select

from connector.areas.dsp import AgreementRow
from connector.compose.pages import home_figures
from tests.connector.console.test_workbench import firms  # noqa: F401 -- a fixture


@pytest.mark.parametrize("language", ["zh", "en"])
def test_contracts_that_were_not_looked_at_are_said(firms, monkeypatch, language):  # noqa: F811
    """Old contracts end first: that none is named must not read as that none ends."""
    market, _, browser = firms
    market.agreement()
    said = "只查看了最近 1 份" if language == "zh" else "only the newest 1 contracts"
    browser.enter("steward", language)
    monkeypatch.setattr(home_figures, "_LOOKED", 1)
    assert said not in browser.get("/").get_data(as_text=True)
    with market.consumer.node.db.transaction() as tx:
        row = tx.session.exec(select(AgreementRow)).one()
        values = row.model_dump() | {"negotiation": "urn:older", "agreement": "urn:older:a"}
        tx.session.add(AgreementRow(**values))
    assert said in browser.get("/").get_data(as_text=True)
