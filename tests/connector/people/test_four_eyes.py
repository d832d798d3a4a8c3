"""Four eyes: what asks for a second person waits for one, whoever asks, through whatever face."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from connector.areas.people.approval_doctored import examine
from connector.areas.people.approval_rows import AGREED, FAILED, PENDING, RUNNING
from connector.areas.people.approvals import OPEN_MS, Approvals
from connector.party.gate import Held
from connector.process.errors import Conflict, Forbidden, NotFound
from crypto.words import LANGUAGES
from tests.areas import APPROVALS, OWN
from tests.connector.people.four_eyes import (
    Person,
    does,
    keys,
    leaves,
    person,
    row_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.simulators import Party, StandingClock

NEW = {"name": "archive", "roles": ["auditor"]}


@pytest.fixture
def acme(party: Callable[..., Party]) -> Party:
    return party("acme", areas=(OWN, APPROVALS))


@pytest.fixture
def mei(acme: Party) -> Person:
    """Asks: security."""
    return person(acme, "mei", "security")


@pytest.fixture
def chen(acme: Party, mei: Person) -> Person:
    """Decides: the CDO; from now on four eyes are in force."""
    return person(acme, "chen", "cdo")


def asked(who: Person, name: str = "archive") -> str:
    made = who.does("key.add", name=name, roles=["security"])
    assert isinstance(made, Held)
    return made.id


def revoking(acme: Party, who: Person, name: str = "old") -> str:
    """Ask that a key be revoked: an operation whose answer holds no secret."""
    if name not in keys(acme):
        who.key(name, "security")
    made = who.does("key.revoke", {"name": name})
    assert isinstance(made, Held)
    return made.id


def told(acme: Party) -> list[str]:
    return [one["to"] for one in leaves(acme) if one.get("to", "").startswith(("APPR", "FOUR"))]


def test_one_person_or_none_works_alone(acme: Party, mei: Person):
    """A home of one key, and of one person; and it says that four eyes are not in force, and why."""
    assert acme.manage("POST", "/v1/management-keys", NEW | {"roles": ["security"]})[0] == 201
    assert mei.does("key.revoke", {"name": "archive"})["name"] == "archive"
    status, found = acme.manage("GET", "/v1/four-eyes")
    assert (status, found["inForce"], found["deciders"]) == (200, False, 1)
    assert "it takes two" in found["why"]["en"]
    notes = acme.manage("GET", "/v1/node")[1]["notes"]
    assert notes["four-eyes"] == found["why"]["en"]
    assert told(acme) == []


def test_two_of_whom_one_may_agree_do_not_lock_each_other_out(acme: Party, mei: Person):
    """A steward agrees to nothing: security alone could never invite a third."""
    person(acme, "lin", "steward")
    assert acme.manage("GET", "/v1/four-eyes")[1]["inForce"] is False
    assert mei.does("key.add", name="x", roles=["security"])["token"]


def test_from_the_second_person_on_and_then_for_good(acme: Party, mei: Person, chen: Person):
    """Nothing is done; a leaf says since when; it stays so when a person has gone."""
    made = mei.does("key.add", name="archive", roles=["security"])
    assert isinstance(made, Held)
    assert keys(acme) == ["owner"]
    assert told(acme) == ["FOUR_EYES_IN_FORCE", "APPROVAL_REQUESTED"]
    chen.ends()
    with pytest.raises(Conflict, match="four eyes are in force"):
        mei.does("key.add", name="other", roles=["security"])
    assert keys(acme) == ["owner"]


def test_another_person_agrees_and_it_is_done_in_the_name_of_who_asked(
    acme: Party, mei: Person, chen: Person
):
    """The leaf of the act names who asked; those of request and agreement each their own."""
    request = revoking(acme, mei)
    shown = chen.does("approval.agree", {"approval_id": request})
    assert (shown["approval"]["state"], keys(acme)) == ("done", ["owner"])
    assert shown["outcome"]["result"]["name"] == "old"
    about = [one for one in leaves(acme) if one.get("process") == request]
    assert [(one["to"], one["actor"]) for one in about] == [
        ("APPROVAL_REQUESTED", str(mei.actor)),
        ("APPROVAL_AGREED", str(chen.actor)),
        ("APPROVAL_BEGUN", str(chen.actor)),
        ("APPROVAL_DONE", str(chen.actor)),
    ]
    (act,) = [one for one in leaves(acme) if one.get("to") == "KEY_REVOKED"]
    assert act["actor"] == str(mei.actor)
    said = {key for one in about for key in one["query"]}
    assert said == {"operation", "digest", "needs", "expires", "complete", "again"}
    assert about[0]["query"]["digest"] == shown["digest"]


def test_who_asked_cannot_agree(acme: Party, mei: Person, chen: Person):
    """Neither as a session, nor by an own key, nor by a second key; nor a person without the role."""
    first, second = mei.key("first"), mei.key("second")
    body = {"name": "archive", "roles": ["security"]}
    status, found = acme.manage("POST", "/v1/management-keys", body, token=first)
    request = found["approval"]["id"]
    assert (status, found["approval"]["needs"]) == (202, 1)
    for token in (first, second):
        status, found = acme.manage("POST", f"/v1/approvals/{request}/agree", token=token)
        assert (status, found["error"]["code"]) == (403, "approval-own")
    mei.ends(roles="cdo,security")
    with pytest.raises(Forbidden, match="is your own"):
        mei.does("approval.agree", {"approval_id": request})
    lin = person(acme, "lin", "steward")
    with pytest.raises(Forbidden, match="takes the role"):
        lin.does("approval.agree", {"approval_id": request})
    assert row_of(acme, request).state == PENDING
    assert "archive" not in keys(acme)


def test_a_person_agrees_by_a_key_of_its_own_and_no_other(acme: Party, mei: Person, chen: Person):
    """The token of the home has every role and belongs to nobody."""
    token = chen.key("chen", "cdo")
    request = revoking(acme, mei)
    status, found = acme.manage("POST", f"/v1/approvals/{request}/agree")
    assert (status, found["error"]["code"]) == (403, "approval-no-person")
    status, found = acme.manage("POST", f"/v1/approvals/{request}/agree", token=token)
    assert (status, found["approval"]["state"]) == (200, "done")


def test_a_key_of_nobody_needs_two_persons(acme: Party, mei: Person, chen: Person):
    """One is not enough, nor is the same twice."""
    mei.key("old", "security")
    status, found = acme.manage("POST", "/v1/management-keys/old/revoke")
    assert (status, found["error"]["code"]) == (409, "approval-nobody")
    dao = person(acme, "dao", "cdo")
    status, found = acme.manage("POST", "/v1/management-keys/old/revoke")
    request = found["approval"]["id"]
    assert (status, found["approval"]["needs"]) == (202, 2)
    path = {"approval_id": request}
    assert chen.does("approval.agree", path)["approval"]["state"] == "pending"
    with pytest.raises(Conflict, match="already"):
        chen.does("approval.agree", path)
    assert "old" in keys(acme)
    assert dao.does("approval.agree", path)["approval"]["state"] == "done"
    assert "old" not in keys(acme)


def test_the_same_request_again_is_the_same(acme: Party, mei: Person, chen: Person):
    """While it waits; another's, or another body, is another."""
    first = asked(mei)
    assert asked(mei) == first
    assert asked(mei, "other") != first
    ning = person(acme, "ning", "security")
    assert asked(ning) != first
    mei.does("approval.withdraw", {"approval_id": first})
    assert asked(mei) != first


