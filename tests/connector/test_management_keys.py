"""Management keys: several, named, with roles, known by their digest, revocable; each leaf its actor."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text
from sqlmodel import select

from connector.party.credentials import FIRST, ManagementKeyRow
from connector.process.actor import ITSELF, Actor, acting, actor
from connector.process.job import Every
from connector.process.logs import silent
from connector.store.rows import LogEntryRow
from contracts.evidence import Entry

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.simulators import Party


@pytest.fixture
def acme(party: Callable[..., Party]) -> Party:
    return party("acme")


def add(node: Party, name: str, *roles: str) -> dict[str, Any]:
    status, found = node.manage("POST", "/v1/management-keys", {"name": name, "roles": list(roles)})
    assert status == 201, found
    return found


def leaves(node: Party) -> list[dict[str, Any]]:
    with node.node.db.reading() as session:
        rows = session.exec(select(LogEntryRow).order_by(LogEntryRow.index)).all()  # type: ignore[arg-type]
    return [json.loads(row.entry) for row in rows]


def test_the_token_of_a_home_is_the_first_key(acme: Party):
    """Named owner, with every role."""
    (key,) = acme.manage("GET", "/v1/management-keys")[1]["keys"]
    assert (key["name"], len(key["roles"]), "revoked" in key) == (FIRST, 5, False)


def test_a_key_opens_what_its_roles_may_until_it_is_revoked(acme: Party):
    """And is put on record twice, by its id; its token stands nowhere in the database."""
    made = add(acme, "archive", "auditor")
    token, key = made["token"], made["key"]
    assert acme.manage("GET", "/v1/management-keys", token=token)[0] == 200
    assert acme.manage("POST", "/v1/management-keys", {}, token=token)[0] == 403
    status, found = acme.manage("POST", "/v1/management-keys/archive/revoke")
    assert (status, found["id"], found["revoked"] > 0) == (200, key["id"], True)
    assert acme.manage("GET", "/v1/management-keys", token=token)[0] == 401
    said = [leaf for leaf in leaves(acme) if leaf.get("to") in {"KEY_ADDED", "KEY_REVOKED"}]
    assert [(leaf["to"], leaf["query"]) for leaf in said] == [
        ("KEY_ADDED", {"key": key["id"], "roles": ["auditor"]}),
        ("KEY_REVOKED", {"key": key["id"], "roles": ["auditor"]}),
    ]
    with acme.node.db.reading() as session:
        rows = session.exec(select(ManagementKeyRow)).all()
    digest = hashlib.sha256(token.encode()).hexdigest()
    assert [row.digest for row in rows if row.name == "archive"] == [digest]
    assert token not in repr(rows)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"name": "owner", "roles": ["auditor"]}, 409, "key-exists"),
        ({"name": "", "roles": ["auditor"]}, 400, "field-wrong"),
        ({"name": "x", "roles": []}, 400, "field-wrong"),
        ({"name": "x", "roles": ["root"]}, 400, "field-wrong"),
        ({"name": "x", "roles": ["auditor", "auditor"]}, 400, "field-wrong"),
        ({"name": "x", "roles": ["auditor"], "days": 3}, 400, "field-wrong"),
        ({"name": "x"}, 400, "field-wrong"),
    ],
)
def test_bad_keys_are_refused_and_change_nothing(
    acme: Party, body: dict[str, Any], status: int, code: str
):
    found, said = acme.manage("POST", "/v1/management-keys", body)
    assert (found, said["error"]["code"]) == (status, code)
    assert len(acme.manage("GET", "/v1/management-keys")[1]["keys"]) == 1


def test_nobody_gives_away_a_role_that_is_not_its_own(acme: Party):
    """Who keeps the keys does not become steward or certifier by drawing one."""
    keeper = add(acme, "keeper", "security", "auditor")["token"]
    for roles in (["cdo"], ["security", "steward"], ["certifier", "auditor"]):
        status, found = acme.manage(
            "POST", "/v1/management-keys", {"name": "mine", "roles": roles}, token=keeper
        )
        assert (status, found["error"]["code"]) == (403, "key-roles")
    body = {"name": "mine", "roles": ["auditor"]}
    assert acme.manage("POST", "/v1/management-keys", body, token=keeper)[0] == 201


def test_the_first_key_is_renewed_and_never_revoked(acme: Party):
    """Or this machine's own commands would have none."""
    before = acme.node.settings.token_file.read_text().strip()
    status, found = acme.manage("POST", f"/v1/management-keys/{FIRST}/revoke")
    assert (status, found["error"]["code"]) == (409, "key-first")
    assert acme.manage("POST", "/v1/token/renew", {})[0] == 200
    assert acme.manage("GET", "/v1/node", token=before)[0] == 401
    old, new = acme.manage("GET", "/v1/management-keys")[1]["keys"]
    assert (old["name"], new["name"], "revoked" in old, "revoked" in new) == (
        FIRST,
        FIRST,
        True,
        False,
    )


