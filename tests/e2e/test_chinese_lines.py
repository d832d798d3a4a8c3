"""A zh home speaks Chinese in every line of every command: on success, on nothing, on an error.

Every command of the registered tree runs in this process against real connectors; a command that
is new fails here until it is run.
"""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.e2e import zh_home, zh_trade
from tests.e2e.processes import Space, environment
from tests.e2e.zh_lines import ALL, ALLOWED, Reader, foreign, in_chinese, path_of
from tests.long import first_of

if TYPE_CHECKING:
    from pathlib import Path

# what is not run to its good end here, and what does it instead
TWO = "needs two persons who have signed in: test_four_eyes_commands says what it prints"
ELSEWHERE = {
    **{
        ("approval", name): TWO
        for name in ("agree", "decline", "fetch", "off", "on", "show", "withdraw")
    },
    ("demo",): "starts five processes for a minute: test_drills says what it prints, in both",
    ("accept",): "needs a provider that offers other terms: test_lines says an offer, in both",
    ("hub",): "`hub serve` in other words",
    ("hub", "serve"): "runs until it is stopped: its ready line is read below",
    ("serve",): "runs until it is stopped: its ready line is read below",
    ("terminate",): "needs a negotiation that waits: it prints the lines of `negotiate`",
    ("transfer", "send"): "needs a sink with TLS: one line, an id and a state",
    ("renew",): "needs three suppliers: test_renewal says what it prints, in both",
}


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """Everything that was run, with what it printed."""
    folder = tmp_path_factory.mktemp("zh")
    found = Reader()
    with Space(folder, quiet=True) as space:
        hub = in_chinese(space.party("hub", role="hub"))
        acme = in_chinese(space.party("acme", hub=hub.did))
        bolt = in_chinese(space.party("bolt", hub=hub.did))
        zh_home.without_anybody(found, acme, folder)
        for party in (hub, acme, bolt):
            party.start()
        zh_home.nothing_there(found, hub, bolt)
        zh_home.admitted(found, hub, acme, bolt)
        zh_trade.published(found, acme, bolt, folder)
        zh_trade.agreed_and_asked(found, acme, bolt, folder)
        zh_home.audited(found, acme, bolt, folder)
        zh_home.keys_and_messages(found, acme, hub)
        zh_home.people(found, acme)
        zh_home.put_out(found, hub, bolt)
        zh_home.one_node(found, acme, folder)
    return found


@pytest.mark.long
def test_every_command_was_run(reader: Reader):
    """To its good end and to an error: what is new is missing here."""
    ended: dict[bool, set[tuple[str, ...]]] = {True: set(), False: set()}
    for said in reader.said:
        ended[said.code == 0].add(path_of(said.words))
    assert set(ALL) - ended[False] <= set()
    assert set(ALL) - ended[True] == set(ELSEWHERE)


@pytest.mark.long
def test_no_line_is_without_chinese(reader: Reader):
    """But for ids, names, numbers, code, commands, and what `ALLOWED` names."""
    assert len(reader.said) > 200
    found = [line for said in reader.said for line in said.foreign]
    assert found == [], "\n".join(found)


@pytest.mark.long
def test_no_exception_is_idle(reader: Reader):
    """Each kind of line that is let through is there."""
    lines = [line for said in reader.said for line in said.text.splitlines()]
    idle = {why for why, kind in ALLOWED.items() if not any(map(kind.fullmatch, lines))}
    assert idle == set()


def test_the_filter_sees_english():
    """It is not blind: English words are found, ids and figures let through."""
    assert foreign("nothing was sent yet") == ["nothing was sent yet"]
    assert foreign("3 waiting, 1 parked") == ["3 waiting, 1 parked"]
    assert foreign("  next: voile outbox list") == ["  next: voile outbox list"]
    assert foreign("did:web:a.example  12,345 B\n1.5 s  2026-11-30 10:00 UTC\n没有 x") == []


@pytest.mark.long
@pytest.mark.parametrize(("lang", "head"), first_of([("zh", "就绪："), ("en", "ready: ")]))
def test_a_process_says_that_it_is_ready(tmp_path: Path, lang: str, head: str):
    """In the language of its home; the line for programs is another."""
    with Space(tmp_path, quiet=True) as space:
        party = space.party("acme")
        done = subprocess.Popen(
            ["env", f"VOILE_LANG={lang}", *party.command, "serve", "--home", str(party.home)],
            env=environment(party.env),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert done.stdout is not None
        line = done.stdout.readline()
        done.terminate()
        assert done.wait(120) == 0
        done.stdout.close()
    assert line.startswith(head)
    assert re.search(r"did=did:web:\S+ role=participant protocol=http://", line)