def test_a_secret_goes_to_who_asked_alone(acme: Party, mei: Person, chen: Person):
    """The token is drawn when the requester fetches it, once, and the database never has it."""
    request = asked(mei)
    shown = chen.does("approval.agree", {"approval_id": request})
    assert shown["approval"]["state"] == AGREED
    assert "archive" not in keys(acme)
    for other in (chen.actor, person(acme, "dao", "cdo").actor):
        with pytest.raises(Forbidden, match="only who made"):
            does(acme, other, "approval.fetch", {"approval_id": request})
    made = mei.does("approval.fetch", {"approval_id": request})
    token = made["result"]["token"]
    assert acme.manage("GET", "/v1/management-keys", token=token)[0] == 200
    assert token not in row_of(acme, request).outcome
    assert token not in str(chen.does("approval.show", {"approval_id": request}))
    with pytest.raises(Conflict, match="is over"):
        mei.does("approval.fetch", {"approval_id": request})
    listed = acme.manage("GET", "/v1/management-keys")[1]["keys"]
    assert [one["person"] for one in listed if one["name"] == "archive"] == [mei.id]


def test_two_who_agree_at_once_do_it_once(acme: Party, mei: Person, chen: Person):
    """The second is told that it waits no more."""
    dao = person(acme, "dao", "cdo")
    request = revoking(acme, mei)
    start, came = threading.Barrier(2), []

    def agree(who: Person) -> None:
        actor = who.actor
        start.wait()
        try:
            does(acme, actor, "approval.agree", {"approval_id": request})
            came.append("agreed")
        except Conflict as error:
            came.append(error.code)

    threads = [threading.Thread(target=agree, args=(who,)) for who in (chen, dao)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(came) == ["agreed", "approval-over"]
    assert [one.get("to") for one in leaves(acme)].count("KEY_REVOKED") == 1


@pytest.mark.parametrize("loses", ["key", "person", "roles"])
def test_who_may_no_more_is_refused_when_it_is_agreed_to(
    acme: Party, mei: Person, chen: Person, loses: str
):
    """The key revoked, the person ended, the roles taken away: nothing is done, and it says so."""
    mei.key("old", "security")
    token = mei.key("mine", "security")
    request = acme.manage("POST", "/v1/management-keys/old/revoke", token=token)[1]["approval"][
        "id"
    ]
    if loses == "key":
        other = chen.does  # the key goes by the ordinary way: two persons
        ning = person(acme, "ning", "security")
        going = ning.does("key.revoke", {"name": "mine"})
        other("approval.agree", {"approval_id": going.id})
    elif loses == "person":
        mei.ends()
    else:
        mei.ends(roles="steward")
    shown = chen.does("approval.agree", {"approval_id": request})
    assert shown["approval"]["state"] == FAILED
    assert shown["outcome"]["error"]["code"] == "approval-requester"
    assert "无权" in shown["outcome"]["error"]["zh"]["message"]
    assert "old" in keys(acme)


def test_a_decider_without_the_role_any_more_or_ended_decides_nothing(
    acme: Party, mei: Person, chen: Person
):
    """Also by a key that still has it."""
    token, actor = chen.key("chen", "cdo"), chen.actor
    request = revoking(acme, mei)
    chen.ends(roles="steward")
    for _ in ("roles", "ended"):
        status, found = acme.manage("POST", f"/v1/approvals/{request}/agree", token=token)
        assert (status, found["error"]["code"]) == (403, "approval-role")
        with pytest.raises(Forbidden, match="takes the role"):
            does(acme, actor, "approval.agree", {"approval_id": request})
        chen.ends()
    assert row_of(acme, request).state == PENDING


def test_it_runs_out(acme: Party, mei: Person, chen: Person, clock: StandingClock):
    """After seven days nobody can agree, and the same may be asked again."""
    request = revoking(acme, mei)
    clock.advance(OPEN_MS / 1000 - 1)
    assert chen.does("approval.show", {"approval_id": request})["approval"]["decidable"]
    clock.advance(1)
    for verb, sent in (("agree", {}), ("decline", {"reason": "late"})):
        with pytest.raises(Conflict, match="expired"):
            chen.does(f"approval.{verb}", {"approval_id": request}, **sent)
    assert [one["id"] for one in chen.does("approval.list", state="done")["approvals"]] == [request]
    assert chen.does("approval.list")["approvals"] == []
    assert revoking(acme, mei) != request
    assert "old" in keys(acme)


def test_declining_takes_a_reason_and_ends_it(acme: Party, mei: Person, chen: Person):
    """It is kept with the request, and in no leaf."""
    request = revoking(acme, mei)
    status, found = acme.manage(
        "POST", f"/v1/approvals/{request}/decline", {}, token=chen.key("chen", "cdo")
    )
    assert (status, found["error"]["code"]) == (400, "field-wrong")
    shown = chen.does("approval.decline", {"approval_id": request}, reason="still used by plant 2")
    assert shown["approval"]["state"] == "declined"
    assert mei.does("approval.show", {"approval_id": request})["votes"][0]["reason"] == (
        "still used by plant 2"
    )
    with pytest.raises(Conflict, match="waits no more"):
        chen.does("approval.agree", {"approval_id": request})
    assert "plant 2" not in str(leaves(acme))
    assert "old" in keys(acme)


def test_only_who_asked_takes_it_back(acme: Party, mei: Person, chen: Person):
    """Also by another key of the same person; also once agreed to, before anything was done."""
    request = asked(mei)
    with pytest.raises(Forbidden, match="only who made"):
        chen.does("approval.withdraw", {"approval_id": request})
    chen.does("approval.agree", {"approval_id": request})
    status, found = acme.manage(
        "POST", f"/v1/approvals/{request}/withdraw", token=mei.key("other", "security")
    )
    assert (status, found["approval"]["state"]) == (200, "withdrawn")
    with pytest.raises(Conflict, match="is over"):
        mei.does("approval.fetch", {"approval_id": request})


def test_what_fails_is_kept_as_what_came_of_it(acme: Party, mei: Person, chen: Person):
    """The world moved: the key is gone by another request."""
    first = revoking(acme, mei)
    ning = person(acme, "ning", "security")
    second = revoking(acme, ning)
    chen.does("approval.agree", {"approval_id": first})
    shown = chen.does("approval.agree", {"approval_id": second})
    assert shown["approval"]["state"] == "failed"
    assert shown["outcome"]["error"]["code"] == "key-missing"
    assert [one["query"].get("code") for one in leaves(acme) if one.get("process") == second][
        -1
    ] == "key-missing"


def test_a_stop_in_the_middle_leaves_it_begun_and_a_party_has_it_done_again(
    acme: Party, mei: Person, chen: Person
):
    """Nobody knows how far it came; nobody else may."""
    dao = person(acme, "dao", "cdo")
    request = revoking(acme, mei)
    with acme.node.db.transaction() as tx:
        row = tx.session.get(type(row_of(acme, request)), request)
        assert row is not None
        row.state = AGREED
        tx.session.add(row)
    acme.node.services[Approvals].doing.add(request)
    with pytest.raises(Conflict, match="being done"):
        mei.does("approval.fetch", {"approval_id": request})
    acme.node.services[Approvals].doing.clear()
    with acme.node.db.transaction() as tx:
        row = tx.session.get(type(row_of(acme, request)), request)
        assert row is not None
        row.state = RUNNING
        tx.session.add(row)
    with pytest.raises(Forbidden, match="only who made"):
        dao.does("approval.fetch", {"approval_id": request})
    assert mei.does("approval.show", {"approval_id": request})["approval"]["fetchable"]
    assert mei.does("approval.fetch", {"approval_id": request})["result"]["name"] == "old"
    assert "old" not in keys(acme)
    begun = [one for one in leaves(acme) if one.get("to") == "APPROVAL_BEGUN"]
    assert begun[-1]["query"]["again"] is True


def test_who_may_see_it(acme: Party, mei: Person, chen: Person):
    """Its parties, and who answers for the firm; to others it is not there."""
    request = revoking(acme, mei)
    lin = person(acme, "lin", "steward")
    with pytest.raises(NotFound, match="no request"):
        lin.does("approval.show", {"approval_id": request})
    assert lin.does("approval.list", box="all")["approvals"] == []
    zhao = person(acme, "zhao", "auditor")
    shown = zhao.does("approval.show", {"approval_id": request})
    assert not shown["approval"]["decidable"]
    (sent,) = shown["sent"]
    assert (sent["field"], sent["value"], sent["en"]) == (
        "name",
        "old",
        "the key's name, of your choice",
    )
    assert [one["id"] for one in chen.does("approval.list")["approvals"]] == [request]
    assert [one["id"] for one in mei.does("approval.list", box="by-me")["approvals"]] == [request]
    assert mei.does("approval.list")["approvals"] == []


def test_lists_are_read_page_by_page(acme: Party, mei: Person, chen: Person, clock: StandingClock):
    """The newest first, each once."""
    made = []
    for number in range(5):
        made.append(asked(mei, f"key{number}"))
        clock.advance(number % 2)  # some in the same moment
    got: list[str] = []
    before: Any = ""
    while before is not None:
        page = chen.does("approval.list", limit=2, before=before)
        got += [one["id"] for one in page["approvals"]]
        before = page.get("next")
    assert sorted(got) == sorted(made)
    assert len(got) == 5


def test_that_two_are_one_too_few_is_said_until_there_are_three(acme: Party, mei: Person):
    """One lost phone would need both: it is said at once, wherever one looks, in both languages."""

    def heeded() -> list[object]:
        found = acme.manage("GET", "/v1/four-eyes")[1].get("heed")
        note = acme.manage("GET", "/v1/node")[1]["notes"].get("four-eyes")
        (check,) = examine(acme.node.settings)
        warned = {one: check.said(one) for one in LANGUAGES} if check.state == "note" else None
        return [found, warned, note and {"zh": found["zh"], "en": note}]

    chen = person(acme, "chen", "cdo", "security")
    first, *others = heeded()
    assert isinstance(first, dict)
    assert others == [first] * 2
    assert "just two persons" in first["en"]
    assert "只有两位" in first["zh"]
    assert isinstance(mei.does("key.add", name="x", roles=["security"]), Held), "in force"
    assert heeded() == [first] * 3
    wu = person(acme, "wu", "security")
    assert heeded() == [None] * 3
    wu.ends()
    assert heeded() == [first] * 3
    chen.ends()
    assert acme.manage("GET", "/v1/four-eyes")[1].get("heed") is None


def test_switching_off_takes_two_and_on_takes_one(acme: Party, mei: Person, chen: Person):
    """Off means off until somebody switches on; each is a leaf."""
    made = mei.does("approval.off")
    assert isinstance(made, Held)
    assert chen.does("approval.agree", {"approval_id": made.id})["approval"]["state"] == "done"
    assert mei.does("key.add", name="x", roles=["security"])["token"]
    found = acme.manage("GET", "/v1/four-eyes")[1]
    assert (found["inForce"], found["why"]["en"]) == (
        False,
        "four eyes were switched off, as two persons agreed",
    )
    assert chen.does("approval.on")["inForce"] is True
    assert isinstance(mei.does("key.revoke", {"name": "x"}), Held)
    marks = [one for one in told(acme) if one.startswith("FOUR")]
    assert marks == ["FOUR_EYES_IN_FORCE", "FOUR_EYES_OFF", "FOUR_EYES_IN_FORCE"]


def test_why_is_said_by_a_header_and_shown_to_who_decides(acme: Party, mei: Person, chen: Person):
    """In any language; a line that is too long is refused, and nothing is kept."""
    token = mei.key("mine", "security")
    client = acme.apps.management.test_client()
    head = {"Authorization": f"Bearer {token}", "Voile-Reason": "%E7%A6%BB%E8%81%8C"}
    answer = client.post("/v1/management-keys/mine/revoke", headers=head)
    assert (answer.status_code, answer.mimetype) == (202, "application/vnd.voile.approval+json")
    assert chen.does("approval.list")["approvals"][0]["reason"] == "离职"
    answer = client.post("/v1/token/renew", headers=head | {"Voile-Reason": "x" * 501})
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (400, "reason-header")
    assert len(chen.does("approval.list")["approvals"]) == 1
