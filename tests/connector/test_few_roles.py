"""What a key of few roles tries, to become more: each attempt is refused, and leaves a trace."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from sqlmodel import select

from connector.areas.delivery.jobs import Fetcher
from connector.areas.products.jobs import Publisher
from connector.compose import participant
from connector.process.actor import Actor, acting, read_actor
from connector.store.rows import LogEntryRow
from tests.catalog.product_texts import DELIVERIES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.simulators import Party


@pytest.fixture
def acme(party: Callable[..., Party]) -> Party:
    return party("acme", areas=participant.AREAS)


def key(node: Party, name: str, *roles: str) -> tuple[str, str]:
    """The token and the id of a new key."""
    body = {"name": name, "roles": list(roles)}
    status, found = node.manage("POST", "/v1/management-keys", body)
    assert status == 201, found
    return found["token"], found["key"]["id"]


def private(node: Party, folder: Path) -> dict[str, Path]:
    """Files of the connector, under their names and under others."""
    settings = node.node.settings
    link, hard = folder / "link.csv", folder / "hard.csv"
    link.symlink_to(settings.token_file)
    hard.hardlink_to(settings.kek_file)
    inside = settings.data / "products"
    return {
        "token": settings.token_file,
        "kek": settings.kek_file,
        "settings": settings.home / "voile.toml",
        "database": settings.data / "voile.db",
        "a link": link,
        "a second name": hard,
        "a way round": inside / ".." / "management.token",
        "data folder": settings.data / "x.csv",
    }


def test_who_publishes_reads_no_secret_of_the_connector(acme: Party, tmp_path: Path):
    """Neither by its path, nor by a link, a second name or a way round; nothing of it is quoted."""
    steward, _ = key(acme, "products", "steward")
    for name, path in private(acme, tmp_path).items():
        body = {"product": DELIVERIES, "data": str(path)}
        status, found = acme.manage("POST", "/v1/products", body, token=steward)
        assert (status, found["error"]["code"]) == (403, "file-private"), name
        assert acme.node.settings.token_file.read_text().strip() not in json.dumps(found)


def test_who_publishes_reads_data_files_only(acme: Party, tmp_path: Path):
    """A file of the machine that is none of data is not read, so its first line is not told."""
    steward, _ = key(acme, "products", "steward")
    secret = tmp_path / "passwd"
    secret.write_text("root:x:0:0\n")
    (tmp_path / "passwd.csv").symlink_to(secret)
    for path in (secret, tmp_path / "passwd.csv"):
        body = {"product": DELIVERIES, "data": str(path)}
        status, found = acme.manage("POST", "/v1/products", body, token=steward)
        assert (status, found["error"]["code"]) == (403, "file-other")
        assert "root:x" not in json.dumps(found)


def test_who_fetches_writes_files_of_data_outside_the_connector(acme: Party, tmp_path: Path):
    """No program that the next start would run, and nothing among the connector's own files."""
    steward, _ = key(acme, "goods", "steward")
    for out, code in (
        (tmp_path / "usercustomize.py", "file-other"),
        (tmp_path / "a.pth", "file-other"),
        (acme.node.settings.data / "x.csv", "file-private"),
        (acme.node.settings.home / "voile.toml", "file-private"),
    ):
        body = {"agreement": "urn:x", "out": str(out)}
        status, found = acme.manage("POST", "/v1/deliveries", body, token=steward)
        assert (status, found["error"]["code"]) == (403, code)
        assert not out.with_name(f"{out.name}.part").exists()


def test_a_steward_binds_the_firm_to_nothing(acme: Party):
    """What is asked for as it was published is a contract without another step: a cdo asks."""
    steward, _ = key(acme, "products", "steward")
    body = {"provider": "did:web:bolt.example", "dataset": "x"}
    status, found = acme.manage("POST", "/v1/negotiations", body, token=steward)
    assert (status, found["error"]["code"]) == (403, "role-missing")


