"""What the operator sends is read strictly: a wrong field is named, and nothing is decided."""

from __future__ import annotations

import pytest

from catalog.certification import VALID_DAYS
from connector.areas.hub.records import MOST_DAYS
from connector.areas.hub.rows import ApplicationRow, ParticipantRow
from tests.connector.hub.test_certifying import rows

DECISION = {"did": "did:web:alder.example", "seen": "sha-256:0"}


def test_the_record_knows_how_long_a_certification_lasts():
    """The bound that is declared is the one that is kept."""
    assert MOST_DAYS == VALID_DAYS


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        ("applications/approve", DECISION | {"days": 91}, "/days"),
        ("applications/approve", DECISION | {"legalGroup": ""}, "/legalGroup"),
        ("applications/approve", DECISION | {"reason": "r"}, "/reason"),
        ("applications/approve", DECISION | {"did": "alder"}, "/did"),
        ("applications/reject", DECISION, "/reason"),
        ("applications/reject", DECISION | {"reason": "x" * 501}, "/reason"),
        ("participants/suspend", {"did": 5, "seen": "s", "reason": "r"}, "/did"),
        ("participants/reinstate", {"did": "alder", "seen": "s", "reason": "r"}, "/did"),
        ("participants/revoke", {"did": DECISION["did"], "reason": "r"}, "/seen"),
    ],
)
def test_a_decision_names_its_wrong_field(space, path, body, pointer):
    """400 `field-wrong` with the field's pointer; the application waits as before."""
    alder = space.firm("alder", certify=False)
    space.apply(alder)
    status, found = space.hub.manage("POST", f"/v1/hub/{path}", body)
    assert (status, found["error"]["code"]) == (400, "field-wrong")
    assert found["error"]["params"]["pointer"] == pointer
    assert [row.state for row in rows(space.hub, ApplicationRow)] == ["pending"]
    assert rows(space.hub, ParticipantRow) == []


@pytest.mark.parametrize(
    ("path", "pointer"),
    [
        ("applications?state=waiting", "/state"),
        ("applications?did=x", "/did"),
        ("catalog?page=1&page=2", "/page"),
        ("catalog?page=0", "/page"),
        ("catalog?page=" + "9" * 5000, "/page"),
        ("catalog?size=21", "/size"),
        ("catalog?colour=red", "/colour"),
        ("catalog?text=" + "x" * 201, "/text"),
    ],
)
def test_a_wrong_query_is_named(space, path, pointer):
    """Of what stands twice neither is picked; a number of any length is read as one or refused."""
    status, found = space.hub.manage("GET", f"/v1/hub/{path}")
    assert (status, found["error"]["code"]) == (400, "field-wrong")
    assert found["error"]["params"]["pointer"] == pointer


def test_an_empty_state_lists_all_applications(space):
    """As `voile hub applications --state ""` asks."""
    alder = space.firm("alder")
    for query in ("?state=", ""):
        _, found = space.hub.manage("GET", f"/v1/hub/applications{query}")
        assert [(one["did"], one["state"]) for one in found["applications"]] == [
            (alder.did, "approved")
        ]


def test_the_operator_searches_as_members_do(space):
    """The facets narrow, several values of one at a time."""
    space.firm("alder")
    status, found = space.hub.manage("GET", "/v1/hub/catalog?level=1&level=2&page=1&size=20")
    assert status == 200
    assert (found["total"], found["page"], found["size"], found["hits"]) == (0, 1, 20, [])
