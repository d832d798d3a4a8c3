"""Keeping people: who may, whose roles, dated grants, what leaves say, what lies in the database."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from connector.areas.people.pages import people as people_page
from connector.areas.people.persons import acting_now
from connector.faces.cli.moments import read_moment
from connector.party.credentials import check_acts
from connector.process.actor import Actor
from connector.process.errors import Forbidden, VoileError
from connector.process.ports import unix_ms
from tests.connector.people.firm import OTHER, PASSWORD, Firm

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.simulators import Party, StandingClock

DAY = 24 * 60 * 60


def people(firm: Firm) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in firm.party.manage("GET", "/v1/people")[1]["people"]}


def key(firm: Firm, *roles: str) -> str:
    body = {"name": "-".join(roles), "roles": list(roles)}
    return str(firm.party.manage("POST", "/v1/management-keys", body)[1]["token"])


def test_a_person_is_listed_as_it_is(firm: Firm):
    """Invited, active, locked, ended; never with what it signs in with."""
    firm.link("Ada", "cdo", "auditor", days=3)
    ada = people(firm)["Ada"]
    now = unix_ms(firm.clock.now())
    assert ada == {
        "id": ada["id"],
        "name": "Ada",
        "language": "en",
        "roles": ["cdo", "auditor"],
        "state": "invited",
        "secondFactor": False,
        "created": now,
        "linkEnds": now + 3 * DAY * 1000,
    }
    firm.join("Bea", "steward", factor=True)
    assert (people(firm)["Bea"]["state"], people(firm)["Bea"]["secondFactor"]) == ("active", True)
    for _ in range(5):
        with pytest.raises(Forbidden):
            firm.sign_in("Bea", "wrong")
    assert people(firm)["Bea"]["lockedUntil"] == now + 15 * 60_000
    status, ended = firm.party.manage("POST", "/v1/people/Bea/end")
    assert (status, ended["state"], ended["ended"]) == (200, "ended", now)
    assert "lockedUntil" not in people(firm)["Bea"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"name": "Ada", "roles": ["steward"]}, 409, "person-exists"),
        ({"name": " ADA ", "roles": ["steward"]}, 409, "person-exists"),
        ({"name": "Bea", "roles": ["certifier"]}, 400, "field-wrong"),
        ({"name": "Bea", "roles": []}, 400, "field-wrong"),
        ({"name": "Bea", "roles": ["root"]}, 400, "field-wrong"),
        ({"name": "", "roles": ["steward"]}, 400, "field-wrong"),
        ({"name": "a/b", "roles": ["steward"]}, 400, "field-wrong"),
        ({"name": "<b>", "roles": ["steward"]}, 400, "field-wrong"),
        ({"name": "a\u202eb", "roles": ["steward"]}, 400, "field-wrong"),
        ({"name": "x" * 101, "roles": ["steward"]}, 400, "field-wrong"),
        ({"name": "Bea", "roles": ["steward"], "language": "fr"}, 400, "field-wrong"),
        ({"name": "Bea", "roles": ["steward"], "days": 31}, 400, "field-wrong"),
        ({"name": "Bea", "roles": ["auditor"], "until": 1}, 400, "field-wrong"),
        ({"name": "Bea", "roles": ["auditor"], "until": 2**50}, 400, "field-wrong"),
        ({"name": "Bea", "roles": ["steward"], "until": 2**47}, 400, "grant-roles"),
        ({"name": "Bea", "roles": ["auditor", "cdo"], "until": 2**47}, 400, "grant-roles"),
    ],
)
def test_who_does_not_fit_is_not_invited(firm: Firm, body: dict[str, Any], status: int, code: str):
    firm.link("Ada", "steward")
    before = people(firm)
    found, said = firm.party.manage("POST", "/v1/people", body)
    assert (found, said["error"]["code"]) == (status, code)
    assert people(firm) == before


def test_a_hub_has_people_of_its_own_roles(
    party: Callable[..., Party], clock: StandingClock
) -> None:
    hub = Firm.make(party, clock, role="hub")
    hub.join("Cai", "certifier", "security", factor=True)
    for role in ("steward", "cdo"):
        body = {"name": "x", "roles": [role]}
        assert hub.party.manage("POST", "/v1/people", body)[0] == 400


def test_nobody_gives_a_role_that_is_not_its_own(firm: Firm):
    """Neither by inviting, nor by roles, nor by a link that makes one somebody else."""
    firm.link("Ada", "steward")
    firm.link("Bea", "security")
    keeper = key(firm, "security")
    for path, body in (
        ("/v1/people", {"name": "x", "roles": ["cdo"]}),
        ("/v1/people/Bea/roles", {"roles": ["security", "cdo"]}),
        ("/v1/people/Ada/renew", {}),
    ):
        status, found = firm.party.manage("POST", path, body, token=keeper)
        assert (status, found["error"]["code"]) == (403, "key-roles"), path
    body = {"name": "x", "roles": ["security"]}
    assert firm.party.manage("POST", "/v1/people", body, token=keeper)[0] == 201
    assert firm.party.manage("POST", "/v1/people/Ada/end", token=keeper)[0] == 200
    for role in ("steward", "auditor"):
        status, found = firm.party.manage("POST", "/v1/people", body, token=key(firm, role))
        assert (status, found["error"]["code"]) == (403, "role-missing")


def test_other_roles_end_all_sessions(firm: Firm):
    """And one that needs a second factor is not given to who has none."""
    token = firm.join("Ada", "steward")
    status, found = firm.party.manage("POST", "/v1/people/Ada/roles", {"roles": ["cdo"]})
    assert (status, found["error"]["code"]) == (409, "factor-missing")
    assert firm.people.visitor(token) is not None
    body = {"roles": ["steward", "security"]}
    status, found = firm.party.manage("POST", "/v1/people/Ada/roles", body)
    assert (status, found["roles"]) == (200, ["steward", "security"])
    assert firm.people.visitor(token) is None
    assert firm.visitor(firm.sign_in("Ada")).roles == {"steward", "security"}
    (leaf,) = firm.leaves("PERSON_ROLES")
    assert leaf["query"]["before"] == ["steward"]


def test_roles_that_change_before_a_link_is_used_hold_for_it(firm: Firm):
    link = firm.link("Ada", "steward")
    firm.party.manage("POST", "/v1/people/Ada/roles", {"roles": ["cdo"]})
    with pytest.raises(VoileError) as caught:
        firm.enrol(link, "Ada")
    assert caught.value.code == "code-missing"


def test_a_grant_ends_by_itself(firm: Firm):
    """At its moment, in the middle of a session; its name is free again, its person is not let in."""
    until = unix_ms(firm.clock.now()) + 10 * 60_000
    token = firm.enrol(firm.link("Eve", "auditor", until=until), "Eve", factor=True)
    who = firm.visitor(token)
    assert who.grant_ends == until
    check_acts(firm.node, who.actor)
    status, found = firm.party.manage("POST", "/v1/people/Eve/roles", {"roles": ["steward"]})
    assert (status, found["error"]["code"]) == (400, "grant-roles")
    firm.clock.advance(10 * 60 - 1)
    assert firm.people.visitor(token) is not None
    firm.clock.advance(1)
    assert firm.people.visitor(token) is None
    with pytest.raises(VoileError):
        firm.sign_in("Eve", code=firm.code("Eve"))
    with pytest.raises(Forbidden):
        check_acts(firm.node, who.actor)
    assert (people(firm)["Eve"]["state"], people(firm)["Eve"]["ended"]) == ("ended", until)
    assert firm.party.manage("POST", "/v1/people/Eve/renew")[0] == 404
    assert firm.link("Eve", "steward")


def test_who_has_ended_acts_no_more(firm: Firm):
    """Not by a session, nor by what it had asked for; its name is another's to have."""
    token = firm.join("Ada", "steward")
    who = firm.visitor(token).actor
    check_acts(firm.node, who)
    with firm.node.db.reading() as session:
        now = unix_ms(firm.clock.now())
        assert acting_now(session, who.name, now) == who
        assert acting_now(session, "nobody", now) is None
    assert firm.party.manage("POST", f"/v1/people/{who.name}/end")[0] == 200
    assert firm.people.visitor(token) is None
    with pytest.raises(Forbidden) as caught:
        check_acts(firm.node, who)
    assert caught.value.code == "person-ended"
    assert firm.party.manage("POST", "/v1/people/Ada/end")[0] == 404
    again = firm.visitor(firm.join("Ada", "steward")).actor
    assert again.name != who.name
    check_acts(firm.node, again)
    check_acts(firm.node, Actor("job", "connector"))


