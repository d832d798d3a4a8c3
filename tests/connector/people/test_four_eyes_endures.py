"""Four eyes over time: who agreed, who asked and whom it is about may be others by then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from connector.areas.people import approval_deciding
from connector.areas.people.approval_rows import AGREED, PENDING
from connector.areas.people.approvals import MOST_OWN, OPEN_MS
from connector.party.gate import Held
from connector.process.errors import Conflict, Forbidden, NotFound
from tests.areas import APPROVALS, OWN, PEOPLE
from tests.connector.people.four_eyes import Person, does, keys, leaves, person, row_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.simulators import Party, StandingClock


@pytest.fixture
def acme(party: Callable[..., Party]) -> Party:
    return party("acme", areas=(OWN, PEOPLE, APPROVALS))


@pytest.fixture
def mei(acme: Party) -> Person:
    """Asks; has many roles."""
    return person(acme, "mei", "security", "cdo", "steward")


@pytest.fixture
def chen(acme: Party, mei: Person) -> Person:
    """Decides; from now on four eyes are in force."""
    return person(acme, "chen", "cdo")


def held(made: object) -> dict[str, str]:
    assert isinstance(made, Held)
    return {"approval_id": made.id}


def test_what_was_agreed_to_runs_out_too(
    acme: Party, mei: Person, chen: Person, clock: StandingClock
):
    """A secret that nobody fetched cannot be drawn a year later: it is asked for again."""
    path = held(mei.does("key.add", name="archive", roles=["security"]))
    clock.advance(OPEN_MS / 1000 - 1)  # on its last day
    assert chen.does("approval.agree", path)["approval"]["state"] == AGREED
    clock.advance(OPEN_MS / 1000 - 1)
    found = mei.does("approval.show", path)["approval"]
    assert (found["state"], found["fetchable"]) == (AGREED, True)
    clock.advance(1)
    found = mei.does("approval.show", path)["approval"]
    assert (found["state"], found["fetchable"]) == ("expired", False)
    assert mei.does("approval.list", box="by-me")["approvals"] == []
    assert len(mei.does("approval.list", box="by-me", state="done")["approvals"]) == 1
    for verb in ("fetch", "withdraw"):
        with pytest.raises(Conflict, match="expired"):
            mei.does(f"approval.{verb}", path)
    assert "archive" not in keys(acme)


def test_a_secret_is_not_fetched_by_a_lesser_key_of_who_asked(
    acme: Party, mei: Person, chen: Person
):
    """A script's key, which may do little, would draw itself one that may do more."""
    script = mei.key("script", "steward")
    path = held(mei.does("key.add", name="archive", roles=["security", "cdo"]))
    chen.does("approval.agree", path)
    at = f"/v1/approvals/{path['approval_id']}"
    assert acme.manage("GET", at, token=script)[1]["approval"]["fetchable"] is False
    status, found = acme.manage("POST", f"{at}/fetch", token=script)
    assert (status, found["error"]["code"]) == (403, "approval-not-yours")
    assert "archive" not in keys(acme)
    assert mei.does("approval.fetch", path)["result"]["token"]


def test_a_key_that_asked_fetches_and_so_does_its_person(acme: Party, mei: Person, chen: Person):
    """The person whose key it is could have drawn it by itself."""
    token = mei.key("mine", "security")
    for name, by_key in (("one", True), ("two", False)):
        body = {"name": name, "roles": ["security"]}
        request = acme.manage("POST", "/v1/management-keys", body, token=token)[1]["approval"]["id"]
        chen.does("approval.agree", {"approval_id": request})
        if by_key:
            status, made = acme.manage("POST", f"/v1/approvals/{request}/fetch", token=token)
            assert (status, bool(made["result"]["token"])) == (200, True)
        else:
            assert mei.does("approval.fetch", {"approval_id": request})["result"]["token"]


def test_one_alone_leaves_room_for_the_requests_of_others(acme: Party, mei: Person, chen: Person):
    """A stolen key could else keep everybody from asking that it be revoked."""
    token = mei.key("stolen", "security")

    def asks(number: int) -> tuple[int, dict[str, Any]]:
        body = {"name": f"k{number}", "roles": ["security"]}
        return acme.manage("POST", "/v1/management-keys", body, token=token)

    assert {asks(number)[0] for number in range(MOST_OWN)} == {202}
    status, found = asks(MOST_OWN)
    assert (status, found["error"]["code"]) == (429, "approval-many-own")
    assert asks(0)[0] == 202, "what waits already may be asked again"
    wu = person(acme, "wu", "security")
    held(wu.does("key.revoke", {"name": "stolen"}))


@pytest.mark.parametrize("loses", ["end", "roles"])
def test_the_word_of_who_may_no_more_counts_for_nothing(
    acme: Party, mei: Person, chen: Person, loses: str
):
    """Of two who must agree the first was ended since: two others must."""
    dao, wu = person(acme, "dao", "cdo"), person(acme, "wu", "cdo")
    mei.key("old", "security")
    request = acme.manage("POST", "/v1/management-keys/old/revoke")[1]["approval"]
    path = {"approval_id": request["id"]}
    assert request["needs"] == 2
    assert chen.does("approval.agree", path)["approval"]["state"] == PENDING
    if loses == "end":
        chen.ends()
    else:
        chen.ends(roles="steward")
    assert acme.manage("POST", "/v1/management-keys/old/revoke")[1]["approval"]["needs"] == 2
    assert dao.does("approval.agree", path)["approval"]["state"] == PENDING
    assert "old" in keys(acme)
    assert wu.does("approval.agree", path)["approval"]["state"] == "done"
    assert "old" not in keys(acme)


