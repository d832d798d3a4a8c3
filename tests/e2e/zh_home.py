"""What is done in a zh home and at its hub: misuse, lists of nothing, admission, keys, evidence."""

from __future__ import annotations

import re
import sqlite3
from typing import TYPE_CHECKING

import typer

from connector.__main__ import build
from tests.e2e.zh_lines import ALL, foreign
from tests.waiting import PATIENCE, wait_for

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.processes import Running
    from tests.e2e.zh_lines import Reader


def without_anybody(reader: Reader, acme: Running, folder: Path) -> None:
    """Misuse, no home, a connector that does not run: in Chinese all the same."""
    zh = {"VOILE_LANG": "zh"}
    for path in ALL:
        words = _required(path, folder)
        assert reader.run(*words, "--nonsense", "--home", str(acme.home)).code == 2
        if path not in {("demo",), ("init",), ("hub", "init")}:
            none = ("--home", str(folder / "none"))
            assert reader.run(*words, *none[: 2 * (path[0] != "audit")], env=zh).code != 0
    for words in (
        ("nonsense",),
        ("key", "nonsense"),
        ("search", "--page", "x"),
        ("search", "--page", "0"),
        ("outbox", "list", "--state", "nonsense"),
        ("outbox", "list", "--limit"),
        ("outbox", "retry"),
        ("key", "add", "x"),
        ("products", "one", "two"),
        ("ask", "x", "-a", "y", "-p", "z", "--csv", "--explain"),
    ):
        assert reader.run(*words, env=zh | {"VOILE_HOME": str(acme.home)}).code == 2, words
    for words in (("products",), ("agreements",), ("audit", "trust", "--out", str(folder / "x"))):
        reader.run(*words, "--home", str(acme.home))  # none runs there
    assert reader.run("agreements", env=zh).code == 2
    assert reader.run("demo", "--lang", "fr", env={"VOILE_LANG": "zh"}).code == 2
    assert reader.run("hub", "serve", "--home", str(acme.home)).code == 2


def _required(path: tuple[str, ...], folder: Path) -> list[str]:
    """A command with something for each argument and option that it needs."""
    command = typer.main.get_command(build())
    for name in path:
        command = command.commands[name]  # type: ignore[attr-defined]
    found = list(path)
    for parameter in command.params:
        name = parameter.opts[0]
        if parameter.required and name.startswith("--") and name != "--home":
            found += [name, str(folder / "thing")]
        elif parameter.required and not name.startswith("--"):
            found.append("7" if path == ("outbox", "retry") else str(folder / "thing"))
    return found


def nothing_there(reader: Reader, hub: Running, bolt: Running) -> None:
    """Lists before there is anything to list."""
    for words in (
        ("outbox", "list"),
        ("negotiations",),
        ("transfer", "list"),
        ("agreements",),
        ("questions",),
        ("products",),
        ("membership",),
        ("key", "list"),
    ):
        assert foreign(reader.at(bolt, *words)) == []
    for words in (("hub", "applications"), ("hub", "participants"), ("hub", "status")):
        reader.at(hub, *words)
    for words in (
        ("hub", "applications", "--digest-of", bolt.did),
        ("hub", "participants", "--digest-of", bolt.did),
        ("hub", "suspend", bolt.did),
        ("hub", "reinstate", bolt.did, "--seen", "x"),
        ("hub", "status", "--serial", "77"),
        ("hub", "reject", bolt.did, "--seen", "x"),
    ):
        assert reader.run(*words, "--home", str(hub.home)).code != 0
    assert reader.run("search", "x", "--home", str(bolt.home)).code != 0


