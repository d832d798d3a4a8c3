"""`voile doctor`: prints the settings and checks what a running connector needs.

It changes nothing and shows no secret. A check is "ok", "note" (works; worth knowing) or "wrong".
"""

from __future__ import annotations

import socket
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, text
from sqlmodel import col

from connector.checks import SKEW_NOTE_SECONDS, SKEW_WRONG_SECONDS, Check, State
from connector.dsp import doctored
from connector.errors import SettingsError, VoileError
from connector.identity.keyring import load_keys
from connector.lock import FolderLock
from connector.node import open_node
from connector.outlook import answers, hub, names
from connector.ports import SystemClock, system_entropy, unix
from connector.settings import FILE_NAME, load
from connector.store import server_check, sqlite, url
from connector.store.database import Database
from connector.store.migrate import current, newest
from connector.store.rows import LogEntryRow
from connector.store.secrets import SecretStore, read_kek

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from connector.settings import Listener, Settings


@dataclass(frozen=True, slots=True)
class Examination:
    """The settings as they hold, and the checks."""

    settings: Mapping[str, object]
    checks: tuple[Check, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing required is off."""
        return all(check.state != "wrong" for check in self.checks)

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        return {
            "ok": self.ok,
            "settings": dict(self.settings),
            "checks": [
                {"name": c.name, "state": c.state, "text": c.text, "next": c.next_step}
                for c in self.checks
            ],
        }


def examine(home: Path, env: Mapping[str, str]) -> Examination:
    """Read the settings and run every check.

    Raises:
        SettingsError: the settings themselves do not hold.
    """
    settings = load(home, env)
    checks: list[Check] = []
    for look in (_sqlite, _postgres, _store, _kek, _token, _ports, names, hub, _testing):
        try:
            checks += look(settings)
        except VoileError as error:
            name = look.__name__.strip("_")
            said = getattr(error, "reason", "")  # what a database's driver said
            words = f"{error.message}: {said}" if said else error.message
            checks.append(Check(name, "wrong", words, error.next_step))
    checks += [Check("agreements", *found) for found in doctored.examine(settings)]
    return Examination(shown(settings), tuple(checks))


def shown(settings: Settings) -> dict[str, object]:
    """Give the settings under their names; a password in the database URL is not shown."""
    return {
        "did": settings.did,
        "public_url": settings.public_url,
        "role": settings.role,
        "hub": settings.hub_did or "",
        "space": settings.space,
        "language": settings.language,
        "data": str(settings.data),
        "kek_file": str(settings.kek_file),
        "database": url.shown(settings.database_url),
        "protocol": f"{settings.protocol.host}:{settings.protocol.port}",
        "management": f"{settings.management.host}:{settings.management.port}",
        "metrics": f"{settings.metrics.host}:{settings.metrics.port}",
        "expose": settings.expose,
        "pinned": sorted(settings.pinned),
        "status_seconds": settings.status_seconds,
        "limits.body_bytes": settings.limits.body_bytes,
        "limits.requests_per_second": settings.limits.requests_per_second,
        "limits.request_burst": settings.limits.request_burst,
        "limits.calls_per_second": settings.limits.calls_per_second,
        "limits.call_burst": settings.limits.call_burst,
        "limits.threads": settings.limits.threads,
        "testing.loopback_http": settings.testing.loopback_http,
        "testing.record_wire": str(settings.testing.record_wire or ""),
        "testing.cohort_gate": str(settings.testing.cohort_gate or ""),
    }


def _sqlite(settings: Settings) -> Iterator[Check]:
    if not settings.database_url.startswith("sqlite:"):
        return
    chosen = sqlite.journal()
    how = f"journal_mode={chosen.mode} synchronous={chosen.synchronous}: {chosen.reason}"
    yield Check("sqlite", "ok" if chosen.mode == "WAL" else "note", how)


def _postgres(settings: Settings) -> Iterator[Check]:
    if not url.is_postgres(settings.database_url):
        return
    for state, words, fix in server_check.examine(settings.database_url):
        yield Check("postgresql", state, words, fix)
    mode = stat.S_IMODE((settings.home / FILE_NAME).stat().st_mode)
    if url.holds_secret(settings.database_url) and mode & 0o077:
        words = f"its URL holds a password; {FILE_NAME} has mode {mode:04o}"
        yield Check("postgresql", "note", words, f"chmod 600 {settings.home / FILE_NAME}")


def _store(settings: Settings) -> Iterator[Check]:
    """Open the node read-only as far as possible; a running connector holds the lock."""
    path = settings.data / "voile.db"
    if settings.database_url.startswith("sqlite:") and not path.exists():
        raise SettingsError(
            f"no database in `{settings.data}`", code="home-missing", next_step="run `voile init`"
        )
    mode = stat.S_IMODE(settings.data.stat().st_mode)
    if mode & 0o077:
        yield Check("data folder", "note", f"mode {mode:04o}", f"chmod 700 {settings.data}")
    db = Database(settings.database_url, SystemClock())
    try:
        with db.reading() as session:
            revision = current(session.connection())
            journal = (
                str(session.execute(text("PRAGMA journal_mode")).scalar()).upper()
                if settings.database_url.startswith("sqlite:")
                else ""
            )
        state: State = "ok" if revision == newest() else "note"
        yield Check("schema", state, f"revision {revision}, software wants {newest()}")
        if journal:
            yield Check("journal", "ok", f"the database is in journal mode {journal}")
        secrets = SecretStore(db, read_kek(settings.kek_file), system_entropy)
        load_keys(secrets, settings.did)
        yield Check("keys", "ok", "token (P-256), agreements and log (Ed25519) open")
        yield _clock(db)
    finally:
        db.close()
    if revision != newest():
        return
    try:
        with FolderLock(settings.data, what="voile doctor", now=SystemClock().now()):
            node = open_node(settings)
            why = node.db.read_only
            node.close()
    except SettingsError as error:
        if error.code != "data-locked":
            raise
        yield Check("lock", "ok", error.message)
        return
    if why:
        yield Check("log", "wrong", why, "restore the newest backup of the data folder")
    else:
        yield Check("log", "ok", "nodes, head, checkpoint and anchor agree")


def _clock(db: Database) -> Check:
    """Compare the clock with the newest leaf: time never runs backwards over our own evidence."""
    with db.reading() as session:
        newest_ms = session.execute(select(func.max(col(LogEntryRow.time_ms)))).scalar() or 0
    behind = newest_ms // 1000 - unix(SystemClock().now())
    if behind <= SKEW_NOTE_SECONDS:
        return Check("clock", "ok", "not behind the newest leaf of the log")
    state: State = "wrong" if behind > SKEW_WRONG_SECONDS else "note"
    return Check("clock", state, f"{behind} s behind the newest leaf", "set the clock by NTP")


def _kek(settings: Settings) -> Iterator[Check]:
    read_kek(settings.kek_file)
    yield Check("key file", "ok", f"{settings.kek_file} is 0600 and outside the data folder")


def _token(settings: Settings) -> Iterator[Check]:
    try:
        mode = stat.S_IMODE(settings.token_file.stat().st_mode)
    except FileNotFoundError:
        yield Check("token", "wrong", f"{settings.token_file} is missing", "run `voile init`")
        return
    state: State = "wrong" if mode & 0o077 else "ok"
    fix = f"chmod 600 {settings.token_file}" if state == "wrong" else ""
    yield Check("token", state, f"{settings.token_file} has mode {mode:04o}", fix)


def _ports(settings: Settings) -> Iterator[Check]:
    for name in ("protocol", "management", "metrics"):
        listener: Listener = getattr(settings, name)
        where = f"{listener.host}:{listener.port}"
        family = socket.AF_INET6 if ":" in listener.host else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((listener.host, listener.port))
                yield Check(name, "ok", f"{where} is free")
                continue
            except OSError as error:
                failure = error.strerror
        if answers(settings):
            yield Check(name, "ok", f"{where} is served by this connector")
        else:
            yield Check(name, "wrong", f"{where}: {failure}", f"free it or set `{name}.port`")


def _testing(settings: Settings) -> Iterator[Check]:
    if settings.testing.loopback_http:
        yield Check("testing", "note", "loopback_http is on: for parties on one machine only")
    if settings.testing.cohort_gate:
        yield Check("testing", "note", "cohort_gate is on: totals may be made to wait by a file")
    if settings.testing.profiles:
        yield Check("testing", "note", "profiles is on: --profile may replace the identity checks")
    if settings.testing.record_wire:
        yield Check("testing", "note", "record_wire is on: received bodies are kept as files")
    if settings.expose:
        yield Check("expose", "note", "listeners may be reached from other machines")
