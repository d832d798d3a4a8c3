"""`voile unpublish` cannot be undone: it asks, or wants --yes, before anything is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import typer

from connector.faces.cli import main, single, taking_back
from connector.faces.cli.tongue import speaking
from connector.process.errors import SettingsError
from crypto.words import LANGUAGES

if TYPE_CHECKING:
    from pathlib import Path

    from crypto.words import Language


class Terminal:
    """What an owner types."""

    def __init__(self, *lines: str, tty: bool = True) -> None:
        self._lines, self._tty = [*lines], tty

    def isatty(self) -> bool:
        return self._tty

    def readline(self, *_: Any) -> str:
        return self._lines.pop(0) if self._lines else ""


class Client:
    """Keeps what is sent."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    def post(self, path: str, _body: Any) -> dict[str, Any]:
        self.sent.append(path)
        return {"id": "deliveries", "state": "unpublished", "versions": 2}


def run(patch: pytest.MonkeyPatch, home: Path, terminal: Terminal, **given: bool) -> list[str]:
    client = Client()
    patch.setattr(taking_back, "management", lambda _: client)
    patch.setattr("sys.stdin", terminal)
    try:
        taking_back.unpublish("deliveries", home, **given)
    except typer.Abort:
        return ["aborted", *client.sent]
    return client.sent


@pytest.mark.parametrize("tongue", LANGUAGES)
def test_it_asks_at_a_terminal(
    tongue: Language,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A yes sends it; Enter does not; --yes asks nothing."""
    sent = ["/v1/products/deliveries/unpublish"]
    with speaking(tongue):
        assert run(monkeypatch, tmp_path, Terminal("y\n")) == sent
        asked = capsys.readouterr()
        assert ("无法撤销" if tongue == "zh" else "cannot be undone") in asked.err
        assert ("已收回" if tongue == "zh" else "taken back") in asked.out
        assert run(monkeypatch, tmp_path, Terminal("\n")) == ["aborted"]
        capsys.readouterr()
        assert run(monkeypatch, tmp_path, Terminal(tty=False), yes=True) == sent
        assert capsys.readouterr().err == ""


@pytest.mark.parametrize("tongue", LANGUAGES)
@pytest.mark.parametrize("as_json", [True, False])
def test_without_a_terminal_it_wants_a_yes(
    tongue: Language, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, as_json: bool
) -> None:
    """A script, or one that wants JSON: refused with what to say."""
    with pytest.raises(SettingsError) as refused:
        run(monkeypatch, tmp_path, Terminal(tty=as_json), as_json=as_json)
    assert "voile unpublish deliveries --yes" in refused.value.following(tongue)


class Caller:
    """Keeps each call as it would go out."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str, Any]] = []

    def call(self, method: str, path: str, body: Any) -> dict[str, Any]:
        self.calls.append((method, path, body))
        return {"id": "deliveries", "state": "withdrawn", "name": "Li", "roles": ["steward"]}


@pytest.mark.parametrize(
    ("words", "sent"),
    [
        (["withdraw", "deliveries"], None),
        (["withdraw", "deliveries", "--reason", "old"], {"reason": "old"}),
        (["withdraw", "deliveries", "--seen", "sha-256:a"], {"seen": "sha-256:a"}),
        (["person", "roles", "Li", "--role", "steward"], {"roles": ["steward"]}),
        (
            ["person", "roles", "Li", "--role", "cdo", "--before", "steward", "--before", "cdo"],
            {"roles": ["cdo"], "before": ["steward", "cdo"]},
        ),
    ],
)
def test_what_is_given_is_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], sent: dict[str, Any] | None
) -> None:
    """Also with a command that removes: a reason, or what was seen, is not left out in silence."""
    caller = Caller()
    monkeypatch.setattr(single, "management", lambda _: caller)
    monkeypatch.setattr("sys.argv", ["voile", *words, "--home", str(tmp_path), "--json"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert not ended.value.code
    ((_, _, body),) = caller.calls
    assert {key: one for key, one in (body or {}).items() if one != ""} == (sent or {})
