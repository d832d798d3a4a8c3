"""Lists as CSV: who may open a list may have its file, whatever firms wrote is no formula there."""

from __future__ import annotations

import csv
import html
import io
import re
from typing import TYPE_CHECKING, Any

import pytest
from flask import Response

from connector.areas.dsp import AgreementRow
from connector.areas.products import ProductRow
from connector.compose import hub, participant
from connector.console.page import Page
from connector.console.tables import Column, Time, cell_of, table_file
from crypto.words import Words
from tests.connector.console.test_workbench import firms  # noqa: F401 -- a fixture

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.console.page import Visit

PAGES = {
    page.path: page for areas in (participant.AREAS, hub.AREAS) for a in areas for page in a.pages
}
LISTS = (
    "/products", "/contracts", "/negotiations", "/deliveries", "/questions", "/people",
    "/evidence", "/participants", "/applications",
)  # fmt: skip


@pytest.mark.parametrize("path", LISTS)
def test_each_list_has_a_file_for_the_same_people(path: str):
    assert PAGES[f"{path}.csv"].may == PAGES[path].may
    assert PAGES[f"{path}.csv"].forms == ()


def test_the_same_as_another_kind_of_file_is_for_the_same_people():
    """Whatever a page can be saved as: one kind shows nobody what another one refuses."""
    kinds: dict[str, set[frozenset[str]]] = {}
    for path, page in PAGES.items():
        stem, dot, kind = path.rpartition("/")[2].partition(".")
        if dot and kind in ("csv", "xlsx"):
            kinds.setdefault(f"{path.rpartition('/')[0]}/{stem}", set()).add(page.may)
    assert {"/questions/{id}/answer", "/received"} <= kinds.keys()
    assert [stem for stem, may in kinds.items() if len(may) > 1] == []


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1+2", "@x", "\tx", "\rx", "＝1", "＋1", "－1", "＠x"]
)
def test_no_cell_is_a_formula(text: str):
    assert cell_of(text, "en").startswith("'")


def test_cells_say_numbers_times_words_and_nothing():
    assert cell_of(-12, "en") == "-12"
    assert cell_of(Time(0), "en") == ""
    assert cell_of(Time(1_700_000_000_000), "zh") == "2023-11-14T22:13:20Z"
    assert cell_of(Words("是", "yes"), "zh") == "是"
    assert cell_of((Words("是", "yes"), "=x"), "en") == "yes, =x"
    assert cell_of(None, "en") == ""
    assert "\u202e" not in cell_of("a\u202eb", "en")
    assert cell_of('a\r\nb"c', "en") == 'a\ufffd\nb"c'


def test_a_list_that_gives_empty_parts_is_read_on_and_ends():
    """A search that looked at a part and found nothing has more; one that never ends is bounded."""
    asked: list[Mapping[str, Any]] = []

    def view(_node: Any, visit: Visit) -> Mapping[str, Any]:
        asked.append(visit.query)
        at = int(visit.asked("before", "0"))
        further = (
            f"/x?before={at + 1}&kind=a%26b" if at < 5 or visit.asked("kind") == "ever" else ""
        )
        return {"rows": [] if at % 2 else [at], "next": further}

    page = Page(name="a.list", path="/x", title=Words("一", "x"), may=frozenset({"cdo"}), view=view,
                template="console/error.html", words=object())  # fmt: skip
    made = table_file(page, rows="rows", columns=[Column(Words("一", "x"), lambda one: one)])
    from connector.console.page import Visit as Opened
    from connector.console.page import Visitor
    from connector.process.actor import Actor

    who = Visitor(
        actor=Actor("person", "p", frozenset({"cdo"})), name="", language="en", session="s"
    )
    node: Any = None
    found = made.view(
        node, Opened(visitor=who, query={"before": ["3"], "bom": ["1"], "kind": ["a&b"]})
    )
    assert isinstance(found, Response)
    assert found.get_data(as_text=True) == "\ufeffx\n0\n2\n4\n"
    assert found.headers["Content-Disposition"] == 'attachment; filename="x.csv"'
    assert asked[0] == {"kind": ["a&b"]}
    assert asked[1] == {"before": ["1"], "kind": ["a&b"]}


def rows(browser: Any, path: str) -> list[list[str]]:
    found = browser.get(path)
    assert found.status_code == 200, found.get_data(as_text=True)[-1000:]
    assert found.headers["Content-Disposition"].startswith("attachment")
    return list(csv.reader(io.StringIO(found.get_data(as_text=True))))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_files_hold_what_the_lists_show(firms, language):  # noqa: F811
    """Products, contracts, negotiations, questions of real nodes; filters hold for them."""
    market, own, other = firms
    agreement = market.agreement()
    market.answer(agreement, "SELECT ship_mode, SUM(qty) FROM deliveries GROUP BY ship_mode")
    own.enter("cdo", language)
    other.enter("cdo", language)
    listed = rows(own, "/products.csv")
    assert listed[1][0] == "deliveries"
    assert len(rows(own, "/products.csv?state=withdrawn")) == 1
    (head, line) = rows(own, "/contracts.csv?role=provider")
    assert head[0] == ("合约编号" if language == "zh" else "Contract")
    assert line[0] == agreement
    assert len(rows(own, "/contracts.csv?role=consumer")) == 1
    assert len(rows(other, f"/contracts.csv?party={market.provider.did}")) == 2
    assert len(rows(other, "/contracts.csv?party=did:web:nobody.example")) == 1
    assert rows(other, "/negotiations.csv?show=over")[1][0] == "deliveries"
    assert len(rows(other, "/negotiations.csv?show=open")) == 1
    asked = rows(other, "/questions.csv?state=answered")
    assert asked[1][1].startswith("SELECT ship_mode")
    assert len(rows(other, "/questions.csv?state=refused")) == 1
    for browser, path in ((own, "/products"), (own, "/contracts?role=provider"),
                          (other, "/negotiations?show=over"), (other, "/questions")):  # fmt: skip
        page = html.unescape(browser.get(path).get_data(as_text=True))
        stem, _, query = path.partition("?")
        wanted = f"{stem}.csv?{query}" if query else f"{stem}.csv"
        assert f'href="{wanted}"' in page


def test_what_another_firm_wrote_is_no_formula_in_a_file(firms):  # noqa: F811
    """An id of a contract that a spreadsheet would run."""
    market, own, _ = firms
    market.agreement()
    evil = '=HYPERLINK("https://evil.example")'
    with market.provider.node.db.transaction() as tx:
        from sqlmodel import select

        row = tx.session.exec(select(AgreementRow)).one()
        values = row.model_dump() | {"negotiation": "urn:n", "agreement": evil}
        tx.session.add(AgreementRow(**values))
        assert tx.session.get(ProductRow, "deliveries") is not None
    own.enter("cdo")
    cells = [line[0] for line in rows(own, "/contracts.csv")[1:]]
    assert f"'{evil}" in cells
    assert not [one for one in cells if re.match(r"[=+@\t\r-]", one)]
