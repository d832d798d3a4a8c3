"""The management keys that a person drew: they end with the person, and with the roles they need."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from connector.areas.people.approval_force import come_into_force
from connector.areas.people.approval_persons import enrolled
from connector.party.credentials import FIRST, add
from connector.process.actor import Actor, acting

if TYPE_CHECKING:
    from connector.process.actor import Role
    from tests.connector.people.firm import Firm

SELF = "/v1/node"


def draw(firm: Firm, who: Actor, name: str, *roles: Role) -> str:
    """Draw a key in a person's name; give its token."""
    with acting(who):
        return add(firm.node, name, roles, by=who)[1]


def live(firm: Firm) -> set[str]:
    """Names of the keys that open something."""
    found = firm.party.manage("GET", "/v1/management-keys")[1]["keys"]
    return {one["name"] for one in found if "revoked" not in one}


@pytest.fixture
def ada(firm: Firm) -> Actor:
    """A person with two roles and three keys, beside another person with one."""
    who = firm.visitor(firm.join("Ada", "steward", "security")).actor
    bea = firm.visitor(firm.join("Bea", "security")).actor
    draw(firm, who, "one", "steward")
    draw(firm, who, "two", "security")
    draw(firm, who, "both", "steward", "security")
    draw(firm, bea, "other", "security")
    return who


def test_who_ends_leaves_no_key_that_opens_anything(firm: Firm, ada: Actor):
    """Each with a leaf, after that of the end; keys of others and of nobody stay."""
    token = draw(firm, ada, "four", "security")
    assert firm.party.manage("GET", SELF, token=token)[0] == 200
    assert firm.party.manage("POST", f"/v1/people/{ada.name}/end")[0] == 200
    assert firm.party.manage("GET", SELF, token=token)[0] == 401
    assert live(firm) == {FIRST, "other"}
    states = [leaf["to"] for leaf in firm.leaves("PERSON_ENDED", "KEY_REVOKED")]
    assert states == ["PERSON_ENDED", *["KEY_REVOKED"] * 4]
    keys = {leaf["query"]["key"] for leaf in firm.leaves("KEY_REVOKED")}
    drawn = {leaf["query"]["key"] for leaf in firm.leaves("KEY_ADDED") if ada.name in leaf["actor"]}
    assert keys == drawn
    assert len(keys) == 4


def test_a_key_has_no_role_that_its_person_has_no_more(firm: Firm, ada: Actor):
    """Those within the new roles stay; a role that comes back brings no key back."""
    for roles in (["steward"], ["steward", "security"]):
        path = f"/v1/people/{ada.name}/roles"
        assert firm.party.manage("POST", path, {"roles": roles})[0] == 200
        assert live(firm) == {FIRST, "other", "one"}
    revoked = [leaf["query"]["roles"] for leaf in firm.leaves("KEY_REVOKED")]
    assert revoked == [["security"], ["steward", "security"]]


def test_an_end_that_is_refused_revokes_nothing(firm: Firm):
    """Where two must be left who may agree, person and keys stay as they are."""
    cdo = firm.visitor(firm.join("Ada", "cdo", "security", factor=True)).actor
    draw(firm, cdo, "mine", "security")
    firm.join("Bea", "cdo", factor=True)
    with firm.node.db.transaction() as tx:
        assert come_into_force(tx, firm.node, enrolled)
    status, found = firm.party.manage("POST", f"/v1/people/{cdo.name}/end")
    assert (status, found["error"]["code"]) == (409, "approval-too-few"), found
    assert "mine" in live(firm)
    assert firm.leaves("KEY_REVOKED", "PERSON_ENDED") == []
