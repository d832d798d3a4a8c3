"""A firm applies on its page: what is sent, what is said back, who may, and what an operator wrote."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.connector.consuming.desk import ENV, Desk, forms, told
from tests.connector.membership.bazaar import AREAS
from tests.connector.space import FIRM_AREAS, HUB_AREAS, Space, membership

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.simulators import Party

PATH = "/membership"
FORM = {"nameZh": "桤木公司", "nameEn": "Alder Ltd", "legalId": "91110000600037341L"}
STRUCK = "<script>struck=1</script>"


@pytest.fixture
def space(party: Callable[..., Party]) -> Space:
    def make(name: str, **more: Any) -> Party:
        return party(name, env=ENV, **more)

    space = Space(party("hub", areas=HUB_AREAS, role="hub"), make)
    space.renew()
    return space


@pytest.mark.parametrize(
    ("language", "waits", "certified"),
    [("en", "has not decided yet", "certified"), ("zh", "等待运营方决定", "已认证")],
)
def test_a_firm_applies_and_is_certified(space: Space, language: str, waits: str, certified: str):
    """From never to pending to certified; the form holds what was stated before."""
    firm = space.firm("alder", certify=False)
    desk = Desk(firm, "security", language)
    assert forms(desk.get(PATH)) == {"apply"}
    assert desk.does(PATH, "apply", **FORM, roles="provider", seen="") == PATH
    assert membership(firm)["participant"]["legalGroup"] == FORM["legalId"]
    page = desk.get(PATH)
    assert waits in told(page)
    assert forms(page) == {"apply", "look"}
    space.approve(firm)
    assert desk.does(PATH, "look") == PATH
    page = desk.get(PATH)
    assert certified in told(page)
    assert 'value="Alder Ltd"' in page


def test_what_is_wrong_is_told_and_keeps_what_was_typed(space: Space):
    """Without a role nothing is sent, and the fields stay as they were."""
    firm = space.firm("alder", certify=False)
    answer = Desk(firm, "cdo").send(PATH, "apply", **FORM)
    assert answer.status_code == 400
    assert 'value="桤木公司"' in answer.get_data(as_text=True)
    assert membership(firm)["state"] == "none"


def test_two_persons_apply_at_once(space: Space):
    """The second has not seen what the first handed in, and takes nothing of it back unseen."""
    firm = space.firm("alder", certify=False)
    desk = Desk(firm, "security")
    first = FORM | {"roles": "provider", "seen": ""}
    assert desk.does(PATH, "apply", **first) == PATH
    stands = membership(firm)
    other = first | {"nameEn": "Another Ltd"}
    for more in ({}, {"roles": "nobody"}, {"seen": "-"}):
        answer = desk.send(PATH, "apply", **(other | more))
        assert answer.status_code == (400 if "roles" in more else 409)
        assert membership(firm) == stands
    page = answer.get_data(as_text=True)
    switched = desk.send(PATH, "apply", **(other | {"_language": "en"}))
    assert switched.status_code == 200
    assert 'name="seen" value=""' in switched.get_data(as_text=True), "what changed was not seen"
    assert "membership.changed" in page
    assert 'value="Another Ltd"' in page, "what was typed stays"
    assert "Alder Ltd" in page, "beside what stands now"
    (seen,) = re.findall(r'name="seen" value="([^"]+)"', page)
    assert desk.does(PATH, "apply", **(other | {"seen": seen})) == PATH
    assert membership(firm)["participant"]["nameEn"] == "Another Ltd"


def test_who_may(space: Space):
    """A steward looks and cannot apply; an auditor has no such page."""
    desk = Desk(space.firm("alder"), "steward")
    assert forms(desk.get(PATH)) == {"look"}
    desk.sit("auditor").get(PATH, 403)


def test_an_operators_reason_is_text(space: Space):
    """What a hub says why is shown as it was written, and acts as nothing."""
    firm = space.firm("alder", certify=False)
    space.apply(firm)
    space.act("applications/reject", firm, reason=STRUCK)
    desk = Desk(firm, "cdo")
    desk.does(PATH, "look")
    page = desk.get(PATH)
    assert STRUCK not in page
    assert STRUCK in told(page)


def test_a_firm_without_an_operator_is_told_so(party: Callable[..., Party]):
    """Nothing to apply for, and no form."""
    firm = party("alder", areas=FIRM_AREAS, pin=["bolt"], env=ENV)
    page = Desk(firm, "cdo").get(PATH)
    assert forms(page) == set()
    assert "no operator" in told(page)


@pytest.mark.parametrize(("act", "said"), [("suspend", "has suspended"), ("revoke", "has revoked")])
def test_a_firm_that_is_stopped_is_told_on_its_first_page(space: Space, act: str, said: str):
    """Without that, everything would look as usual until a question is refused."""
    firm = space.make("alder", areas=AREAS, hub=space.hub.did)
    space.apply(firm)
    space.approve(firm)
    desk = Desk(firm, "steward")
    assert said not in told(desk.get("/"))
    space.act(f"participants/{act}", firm)
    space.settle(firm)
    assert said in told(desk.get("/"))
    if act == "suspend":
        space.act("participants/reinstate", firm)
        space.settle(firm)
        assert said not in told(desk.get("/"))
