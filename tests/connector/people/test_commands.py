"""The commands about people and the first link of a home, in both languages and as JSON."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pyotp
import pytest
from sqlmodel import select
from werkzeug.test import Client

from connector.areas.people import People
from connector.areas.people.doctored import examine
from connector.areas.people.rows import PersonRow
from connector.compose import hub as operator
from connector.compose import participant
from connector.compose.assembly import assemble
from connector.faces.cli import client, main
from connector.faces.cli import people as commands
from connector.party.node import open_node
from connector.process.errors import Forbidden
from connector.process.logs import silent
from connector.process.settings import load
from tests.connector.people.firm import PASSWORD, Firm

if TYPE_CHECKING:
    from pathlib import Path

INIT = ["--did", "did:web:acme.example", "--public-url", "https://acme.example"]
HAN = re.compile(r"[\u4e00-\u9fff]")


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["voile", *arguments])
    with pytest.raises(SystemExit) as caught:
        main()
    return int(caught.value.code or 0)


@pytest.mark.parametrize("role", ["participant", "hub"])
def test_a_new_home_invites_whoever_made_it(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    role: str,
):
    """By one link, printed once, with all roles of its kind of node; JSON stays one value."""
    home = tmp_path / "acme"
    assert run(monkeypatch, "init", str(home), *INIT, "--role", role, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    settings = load(home, {})
    base, _, token = told["invitation"].rpartition("/invitation/")
    assert base == settings.console_address
    node = open_node(settings, log=silent())
    try:
        areas = operator.AREAS if role == "hub" else participant.AREAS
        assemble(node, areas)
        invited = node.services[People].invitation(token)
    finally:
        node.close()
    assert invited is not None
    expected = {"security", "auditor"} | ({"certifier"} if role == "hub" else {"steward", "cdo"})
    assert (invited.name, invited.roles, invited.factor) == ("owner", expected, True)
    for path in home.rglob("*"):
        assert not path.is_file() or token.encode() not in path.read_bytes()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_first_link_is_said_in_the_language_of_the_home(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    language: str,
):
    monkeypatch.setenv("VOILE_LANG", language)
    assert run(monkeypatch, "init", str(tmp_path / "acme"), *INIT, "--language", language) == 0
    (line,) = [one for one in capsys.readouterr().out.splitlines() if "/invitation/" in one]
    assert bool(HAN.search(line)) is (language == "zh")


class Wire:
    """The management API of a firm in memory, in the place of the channel to a running one."""

    def __init__(self, firm: Firm) -> None:
        self.firm = firm

    def call(self, method: str, path: str, body: Any = None) -> Any:
        token = self.firm.node.settings.token_file.read_text().strip()
        headers = {"Authorization": f"Bearer {token}"}
        answer = Client(self.firm.party.apps.management).open(
            path, method=method, json=body, headers=headers
        )
        assert answer.status_code < 300, answer.get_data()
        return json.loads(answer.get_data())

    def post(self, path: str, body: Any = None) -> Any:
        return self.call("POST", path, body)


@pytest.fixture
def wired(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> Firm:
    from connector.faces.cli import single

    for module in (commands, single):
        monkeypatch.setattr(module, "management", lambda _home: Wire(firm))
    monkeypatch.setenv("VOILE_HOME", str(firm.party.home))
    return firm


@pytest.mark.parametrize("language", ["zh", "en"])
def test_people_are_kept_by_commands(
    wired: Firm,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    language: str,
):
    """Invited, listed, changed, renewed, ended; each line in the language of the command."""
    monkeypatch.setenv("VOILE_LANG", language)

    def said(*arguments: str) -> str:
        client.begin()
        assert run(monkeypatch, "person", *arguments) == 0
        out = capsys.readouterr().out
        assert bool(HAN.search(out)) is (language == "zh")
        return out

    link = re.search(r"/invitation/(\S+)", said("invite", "Ada", "--role", "steward"))
    assert link is not None
    wired.people.enrol(link[1], PASSWORD)
    for _ in range(5):
        with pytest.raises(Forbidden):
            wired.sign_in("Ada", "wrong")
    said("invite", "Eve", "--role", "auditor", "--until", "2026-12-01", "--days", "3")
    listed = said("list").splitlines()
    assert "2026-11-21 09:15" in listed[0]
    assert "2026-12-01" in listed[1], "the last day that holds, as it was given"
    assert "2026-12-02" not in listed[1]
    assert "security" in said("roles", "Ada", "--role", "security")
    assert "/invitation/" in said("renew", "Ada", "--days", "1")
    assert "Ada" in said("end", "Ada")


def test_commands_print_json(
    wired: Firm, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    words = ["invite", "Ada", "--role", "steward", "--role", "cdo", "--language", "zh", "--json"]
    assert run(monkeypatch, "person", *words) == 0
    made = json.loads(capsys.readouterr().out)
    assert (made["person"]["roles"], made["person"]["language"]) == (["steward", "cdo"], "zh")
    client.begin()
    assert run(monkeypatch, "person", "list", "--json") == 0
    assert json.loads(capsys.readouterr().out)["people"] == [made["person"]]


def test_a_day_that_is_none_is_refused(
    wired: Firm, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    words = ["invite", "Eve", "--role", "auditor", "--until", "soon"]
    assert run(monkeypatch, "person", *words) != 0
    assert wired.party.manage("GET", "/v1/people")[1] == {"people": []}


def doctored(home: Path) -> tuple[str, str, str, str]:
    (check,) = examine(load(home, {}))
    return check.state, check.said("zh"), check.text, check.next_step


def test_the_doctor_says_whether_anybody_can_sign_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """A link that waits, a person who came, nobody any more; a home without a console: nothing."""
    home = tmp_path / "acme"
    assert run(monkeypatch, "init", str(home), *INIT, "--json") == 0
    token = json.loads(capsys.readouterr().out)["invitation"].rsplit("/", 1)[1]
    assert doctored(home)[::2] == (
        "ok",
        "0 can sign in to the console, 1 have not used their links yet",
    )
    node = open_node(load(home, {}), log=silent())
    try:
        assemble(node, participant.AREAS)
        people = node.services[People]
        code = pyotp.TOTP(people.begin_enrolment(token).secret).now()
        people.enrol(token, PASSWORD, code)
        came = doctored(home)
        with node.db.transaction() as tx:
            (row,) = tx.session.exec(select(PersonRow)).all()
            row.ended_ms = 1
            tx.session.add(row)
    finally:
        node.close()
    assert came[2].startswith("1 can sign in")
    state, zh, _, step = doctored(home)
    assert (state, bool(HAN.search(zh))) == ("note", True)
    assert step.startswith("voile person invite NAME")
    assert list(examine(replace(load(home, {}), console=None))) == []


@pytest.mark.parametrize(
    ("language", "warned", "step"),
    [("en", "just two persons may agree", "invite a third"), ("zh", "只有两位", "邀请第三位")],
)
def test_the_list_warns_of_just_two(
    firm: Firm,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    language: str,
    warned: str,
    step: str,
):
    """At the time when both are still there; of one, and of three, there is nothing to say."""
    monkeypatch.setenv("VOILE_LANG", language)
    for name, count in (("Mei", 1), ("Chen", 2), ("Wu", 3)):
        firm.join(name, "security")
        commands._list(firm.party.manage("GET", "/v1/people")[1])
        said = capsys.readouterr().out
        assert (warned in said, step in said) == (count == 2, count == 2)
