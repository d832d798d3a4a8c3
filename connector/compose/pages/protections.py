"""Each protection of a connector: on, off, misconfigured, and what mends it. All while it serves.

Nothing here goes out, and nothing opens the database anew: a page asks for it.
"""

from __future__ import annotations

import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import select
from sqlmodel import col

from connector.areas.people import second_factors
from connector.compose.pages import connector_words as w
from connector.party.readiness import readiness, status_left
from connector.process.checks import SKEW_NOTE_SECONDS
from connector.process.errors import VoileError
from connector.process.ports import unix
from connector.store.facts import fact
from connector.store.rows import LogEntryRow
from connector.store.secrets import read_kek
from crypto.words import verbatim

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlmodel import Session

    from connector.party.node import Node
    from connector.process.settings import Settings
    from crypto.words import Spoken, Words

FOUR_EYES: Final = "four-eyes"  # the fact that says whether they are in force
_STATES: Final = {"good": w.ON, "off": w.OFF, "bad": w.WRONG, "wait": w.NOTED}


@dataclass(frozen=True, slots=True)
class Protection:
    """One of them.

    Attributes:
        name: what it is.
        kind: good (on), off, bad (misconfigured), wait (worth knowing).
        said: how it is.
        fix: what mends it, if anything does.
    """

    name: Spoken
    kind: str
    said: Spoken
    fix: Spoken | None = None

    @property
    def state(self) -> Words:
        """How it is, in a word."""
        return _STATES[self.kind]


def protections(node: Node) -> list[Protection]:
    """Look at each."""
    settings = node.settings
    found = [_secrets(settings), *_files(settings), _listeners(settings), _tls(settings)]
    with node.db.reading() as session:
        found += [*_space(node, session), _clock(node, session), _four_eyes(session)]
        found.append(_factors(session))
    return [*found, *_log(node), _seen(node), _testing(settings), _copy(settings)]


def _secrets(settings: Settings) -> Protection:
    try:
        read_kek(settings.kek_file)
    except VoileError as error:
        return Protection(w.SECRETS, "bad", error, error.next)
    return Protection(w.SECRETS, "good", w.SECRETS_SAY)


def _copy(settings: Settings) -> Protection:
    return Protection(w.COPY, "wait", w.COPY_SAY, w.COPY_FIX.of(file=settings.kek_file.name))


def _files(settings: Settings) -> Iterator[Protection]:
    mode = stat.S_IMODE(settings.data.stat().st_mode)
    if mode & 0o077:
        said = w.FOLDER_OPEN.of(mode=f"{mode:04o}")
        yield Protection(w.FOLDER, "bad", said, w.RUN.of(command=f"chmod 700 {settings.data}"))
    else:
        yield Protection(w.FOLDER, "good", w.FOLDER_GOOD)
    try:
        mode = stat.S_IMODE(settings.token_file.stat().st_mode)
    except OSError:
        yield Protection(w.TOKEN, "bad", w.TOKEN_GONE, w.RUN.of(command="voile token renew"))
        return
    if mode & 0o077:
        said = w.TOKEN_OPEN.of(mode=f"{mode:04o}")
        yield Protection(w.TOKEN, "bad", said, w.RUN.of(command=f"chmod 600 {settings.token_file}"))
    else:
        yield Protection(w.TOKEN, "good", w.TOKEN_GOOD)


def _listeners(settings: Settings) -> Protection:
    listeners = {"management": settings.management, "console": settings.console}
    beyond = [name for name, one in listeners.items() if one is not None and not one.loopback]
    if beyond:
        said = w.LISTENERS_OPEN.of(names=", ".join(beyond))
        return Protection(w.LISTENERS, "bad", said, w.LISTENERS_FIX)
    return Protection(w.LISTENERS, "good", w.LISTENERS_GOOD)


def _tls(settings: Settings) -> Protection:
    if settings.public_url.startswith("https://"):
        return Protection(w.TLS, "good", w.TLS_GOOD)
    return Protection(w.TLS, "off", w.TLS_OFF, w.TLS_FIX)


def _space(node: Node, session: Session) -> Iterator[Protection]:
    settings, pinned = node.settings, len(node.settings.pinned)
    if settings.hub_did is None:
        yield Protection(w.HUB, "off", w.HUB_OFF.of(count=pinned), w.HUB_NONE)
        return
    if pinned:
        yield Protection(w.HUB, "bad", w.HUB_BESIDE.of(count=pinned), w.HUB_FIX)
    else:
        yield Protection(w.HUB, "good", w.HUB_GOOD.of(did=settings.hub_did))
    left = status_left(node, session)
    if left is None:
        yield Protection(w.STATUS, "bad", w.STATUS_NONE, w.STATUS_FIX)
    elif left <= 0:
        yield Protection(w.STATUS, "bad", w.STATUS_OVER, w.STATUS_FIX)
    else:
        yield Protection(w.STATUS, "good", w.STATUS_GOOD.of(seconds=left))


def _clock(node: Node, session: Session) -> Protection:
    newest = session.execute(
        select(col(LogEntryRow.time_ms)).order_by(col(LogEntryRow.index).desc()).limit(1)
    ).scalar()
    behind = (newest or 0) // 1000 - unix(node.clock.now())
    if behind > SKEW_NOTE_SECONDS:
        return Protection(w.CLOCK, "bad", w.CLOCK_BEHIND.of(seconds=behind), w.CLOCK_FIX)
    return Protection(w.CLOCK, "good", w.CLOCK_GOOD)


def _four_eyes(session: Session) -> Protection:
    if (fact(session, FOUR_EYES) or "").startswith("on"):
        return Protection(w.FOUR, "good", w.FOUR_ON)
    return Protection(w.FOUR, "off", w.FOUR_OFF, w.FOUR_FIX)


def _factors(session: Session) -> Protection:
    persons, lacking = second_factors(session)
    if lacking:
        return Protection(w.FACTORS, "off", w.FACTORS_SOME.of(count=lacking), w.FACTORS_FIX)
    if not persons:
        return Protection(w.FACTORS, "off", w.FACTORS_NONE)
    return Protection(w.FACTORS, "good", w.FACTORS_GOOD.of(count=persons))


def _log(node: Node) -> Iterator[Protection]:
    """Say of the log, and of each check of readiness that fails."""
    if why := node.db.read_only:
        said = verbatim(why) if isinstance(why, str) else why
        yield Protection(w.LOG, "bad", w.LOG_FROZEN.of(why=said))
    else:
        yield Protection(w.LOG, "good", w.LOG_GOOD)
    zh, en = readiness(node, "zh"), readiness(node, "en")
    for name, one in en["checks"].items():
        if not one["ok"]:
            there = zh["checks"][name]
            said, step = (verbatim(there.get(k, ""), one.get(k, "")) for k in ("why", "next"))
            yield Protection(w.READY.of(name=name), "bad", said, step)


def _seen(node: Node) -> Protection:
    seen = node.presence.seen
    if seen is None:
        return Protection(w.SEEN, "wait", w.SEEN_UNKNOWN)
    if seen.found == "ok":
        return Protection(w.SEEN, "good", w.SEEN_GOOD)
    return Protection(w.SEEN, "bad", seen.says, seen.next)


def _testing(settings: Settings) -> Protection:
    testing = settings.testing
    names = [
        name
        for name in ("loopback_http", "record_wire", "cohort_gate", "profiles", "plain_peers")
        if getattr(testing, name)
    ]
    if names:
        return Protection(w.TESTING, "bad", w.TESTING_ON.of(names=", ".join(names)), w.TESTING_FIX)
    return Protection(w.TESTING, "good", w.TESTING_OFF)
