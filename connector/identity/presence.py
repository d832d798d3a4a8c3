"""Whether others find us: our own DID, and our own document fetched as they would fetch it.

A node that nobody can reach works, and waits for its peers for ever. So its DID is held against the
rule by which others resolve it, and its document is fetched through the public address and compared
with our keys: another node may answer there. What came is a warning, never a refusal to run, for a
proxy may come later.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from connector.http.addresses import named
from connector.http.egress import Egress
from connector.identity import problems
from connector.process.errors import SettingsError, VoileError
from connector.process.job import Every
from crypto.did import DidDocument, document_url
from crypto.strict_json import loads
from crypto.url import DEFAULT_PORTS, Url, read_url
from crypto.words import NOTHING, Words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from structlog.typing import FilteringBoundLogger

    from connector.process.ports import Transport
    from connector.process.settings import Settings
    from crypto.words import Language, Spoken

Found = Literal["ok", "unresolvable", "unreachable", "foreign", "different"]

AGAIN_SECONDS: Final = 60.0  # until it is found
FETCH_SECONDS: Final = 5.0
MAX_BYTES: Final = 65_536
_JOINED: Final = Words("{text}；{step}", "{text}; {step}")


@dataclass(frozen=True, slots=True)
class Presence:
    """How others see us.

    Attributes:
        found: what came; ``ok`` where it is our document with our keys.
        says: the same in words.
        next: what to do about it.
    """

    found: Found
    says: Spoken
    next: Spoken = NOTHING

    @property
    def text(self) -> str:
        """What came, in English."""
        return self.says.said("en")

    @property
    def next_step(self) -> str:
        """What to do about it, in English; empty if nothing is wrong."""
        return self.next.said("en")

    @property
    def warning(self) -> str:
        """What is wrong, in English; empty if nothing is."""
        return self.warned("en")

    def warned(self, language: Language) -> str:
        """Say what is wrong; empty if nothing is."""
        if self.found == "ok":
            return ""
        return _JOINED.filled(language, {"text": self.says, "step": self.next})


def check_did(did: str, public_url: str, *, loopback_http: bool) -> None:
    """Check that others can resolve our DID, and find it where they find us.

    Args:
        did: our DID, or one that we want.
        public_url: where others reach us.
        loopback_http: whether the parties are on one machine.

    Raises:
        SettingsError: it does not resolve by the rule that we apply to others, or its document lies
            at another host or port than our public URL.
    """
    public = read_url(public_url)
    facts = {"url": public.bare, "did": did_of(public)}
    nameless = public.is_address and not public.local
    fitting = problems.HOST_NAME if nameless else problems.FITTING
    try:
        url = document_url(did, loopback_http=loopback_http)
        named(url, loopback_http=loopback_http)
    except VoileError as error:
        unresolvable = SettingsError(problems.UNRESOLVABLE, why=error)
        raise unresolvable.advise(fitting, **facts) from error
    if _place(read_url(url)) != _place(public):
        elsewhere = SettingsError(problems.ELSEWHERE, at=url, url=public.bare)
        raise elsewhere.advise(fitting, **facts)


def did_of(url: Url) -> str:
    """Give the did:web DID whose document lies directly at a URL."""
    port = "" if url.port == DEFAULT_PORTS[url.scheme] else f"%3A{url.port}"
    host = "localhost" if url.local else url.host.removesuffix(".")
    return ":".join([f"did:web:{host}{port}", *(part for part in url.path.split("/") if part)])


def _place(url: Url) -> tuple[str, str, int]:
    """Give the origin of a URL; all names and addresses of this machine are one place."""
    return (url.scheme, "localhost", url.port) if url.local else url.origin


def look(settings: Settings, own: Mapping[str, Any], transport: Transport) -> Presence:
    """Fetch our own document as others do, and compare it.

    Args:
        settings: say who and where we are.
        own: our DID document.
        transport: the way out.
    """
    testing = settings.testing
    try:
        check_did(settings.did, settings.public_url, loopback_http=testing.loopback_http)
    except SettingsError as error:
        if error.code == "did-unresolvable":
            kept = error.kept()
            return Presence("unresolvable", kept, problems.MAKE_NEW.of(how=kept.next))
    first = document_url(settings.did, loopback_http=testing.loopback_http)
    for url in dict.fromkeys((first, f"{settings.public_url}/did.json")):
        seen = _fetch(url, settings.did, own, transport)
        if seen.found != "ok":
            return seen
    return Presence("ok", problems.SEEN.of(url=first))


def _fetch(url: str, did: str, own: Mapping[str, Any], transport: Transport) -> Presence:
    see = problems.LEADS_HERE
    try:
        response = transport.request("GET", url, timeout=FETCH_SECONDS, max_bytes=MAX_BYTES)
    except VoileError as error:
        return Presence("unreachable", problems.NOT_FETCHED.of(url=url, why=error.kept()), see)
    if response.status != 200:
        says = problems.ANSWERS.of(url=url, status=response.status)
        return Presence("unreachable", says, see)
    who = problems.ANOTHER_NODE
    try:
        raw = loads(response.body, max_bytes=MAX_BYTES)
        if not isinstance(raw, dict):
            return Presence("foreign", problems.NO_DOCUMENT.of(url=url), see)
        theirs = DidDocument.parse(raw, expected=did)
    except VoileError as error:
        return Presence("foreign", problems.NOT_OURS.of(url=url, why=error.kept()), who)
    ours = DidDocument.parse(own, expected=did)
    if set(_keys(ours)) - set(_keys(theirs)):
        return Presence("foreign", problems.OTHER_KEYS.of(url=url, did=did), who)
    if theirs.digest != ours.digest:
        return Presence("different", problems.OTHER_DOCUMENT.of(url=url), see)
    return Presence("ok", problems.SEEN_ONE.of(url=url))


def _keys(document: DidDocument) -> list[tuple[str, str]]:
    return [(method.id, str(sorted((method.jwk or {}).items()))) for method in document.methods]


class Lookout(Every):
    """Looks for us from outside after the start, and again until it finds us.

    Args:
        settings: say who and where we are.
        own: gives our DID document.
        way_out: makes a way out for one look; it is closed afterwards, so that no connection to
            ourselves stays open.
        log: told of what came, when it changes.
    """

    def __init__(
        self,
        settings: Settings,
        own: Callable[[], Mapping[str, Any]],
        way_out: Callable[[], Transport],
        log: FilteringBoundLogger,
    ) -> None:
        super().__init__("presence", self._again, self.look, log, at_once=True, patience=0)
        self._settings = settings
        self._own = own
        self._way_out = way_out
        self._log = log
        self.seen: Presence | None = None  # nothing has come yet

    @property
    def warning(self) -> str:
        """What is wrong with how others see us, in English; empty if nothing is known to be."""
        return self.warned("en")

    def warned(self, language: Language) -> str:
        """Say what is wrong with how others see us; empty if nothing is, or nothing is known."""
        return self.seen.warned(language) if self.seen is not None else ""

    def look(self) -> Presence:
        """Look now, and remember what came."""
        transport = self._way_out()
        try:
            found = look(self._settings, self._own(), transport)
        finally:
            if isinstance(transport, Egress):
                transport.close()
        before = self.seen
        if before is None or (found.text, found.warning) != (before.text, before.warning):
            if found.found == "ok":
                self._log.info("own-document", code=found.found, reason=found.text)
            else:
                self._log.warning("own-document", code=found.found, reason=found.warning)
        self.seen = found
        return found

    def _again(self) -> float | None:
        return AGAIN_SECONDS if self.seen is None or self.seen.found != "ok" else None