@pytest.mark.parametrize("name", ["a/b", "a b", "\x9b2K", "a\u202eb", ".x", "x" * 101, "ä\nb"])
def test_names_of_keys_fit_into_paths_and_on_terminals(acme: Party, name: str):
    body = {"name": name, "roles": ["auditor"]}
    status, found = acme.manage("POST", "/v1/management-keys", body)
    assert (status, found["error"]["code"]) == (400, "field-wrong")


def test_a_key_is_revoked_by_its_name_or_its_id(acme: Party):
    """In any script; the first by neither."""
    _, one = key(acme, "审计", "auditor")
    key(acme, "other", "auditor")
    assert acme.manage("POST", f"/v1/management-keys/{one}/revoke")[0] == 200
    assert acme.manage("POST", "/v1/management-keys/other/revoke")[0] == 200
    first = acme.manage("GET", "/v1/management-keys")[1]["keys"][0]["id"]
    assert acme.manage("POST", f"/v1/management-keys/{first}/revoke")[0] == 404


def test_nobody_takes_a_key_of_roles_that_are_not_its_own(acme: Party):
    """Who keeps keys takes neither the certifier's nor the first one."""
    keeper, _ = key(acme, "keeper", "security")
    key(acme, "auditor", "auditor")
    for path in ("/v1/management-keys/auditor/revoke", "/v1/token/renew"):
        status, found = acme.manage("POST", path, {}, token=keeper)
        assert (status, found["error"]["code"]) == (403, "key-roles"), path
    assert acme.manage("GET", "/v1/node")[0] == 200


def test_an_auditor_makes_us_call_no_stranger_and_opens_no_part_of_a_total(acme: Party):
    """Keys are asked of parties that are known here; our own part is the cdo's to open."""
    auditor, _ = key(acme, "archive", "auditor")
    before = len(acme.net.sent)
    path = "/v1/audit/trust?party=did:web:stranger.example"
    assert acme.manage("GET", path, token=auditor)[0] == 200
    assert len(acme.net.sent) == before
    status, found = acme.manage("POST", "/v1/audit/bundle?session=x", token=auditor)
    assert (status, found["error"]["code"]) == (403, "role-missing")


def test_whoever_probes_leaves_a_trace(acme: Party):
    """Refusals of roles are counted by key, and become a leaf."""
    auditor, name = key(acme, "archive", "auditor")
    acme.manage("POST", "/v1/management-keys", {"name": "x", "roles": ["cdo"]}, token=auditor)
    acme.node.refusals.flush()
    with acme.node.db.reading() as session:
        rows = session.exec(select(LogEntryRow).where(LogEntryRow.kind == "ACCESS")).all()
    assert [json.loads(row.entry)["to"] for row in rows] == ["REFUSED"]
    assert f"key:{name}" not in rows[0].entry.decode()  # the detail is sealed


@pytest.mark.parametrize("service", [Publisher, Fetcher])
def test_what_a_revoked_key_had_asked_for_is_not_begun(
    acme: Party, service: type[Any], tmp_path: Path
):
    """Its turn comes after the revocation: it fails, and says why."""
    _, name = key(acme, "products", "steward")
    worker = acme.node.services[service]
    worker.start()
    acme.manage("POST", "/v1/management-keys/products/revoke")
    told = ("x", DELIVERIES) if service is Publisher else ("urn:x",)
    with acting(Actor("key", name)):
        job = worker.submit(*told, tmp_path / "x.csv")
    worker.stop()
    assert job.state == "failed"
    assert job.error["en"]["error"]["code"] == "key-revoked"


@pytest.mark.parametrize("said", ["", "key:", "nobody", "root:x", "key:ab", "peer:did:web:a"])
def test_an_actor_is_read_as_it_was_written(said: str):
    """What is no actor is the connector itself; none of them has roles."""
    who = read_actor(said)
    assert str(who) == (said if said in {"key:ab", "peer:did:web:a"} else "job:connector")
    assert not who.roles
