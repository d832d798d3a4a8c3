"""A draft, and somebody who goes on with it, or with the product of its name, meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from connector.areas.products.jobs import Publisher
from connector.areas.products.rows import ProductRow
from tests.connector.products.test_drafts import (
    acme,  # noqa: F401
    begun,
    confirm,
    offered,
    orders,
    previewed,
    published,
    settled,
)
from tests.waiting import wait_for

if TYPE_CHECKING:
    from tests.simulators import Party


@pytest.mark.parametrize("seen", [True, False])
def test_what_is_decided_while_it_waits_to_be_read_stays(acme: Party, seen: bool) -> None:  # noqa: F811
    """A file is read anew for who saw the draft as it was: nothing decided later is given up."""
    told = begun(acme, orders().encode(), "first.csv")
    path = f"/v1/product-drafts/{told['draft']['id']}"
    with acme.node.services[Publisher].alone("nothing"):
        body = {"sheet": ""} | ({"seen": told["draft"]["seen"]} if seen else {})
        assert acme.manage("POST", f"{path}/read", body)[0] == 202
        columns = [one | {"confirmed": True} for one in told["outline"]["columns"]]
        body = {"seen": told["draft"]["seen"], "columns": columns}
        status, answer = acme.manage("POST", f"{path}/columns", body)
        assert status == 200, answer
        decided = acme.manage("GET", path)[1]["outline"]
        assert decided != told["outline"]
    after = settled(acme, told["draft"]["id"])
    assert (after["draft"]["state"], after["outline"]) == ("open", decided)
    assert after["error"]["en"]["error"]["code"] == "draft.changed"
    confirm(acme, after)


@pytest.mark.long
def test_a_draft_is_published_over_what_its_preview_saw(acme: Party) -> None:  # noqa: F811
    """Terms of a product that were changed since do not come back by a draft of the same name."""

    def ready(name: str) -> dict[str, Any]:
        told = confirm(acme, begun(acme, orders().encode(), name))
        return previewed(acme, offered(acme, told, level=1))

    def text() -> str:
        with acme.node.db.reading() as session:
            return session.get_one(ProductRow, "orders").text

    first, second = ready("a.csv"), ready("b.csv")
    assert published(acme, first)["state"] == "done"
    for _ in range(2):  # seen before there was one, then before its terms were another
        now = settled(acme, second["draft"]["id"])
        path = f"/v1/product-drafts/{second['draft']['id']}/publish"
        status, told = acme.manage("POST", path, {"seen": now["draft"]["seen"]})
        assert (now["fresh"], status, told["error"]["code"]) == (
            False,
            409,
            "draft.product-changed",
        )
        second = previewed(acme, now)
        assert second["fresh"]
        if "count = 10" not in text():
            body = {"product": text().replace("count = 50", "count = 10")}
            assert acme.manage("POST", "/v1/products", body)[0] == 202
            wait_for(text, lambda found: "count = 10" in found, every=0.02)
    assert published(acme, second)["state"] == "done"
    assert "count = 50" in text()