def test_a_link_agreed_to_for_a_small_account_does_not_open_the_same_grown(
    acme: Party, mei: Person, chen: Person
):
    """Another would be two persons: the link goes to who asked, whatever its owner may do by then."""
    bo = person(acme, "bo", "steward")
    path = held(mei.does("person.renew", {"person": "bo"}))
    shown = chen.does("approval.agree", path)
    assert shown["approval"]["state"] == AGREED
    assert "`bo`" in shown["changes"][0]["en"]
    assert "steward" in shown["changes"][0]["en"]
    bo.ends(roles="security,cdo")
    assert mei.does("approval.show", path)["moved"] is True
    with pytest.raises(Conflict, match="changed since"):
        mei.does("approval.fetch", path)
    assert row_of(acme, path["approval_id"]).state == "failed"
    assert not [leaf for leaf in leaves(acme) if leaf.get("to") == "PERSON_RENEWED"]


def test_a_name_that_is_anothers_by_then_is_not_done_to_the_other(
    acme: Party, mei: Person, chen: Person
):
    """Names are free again once their person has ended."""
    bo = person(acme, "bo", "steward")
    path = held(mei.does("person.roles", {"person": "bo"}, roles=["steward", "security"]))
    bo.ends()
    other = person(acme, "bo", "auditor", known_as="bo-another-0123456789")
    with pytest.raises(Conflict, match="changed since"):
        chen.does("approval.agree", path)
    assert other.actor.roles == {"auditor"}


@pytest.mark.parametrize(
    ("what", "sent", "said"),
    [
        ("person.roles", {"roles": ["steward", "security"]}, ("steward", "Security, Data steward")),
        ("person.end", {}, ("steward",)),
        ("person.renew", {}, ("steward", "who asked")),
    ],
)
def test_who_decides_is_told_whom_it_is_about(
    acme: Party, mei: Person, chen: Person, what: str, sent: dict[str, list[str]], said: tuple[str]
):
    """An id says nothing: the name, and what the person may do now."""
    bo = person(acme, "bo", "steward")
    shown = chen.does("approval.show", held(mei.does(what, {"person": bo.id}, **sent)))
    (told,) = shown["changes"]
    for word in ("`bo`", *said):
        assert word in told["en"]
    assert "`bo`" in told["zh"]


def test_who_decides_about_an_invitation_is_told_who_gets_the_link(
    acme: Party, mei: Person, chen: Person
):
    """Whoever has it can be that person."""
    path = held(mei.does("person.invite", name="Wu", roles=["cdo"]))
    (told,) = chen.does("approval.show", path)["changes"]
    assert (
        told["en"]
        == "who asked gets a link, and whoever opens it is `Wu`, with the roles Chief data officer"
    )
    assert "申请人将得到一个链接" in told["zh"]


def test_who_may_not_agree_has_nothing_weighed(
    acme: Party, mei: Person, chen: Person, monkeypatch: pytest.MonkeyPatch
):
    """To weigh may be to read a file of any size."""
    path = held(mei.does("person.invite", name="Wu", roles=["cdo"]))
    weighed: list[object] = []
    monkeypatch.setattr(approval_deciding, "is_moved", lambda *given: weighed.append(given))
    for who in (mei, person(acme, "lin", "steward")):
        with pytest.raises(Forbidden):
            who.does("approval.agree", path)
    assert weighed == []
    assert chen.does("approval.agree", path)["approval"]["state"] == AGREED
    assert len(weighed) == 1


def test_nobody_is_asked_about_a_person_that_there_is_not(acme: Party, mei: Person, chen: Person):
    with pytest.raises(NotFound, match="no person"):
        mei.does("person.end", {"person": "nobody"})
    assert chen.does("approval.list")["approvals"] == []


def test_a_key_does_no_more_than_its_person(acme: Party, mei: Person, chen: Person):
    """What the person may not do any more its key may not, from the next request on."""
    token = mei.key("mine", "security", "steward")
    assert acme.manage("GET", "/v1/management-keys", token=token)[0] == 200
    mei.ends(roles="steward")
    status, found = acme.manage("GET", "/v1/management-keys", token=token)
    assert (status, found["error"]["code"]) == (403, "role-missing")
    assert acme.manage("GET", "/v1/traffic", token=token)[0] in {200, 403}
    mei.ends()
    status, found = acme.manage("GET", "/v1/node", token=token)
    assert (status, found["error"]["code"]) == (401, "unauthenticated")


def test_ending_a_person_revokes_its_keys_on_record(acme: Party, mei: Person, chen: Person):
    """Each by a leaf of its own: whoever reads the list sees what opens something."""
    bo = person(acme, "bo", "security")
    bo.key("one", "security")
    bo.key("two", "security")
    mei.key("mei", "security")
    chen.does("approval.agree", held(mei.does("person.end", {"person": "bo"})))
    assert sorted(keys(acme)) == ["mei", "owner"]
    told = [leaf["to"] for leaf in leaves(acme) if leaf.get("to", "").startswith(("KEY", "PERSON"))]
    assert told[-3:] == ["PERSON_ENDED", "KEY_REVOKED", "KEY_REVOKED"]


def test_ending_names_no_more_than_may_be_done(acme: Party, mei: Person, chen: Person):
    """A key of an ended person does not agree, ask or fetch."""
    bo = person(acme, "bo", "cdo")
    token = bo.key("bo", "cdo")
    path = held(mei.does("key.add", name="x", roles=["security"]))
    bo.ends()
    assert acme.manage("POST", f"/v1/approvals/{path['approval_id']}/agree", token=token)[0] == 401
    with pytest.raises(Forbidden):
        does(acme, bo.actor, "approval.agree", path)
