"""A product that nobody has used is taken back whole; any other is not, whoever comes first."""

from __future__ import annotations

import csv
import json
import threading
from typing import TYPE_CHECKING, Any

import pytest
from sqlmodel import select

from connector.areas.audit.trusting import known_parties, trust_of
from connector.areas.cohort import RosterMemoryRow
from connector.areas.dsp import AgreementRow, ProcessRow
from connector.areas.products.publish import publish
from connector.areas.products.rows import FileVersionRow, ProductRow, ProductVersionRow
from connector.areas.products.taking_back import forget_taken_back
from connector.process.errors import Conflict
from connector.store.rows import LogEntryRow
from contracts.audit.verify import Bundle
from tests.connector.audit.conftest import Case
from tests.connector.audit.second import verified
from tests.connector.questions.market import PRODUCT, publish_deliveries, rows

if TYPE_CHECKING:
    from pathlib import Path

    from tests.connector.questions.market import Market

PATH = "/v1/products/deliveries"
FILE = """
id = "deliveries"
kind = "file"
title = "Bulk"
domain = "production"
level = 1
[[offer]]
name = "file"
formats = ["HttpData-PULL"]
"""


def unpublish(market: Market) -> tuple[int, Any]:
    status, body = market.provider.manage("POST", f"{PATH}/unpublish")
    return status, body if status == 200 else body["error"]["code"]


def kept(market: Market) -> list[str]:
    """What there is of products: rows, and files of versions."""
    node = market.provider.node
    with node.db.reading() as session:
        found = [
            kind.__name__
            for kind in (ProductRow, ProductVersionRow, FileVersionRow)
            for _ in session.exec(select(kind))
        ]
    return found + [p.name for p in (node.settings.data / "products").rglob("*") if p.is_file()]


def leaves(market: Market) -> list[dict[str, Any]]:
    with market.provider.node.db.reading() as session:
        rows = session.exec(select(LogEntryRow).order_by(LogEntryRow.index))
        return [json.loads(row.entry) for row in rows if row.kind == "PRODUCT"]


def as_csv(folder: Path, *, skip: int = 0) -> Path:
    data = folder / f"again-{skip}.csv"
    with data.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["customer", "year", "ship_mode", "region", "qty", "price", "comment"])
        for r in rows()[skip:]:
            writer.writerow([r.customer, r.year, r.ship_mode, r.region, r.qty, r.price, "x"])
    return data


def request(market: Market) -> str:
    """The consumer asks for the offer; nothing is delivered yet. Gives its pid."""
    status, found = market.provider.manage("GET", PATH)
    assert status == 200
    offer = next(o["@id"] for o in found["offers"] if ":narrow:" in o["@id"])
    body = {"provider": market.provider.did, "dataset": "deliveries", "offer": offer}
    status, opened = market.consumer.manage("POST", "/v1/negotiations", body)
    assert status == 201, opened
    pid: str = opened["pid"]
    return pid


def test_it_is_taken_back_whole(market: Market, tmp_path: Path) -> None:
    """Rows and files go, a leaf stays; the same rows may be published under another id."""
    other = PRODUCT.replace('id = "deliveries"', 'id = "records"')
    corrected = as_csv(tmp_path, skip=3)
    with pytest.raises(Conflict):  # its contributors are remembered
        publish(market.provider.node, other, corrected)
    publish_deliveries(market.provider, tmp_path, more=rows()[:5])
    assert unpublish(market) == (200, {"id": "deliveries", "state": "unpublished", "versions": 2})
    assert kept(market) == []
    assert market.provider.manage("GET", "/v1/products")[1] == {"products": []}
    assert market.provider.manage("GET", PATH)[0] == 404
    status, _ = market.consumer.manage(
        "GET", f"/v1/product-pages/deliveries?provider={market.provider.did}"
    )
    assert status == 404
    last = leaves(market)[-1]
    assert (last["from"], last["to"]) == ("PUBLISHED", "UNPUBLISHED")
    assert last["query"] == {"product": "deliveries", "number": 2, "versions": 2}
    assert unpublish(market) == (404, "product-missing")
    assert publish(market.provider.node, other, corrected)["version"]["number"] == 1


def test_another_may_come_under_its_id(market: Market, tmp_path: Path) -> None:
    """From version 1, whatever its shape; what is asked is answered from it alone."""
    assert unpublish(market)[0] == 200
    wider = PRODUCT.replace("bounds = [0, 50]", "bounds = [0, 60]")
    report = publish(market.provider.node, wider, as_csv(tmp_path, skip=100))
    assert report["version"]["number"] == 1
    sql = "SELECT COUNT(*) FROM deliveries"
    answer = market.answer(market.agreement(), sql)["answer"]
    assert answer["cells"][0]["values"]["*:count"] == str(len(rows()) - 100)
    assert answer["dataVersion"] == report["version"]


def test_a_withdrawn_product_too(market: Market) -> None:
    """As long as nobody had agreed."""
    assert market.provider.manage("DELETE", PATH)[0] == 200
    assert unpublish(market)[0] == 200
    assert leaves(market)[-1]["from"] == "WITHDRAWN"
    assert kept(market) == []


