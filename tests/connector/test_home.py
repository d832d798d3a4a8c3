"""Making a home: what others could not resolve is refused, and a failure leaves nothing behind."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING, Any
from unittest.mock import Mock

import pytest
from sqlalchemy import select

from connector.faces.cli import reach
from connector.faces.cli.token import _renew_stopped
from connector.identity.presence import did_of
from connector.party.home import Plan, make_home
from connector.party.node import open_node
from connector.process.errors import ReadOnly, SettingsError, VoileError
from connector.process.settings import load
from connector.store.rows import LogEntryRow
from contracts.evidence import parse_leaf
from crypto.did import document_url
from crypto.url import read_url
from tests.postgres import databases
from tests.simulators import SeededEntropy, StandingClock

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from connector.process.settings import Settings

LOCAL = "http://localhost:41360/a"
PUBLIC = "https://firm.example/voile"


def make(home: Path, did: str, url: str, env: Mapping[str, str] | None = None, **more: str) -> None:
    """Run `voile init` in this process."""
    local = url.startswith("http:")
    plan = Plan(did=did, public_url=url, loopback_http=local, language="en", **more)
    known = {**databases.settings(), **(env or {})}
    make_home(home, plan, known, clock=StandingClock(), entropy=SeededEntropy(did))


def everything(folder: Path) -> dict[Path, tuple[int, bytes]]:
    """Each path below a folder, with its mode and its bytes."""
    return {
        path: (stat.S_IMODE(path.stat().st_mode), path.read_bytes() if path.is_file() else b"")
        for path in folder.rglob("*")
    }


@pytest.mark.parametrize(
    ("did", "url", "fitting"),
    [
        ("did:web:localhost:41360:a", LOCAL, "did:web:localhost%3A41360:a"),
        ("did:web:localhost%3A41361:a", LOCAL, "did:web:localhost%3A41360:a"),
        ("did:web:LOCALHOST%3A41360:a", LOCAL, "did:web:localhost%3A41360:a"),
        ("did:web:127.0.0.1%3A41360:a", LOCAL, "did:web:localhost%3A41360:a"),
        ("did:web:firm.example", LOCAL, "did:web:localhost%3A41360:a"),
        ("did:web:Firm.example", PUBLIC, "did:web:firm.example:voile"),
        ("did:web:firm_1.example", PUBLIC, "did:web:firm.example:voile"),
        ("did:web:fírm.example", PUBLIC, "did:web:firm.example:voile"),
        ("did:web:firm.example:vòile", PUBLIC, "did:web:firm.example:voile"),
        ("did:web:firm", "https://firm/voile", "did:web:firm:voile"),
        ("did:web:other.example", PUBLIC, "did:web:firm.example:voile"),
        ("did:web:firm.example%3A8443", PUBLIC, "did:web:firm.example:voile"),
        ("did:web:firm.example%3A0", PUBLIC, "did:web:firm.example:voile"),
        ("did:web:firm.example%3A65536", PUBLIC, "did:web:firm.example:voile"),
        ('did:web:firm.example"\nrole = "hub', PUBLIC, ""),
        ("did:web:firm.example", "https://1.2.3.4/voile", "give `public_url` a host name"),
    ],
)
def test_a_did_that_others_cannot_resolve_makes_no_home(
    tmp_path: Path, did: str, url: str, fitting: str
):
    """By the rule that we apply to theirs; the error names one that would do; nothing is left."""
    with pytest.raises(SettingsError) as caught:
        make(tmp_path / "firms" / "mine", did, url)
    assert fitting in caught.value.next_step
    assert everything(tmp_path) == {}


@pytest.mark.parametrize(
    ("did", "url"),
    [
        ("did:web:firm.example", PUBLIC),
        ("did:web:firm.example:voile", PUBLIC),
        ("did:web:firm.example:other:place", PUBLIC),
        ("did:web:localhost%3A41360:a", LOCAL),
        ("did:web:localhost%3A41360:a", "http://127.0.0.1:41360/a"),
        ("did:web:localhost%3A41360:a", "http://a.localhost:41360/a"),
    ],
)
def test_a_did_at_the_public_host_makes_a_home(tmp_path: Path, did: str, url: str):
    """Its path may be another: a host may have many parties; this machine has many names."""
    make(tmp_path / "mine", did, url)
    assert load(tmp_path / "mine", {}).did == did


@pytest.mark.parametrize(
    "url", [LOCAL, PUBLIC, "https://firm.example:8443", "https://a.b.example/x/y/"]
)
def test_the_did_that_is_proposed_lies_at_the_public_url(url: str):
    """A person may copy it as it stands."""
    place = read_url(document_url(did_of(read_url(url)), loopback_http=True))
    assert place.origin == read_url(url).origin
    assert place.path.startswith(read_url(url).path.rstrip("/"))


@pytest.mark.parametrize(
    "url",
    [
        "https://[::1/", "https://firm.example:99999", "https://firm.example:abc", "https://firm.example:0",
        "https://u@firm.example", "https://firm.example#x", "https://firm.example?x", "firm.example",
        "https://fírm.example", "https://firm.example\\x", "https://firm.example/\x07",
    ],
)  # fmt: skip
def test_a_public_url_that_is_none_is_one_clear_error(tmp_path: Path, url: str):
    """Whatever a library says of it; nothing is left."""
    with pytest.raises(SettingsError) as caught:
        make(tmp_path / "mine", "did:web:firm.example", url)
    assert "public_url" in caught.value.message
    assert everything(tmp_path) == {}


def test_a_hub_that_cannot_be_resolved_makes_no_home(tmp_path: Path):
    """Its DID is held against the same rule."""
    with pytest.raises(SettingsError) as caught:
        make(tmp_path / "mine", "did:web:firm.example", PUBLIC, hub="did:web:Hub.example")
    assert "`hub`" in caught.value.message
    assert everything(tmp_path) == {}


def test_a_failure_half_way_leaves_what_was_there_and_nothing_else(tmp_path: Path):
    """A key file that cannot be used is found when the database is made already."""
    home = tmp_path / "mine"
    home.mkdir()
    (home / "notes.txt").write_text("mine")
    (home / "data").mkdir()
    (home / "data" / "old").write_text("mine, too")
    key = tmp_path / "keys" / "kek"
    key.parent.mkdir()
    key.write_bytes(b"too short")
    key.chmod(0o600)
    before = everything(tmp_path)
    with pytest.raises(VoileError):
        make(home, "did:web:firm.example", PUBLIC, {"VOILE_KEK_FILE": str(key)})
    after = everything(tmp_path)
    assert set(after) == set(before)
    assert {path: data for path, (_, data) in after.items()} == {
        path: data for path, (_, data) in before.items()
    }
    make(home, "did:web:firm.example", PUBLIC)


def test_an_existing_home_is_not_touched(tmp_path: Path):
    """A second `init` fails, and what it fails on stays as it was."""
    make(tmp_path / "mine", "did:web:firm.example", PUBLIC)
    before = everything(tmp_path)
    with pytest.raises(SettingsError):
        make(tmp_path / "mine", "did:web:firm.example", PUBLIC)
    assert everything(tmp_path) == before


@pytest.mark.parametrize(
    "did", ["did:web:Firm.example", "did:web:firm_1.example", "did:web:other.example"]
)
def test_settings_of_a_home_made_before_still_load(tmp_path: Path, did: str):
    """What `init` took once opens: its evidence is in it. `doctor` says what is wrong."""
    (tmp_path / "voile.toml").write_text(f'did = "{did}"\npublic_url = "{PUBLIC}"\n')
    assert load(tmp_path, {}).did == did


def states(settings: Settings) -> list[str]:
    """What the leaves of a home's log say, in order."""
    node = open_node(settings)
    try:
        with node.db.reading() as session:
            rows = session.execute(select(LogEntryRow.entry).order_by(LogEntryRow.index)).scalars()
            return [parse_leaf(bytes(entry)).get("to", "") for entry in rows]
    finally:
        node.close()