def test_leaves_say_what_became_of_whom_and_never_a_name(firm: Firm):
    firm.join("Ada", "steward")
    firm.party.manage("POST", "/v1/people/Ada/roles", {"roles": ["security"]})
    firm.party.manage("POST", "/v1/people/Ada/renew")
    firm.party.manage("POST", "/v1/people/Ada/end")
    states = [leaf["to"] for leaf in firm.leaves() if "person" in (leaf.get("query") or {})]
    assert states == [
        "PERSON_INVITED",
        "PERSON_ENROLLED",
        "PERSON_ROLES",
        "PERSON_RENEWED",
        "PERSON_ENDED",
    ]
    assert len({leaf["query"]["person"] for leaf in firm.leaves(*states)}) == 1
    actors = {leaf["to"]: leaf["actor"].split(":")[0] for leaf in firm.leaves(*states)}
    assert actors == dict.fromkeys(states, "key") | {"PERSON_ENROLLED": "person"}
    assert "Ada" not in repr(firm.leaves())


def test_no_secret_lies_in_the_data_folder(firm: Firm):
    """Neither link, session, password nor second factor, in any spelling, in database or journal."""
    link = firm.link("Ada", "cdo")
    session = firm.enrol(link, "Ada", factor=True)
    waiting = firm.people.begin_factor(firm.visitor(session)).secret
    with pytest.raises(Forbidden):
        firm.sign_in(OTHER)  # a password in the wrong field
    secrets = [link, session, PASSWORD, OTHER, waiting, firm.phones["Ada"].secret]
    secrets += [firm.people.csrf(session), firm.code("Ada")]
    held = [path for path in firm.node.settings.data.rglob("*") if path.is_file()]
    found = b"".join(path.read_bytes() for path in held)
    assert b"Ada" in found, "what is not secret is where it is looked for"
    assert [one for one in secrets if one.encode() in found or one.lower().encode() in found] == []


def test_a_day_in_a_form_ends_as_one_on_the_command_line():
    """With the day, in UTC; what is no day is handed on, and refused as a field."""
    assert people_page._end_of("2026-12-01") == read_moment("2026-12-01", end=True)
    assert people_page._end_of("soon") == "soon"


@pytest.mark.parametrize("end", ["2026-01-31", "2026-01-31T12:30:00Z"])
def test_an_end_that_has_passed_is_told_as_it_was_given(firm: Firm, end: str):
    """A day as a day, a moment as a moment; no count of milliseconds."""
    body = {"name": "Eve", "roles": ["auditor"], "until": read_moment(end, end=True)}
    status, found = firm.party.manage("POST", "/v1/people", body)
    assert (status, found["error"]["code"]) == (400, "field-wrong")
    assert f"`{end}`" in found["error"]["message"]
    assert not re.search(r"\d{11}", found["error"]["message"])
