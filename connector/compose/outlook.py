"""What `voile doctor` sees of the world: whether others find us, whether we find the hub."""

from __future__ import annotations

import http.client
from typing import TYPE_CHECKING

from connector.compose import doctor_words as words
from connector.http.egress import Egress
from connector.identity import presence
from connector.identity.keyring import load_keys, own_document
from connector.process.checks import SKEW_NOTE_SECONDS, SKEW_WRONG_SECONDS, Check, State
from connector.process.errors import SettingsError, VoileError
from connector.process.ports import SystemClock, system_entropy, unix
from connector.store.database import Database
from connector.store.secrets import SecretStore, read_kek
from crypto.did import document_url
from crypto.instants import read_http_date
from crypto.words import NOTHING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connector.process.settings import Settings


def answers(settings: Settings) -> bool:
    """Whether this connector runs, by its metrics listener."""
    connection = http.client.HTTPConnection(settings.metrics.host, settings.metrics.port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def names(settings: Settings) -> Iterator[Check]:
    """See ourselves as others do: our document through the public address, with our keys."""
    for did in sorted(settings.pinned):
        try:
            document_url(did, loopback_http=settings.testing.loopback_http)
        except VoileError as error:
            yield Check("pinned", "wrong", words.settled(error), words.CORRECT_PINNED)
    if settings.database_url.startswith("sqlite:") and not (settings.data / "voile.db").exists():
        return  # said already
    db = Database(settings.database_url, SystemClock())
    egress = Egress(loopback_http=settings.testing.loopback_http)
    try:
        secrets = SecretStore(db, read_kek(settings.kek_file), system_entropy)
        own = own_document(settings, load_keys(secrets, settings.did))
        seen = presence.look(settings, own, egress)
    finally:
        egress.close()
        db.close()
    if seen.found == "unreachable" and not answers(settings):
        yield Check("identity", "note", words.settled(seen.says), words.START_AND_LOOK)
        return
    state: State = "ok" if seen.found == "ok" else "wrong"
    yield Check("identity", state, words.settled(seen.says), words.settled(seen.next))
    try:
        loopback = settings.testing.loopback_http
        presence.check_did(settings.did, settings.public_url, loopback_http=loopback)
    except SettingsError as error:
        if error.code != "did-unresolvable":  # else said above
            yield Check.of("identity", error, "note")


def hub(settings: Settings) -> Iterator[Check]:
    """See whether the hub answers, and compare the clocks."""
    if settings.hub_did is None or settings.role == "hub":
        return
    if settings.pinned:
        yield Check(
            "pinned",
            "note",
            words.PINNED_BESIDE,
            words.TAKE_OFF,
            count=len(settings.pinned),
        )
    egress = Egress(loopback_http=settings.testing.loopback_http)
    try:
        url = document_url(settings.hub_did, loopback_http=settings.testing.loopback_http)
        response = egress.request("GET", url, timeout=5, max_bytes=65_536)
    except VoileError as error:
        yield Check("hub", "wrong", words.settled(error), words.HUB_UP)
        return
    finally:
        egress.close()
    if response.status != http.client.OK:
        yield Check(
            "hub", "wrong", words.HUB_ANSWERED, words.ASK_HUB, url=url, status=response.status
        )
        return
    yield Check("hub", "ok", words.HUB_ANSWERS, did=settings.hub_did)
    told = response.headers.get("date")
    if told:
        try:
            skew = abs(unix(read_http_date(told)) - unix(SystemClock().now()))
        except VoileError as error:
            yield Check("hub clock", "note", words.ITS_DATE, words.ITS_PROXY, why=error)
            return
        state: State = "ok"
        if skew > SKEW_NOTE_SECONDS:
            state = "wrong" if skew > SKEW_WRONG_SECONDS else "note"
        fix = NOTHING if state == "ok" else words.SET_CLOCK
        yield Check("hub clock", state, words.BESIDE, fix, seconds=skew)
