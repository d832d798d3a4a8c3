"""The page of an answer that lacks figures, beside the page of its product."""

from __future__ import annotations

import html
import re
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from sqlmodel import select

from catalog.dcat import TABLE
from connector.areas.dsp import AgreementRow
from connector.areas.products import ProductShelf
from connector.client.answer_counts import counts_of
from connector.client.margin_table import margin_row
from connector.client.margin_words import helpful_margins
from connector.compose.pages import answer_words
from connector.faces.cli.answer_table import AnswerTable
from tests.connector.console.test_workbench import TWO, firms  # noqa: F401


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_thin_answer_counts_figures_and_names_what_is_answered(
    firms: Any,  # noqa: F811
    language: Any,
) -> None:
    """The words of command and page are one; the product's page has the margins that it names."""
    market, _, browser = firms
    told = market.answer(market.agreement(), TWO)
    browser.enter("steward", language)
    shown = html.unescape(browser.get(f"/questions/{told['questionId']}").get_data(as_text=True))
    table, counts = AnswerTable(TWO, told["answer"], language), counts_of(told["answer"])
    assert counts.missing > 0
    assert counts.said(language) in shown
    helps = helpful_margins(told["answer"], table.outputs, told["margins"])
    assert helps
    for one in helps:
        assert f"<li><bdi>{one.said(language)}</bdi></li>" in shown
    ruled = shown.partition(f"<caption>{answer_words.RULES.said(language)}</caption>")[2]
    numbers = re.findall(r'<td class="number">(\d+)</td>', ruled.partition("</table>")[0])
    assert sum(map(int, numbers)) == counts.missing
    path = f"/catalogue/{quote(market.provider.did, safe='')}/deliveries"
    product = html.unescape(browser.get(path).get_data(as_text=True))
    for margin in told["margins"]:
        for figure in margin_row(margin)["figures"]:
            assert f"<bdi>{figure.said(language)}</bdi>" in product


@pytest.mark.long
@pytest.mark.parametrize("counts", [(0, 1), (2, 3), (-1, -1), (1, True)])
def test_margins_that_cannot_be_are_as_none(
    firms: Any,  # noqa: F811
    counts: tuple[Any, Any],
) -> None:
    """A provider shows of more groups than there are: the page of an answer opens all the same."""
    market, _, browser = firms
    agreement, provider = market.agreement(), market.provider.node
    with provider.db.reading() as session:
        dataset = provider.services[ProductShelf].dataset(session, "deliveries")
    groups, released = counts
    for one in dataset[TABLE]["@value"]["margins"]:
        one |= {
            "groups": groups,
            "released": released,
            "measures": dict.fromkeys(one["measures"], released),
        }
    told = market.answer(agreement, TWO)
    assert counts_of(told["answer"]).missing > 0
    assert "margins" not in told
    browser.enter("steward", "en")
    assert browser.get(f"/questions/{told['questionId']}").status_code == 200
    path = f"/catalogue/{quote(market.provider.did, safe='')}/deliveries"
    assert browser.get(path).status_code == 200
    body = {"agreement": agreement, "sql": TWO, "purpose": "capacityPlanning"}
    assert browser.get(f"/questions/new?{urlencode(body)}").status_code == 200


def test_what_margins_say_beside_an_answer_costs_nobody_the_answer(
    firms: Any,  # noqa: F811
) -> None:
    """A home of an earlier version provides, too, under an id under which it asks."""
    market, _, _ = firms
    agreement, node = market.agreement(), market.consumer.node
    with node.db.transaction() as tx:
        row = tx.session.exec(select(AgreementRow)).one()
        other = {"negotiation": "urn:n", "role": "provider", "namesakes": 1}
        tx.session.add(AgreementRow(**(row.model_dump() | other)))
    told, again = (market.answer(agreement, TWO) for _ in range(2))
    assert counts_of(told["answer"]).missing > 0
    assert told["margins"]
    assert again["answer"] == told["answer"]
    assert again["repeated"] != ("margins" in again)  # what is ours already asks nobody
