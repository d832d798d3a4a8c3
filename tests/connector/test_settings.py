"""Settings: what is read, what overrules what, and what is refused by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from connector.process.errors import SettingsError
from connector.process.settings import load

if TYPE_CHECKING:
    from pathlib import Path

GOOD = 'did = "did:web:a.example"\npublic_url = "https://a.example/x/"\n'


def home(folder: Path, text: str) -> Path:
    (folder / "voile.toml").write_text(text, encoding="utf-8")
    return folder


def test_two_keys_suffice_and_everything_listens_on_loopback(tmp_path: Path):
    """The smallest file gives three loopback listeners and no test setting."""
    settings = load(home(tmp_path, GOOD), {})
    assert settings.prefix == "/x"
    assert all(
        listener.loopback for listener in (settings.protocol, settings.management, settings.metrics)
    )
    assert not settings.testing.loopback_http
    assert settings.testing.record_wire is None
    assert not settings.kek_file.is_relative_to(settings.data)


def test_the_environment_overrules_the_file(tmp_path: Path):
    """VOILE_ variables win; other areas' variables and foreign ones are left alone."""
    env = {
        "VOILE_PROTOCOL_PORT": "8100",
        "VOILE_PINNED": "did:web:b.example,did:web:c.example",
        "VOILE_TESTING_LOOPBACK_HTTP": "true",
        "VOILE_HOME": "/somewhere",
        "HOME": "/root",
    }
    settings = load(home(tmp_path, GOOD + "[protocol]\nport = 8000\n"), env)
    assert settings.protocol.port == 8100
    assert settings.management.port == 8101
    assert settings.pinned == {"did:web:b.example", "did:web:c.example"}
    assert settings.testing.loopback_http


@pytest.mark.parametrize(
    ("text", "env", "code", "named"),
    [
        (GOOD + "colour = 1\n", {}, "setting-unknown", "colour"),
        (GOOD + "[protocol]\nprot = 1\n", {}, "setting-unknown", "protocol.prot"),
        (GOOD, {"VOILE_PROTOCOL_PROT": "1"}, "setting-unknown", "VOILE_PROTOCOL_PROT"),
        (GOOD + "protocol = 1\n", {}, "setting-wrong", "protocol"),
        (GOOD + "[protocol]\nport = 70000\n", {}, "setting-wrong", "protocol.port"),
        (GOOD + "[protocol]\nport = true\n", {}, "setting-wrong", "protocol.port"),
        (GOOD, {"VOILE_PROTOCOL_PORT": "٣"}, "setting-wrong", "protocol.port"),
        (GOOD + '[protocol]\nhost = "localhost"\n', {}, "setting-wrong", "protocol.host"),
        (GOOD + '[protocol]\nhost = "0.0.0.0"\n', {}, "listener-exposed", "protocol.host"),
        (GOOD + '[management]\nhost = "::"\n', {}, "listener-exposed", "management.host"),
        (GOOD + "[metrics]\nport = 19100\n", {}, "ports-collide", "19100"),
        (GOOD + "[console]\nport = 19102\n", {}, "ports-collide", "19102"),
        (GOOD + '[console]\nurl = "https://c.example"\n', {}, "setting-wrong", "console.port"),
        (GOOD + '[console]\nport = 1\nurl = "http://c.example"\n', {}, "setting-wrong", "console.url"),
        (GOOD + '[console]\nport = 1\nurl = "https://c.example/a"\n', {}, "setting-wrong", "console.url"),
        (GOOD + '[console]\nhost = "0.0.0.0"\n', {}, "setting-unknown", "console.host"),
        (GOOD + 'kek_file = "data/kek"\n', {}, "kek-inside-data", "data"),
        (GOOD + 'kek_file = "data/../data/x/kek"\n', {}, "kek-inside-data", "data"),
        (GOOD + 'role = "king"\n', {}, "setting-wrong", "role"),
        (GOOD + 'pinned = ["did:key:z"]\n', {}, "setting-wrong", "pinned"),
        ('did = "did:web:a.example"\n', {}, "setting-wrong", "public_url"),
        (GOOD.replace("https", "http"), {}, "public-url-not-https", "public_url"),
        (GOOD.replace("a.example/x/", "u:p@a.example"), {}, "setting-wrong", "public_url"),
        ("did = ", {}, "settings-unreadable", "voile.toml"),
    ],
)  # fmt: skip
def test_what_does_not_hold_is_refused_by_name(
    tmp_path: Path, text: str, env: dict[str, str], code: str, named: str
):
    """Each wrong setting has its own code, names the key, and says what to do."""
    with pytest.raises(SettingsError) as caught:
        load(home(tmp_path, text), env)
    assert caught.value.code == code
    assert named in caught.value.message
    assert caught.value.next_step


def test_exposure_and_plain_http_are_possible_when_said(tmp_path: Path):
    """`expose` allows other interfaces; loopback_http allows http, for localhost only."""
    text = GOOD + 'expose = true\n[protocol]\nhost = "0.0.0.0"\n'
    assert not load(home(tmp_path, text), {}).protocol.loopback
    testing = "[testing]\nloopback_http = true\n"
    local = GOOD.replace("https://a.example", "http://localhost:9")
    assert load(home(tmp_path, local + testing), {}).public_url == "http://localhost:9/x"
    with pytest.raises(SettingsError):
        load(home(tmp_path, GOOD.replace("https", "http") + testing), {})


def test_paths_are_relative_to_where_they_were_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """In the file: to the file. In the environment: to the working folder."""
    monkeypatch.chdir("/")
    settings = load(home(tmp_path, GOOD + 'kek_file = "k"\n'), {"VOILE_DATA": "somewhere"})
    assert settings.kek_file == tmp_path / "k"
    assert str(settings.data) == "/somewhere"
