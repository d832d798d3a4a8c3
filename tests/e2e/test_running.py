"""`voile status` and `voile down`: what runs here, since when, and an end that answers first."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import pytest

from connector.process.lock import FolderLock, holder
from connector.process.ports import SystemClock
from tests.e2e.console_visit import fetch
from tests.e2e.processes import voile
from tests.waiting import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.e2e.processes import Running, Space


def looked(*homes: Path) -> list[dict[str, Any]]:
    """What `voile status --json` tells of some homes."""
    named = [word for home in homes for word in ("--home", str(home))]
    done = voile("status", *named, "--json")
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)["homes"]
    return found


def ended(node: Running, *more: str) -> Any:
    return voile("down", "--home", str(node.home), *more)


def test_what_runs_is_shown_with_its_ports_and_what_does_not_with_how_to_start_it(space: Space):
    acme, hub = space.party("acme").start(), space.party("hub", role="hub")
    first, second = looked(acme.home, hub.home)
    assert first["running"] is True
    assert first["ready"] is True
    assert first["unmet"] == []
    assert first["pid"] == acme.process.pid
    assert first["process"] == "voile serve"
    assert first["protocol"] == f"http://127.0.0.1:{acme.port}/acme"
    assert first["management"].endswith(f":{acme.port + 1}")
    assert first["metrics"].endswith(f":{acme.port + 2}/metrics")
    assert first["console"] == f"http://localhost:{acme.port + 3}"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", first["since"])
    assert second == {"home": str(hub.home), "did": hub.did, "role": "hub", "running": False}

    for tongue, words in (
        ("en", ("runs", "does not run", f"voile hub serve --home {hub.home}")),
        ("zh", ("运行中", "未运行", f"voile hub serve --home {hub.home}")),
    ):
        two = ("--home", str(acme.home), "--home", str(hub.home))
        said = voile("status", *two, env={"VOILE_LANG": tongue}).stdout
        assert all(word in said for word in words), said
    token = (acme.home / "data" / "management.token").read_text().strip()
    assert token not in said


def test_without_a_name_the_homes_of_this_folder_are_shown(
    space: Space, run_in: Callable[..., Any]
):
    space.party("acme")
    space.party("hub", role="hub")
    (space.folder / "other").mkdir()
    done = run_in(space.folder, "status", "--json")
    assert [one["home"] for one in json.loads(done.stdout)["homes"]] == ["acme", "hub"]
    refused = run_in(space.folder, "down")
    assert refused.returncode == 2
    assert "--home" in refused.stderr
    nothing = run_in(space.folder / "other", "status")
    assert nothing.returncode == 0
    first, then = nothing.stdout.splitlines()
    assert first == "there is no home here"
    assert "voile status --home FOLDER" in then


def test_down_ends_it_as_a_signal_does_and_twice_is_no_error(space: Space):
    acme = space.party("acme").start()
    done = ended(acme)
    assert (done.returncode, done.stdout) == (0, f"{acme.home}: stopped\n")
    assert acme.process.wait(PATIENCE) == 0
    assert '"event": "stopped"' in acme.log or '"event":"stopped"' in acme.log
    acme.process = None
    again = ended(acme, "--json")
    assert json.loads(again.stdout) == {"homes": [{"home": str(acme.home), "stopped": False}]}
    assert again.returncode == 0
    acme.start()
    assert looked(acme.home)[0]["running"] is True


def test_the_console_is_named_and_ends_with_the_rest(space: Space):
    """Status names the address at which people sign in; after down nothing listens there."""
    acme = space.party("acme").start()
    address = looked(acme.home)[0]["console"]
    said = voile("status", "--home", str(acme.home)).stdout
    assert re.search(rf"^ +console +{re.escape(address)}$", said, re.MULTILINE), said
    status, page, _ = fetch(address, "/sign-in")
    assert status == 200, page
    port = acme.port + 3
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as idle:  # a browser keeps one
        assert ended(acme).returncode == 0
        assert acme.process.wait(PATIENCE) == 0
        idle.settimeout(PATIENCE)
        with suppress(ConnectionResetError):
            assert idle.recv(1) == b""
    acme.process = None
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), PATIENCE)
    assert "console" not in looked(acme.home)[0]


def test_a_home_without_a_console_has_none_to_name(space: Space):
    """As homes are that were made before it."""
    acme = space.party("acme")
    settings = acme.home / "voile.toml"
    text = settings.read_text(encoding="utf-8")
    block = f"[console]\nport = {acme.port + 3}\n"
    assert block in text
    settings.write_text(text.replace(block, ""), encoding="utf-8")
    acme.start()
    assert "console" not in looked(acme.home)[0]
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", acme.port + 3), PATIENCE)
    assert ended(acme).returncode == 0
    acme.process = None


@pytest.mark.long
def test_what_does_not_end_in_time_is_said(space: Space):
    acme = space.party("acme").start()
    acme.process.send_signal(signal.SIGSTOP)
    try:
        done = ended(acme, "--wait", "1", "--json")
    finally:
        acme.process.send_signal(signal.SIGCONT)
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"]["code"] == "still-runs"
    assert acme.process.wait(PATIENCE) == 0  # the signal was delivered
    acme.process = None


def test_a_folder_that_another_command_holds_is_not_ended(space: Space):
    """Nor is a process of this number that has nothing to do with it."""
    acme = space.party("acme")
    data = acme.home / "data"
    with FolderLock(data, what="voile init", now=SystemClock().now()):
        assert looked(acme.home)[0]["process"] == "voile init"
        done = ended(acme, "--json")
        assert json.loads(done.stdout)["error"]["code"] == "not-serving"
        note = json.dumps({"what": "voile serve", "pid": os.getppid(), "since": "x"})
        (data / "lock").write_text(note)  # as from a container that counts processes anew
        done = ended(acme, "--json")
        assert json.loads(done.stdout)["error"]["code"] == "held-elsewhere"
        (data / "lock").unlink()
        (data / "lock").touch()
        assert holder(data).pid is None
        assert json.loads(ended(acme, "--json").stdout)["error"]["code"] == "held-elsewhere"
    assert holder(data) is None


@contextmanager
def listening(*, port: int = 0) -> Iterator[tuple[int, list[bytes]]]:
    """Somebody who listens, reads, and never answers: the port, and what came."""
    came: list[bytes] = []
    held: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", port)) as server:

        def hear() -> None:
            with suppress(OSError):
                while True:
                    peer, _ = server.accept()
                    held.append(peer)
                    peer.settimeout(5)
                    came.append(peer.recv(65_536))

        thread = threading.Thread(target=hear, daemon=True)
        thread.start()
        yield server.getsockname()[1], came
        server.shutdown(socket.SHUT_RDWR)
        thread.join(PATIENCE)
        for peer in held:
            peer.close()


def test_a_home_that_nobody_named_gets_no_token_of_ours(space: Space, run_in: Callable[..., Any]):
    """A stranger's settings in the folder where we are name our data and his port."""
    acme = space.party("acme").start()
    place = space.folder / "elsewhere"
    (place / "trap").mkdir(parents=True)
    with listening() as (port, came):
        text = (acme.home / "voile.toml").read_text()
        text = text.replace(f"port = {acme.port + 1}", f"port = {port}")
        data = json.dumps(str(acme.home / "data"))
        (place / "trap" / "voile.toml").write_text(f"data = {data}\n{text}")
        (one,) = json.loads(run_in(place, "status", "--json").stdout)["homes"]
        assert one["running"] is True
        assert one["ready"] is None
        assert "--home" in one["trouble"]["next"]
        assert run_in(place, "down").returncode == 2
        assert came == []
    assert acme.manage("GET", "/v1/node")[0] == 200


@pytest.mark.long
def test_a_connector_that_hangs_is_told_so(space: Space):
    """Soon, and the others beside it are shown."""
    deaf, other = space.party("deaf"), space.party("other")
    with (
        FolderLock(deaf.home / "data", what="voile serve", now=SystemClock().now()),
        listening(port=deaf.port + 1),
    ):
        first, second = looked(deaf.home, other.home)
    assert first["ready"] is None
    assert first["trouble"]["why"]
    assert second["running"] is False


def test_homes_that_cannot_be_read_are_told_beside_the_others(space: Space, tmp_path: Path):
    acme = space.party("acme")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "voile.toml").write_text("did = ")
    done = voile("status", "--home", str(tmp_path / "broken"), "--home", str(acme.home), "--json")
    broken, good = json.loads(done.stdout)["homes"]
    assert broken["running"] is None
    assert broken["trouble"]["next"]
    assert good["running"] is False
    assert done.returncode == 1