def export(settings: Settings, *, accept_head: bool) -> None:
    """Export from the home itself: nobody answers where it would listen."""
    out = settings.home / f"out-{accept_head}"
    reach.fetch_bundle(settings, out, opened="none", accept_head=accept_head)


@pytest.mark.parametrize(
    ("write", "state"), [(_renew_stopped, "TOKEN_RENEWED"), (export, "EXPORTED")]
)
def test_a_command_on_a_stopped_home_writes_no_leaf_past_an_unaccepted_anchor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Callable[..., Any], state: str
):
    """Of a restored home the first leaf is that of its operator, whichever command comes first."""
    stopped = SettingsError("it does not run", code="not-running")
    monkeypatch.setattr(reach, "_stream", Mock(side_effect=stopped))
    home = tmp_path / "home"
    make(home, "did:web:firm.example:voile", PUBLIC)
    settings = load(home, databases.settings())
    before = states(settings)
    anchor = home / "log.anchor"
    kept = anchor.read_bytes()
    anchor.unlink()
    if write is export:
        write(settings, accept_head=False)  # it shows what it has
    else:
        with pytest.raises(ReadOnly):
            write(settings, accept_head=False)
    assert states(settings) == before
    anchor.write_bytes(kept)
    write(settings, accept_head=True)
    assert states(settings) == [*before, "HEAD_ACCEPTED", state]
