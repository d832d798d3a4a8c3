"""Each file of a home, lost alone: what `voile doctor` advises mends it, or it asks for a backup."""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.e2e.processes import free_ports, request, voile

if TYPE_CHECKING:
    from tests.e2e.processes import Running, Space


@pytest.fixture
def node(space: Space) -> Running:
    """A connector that has run once, and stands still."""
    found = space.party("acme").start()
    found.stop()
    return found


def advice(node: Running) -> str:
    """The next steps of all that doctor calls wrong; at least one of them."""
    done = node.voile("doctor", "--json")
    assert done.returncode in {1, 2}, done.stdout
    found = json.loads(done.stdout)
    if "error" in found:
        return str(found["error"]["next"])
    steps = [check["next"] for check in found["checks"] if check["state"] == "wrong"]
    assert steps
    assert all(steps), found
    return "\n".join(steps)


def run(text: str) -> None:
    """Run the one `voile` command that an advice names, with the options it names."""
    command = re.search(r"voile ([^;,]+)", text)
    assert command is not None, text
    done = voile(*command[1].split())
    assert done.returncode == 0, done.stderr


def healthy(node: Running) -> None:
    done = node.voile("doctor")
    assert done.returncode == 0, done.stdout
    node.start()
    assert node.metrics("/readyz")[0] == 200
    assert node.manage("GET", "/v1/node")[0] == 200


def test_a_lost_token_is_drawn_anew(node: Running):
    """Every command that needs the token, and doctor, name the command that draws another."""
    token = node.home / "data" / "management.token"
    old = token.read_text().strip()
    token.unlink()
    said = node.voile("products")
    assert said.returncode == 2
    assert "voile token renew" in said.stderr
    run(advice(node))
    assert token.stat().st_mode & 0o777 == 0o600
    healthy(node)
    bearer = {"Authorization": f"Bearer {old}"}
    assert request(node.port + 1, "GET", "/v1/node", None, bearer)[0] == 401
    assert token.read_text().strip() != old


def test_a_token_of_another_day_is_named_and_renewed(node: Running):
    """A file with another token than the database asks for is wrong, not merely there."""
    token = node.home / "data" / "management.token"
    token.write_text("A" * 43 + "\n")
    run(advice(node))
    assert token.read_text().strip() != "A" * 43
    healthy(node)


@pytest.mark.long
def test_a_running_connector_renews_for_who_has_the_token_only(node: Running):
    """With the token: at once, and the old one dies. Without it: it is said what to do instead."""
    node.start()
    token = node.home / "data" / "management.token"
    old = token.read_text().strip()
    assert node.voile("token", "renew").returncode == 0
    assert token.read_text().strip() != old
    bearer = {"Authorization": f"Bearer {old}"}
    assert request(node.port + 1, "GET", "/v1/node", None, bearer)[0] == 401
    assert node.manage("GET", "/v1/node")[0] == 200
    token.unlink()
    refused = node.voile("token", "renew")
    assert refused.returncode == 2
    assert "stop that process" in refused.stderr
    assert not token.exists()
    assert node.stop() == 0
    assert node.voile("token", "renew").returncode == 0
    healthy(node)


@pytest.mark.long
def test_without_the_key_file_nobody_gets_a_token(node: Running):
    """The key file proves whose home it is: without it the token stays, and a copy is asked for."""
    token = node.home / "data" / "management.token"
    old = token.read_bytes()
    key = node.home / "kek.key"
    kept = key.read_bytes()
    key.unlink()
    assert node.voile("token", "renew").returncode == 2
    said = advice(node)
    assert "put a copy of it back" in said
    assert "another folder" in said
    key.touch(0o600)
    key.write_text("A" * 43)
    assert "does not open" in node.voile("token", "renew").stderr
    key.write_bytes(kept)
    assert token.read_bytes() == old
    healthy(node)


