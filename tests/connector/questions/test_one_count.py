"""One count of figures: the owner's report, the product's page and a buyer's answer have the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connector.client.answer_counts import counts_of
from connector.client.margin_table import counts_of_groups, term_of
from connector.faces.cli.report_sheet import print_report
from connector.faces.cli.tongue import speaking
from policies.margins import grouping_by, groupings_of

if TYPE_CHECKING:
    import pytest

    from tests.connector.questions.market import Market

FIGURES = {"rows": "*:count", "qty": "qty:sum", "price": "price:sum"}
FINEST = "SELECT year, ship_mode, COUNT(*), SUM(qty), SUM(price) FROM deliveries WHERE region = '{}' GROUP BY year, ship_mode"  # fmt: skip


def test_report_page_and_answers_count_the_same(
    market: Market, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of every figure: shown, merged, withheld, over all finest cells."""
    agreement = market.agreement()
    answers = [market.answer(agreement, FINEST.format(one))["answer"] for one in ("EAST", "WEST")]
    status, owned = market.provider.manage("GET", "/v1/products/deliveries")
    assert status == 200
    report = owned["report"]
    status, page = market.consumer.manage(
        "GET", f"/v1/product-pages/deliveries?provider={market.provider.did}"
    )
    assert status == 200
    with speaking("en"):
        print_report(report)
    lines = {line.split()[0]: line.split()[1:4] for line in capsys.readouterr().out.splitlines() if line[:3] in ("COU", "SUM")}  # fmt: skip
    some_merged = False
    for figure in report["figures"]:
        counted = [counts_of(answer, [FIGURES[figure["name"]]]) for answer in answers]
        for name in ("shown", "merged", "withheld"):
            assert figure[name] == sum(getattr(one, name) for one in counted), figure
        told = [str(figure[name]) for name in ("shown", "merged", "withheld")]
        assert lines[term_of(figure["name"])] == told
        measure = "*" if figure["name"] == "rows" else figure["name"]
        for margins in (page["margins"], report["margins"]):
            finest = grouping_by(groupings_of(margins, measure), ["year", "ship_mode", "region"])
            assert finest is not None
            assert finest.released == figure["shown"]
            assert finest.groups == sum(figure[one] for one in ("shown", "merged", "withheld"))
        some_merged = some_merged or figure["merged"] > 0
    assert some_merged
    assert [counts_of_groups(one) for one in page["margins"]] == [
        counts_of_groups(one) for one in report["margins"]
    ]


def test_an_answer_that_lacks_something_comes_with_what_is_published(market: Market) -> None:
    """Of the groupings that may be asked for, as the catalogue has them; no more with a whole one."""
    agreement = market.agreement()
    thin: Any = market.answer(agreement, FINEST.format("WEST"))
    assert counts_of(thin["answer"]).missing > 0
    status, page = market.consumer.manage(
        "GET", f"/v1/product-pages/deliveries?provider={market.provider.did}"
    )
    assert status == 200
    published = [one for one in page["margins"] if "region" not in one["dimensions"]]
    assert thin["margins"] == published
    whole: Any = market.answer(agreement, "SELECT year, SUM(qty) FROM deliveries GROUP BY year")
    assert counts_of(whole["answer"]).missing == 0
    assert "margins" not in whole
    explained: Any = market.answer(agreement, FINEST.format("EAST"), explain=True)
    assert explained["margins"] == published


def test_what_is_suggested_is_shown_whole(market: Market) -> None:
    """Each question that the page proposes is asked: no figure of its answer is missing."""
    agreement = market.agreement()
    status, page = market.consumer.manage(
        "GET", f"/v1/product-pages/deliveries?provider={market.provider.did}"
    )
    assert status == 200
    questions = page["offers"][0]["questions"]
    assert questions
    for one in questions:
        answer = market.answer(agreement, one["sql"])["answer"]
        assert counts_of(answer).missing == 0, one["sql"]
