"""What `voile doctor` says of agreements: how one is ended, and which one a backup did not have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from connector.areas.dsp import agreements
from connector.areas.dsp.recovery import missing
from connector.process.checks import Check
from connector.process.errors import VoileError
from connector.process.ports import SystemClock
from connector.store.database import Database
from connector.store.migrate import current, newest
from crypto.words import Words

if TYPE_CHECKING:
    from connector.process.settings import Settings

_IN_FORCE: Final = Words(
    "{count} 份有效；`voile agreements end ID` 终止一份，无论其下有无传输",
    "{count} in force; `voile agreements end ID` ends one, with or without a transfer",
)
_UNREADABLE: Final = Words(
    "无法读取 `{id}` 的条款：{why}", "the terms of `{id}` cannot be read: {why}"
)
_NOT_HERE: Final = Words(
    "`{provider}` 称合约 `{id}` 存在：恢复的备份中没有它",
    "`{provider}` says that agreement `{id}` exists: a restored backup does not have it",
)
_RUN: Final = Words("请执行 {command}", "{command}")


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
        return [Check.of("agreements", error)]
    finally:
        db.close()
    return _said(settings, held, lost)


def _said(
    settings: Settings, held: tuple[agreements.AgreementRecord, ...], lost: list[tuple[str, str]]
) -> list[Check]:
    force = sum(found.in_force for found in held)
    found = [Check("agreements", "ok", _IN_FORCE, count=force)]
    found += [
        Check(
            "agreements",
            "note",
            _UNREADABLE,
            _RUN,
            id=item.id,
            why=item.unreadable,
            command=f"voile agreements end {item.id} --home {settings.home}",
        )
        for item in held
        if item.in_force and item.unreadable
    ]
    found += [
        Check(
            "agreements",
            "note",
            _NOT_HERE,
            _RUN,
            provider=provider,
            id=name,
            command=f"voile agreements recover --from {provider} --home {settings.home}",
        )
        for provider, name in lost
    ]
    return found