@pytest.mark.long
def test_lost_settings_are_written_anew(node: Running):
    """They hold no secret: `voile init --adopt` writes them for the identity that lies there, only."""
    (node.home / "voile.toml").unlink()
    said = advice(node)
    assert f"voile init {node.home} --adopt" in said
    again = ("init", str(node.home), "--public-url", node.url, "--loopback-http", "--did")
    plain = voile(*again, node.did)
    assert plain.returncode == 2
    assert "--adopt" in plain.stderr
    other = voile(*again, node.did + "x", "--adopt")
    assert other.returncode == 2
    assert "belongs to" in other.stderr
    assert not (node.home / "voile.toml").exists()
    done = voile(*again, node.did, "--adopt")
    assert done.returncode == 0, done.stderr
    assert voile(*again, node.did, "--adopt").returncode == 2
    healthy(node)


@pytest.mark.long
def test_a_lost_anchor_is_vouched_for_or_restored(node: Running):
    """Doctor names the command by which the operator vouches, and the backup for who cannot."""
    (node.home / "log.anchor").unlink()
    said = advice(node)
    assert f"voile serve --home {node.home} --accept-head" in said
    assert "backup" in said
    node.start("--accept-head")
    assert node.metrics("/readyz")[0] == 200
    node.stop()
    healthy(node)


@pytest.mark.long
@pytest.mark.parametrize("lost", ["data", "data/voile.db"])
def test_lost_data_needs_a_backup_and_doctor_says_so(node: Running, lost: str):
    """No command makes keys and evidence again: it is said, and what `voile init` can do instead."""
    kept = node.home.with_name("kept")
    shutil.copytree(node.home / "data", kept)
    gone = node.home / lost
    shutil.rmtree(gone) if gone.is_dir() else gone.unlink()
    said = advice(node)
    assert "restore the data folder from a backup" in said
    assert "another folder" in said
    for command in (("serve",), ("products",), ("token", "renew")):
        assert "backup" in node.voile(*command).stderr, command
    shutil.rmtree(node.home / "data", ignore_errors=True)
    kept.rename(node.home / "data")
    healthy(node)


def test_the_remains_of_a_home_are_not_built_upon(node: Running):
    """With only the anchor left, `voile init` refuses: a new log beside it could never sign."""
    shutil.rmtree(node.home / "data")
    (node.home / "voile.toml").unlink()
    done = voile("init", str(node.home), "--did", node.did, "--public-url", node.url,
                 "--loopback-http")  # fmt: skip
    assert done.returncode == 2
    assert "anchor of a log" in done.stderr
    assert "backup" in done.stderr


def test_deleting_the_lock_lets_no_second_process_in(node: Running):
    """The lock file is made anew when nobody runs; while somebody does, the folder is locked too."""
    (node.home / "data" / "lock").unlink()
    healthy(node)
    (node.home / "data" / "lock").unlink()
    ports = {f"VOILE_{name}_PORT": str(free_ports(1)) for name in ("PROTOCOL", "MANAGEMENT", "METRICS")}  # fmt: skip
    second = voile("serve", "--home", str(node.home), env=ports)
    assert second.returncode == 2
    assert "in use by another process" in second.stderr
    assert node.voile("doctor").returncode == 0


@pytest.mark.long
def test_a_lost_file_of_a_product_is_named(node: Running):
    """Its figures are still answered; a new version, or a delivery, would meet the gap: say it now."""
    folder = node.home / "data"
    product, data = node.home / "p.toml", node.home / "p.csv"
    product.write_text(
        'id = "parts"\nkind = "file"\ndomain = "maintenance"\nlevel = 1\n'
        'keywords = ["parts"]\ntitle = { en = "Parts", zh = "零件" }\n'
        'offer = [{ formats = ["HttpData-PULL"] }]\n',
        encoding="utf-8",
    )
    data.write_text("a\n1\n", encoding="utf-8")
    node.start()
    done = node.voile("publish", str(product), str(data))
    assert done.returncode == 0, done.stderr
    assert node.voile("doctor").returncode == 0
    (lost,) = (folder / "products" / "parts").glob("file-*")
    lost.unlink()
    assert f"restore {lost} from a backup" in advice(node)