def admitted(reader: Reader, hub: Running, acme: Running, bolt: Running) -> None:
    for party in (acme, bolt):
        names = ("--name", f"{party.name} Ltd", "--name-zh", "某公司", "--legal-id", party.name)
        reader.at(party, "apply", *names)
        reader.at(hub, "hub", "applications")
        seen = reader.at(hub, "hub", "applications", "--digest-of", party.did).strip()
        reader.at(hub, "hub", "approve", party.did, "--seen", seen, "--wait")
        reader.at(party, "membership", "--refresh")
    reader.at(hub, "hub", "participants")
    reader.at(hub, "hub", "applications", "--state", "")
    told = reader.at(hub, "hub", "status")
    reader.at(hub, "hub", "status", "--serial", re.findall(r"#(\d+)", told)[-1])


def keys_and_messages(reader: Reader, acme: Running, hub: Running) -> None:
    reader.at(acme, "key", "add", "审计", "--role", "auditor")
    reader.at(
        acme, "key", "add", "file", "--role", "auditor", "--out", str(acme.home / "key.token")
    )
    again = ("--role", "auditor", "--out", str(acme.home / "key.token"))
    assert reader.run("key", "add", "other", *again, "--home", str(acme.home)).code == 2
    assert reader.run("key", "add", "file", "--role", "x", "--home", str(acme.home)).code != 0
    reader.at(acme, "key", "revoke", "file")
    reader.at(acme, "key", "list")
    assert reader.run("key", "revoke", "none", "--home", str(acme.home)).code != 0
    reader.at(acme, "keys", "rotate")
    reader.at(acme, "keys", "show")
    reader.at(acme, "outbox", "list")
    assert reader.run("outbox", "retry", "777777", "--home", str(acme.home)).code != 0
    with sqlite3.connect(acme.home / "data" / "voile.db") as db:  # as if it had been given up
        db.execute("UPDATE outbox SET state = 'parked', attempts = 9 WHERE id = 1")
    db.close()
    reader.at(acme, "outbox", "list", "--state", "parked")
    reader.at(acme, "doctor", code=_code(reader, acme, "doctor"))
    reader.at(hub, "doctor", code=_code(reader, hub, "doctor"))
    reader.at(acme, "outbox", "retry", "1")


