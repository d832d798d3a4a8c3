"""A draft whose file is to be read anew, and somebody who goes on with it meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from connector.areas.products.jobs import Publisher
from tests.connector.products.test_drafts import (
    acme,  # noqa: F401
    begun,
    confirm,
    orders,
    settled,
)

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
