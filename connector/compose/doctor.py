"""`voile doctor`: prints the settings and checks what a running connector needs.

It changes nothing and shows no secret. A check is "ok", "note" (works; worth knowing) or "wrong".
"""

from __future__ import annotations

import http.client
import json
import socket
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from connector.compose import doctor_words as words
from connector.compose import home_checks as home
from connector.compose import hub, outlook, participant
from connector.process import database_url as url
from connector.process.checks import Check
from connector.process.errors import VoileError
from connector.process.settings import FILE_NAME, load
from connector.process.system_words import system_words
from connector.store import server_check, sqlite
from crypto.words import verbatim

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from connector.process.settings import Listener, Settings
    from crypto.words import Words


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


def examine(folder: Path, env: Mapping[str, str]) -> Examination:
    """Read the settings and run every check.

    Raises:
        SettingsError: the settings themselves do not hold.
    """
    settings = load(folder, env)
    checks: list[Check] = []
    own = (home.store, home.log, home.key_file, home.token, home.disk, home.products, home.outbox)
    world = (outlook.names, outlook.hub)
    for look in (_sqlite, _postgres, *own, _ports, _running, *world, _testing):
        try:
            checks += look(settings)
        except VoileError as error:
            name = look.__name__.strip("_").replace("_", " ")
            if said := getattr(error, "reason", ""):  # what a database's driver said
                step = words.settled(error.next)
                checks.append(Check(name, "wrong", words.AND_WHY, step, what=error, why=said))
            else:
                checks.append(Check.of(name, error))
    for area in hub.AREAS if settings.role == "hub" else participant.AREAS:
        checks += area.checks(settings)
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
        "zone": settings.zone,
        "data": str(settings.data),
        "kek_file": str(settings.kek_file),
        "database": url.shown(settings.database_url),
        "protocol": f"{settings.protocol.host}:{settings.protocol.port}",
        "management": f"{settings.management.host}:{settings.management.port}",
        "metrics": f"{settings.metrics.host}:{settings.metrics.port}",
        "console": _where(settings.console),
        "console.url": settings.console_url,
        "expose": settings.expose,
        "pinned": sorted(settings.pinned),
        "status_seconds": settings.status_seconds,
        "limits.body_bytes": settings.limits.body_bytes,
        "limits.requests_per_second": settings.limits.requests_per_second,
        "limits.request_burst": settings.limits.request_burst,
        "limits.calls_per_second": settings.limits.calls_per_second,
        "limits.call_burst": settings.limits.call_burst,
        "limits.changes_per_second": settings.limits.changes_per_second,
        "limits.change_burst": settings.limits.change_burst,
        "limits.threads": settings.limits.threads,
        "intake.upload_bytes": settings.intake.upload_bytes,
        "intake.folder": str(settings.intake.folder or ""),
        "testing.loopback_http": settings.testing.loopback_http,
        "testing.record_wire": str(settings.testing.record_wire or ""),
        "testing.cohort_gate": str(settings.testing.cohort_gate or ""),
        "testing.profiles": settings.testing.profiles,
        "testing.plain_peers": [f"{name}={at}" for name, at in settings.testing.plain_peers],
        "testing.reaction_ms": settings.testing.reaction_ms,
    }


def _where(listener: Listener | None) -> str:
    return f"{listener.host}:{listener.port}" if listener else ""


def _sqlite(settings: Settings) -> Iterator[Check]:
    if not settings.database_url.startswith("sqlite:"):
        return
    chosen = sqlite.journal()
    yield Check(
        "sqlite",
        "ok" if chosen.mode == "WAL" else "note",
        words.JOURNAL_MODE,
        mode=chosen.mode,
        synchronous=chosen.synchronous,
        why=chosen.reason,
    )


def _postgres(settings: Settings) -> Iterator[Check]:
    if not url.is_postgres(settings.database_url):
        return
    for state, says, fix in server_check.examine(settings.database_url):
        yield Check("postgresql", state, words.settled(says), fix)
    mode = stat.S_IMODE((settings.home / FILE_NAME).stat().st_mode)
    if url.holds_secret(settings.database_url) and mode & 0o077:
        yield Check(
            "postgresql",
            "note",
            words.URL_HOLDS_PASSWORD,
            words.RUN,
            file=FILE_NAME,
            mode=f"{mode:04o}",
            command=f"chmod 600 {settings.home / FILE_NAME}",
        )


def _ports(settings: Settings) -> Iterator[Check]:
    for name in ("protocol", "management", "metrics", "console"):
        listener: Listener | None = getattr(settings, name)
        if listener is None:
            continue
        where = f"{listener.host}:{listener.port}"
        family = socket.AF_INET6 if ":" in listener.host else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((listener.host, listener.port))
                yield Check(name, "ok", words.PORT_FREE, where=where)
                continue
            except OSError as error:
                failure = system_words(error)
        if _answers(settings):
            yield Check(name, "ok", words.PORT_OURS, where=where)
        else:
            facts = {"where": where, "why": failure, "name": name}
            yield Check(name, "wrong", words.PORT_TAKEN, words.FREE_PORT, **facts)


def _answers(settings: Settings) -> bool:
    return _asked(settings, "/healthz") is not None


def _asked(settings: Settings, path: str) -> dict[str, Any] | None:
    """Ask the metrics listener of a running connector; None if none answers."""
    connection = http.client.HTTPConnection(settings.metrics.host, settings.metrics.port, timeout=5)
    try:
        connection.request("GET", path)
        found = json.loads(connection.getresponse().read())
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        connection.close()
    return found if isinstance(found, dict) else None


def _running(settings: Settings) -> Iterator[Check]:
    """Say what a running connector says of itself."""
    found = _asked(settings, "/readyz")
    if found is None or "checks" not in found:
        return
    same = _asked(settings, "/readyz?language=zh") or {}

    def said(group: str, name: str, *fields: str) -> Words:
        """Give a sentence of it in both languages; in one, if it has none now in the other."""
        here, there = found.get(group, {}).get(name), same.get(group, {}).get(name)
        for field in fields:
            here, there = (here or {}).get(field, ""), (there or {}).get(field, "")
        return verbatim(str(there or here), str(here))

    for name, one in found["checks"].items():
        if not one["ok"] and name != "disk":  # looked at here, too
            why, step = said("checks", name, "why"), said("checks", name, "next")
            yield Check(f"{words.RUNNING}{name}", "wrong", why, step)
    if "status" in found.get("notes", {}):
        renew = f"voile membership --refresh --home {settings.home}"
        yield Check("status", "note", said("notes", "status"), words.RUN, command=renew)
    for name in found.get("notes", {}):
        if name.startswith("refresh "):
            see = f"voile products {name.removeprefix('refresh ')} --home {settings.home}"
            yield Check("refresh", "note", said("notes", name), words.RUN, command=see)
    if found["ready"]:
        yield Check("running", "ok", words.IS_READY)


def _testing(settings: Settings) -> Iterator[Check]:
    if settings.testing.loopback_http:
        yield Check("testing", "note", words.LOOPBACK_HTTP)
    if settings.testing.cohort_gate:
        yield Check("testing", "note", words.COHORT_GATE)
    if settings.testing.profiles:
        yield Check("testing", "note", words.PROFILES)
    if settings.testing.record_wire:
        yield Check("testing", "note", words.RECORD_WIRE)
    if settings.expose:
        yield Check("expose", "note", words.EXPOSED)