def audited(reader: Reader, acme: Running, bolt: Running, folder: Path) -> None:
    trust = folder / "trust.json"
    reader.at(acme, "audit", "trust", "--out", str(trust))
    bundles = wait_for(
        lambda: _exported(reader, acme, bolt, folder),
        # what is under way between two exports is told as missing on one side
        lambda pair: (
            not reader.run(*_diff(pair), "--trust", str(trust), env={"VOILE_LANG": "zh"}).code
        ),
        every=1,
    )
    reader.at(acme, "audit", "export", "--out", str(folder / "closed.bundle"))
    assert reader.run("audit", "export", "--out", str(folder), "--home", str(acme.home)).code == 2
    zh = {"VOILE_LANG": "zh"}
    with_trust = ("--trust", str(trust))
    a, b = map(str, bundles)
    for words in (("verify", a), ("diff", a, b), ("drill", a, "--flips", "2")):
        reader.run("audit", *words, *with_trust, env=zh)
        reader.run("audit", *words, env=zh)
        reader.run("audit", words[0], *(str(folder / "none"),) * len(words[1:3]), env=zh)
    entries = bundles[0] / "log" / "entries.jsonl"
    data = bytearray(entries.read_bytes())
    data[len(data) // 2] ^= 1
    entries.write_bytes(data)
    for words in (("verify", a), ("diff", a, b), ("drill", a)):
        assert reader.run("audit", *words, *with_trust, env=zh).code == 1
    (bundles[1] / "verify.py").write_text("# another one\n", encoding="utf-8")
    reader.run("audit", "verify", b, *with_trust, env=zh)
    hub_only = ("audit", "trust", "--hub-only", "--out", str(folder / "hub.json"))
    reader.at(acme, *hub_only)
    strange = ("--party", "did:web:localhost%3A1:nobody", "--out", str(folder / "none.json"))
    reader.run("audit", "trust", *strange, "--home", str(acme.home))


def _exported(reader: Reader, acme: Running, bolt: Running, folder: Path) -> list[Path]:
    """Export what both sides have now, into folders of this attempt."""
    attempt = len(list(folder.glob("acme-*.bundle")))
    found = []
    for party in (acme, bolt):
        found.append(folder / f"{party.name}-{attempt}.bundle")
        reader.at(party, "audit", "export", "--out", str(found[-1]), "--open")
    return found


def _diff(pair: list[Path]) -> tuple[str, ...]:
    return ("audit", "diff", *map(str, pair))


def people(reader: Reader, acme: Running) -> None:
    """Who may use the console, from the link to the end; four eyes wait for two of them."""
    for words in (
        ("person", "list"),
        ("person", "invite", "李雷", "--role", "steward"),
        ("person", "invite", "韩梅梅", "--role", "auditor", "--until", "2099-01-01"),
        ("person", "list"),
        ("person", "roles", "李雷", "--role", "steward", "--role", "security"),
        ("person", "renew", "李雷"),
        ("person", "end", "李雷"),
        ("approval", "list"),
        ("approval", "list", "--state", "done"),
        ("approval", "state"),
    ):
        reader.at(acme, *words)
    for words in (
        ("person", "end", "无人"),
        ("person", "invite", "韩梅梅", "--role", "steward"),
        ("approval", "show", "none"),
        ("approval", "agree", "none"),
        ("approval", "decline", "none", "--reason", "因故"),
    ):
        assert reader.run(*words, "--home", str(acme.home)).code != 0


def put_out(reader: Reader, hub: Running, bolt: Running) -> None:
    """The operator's other decisions."""
    for what in ("suspend", "reinstate", "revoke"):
        seen = reader.at(hub, "hub", "participants", "--digest-of", bolt.did).strip()
        reader.at(hub, "hub", what, bolt.did, "--seen", seen, "--reason", "因故", "--wait")
        reader.at(hub, "hub", "participants")
    reader.at(bolt, "membership", "--refresh")
    name = ("--name", "bolt Ltd", "--name-zh", "某公司", "--legal-id", "bolt")
    reader.run("apply", *name, "--home", str(bolt.home))
    seen = reader.at(hub, "hub", "applications", "--digest-of", bolt.did).strip()
    reader.at(hub, "hub", "reject", bolt.did, "--seen", seen, "--reason", "因故")
    reader.run("membership", "--refresh", "--home", str(bolt.home))


def one_node(reader: Reader, acme: Running, folder: Path) -> None:
    """What is done to a home: made, looked at, its token drawn anew."""
    zh = {"LANG": "zh_CN.UTF-8"}
    for name, words in (("one", ("init",)), ("two", ("hub", "init"))):
        where = ("--did", f"did:web:{name}.example", "--public-url", f"https://{name}.example")
        assert reader.run(*words, str(folder / name), *where, env=zh).code == 0
        assert reader.run(*words, str(folder / name), *where, env=zh).code != 0
        said = (folder / name / "voile.toml").read_text(encoding="utf-8")
        assert 'language = "zh"' in said
        (folder / name / "voile.toml").unlink()
        assert reader.run(*words, str(folder / name), *where, "--adopt", env=zh).code == 0
    assert reader.run("--version").code == 0
    reader.at(acme, "token", "renew")
    reader.at(acme, "status")
    reader.at(acme, "down")
    assert acme.process is not None
    assert acme.process.wait(PATIENCE) == 0
    acme.process = None
    reader.at(acme, "down")
    reader.at(acme, "status")
    reader.at(acme, "doctor", code=_code(reader, acme, "doctor"))
    reader.at(acme, "token", "renew")
    (acme.home / "data" / "management.token").unlink()
    (acme.home / "kek").rename(acme.home / "kek.away") if (acme.home / "kek").exists() else None
    reader.run("doctor", "--home", str(acme.home))
    assert reader.run("products", "--home", str(acme.home)).code == 2


def _code(reader: Reader, party: Running, *words: str) -> int:
    """With which code a command ends that may find something wrong on this machine."""
    return reader.run(*words, "--home", str(party.home), env=dict(party.env)).code
