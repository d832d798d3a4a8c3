"""What `voile doctor` says of four eyes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.areas.people import approval_words as words
from connector.areas.people.approval_force import force_of
from connector.areas.people.approval_persons import enrolled
from connector.process.checks import Check
from connector.process.errors import VoileError
from connector.process.ports import SystemClock
from connector.store.database import Database
from connector.store.migrate import current, newest

if TYPE_CHECKING:
    from connector.process.settings import Settings


def examine(settings: Settings) -> list[Check]:
    """Say whether they are in force; a home that is to be migrated is not read."""
    in_file = settings.database_url.startswith("sqlite:")
    if in_file and not (settings.data / "voile.db").exists():
        return []  # that is said elsewhere, and a look must not make one
    db = Database(settings.database_url, SystemClock())
    try:
        with db.reading() as session:
            if current(session.connection()) != newest():
                return []
            found = force_of(session, enrolled)
    except VoileError as error:
        return [Check.of("four eyes", error)]
    finally:
        db.close()
    if found.heed is not None:
        return [Check("four eyes", "note", words.ONLY_TWO, words.INVITE_THIRD)]
    if found.on or found.due:
        return [Check("four eyes", "ok", words.IN_FORCE)]
    if found.off:
        return [Check("four eyes", "note", words.SWITCHED_OFF, words.SWITCH_ON)]
    return [Check("four eyes", "note", words.TOO_FEW, words.INVITE, count=found.deciders)]
