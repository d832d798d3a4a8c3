"""A draft goes through the gate of publications: what was agreed to is what is published."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest

from connector.areas.products import draft_api, spool
from connector.party.gate import Held
from connector.party.operation import Call
from connector.process.actor import acting
from connector.process.errors import VoileError
from tests.connector.people.test_four_eyes_products import acme, chen, ended, lin
from tests.connector.products.test_drafts import confirm, offered, orders, settled

if TYPE_CHECKING:
    from tests.connector.people.four_eyes import Person
    from tests.simulators import Party

__all__ = ["acme", "chen", "lin"]


def draft(acme: Party, lin: Person) -> dict[str, Any]:
    """A draft of level 2 with an offer, begun by a person."""
    body = draft_api.Upload(name="orders.csv", stream=io.BytesIO(orders().encode()))
    with acting(lin.actor):
        made = draft_api.begin(acme.node, Call(actor=lin.actor, body=body))
    told = settled(acme, made.id)
    assert told["draft"]["beganBy"] == str(lin.actor)
    return offered(acme, confirm(acme, told))


def test_level_two_waits_for_a_second_person(acme: Party, lin: Person, chen: Person) -> None:
    """Nothing is on offer and the file stays until they agree; then the draft is done."""
    told = draft(acme, lin)
    path = {"draft_id": told["draft"]["id"]}
    made = lin.does("draft.publish", path, seen=told["draft"]["seen"])
    assert isinstance(made, Held)
    assert made.operation == "product.publish"
    assert acme.manage("GET", "/v1/products")[1]["products"] == []
    assert len(list(spool.spool_folder(acme.node).iterdir())) == 1
    done = chen.does("approval.agree", {"approval_id": made.id})
    assert done["approval"]["state"] == "done", done["outcome"]
    assert ended(acme, done["outcome"]["result"])["state"] == "done"
    assert settled(acme, path["draft_id"])["draft"]["state"] == "published"
    assert list(spool.spool_folder(acme.node).iterdir()) == []


def test_a_draft_that_was_dropped_meanwhile_is_not_published(
    acme: Party, lin: Person, chen: Person
) -> None:
    told = draft(acme, lin)
    path = {"draft_id": told["draft"]["id"]}
    made = lin.does("draft.publish", path, seen=told["draft"]["seen"])
    assert isinstance(made, Held)
    lin.does("draft.drop", path)
    with pytest.raises(VoileError):
        chen.does("approval.agree", {"approval_id": made.id})
    assert acme.manage("GET", "/v1/products")[1]["products"] == []


def test_what_is_looked_at_is_what_is_agreed_to(acme: Party, lin: Person, chen: Person) -> None:
    """Another person looks at the draft: once it says something else, the request is void."""
    told = draft(acme, lin)
    path = {"draft_id": told["draft"]["id"]}
    made = lin.does("draft.publish", path, seen=told["draft"]["seen"])
    assert isinstance(made, Held)
    told = offered(acme, settled(acme, path["draft_id"]), titleEn="Another title")
    with pytest.raises(VoileError) as refused:
        chen.does("approval.agree", {"approval_id": made.id})
    assert refused.value.code == "approval-moved"
    assert acme.manage("GET", "/v1/products")[1]["products"] == []
    again = lin.does("draft.publish", path, seen=told["draft"]["seen"])
    assert isinstance(again, Held)
    assert again.id != made.id
    done = chen.does("approval.agree", {"approval_id": again.id})
    assert ended(acme, done["outcome"]["result"])["state"] == "done"
