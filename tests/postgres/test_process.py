"""Real processes on a server of their own: refused twice, killed, cut off, and no word of a password."""

from __future__ import annotations

import json
import signal
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from connector.process.settings import load
from tests.e2e.processes import Space, free_ports, voile
from tests.postgres.cluster import Cluster
from tests.waiting import equals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.e2e.processes import Running

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A server that a test may stop and start."""
    with Cluster() as found:
        yield found


@pytest.fixture
def database(cluster: Cluster) -> Callable[[str], str]:
    """Make an empty database there; its URL holds the password."""
    password = cluster.passfile.read_text().strip().rsplit(":", 1)[1]
    admin = make_url(cluster.url).set(password=password)

    def make(name: str) -> str:
        engine = create_engine(admin, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
        engine.dispose()
        return admin.set(database=name).render_as_string(hide_password=False)

    return make


@pytest.fixture
def space(tmp_path: Path) -> Iterator[Space]:
    with Space(tmp_path) as found:
        yield found


def test_a_restarted_server_is_waited_for(space: Space, cluster: Cluster, database):
    """While the server is away: 503 and not ready; when it is back, so are we, without a restart."""
    acme = space.party("acme", env={"VOILE_DATABASE": database("restarted")}).start()
    assert acme.metrics("/readyz")[0] == 200
    assert acme.process is not None
    pid = acme.process.pid
    cluster.stop(signal.SIGQUIT)  # as a crash
    try:
        status, said = acme.metrics("/readyz")
        assert status == 503
        assert json.loads(said)["checks"]["database"]["ok"] is False
        assert acme.metrics("/healthz")[0] == 200
        assert acme.metrics("/metrics")[0] == 200
        status, error = acme.manage("GET", "/v1/negotiations")
        assert status == 503
        assert error["error"]["code"] == "store-lost"
        assert "server on socket" not in json.dumps(error), "where it is, is nobody's business"
        assert "server on socket" in acme.log, "but its operator's"
    finally:
        cluster.start()
    equals(lambda: acme.metrics("/readyz")[0], 200)
    assert acme.manage("GET", "/v1/negotiations")[0] == 200
    assert acme.process.pid == pid
    assert acme.process.poll() is None
    assert acme.stop() == 0
    assert "crashed" not in acme.log


def test_a_second_process_is_refused_and_a_killed_one_followed(space: Space, database):
    """Two homes with one database: the second says who holds it; after kill -9 the home starts again."""
    url = database("twice")
    acme = space.party("acme", env={"VOILE_DATABASE": url}).start()
    copied = acme.home.with_name("copy")
    done = voile("init", str(copied), "--did", acme.did, "--public-url", acme.url,
                 "--loopback-http", "--database", url)  # fmt: skip
    assert done.returncode == 2
    assert f"the node of `{acme.did}`" in done.stderr
    assert not (copied / "voile.toml").exists()

    second = twin(acme)
    assert second.returncode == 2
    assert "in use by `voile`, pid" in second.stderr
    acme.kill()
    acme.start()
    assert acme.metrics("/readyz")[0] == 200


def twin(acme: Running) -> Any:
    """Start another process with a copy of a home."""
    copied = acme.home.with_name("twin")
    (copied / "data").mkdir(parents=True)
    for name in ("voile.toml", "kek.key", "log.anchor"):
        (copied / name).write_bytes((acme.home / name).read_bytes())
        (copied / name).chmod(0o600)
    port = free_ports()
    more = {"VOILE_PROTOCOL_PORT": str(port), "VOILE_MANAGEMENT_PORT": str(port + 1),
            "VOILE_METRICS_PORT": str(port + 2), "VOILE_CONSOLE_PORT": str(port + 3)}  # fmt: skip
    return voile("serve", "--home", str(copied), env=acme.env | more)


def test_the_password_of_the_url_is_told_to_nobody(space: Space, cluster: Cluster, database):
    """Not in logs, doctor, the API, errors, nor in the settings' repr; the file is ours only."""
    url = database("quiet")
    password = make_url(url).password
    assert password
    port = free_ports()
    home = space.folder / "acme"
    done = voile("init", str(home), "--did", f"did:web:localhost%3A{port}:acme", "--public-url",
                 f"http://localhost:{port}/acme", "--loopback-http", "--database", url)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert (home / "voile.toml").stat().st_mode & 0o077 == 0
    from tests.e2e.processes import Running

    acme = Running("acme", home, port)
    space.parties.append(acme)
    acme.start()
    said = [json.dumps(acme.manage("GET", "/v1/node")), repr(load(home, {}))]
    said += [acme.voile("doctor").stdout, acme.voile("doctor", "--json").stdout]
    assert "***" in said[-1]
    cluster.stop()
    try:
        said += [json.dumps(acme.manage("GET", "/v1/node")), acme.metrics("/readyz")[1]]
        acme.stop()
        down = acme.voile("serve")
        assert down.returncode == 2
        assert "cannot be used" in down.stderr
        said += [down.stderr, acme.voile("doctor").stdout]
    finally:
        cluster.start()
    wrong = make_url(url).set(password=f"not{password}").render_as_string(hide_password=False)
    refused = replace(acme, env={"VOILE_DATABASE": wrong}).voile("serve")
    assert refused.returncode == 2
    assert "password authentication failed" in refused.stderr
    said += [refused.stderr, acme.log]
    assert [text for text in said if password in text] == []
