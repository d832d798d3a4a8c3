"""Commands and four eyes, over real HTTP: what waits says so, with an exit code of its own."""

from __future__ import annotations

import json
import sys
import threading
from typing import TYPE_CHECKING, Any

import pytest
from werkzeug.serving import make_server

from connector.faces.cli import WAITS, main
from tests.areas import APPROVALS, OWN
from tests.connector.people.four_eyes import keys, person
from tests.ports import free_ports

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.simulators import Party


pytestmark = pytest.mark.enable_socket  # to a port of this machine


@pytest.fixture
def acme(party: Callable[..., Party], monkeypatch: pytest.MonkeyPatch) -> Iterator[Party]:
    """A node whose management listener answers; two persons who may agree."""
    port = free_ports(1)
    env = {"VOILE_MANAGEMENT_PORT": str(port)}
    made = party("acme", areas=(OWN, APPROVALS), env=env)
    server = make_server("127.0.0.1", port, made.apps.management, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("VOILE_HOME", str(made.home))
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def voile(
    acme: Party, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str]]:
    """Run a command as the holder of a token; give its exit code and what it printed."""

    def run(*words: str, token: str = "", lang: str = "en") -> tuple[int, str]:
        file = acme.node.settings.token_file
        kept = file.read_text()
        if token:
            file.write_text(token)
        monkeypatch.setenv("VOILE_LANG", lang)
        monkeypatch.setattr(sys, "argv", ["voile", *words])
        try:
            with pytest.raises(SystemExit) as ended:
                main()
        finally:
            file.write_text(kept)
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out + said.err

    return run


def test_a_command_waits_is_decided_and_fetched(acme: Party, voile: Any):
    """In both languages; each of the commands."""
    mei = person(acme, "mei", "security")
    chen = person(acme, "chen", "cdo")
    asks, decides = mei.key("mei"), chen.key("chen")
    code, said = voile("key", "add", "archive", "--role", "security", token=asks)
    assert code == WAITS == 3, said
    assert "waits until another person agrees" in said
    code, said = voile("key", "add", "archive", "--role", "security", "--json", token=asks)
    request = json.loads(said)["approval"]["id"]
    assert code == WAITS
    code, said = voile("key", "add", "archive", "--role", "security", token=asks, lang="zh")
    assert (code, f"申请 {request}" in said, "下一步" in said) == (WAITS, True, True)
    assert "archive" not in keys(acme)
    code, said = voile("approval", "list", token=decides)
    assert (code, request in said, "key.add" in said) == (0, True, True)
    code, said = voile("approval", "show", request, token=decides, lang="zh")
    assert code == 0
    assert "密钥名称" in said
    code, said = voile("approval", "agree", request, token=asks)
    assert (code, "is your own" in said, "next:" in said) == (1, True, True)
    code, said = voile("approval", "agree", request, token=decides)
    assert (code, f"voile approval fetch {request}" in said) == (0, True)
    code, said = voile("approval", "fetch", request, token=asks)
    assert (code, '"token"' in said) == (0, True)
    assert "archive" in keys(acme)


def test_declining_and_taking_back(acme: Party, voile: Any):
    """The reason is demanded; an agreement to what fails ends with code 1."""
    mei = person(acme, "mei", "security")
    chen = person(acme, "chen", "cdo")
    asks, decides = mei.key("mei"), chen.key("chen")
    made = mei.does("key.revoke", {"name": "nobodys"}).id
    assert voile("approval", "decline", made, token=decides)[0] == 2
    code, said = voile("approval", "decline", made, "--reason", "no such key", token=decides)
    assert (code, "declined" in said, "no such key" in said) == (0, True, True)
    made = mei.does("key.revoke", {"name": "nobodys"}).id
    assert voile("approval", "withdraw", made, token=asks)[0] == 0
    made = mei.does("key.revoke", {"name": "nobodys"}).id
    code, said = voile("approval", "agree", made, token=decides)
    assert (code, "it was not done" in said) == (1, True)
    code, said = voile("approval", "state", token=decides)
    assert (code, said.splitlines()[0]) == (0, "four eyes are in force")
    assert "just two persons may agree" in said
    assert "invite a third" in said
    lin = person(acme, "lin", "security")
    code, said = voile("approval", "state", token=decides)
    assert (code, said) == (0, "four eyes are in force\n")
    lin.ends()
    assert voile("approval", "off", token=asks)[0] == WAITS
    assert voile("approval", "on", token=asks)[0] == 0
