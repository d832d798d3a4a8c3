"""Drafts of products: from a file that is handed in to what publishing would take, and is taken."""

from __future__ import annotations

import io
import random
from typing import TYPE_CHECKING, Any

import pytest

from catalog.product_file import read_product
from connector.areas.products import draft_api, spool, store
from connector.areas.products.draft_cells import cells_digest
from connector.areas.products.rows import ProductRow
from connector.party.operation import Call
from connector.process.actor import Actor, acting
from tests.areas import OWN, PRODUCTS
from tests.waiting import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.simulators import Party

AREAS = (OWN, PRODUCTS)
STEWARD = Actor("command", "test", frozenset({"steward"}))


@pytest.fixture
def acme(party: Callable[..., Party]) -> Iterator[Party]:
    """A party whose background works."""
    yield from working(party("acme", areas=AREAS))


def working(made: Party) -> Iterator[Party]:
    for worker in made.apps.workers:
        worker.start()
    yield made
    for worker in made.apps.workers:
        worker.stop()


def orders(*, bad: int = 0) -> str:
    """A CSV file with Chinese headers: 40 customers, two years, three ways, one rare region."""
    dice = random.Random(7)
    lines = ["客户,日期,运输方式,金额,备注"]
    for row in range(600):
        way = ("空运", "铁路", "公路")[row % 3]
        day = f"202{4 + row % 2}-0{1 + row % 9}-1{row % 9}"
        price = "很多" if row < bad else f"{dice.randint(1, 9000)}.{row % 10}0"
        lines.append(f"客户{row % 40},{day},{way},{price},说明 {row}")
    return "\n".join(lines) + "\n"


def begun(party: Party, data: bytes, name: str = "订单 2025.csv") -> dict[str, Any]:
    """Hand a file in as a page does, and wait until it has been read."""
    body = draft_api.Upload(name=name, stream=io.BytesIO(data))
    with acting(STEWARD):
        made = draft_api.begin(party.node, Call(actor=STEWARD, body=body))
    return settled(party, made.id)


def settled(party: Party, draft_id: str) -> dict[str, Any]:
    status, told = wait_for(
        lambda: party.manage("GET", f"/v1/product-drafts/{draft_id}"),
        lambda told: told[1]["draft"].get("working") is None,
        every=0.02,
    )
    assert status == 200
    return dict(told)


def confirm(party: Party, told: dict[str, Any], **changes: dict[str, Any]) -> dict[str, Any]:
    """Confirm every column in use, with changes by their source."""
    columns = []
    for column, found in zip(told["outline"]["columns"], told["survey"]["columns"], strict=True):
        made = column | changes.get(found["source"], {})
        columns.append(made | {"confirmed": made["role"] != "unused"})
    body = {"seen": told["draft"]["seen"], "columns": columns}
    path = f"/v1/product-drafts/{told['draft']['id']}"
    status, answer = party.manage("POST", f"{path}/columns", body)
    assert status == 200, answer
    return settled(party, told["draft"]["id"])


def offered(party: Party, told: dict[str, Any], **about: Any) -> dict[str, Any]:
    body = {
        "seen": told["draft"]["seen"],
        "about": told["outline"]["about"] | {"id": "orders", "table": "orders"} | about,
        "offer": {
            "audience": "named",
            "recipients": ["did:web:buyer.example"],
            "purposes": ["planning"],
            "until": "2027-06-30",
            "count": 50,
        },
    }
    status, answer = party.manage("POST", f"/v1/product-drafts/{told['draft']['id']}/offer", body)
    assert status == 200, answer
    return settled(party, told["draft"]["id"])


def previewed(party: Party, told: dict[str, Any]) -> dict[str, Any]:
    draft_id = told["draft"]["id"]
    status, answer = party.manage("POST", f"/v1/product-drafts/{draft_id}/preview", {})
    assert status == 202, answer
    return settled(party, draft_id)


def published(party: Party, told: dict[str, Any]) -> dict[str, Any]:
    body = {"seen": told["draft"]["seen"]}
    path = f"/v1/product-drafts/{told['draft']['id']}/publish"
    status, job = party.manage("POST", path, body)
    assert status == 202, job
    _, ended = wait_for(
        lambda: party.manage("GET", f"/v1/products/jobs/{job['job']}"),
        lambda told: told[1]["state"] in ("done", "failed"),
        every=0.02,
    )
    return dict(ended)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_from_a_file_to_a_product(acme: Party, encoding: str) -> None:
    """What is previewed is what is published, cell for cell, and nothing is there before."""
    told = begun(acme, orders().encode(encoding))
    assert told["draft"]["state"] == "open", told["error"]
    assert told["draft"]["name"] == "订单 2025.csv"
    roles = {
        found["source"]: column["role"]
        for column, found in zip(told["outline"]["columns"], told["survey"]["columns"], strict=True)
    }
    assert roles == {
        "客户": "contributor",
        "日期": "dimension",
        "运输方式": "dimension",
        "金额": "measure",
        "备注": "unused",
    }
    assert told["survey"]["columns"][2]["samples"] == ["空运", "铁路", "公路"]
    status, refused = acme.manage("POST", f"/v1/product-drafts/{told['draft']['id']}/preview", {})
    assert (status, refused["error"]["code"]) == (400, "draft.unconfirmed")
    told = confirm(acme, told, 金额={"unit": "元", "zh": "订单金额", "en": "amount of the order"})
    told = previewed(acme, told)
    assert told["preview"]["findings"] == []
    assert told["fresh"]
    cells = told["preview"]["cells"]
    assert cells["count"] == len(cells["cells"]) > 0
    assert {cell[1][0] for cell in cells["cells"]} <= {"s", "m", "w"}
    told = offered(acme, told)
    assert not told["fresh"]
    told = previewed(acme, told)
    before = acme.manage("GET", "/v1/products")[1]["products"]
    assert before == []
    assert read_product(told["text"]).id == "orders"
    job = published(acme, told)
    assert job["state"] == "done", job
    with acme.node.db.reading() as session:
        table = store.protected_table(session, "orders")
        row = session.get(ProductRow, "orders")
        assert row is not None
        assert row.text == told["text"]
    assert cells_digest(table.table) == told["preview"]["cells"]["digest"]
    assert told["preview"]["cells"]["digest"] == cells["digest"]
    told = settled(acme, told["draft"]["id"])
    assert (told["draft"]["state"], told["draft"]["product"]) == ("published", "orders")
    assert list(spool.spool_folder(acme.node).iterdir()) == []
