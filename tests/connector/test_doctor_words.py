"""`voile doctor` of a Chinese home speaks Chinese in every line; as JSON it says what it always did."""

from __future__ import annotations

import json
import re
import sys
import threading
from dataclasses import replace
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest

from connector.__main__ import main
from connector.compose import doctor, doctor_words
from connector.party import readiness_words
from connector.party.home import Plan, make_home
from connector.party.metrics import metrics_app
from connector.process import problems_settings
from connector.process.settings import Listener
from connector.store import check_words
from crypto.words import Words
from tests.ports import free_ports

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.simulators import Party

HAN = re.compile(r"[\u4e00-\u9fff]")
ALONE = {"SQLite", "PostgreSQL"}  # names that are the same in both
NAMES_AND_PLACES = {
    doctor_words.AND_WHY,
    doctor_words.JOURNAL_MODE,
    doctor_words.PORT_TAKEN,
    check_words.SERVER,
}


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


def run(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> int:
    """Run the command line as the console script does; give its exit code."""
    monkeypatch.setattr(sys, "argv", ["voile", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    assert isinstance(ended.value.code, int)
    return ended.value.code


@pytest.fixture
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Chinese home with a dozen things to say of it."""
    port, hub = free_ports(4), free_ports(1)
    plan = Plan(
        did=f"did:web:localhost%3A{port}",
        public_url=f"http://localhost:{port}",
        hub=f"did:web:localhost%3A{hub}",
        port=port,
        language="zh",
        loopback_http=True,
    )
    home = tmp_path / "acme"
    settings = make_home(home, plan, {})
    settings.data.chmod(0o755)
    settings.token_file.chmod(0o644)
    (home / "log.anchor").unlink()
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "VOILE_LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("VOILE_PINNED", "did:web:bolt.example")
    monkeypatch.setenv("VOILE_EXPOSE", "true")
    monkeypatch.setenv("VOILE_TESTING_PROFILES", "true")
    return home


@pytest.mark.enable_socket  # it looks at ports of this machine
def test_each_line_is_chinese(
    broken: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """Names, words and next steps of checks that went well, that are worth a word, that failed."""
    assert run(["doctor", "--home", str(broken)], monkeypatch) == 1
    settings, _, checks = capsys.readouterr().out.partition("\n\n")
    assert "testing.profiles             是" in settings
    lines = checks.splitlines()
    assert len(lines) > 20
    for line in lines:
        mark, _, rest = line.strip().partition(" ")
        if mark in {"✓", "•", "✗"}:
            name, _, said = rest.partition("  ")
            assert HAN.search(name) or name in ALONE, line
            assert HAN.search(said), line
        else:
            assert HAN.search(line), line
    assert any("锚文件" in line for line in lines)


@pytest.mark.enable_socket
def test_as_json_it_says_what_it_always_did(
    broken: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """English, with the same fields, whatever the language of the home."""
    assert run(["doctor", "--home", str(broken), "--json"], monkeypatch) == 1
    found = json.loads(capsys.readouterr().out)["checks"]
    assert all(set(one) == {"name", "state", "text", "next"} for one in found)
    assert not [one for one in found if HAN.search(json.dumps(one, ensure_ascii=False))]
    said = {one["name"]: (one["state"], one["text"], one["next"]) for one in found}
    assert said["data folder"] == ("note", "mode 0755", f"chmod 700 {broken / 'data'}")
    anchor = f"the anchor file `{broken / 'log.anchor'}` is lost"
    assert said["log"][:2] == ("wrong", anchor)
    assert said["log"][2].startswith("if this database is the newest there is: voile serve --home")
    assert said["testing"][1] == "profiles is on: --profile may replace the identity checks"


@pytest.mark.enable_socket
def test_what_a_running_connector_says_is_said_in_both(party: Callable[..., Party]):
    """`/readyz` is English unless it is asked; the doctor asks for both."""
    acme = party("acme")
    acme.node.settings.kek_file.unlink()
    server = make_server("127.0.0.1", 0, metrics_app(acme.node), handler_class=_Quiet)
    where = Listener(host="127.0.0.1", port=server.server_port)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        (check,) = doctor._running(replace(acme.node.settings, metrics=where))
    finally:
        server.shutdown()
        server.server_close()
    assert (check.name, check.state) == ("running: keys", "wrong")
    assert doctor_words.called(check.name, "zh") == "运行中：密钥"
    assert check.text.startswith("the key file `")
    assert check.said("zh").startswith("无法读取密钥文件 `")
    assert HAN.search(check.following("zh"))


@pytest.mark.parametrize(
    "module", [doctor_words, readiness_words, check_words, problems_settings], ids=str
)
def test_words_are_said_in_both_languages(module: object):
    """Chinese is Chinese, English has none, and both have the same places."""
    kept = [value for value in vars(module).values() if isinstance(value, Words)]
    assert kept
    for words in kept:
        assert HAN.search(words.zh) or words in NAMES_AND_PLACES
        assert not HAN.search(words.en)
        assert Words(words.zh, words.zh).places == Words(words.en, words.en).places
