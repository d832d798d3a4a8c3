"""What `voile doctor` says of people: whether anybody can sign in, and who cannot for now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import func, or_, select
from sqlmodel import col

from connector.areas.people.rows import InvitationRow, PersonRow
from connector.process.checks import Check
from connector.process.errors import VoileError
from connector.process.ports import SystemClock, unix_ms
from connector.store.database import Database
from connector.store.migrate import current, newest
from crypto.words import Words

if TYPE_CHECKING:
    from sqlmodel import Session

    from connector.process.settings import Settings

_CAN: Final = Words(
    "{count} 人可以登录控制台，{waiting} 人尚未使用邀请链接",
    "{count} can sign in to the console, {waiting} have not used their links yet",
)
_NOBODY: Final = Words(
    "无人能登录控制台，也没有仍然有效的邀请链接",
    "nobody can sign in to the console, and no link of an invitation is good any more",
)
_RUN: Final = Words("请执行 {command}", "{command}")


def examine(settings: Settings) -> list[Check]:
    """Look at the people of a home that has a console; one to be migrated is not read."""
    in_file = settings.database_url.startswith("sqlite:")
    if settings.console is None or (in_file and not (settings.data / "voile.db").exists()):
        return []
    clock = SystemClock()
    db = Database(settings.database_url, clock)
    try:
        with db.reading() as session:
            if current(session.connection()) != newest():
                return []
            return [_said(session, settings, unix_ms(clock.now()))]
    except VoileError as error:
        return [Check.of("people", error)]
    finally:
        db.close()


def _said(session: Session, settings: Settings, now_ms: int) -> Check:
    ends = col(PersonRow.grant_ends_ms)
    active = select(col(PersonRow.id)).where(
        col(PersonRow.ended_ms) == 0, or_(ends == 0, ends > now_ms)
    )
    can = active.where(col(PersonRow.password) != "")
    good = select(col(InvitationRow.person)).where(
        col(InvitationRow.used_ms) == 0, col(InvitationRow.expires_ms) > now_ms
    )
    waits = active.where(col(PersonRow.password) == "")
    invited = waits.where(col(PersonRow.id).in_(good))
    count, waiting, hope = (
        session.execute(select(func.count()).select_from(each.subquery())).scalar_one()
        for each in (can, waits, invited)
    )
    if not count and not hope:
        verb = "list" if waiting else "invite NAME --role ROLE"  # who came too late is in the list
        command = f"voile person {verb} --home {settings.home}"
        return Check("people", "note", _NOBODY, _RUN, command=command)
    return Check("people", "ok", _CAN, count=count, waiting=waiting)