def test_not_once_there_was_an_agreement(market: Market) -> None:
    """In force, or ended by either side: what it was good for may have been used."""
    before = kept(market)
    agreement = market.agreement()
    status, body = market.provider.manage("POST", f"{PATH}/unpublish")
    assert (status, body["error"]["code"]) == (409, "product.agreed")
    assert body["error"]["next"].startswith("use `voile withdraw deliveries`")
    ended = market.provider.manage("POST", f"/v1/agreements/{agreement}/end", {})
    assert ended[0] == 200, ended
    market.settle()
    assert unpublish(market) == (409, "product.agreed")
    assert market.provider.manage("DELETE", PATH)[0] == 200
    assert unpublish(market) == (409, "product.agreed")
    assert kept(market) == before


def test_not_while_it_is_negotiated(market: Market) -> None:
    """One that has ended without an agreement stands against nothing."""
    pid = request(market)
    node = market.provider.node
    with node.db.transaction() as tx:  # as one that waits for its owner would stand
        tx.session.add(
            ProcessRow(
                pid="urn:waits",
                kind="negotiation",
                role="provider",
                counterparty="did:web:crow.example",
                callback="https://crow.example",
                state="REQUESTED",
                dataset="deliveries",
                created_ms=0,
                changed_ms=0,
            )
        )
    assert unpublish(market) == (409, "product.negotiated")
    with node.db.transaction() as tx:
        row = tx.session.get_one(ProcessRow, "urn:waits")
        row.state = "TERMINATED"
        tx.session.add(row)
    assert unpublish(market)[0] == 200
    market.settle()  # what was on its way comes too late
    state = market.consumer.manage("GET", f"/v1/negotiations/{pid}")[1]["state"]
    assert state not in ("AGREED", "VERIFIED", "FINALIZED")
    with node.db.reading() as session:
        assert session.exec(select(AgreementRow)).all() == []


def test_not_once_a_total_may_stand_on_it(market: Market) -> None:
    """What an earlier version of ours answered of it counts, too."""
    with market.provider.node.db.transaction() as tx:
        tx.session.add(
            RosterMemoryRow(
                dataset="deliveries", cell="c", consumer="d", session="s", roster="r", shape="x"
            )
        )
    assert unpublish(market) == (409, "product.tabled")


def test_one_transaction_decides(market: Market, tmp_path: Path) -> None:
    """Request and owner at once, again and again: an agreement, or no product, never both."""
    outcomes = set()
    for turn in range(6):
        request(market)
        found: list[int] = []
        deliver = threading.Thread(target=market.consumer.deliver)
        deliver.start()
        if turn % 2:
            deliver.join()
        found.append(unpublish(market)[0])
        deliver.join()
        market.settle()
        with market.provider.node.db.reading() as session:
            agreed = bool(session.exec(select(AgreementRow)).first())
            there = session.get(ProductRow, "deliveries") is not None
        assert (agreed, there) in {(True, True), (False, False)}
        assert (found[0] == 200) is (not there)
        outcomes.add(there)
        if there:
            break
        publish_deliveries(market.provider, tmp_path)
    assert True in outcomes, "a request that came first was not seen"


def test_what_a_killed_process_left_goes_at_the_next_start(market: Market, tmp_path: Path) -> None:
    """The files of a product that was taken back; those of a product that the log knows otherwise stay."""
    root = market.provider.node.settings.data / "products"
    (basis,) = (root / "deliveries").glob("basis-*.parquet")
    content = basis.read_bytes()
    assert unpublish(market)[0] == 200
    for folder in ("deliveries", "unknown"):
        (root / folder).mkdir(exist_ok=True)
        (root / folder / basis.name).write_bytes(content)
    forget_taken_back(market.provider.node)
    assert [path.name for path in root.iterdir()] == ["unknown"]
    publish_deliveries(market.provider, tmp_path)
    before = kept(market)
    forget_taken_back(market.provider.node)
    assert kept(market) == before


def test_a_file_goes_with_its_copy(market: Market, tmp_path: Path) -> None:
    """A file product: under the id of a table that was taken back."""
    assert unpublish(market)[0] == 200
    publish(market.provider.node, FILE, as_csv(tmp_path))
    assert "FileVersionRow" in kept(market)
    assert unpublish(market)[0] == 200
    assert kept(market) == []


def test_both_verifiers_take_its_leaf(market: Market, tmp_path: Path) -> None:
    """A product taken back, another under its id, asked: the bundles of both sides hold."""
    assert unpublish(market)[0] == 200
    publish_deliveries(market.provider, tmp_path)
    market.clock.advance(1)
    market.answer(market.agreement(), "SELECT COUNT(*) FROM deliveries")
    market.clock.advance(120)
    trust, _ = trust_of(market.consumer.node, known_parties(market.consumer.node))
    pair: Any = market
    empty = Bundle(files={}, trust=trust, now=0)
    case = Case(pair, trust, empty, empty, tmp_path)
    assert verified(case.export(market.provider, "acme.bundle")).findings == ()
    assert verified(case.export(market.consumer, "bolt.bundle")).findings == ()


def test_who_may(market: Market) -> None:
    """The cdo, as withdrawing; a steward may not."""
    for role, wanted in (("steward", 403), ("auditor", 403), ("security", 403), ("cdo", 200)):
        body = {"name": role, "roles": [role]}
        token = market.provider.manage("POST", "/v1/management-keys", body)[1]["token"]
        status, _ = market.provider.manage("POST", f"{PATH}/unpublish", token=token)
        assert status == wanted, role