def test_a_name_is_free_again_once_its_key_is_revoked(acme: Party):
    """The ids differ, so leaves of both can be told apart."""
    one = add(acme, "archive", "auditor")
    acme.manage("POST", "/v1/management-keys/archive/revoke")
    assert acme.manage("POST", "/v1/management-keys/archive/revoke")[0] == 404
    assert add(acme, "archive", "auditor")["key"]["id"] != one["key"]["id"]


def test_each_new_leaf_names_its_actor(acme: Party):
    """The connector itself, a key by its id, a job; a peer that the leaf names is only called so."""
    made = add(acme, "second", "security", "auditor")
    acme.manage(
        "POST", "/v1/management-keys", {"name": "x", "roles": ["auditor"]}, token=made["token"]
    )
    seen = [leaf["actor"] for leaf in leaves(acme)]
    (first, *_) = acme.manage("GET", "/v1/management-keys")[1]["keys"]
    assert seen[0] == "job:connector"
    assert seen[-2:] == [f"key:{first['id']}", f"key:{made['key']['id']}"]
    entry = Entry(kind="CONFIGURATION", counterparty="did:web:bolt.example")
    for who, said in (
        (Actor("peer", "did:web:bolt.example"), "peer"),
        (Actor("peer", "did:web:crow.example"), "peer:did:web:crow.example"),
        (Actor("job", "outbox"), "job:outbox"),
    ):
        with acting(who), acme.node.db.transaction() as tx:
            tx.append(entry)
        assert leaves(acme)[-1]["actor"] == said
    assert actor() == ITSELF


def test_a_request_acts_as_nobody_before_it(acme: Party):
    """A thread of the server serves many: what one was is forgotten by the next."""
    acme.manage("GET", "/v1/node")
    acme.net.request("GET", f"{acme.url}/did.json")
    assert actor() == ITSELF


def test_a_job_acts_as_itself():
    """By its name, also for what it does before it starts its thread."""
    seen = []
    job = Every("sweep", 60, lambda: seen.append(str(actor())), silent(), here=True, at_once=True)
    job.start()
    job.stop()
    assert set(seen) == {"job:sweep"}
    assert actor() == ITSELF


def test_an_old_home_keeps_its_token(acme: Party):
    """The migration makes the token that the home knew its first key."""
    token = acme.node.settings.token_file.read_text().strip()
    digest = hashlib.sha256(token.encode()).hexdigest()
    from alembic import command

    from connector.store.migrate import configuration, migrate

    with acme.node.db.engine.begin() as connection:
        config = configuration(connection)
        command.downgrade(config, f"{int(_revision()) - 1:04d}")
        fact = "INSERT INTO fact (name, value) VALUES ('management-token-sha256', :digest)"
        connection.execute(text(fact), {"digest": digest})
    assert migrate(acme.node.db)
    assert acme.manage("GET", "/v1/node")[0] == 200
    (key,) = acme.manage("GET", "/v1/management-keys")[1]["keys"]
    assert (key["name"], len(key["roles"])) == (FIRST, 5)


def _revision() -> str:
    """The migration that makes the table."""
    from connector.store.migrate import FOLDER

    (path,) = (FOLDER / "versions").glob("*_management_keys.py")
    return path.name[:4]
