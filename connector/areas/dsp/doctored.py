"""What `voile doctor` says of agreements: how one is ended, and which one a backup did not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.areas.dsp import agreements
from connector.areas.dsp.recovery import missing
from connector.process.checks import Check
from connector.process.errors import VoileError
from connector.process.ports import SystemClock
from connector.store.database import Database
from connector.store.migrate import current, newest

if TYPE_CHECKING:
    from connector.process.settings import Settings


def examine(settings: Settings) -> list[Check]:
    """Look at the agreements of a home; a hub has none, and one to be migrated is not read."""
    in_file = settings.database_url.startswith("sqlite:")
    if settings.role == "hub" or (in_file and not (settings.data / "voile.db").exists()):
        return []  # a database that is not there is said elsewhere, and must not be made by a look
    db = Database(settings.database_url, SystemClock())
    try:
        with db.reading() as session:
            if current(session.connection()) != newest():
                return []
            held = agreements.newest(session)
            lost = missing(session)
    except VoileError as error:
        return [Check("agreements", "wrong", error.message, error.next_step)]
    finally:
        db.close()
    return _said(settings, held, lost)


def _said(
    settings: Settings, held: tuple[agreements.AgreementRecord, ...], lost: list[tuple[str, str]]
) -> list[Check]:
    force = sum(found.in_force for found in held)
    words = f"{force} in force; `voile agreements end ID` ends one, with or without a transfer"
    found = [Check("agreements", "ok", words)]
    found += [
        Check(
            "agreements",
            "note",
            f"the terms of `{item.id}` cannot be read: {item.unreadable}",
            f"voile agreements end {item.id} --home {settings.home}",
        )
        for item in held
        if item.in_force and item.unreadable
    ]
    found += [
        Check(
            "agreements",
            "note",
            f"`{provider}` says that agreement `{name}` exists: a restored backup does not have it",
            f"voile agreements recover --from {provider} --home {settings.home}",
        )
        for provider, name in lost
    ]
    return found
